/* SPDX-License-Identifier: MIT */
/* Any text as the rules of a recorder: what is read is within the limits, and reads the same when it is written again;
 * what is refused changes nothing and is told in one line. */
#include "fuzz.h"
#include <glassbox/recorder.h>
#include <inttypes.h>
#include <string.h>

enum { TEXT_BYTES_MAX = 4096 };

static void check_refused(const gbx_recorder_options *options, const gbx_error *error)
{
    const gbx_recorder_options untouched = {.size = sizeof(untouched)};

    FUZZ_CHECK(memcmp(options, &untouched, sizeof(untouched)) == 0);
    FUZZ_CHECK(error->code == GBX_ERR_SYNTAX && error->text[0] != '\0');
}

static void check_read(const gbx_recorder_options *options)
{
    gbx_recorder_options again = {.size = sizeof(again)};
    char text[128] = "";
    int length = 0;

    FUZZ_CHECK(options->slower_than_ns % 1000 == 0);
    FUZZ_CHECK(options->slower_than_ns <= UINT64_C(86400) * 1000000000);
    if (options->slower_than_ns != 0)
        length += snprintf(text, sizeof(text), "slow=%" PRIu64 "us,", options->slower_than_ns / 1000);
    if (options->one_in != 0)
        length += snprintf(text + length, sizeof(text) - (size_t)length, "1/%" PRIu32 ",", options->one_in);
    if (options->failed)
        length += snprintf(text + length, sizeof(text) - (size_t)length, "errors,");
    if (options->first)
        length += snprintf(text + length, sizeof(text) - (size_t)length, "first,");
    if (length == 0)
        length = snprintf(text, sizeof(text), "none,");
    text[length - 1] = '\0';
    FUZZ_CHECK(gbx_recorder_rules_read(text, &again, NULL) == GBX_ERR_OK);
    FUZZ_CHECK(memcmp(&again, options, sizeof(again)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gbx_recorder_options options = {.size = sizeof(options)};
    gbx_error error = {0};
    char text[TEXT_BYTES_MAX + 1];

    if (size > TEXT_BYTES_MAX)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (gbx_recorder_rules_read(text, &options, &error) == GBX_ERR_OK)
        check_read(&options);
    else
        check_refused(&options, &error);
    return 0;
}
