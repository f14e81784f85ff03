/* SPDX-License-Identifier: MIT */
/* Any text as the name of a side of a comparison: its parts are terminated and within their limits, a query refers to
 * them, and what is refused is told in one line. */
#include "cli/store/side.h"
#include "fuzz.h"
#include <string.h>

enum { TEXT_BYTES_MAX = 20000 };

static void check_read(const gbxi_side *side, const char *text)
{
    const gbxi_trace_query *query = &side->query;

    FUZZ_CHECK(memchr(side->run, '\0', sizeof(side->run)) != NULL);
    FUZZ_CHECK(memchr(side->trace, '\0', sizeof(side->trace)) != NULL);
    FUZZ_CHECK(query->route == NULL || (query->route == side->route && side->route[0] != '\0'));
    FUZZ_CHECK(query->method == NULL || (query->method == side->method && side->method[0] != '\0'));
    FUZZ_CHECK(strchr(text, '?') != NULL || (query->route == NULL && query->method == NULL && !query->failed_only));
    FUZZ_CHECK(query->min_duration_ns <= INT64_MAX);
    FUZZ_CHECK(query->order == GBXI_TRACES_BY_NUMBER && query->limit == 0 && query->after_number == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[TEXT_BYTES_MAX + 1];
    static gbxi_side side;
    gbx_error error = {0};

    if (size > TEXT_BYTES_MAX)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (gbxi_side_parse(&side, text, INT64_C(1800000000000000000), &error) == GBX_ERR_OK)
        check_read(&side, text);
    else
        FUZZ_CHECK(error.code == GBX_ERR_ARGUMENT && error.text[0] != '\0');
    return 0;
}
