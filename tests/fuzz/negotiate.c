/* SPDX-License-Identifier: MIT */
/* Any If-None-Match, Accept-Encoding and Accept: text before or after a value changes the result as the standard
 * requires. */
#include "http/negotiate.h"
#include "fuzz.h"
#include <string.h>

static const char tag[] = "0123456789abcdef";

/* `before`, the input and `behind`, in memory that ends where they do. */
static char *joined(const char *before, const uint8_t *data, size_t size, const char *behind, size_t *length)
{
    char *text;

    *length = strlen(before) + size + strlen(behind);
    text = malloc(*length != 0 ? *length : 1);
    FUZZ_CHECK(text != NULL);
    memcpy(text, before, strlen(before));
    if (size != 0)
        memcpy(text + strlen(before), data, size);
    memcpy(text + strlen(before) + size, behind, strlen(behind));
    return text;
}

static bool names(const char *before, const uint8_t *data, size_t size, const char *behind)
{
    size_t length;
    char *text = joined(before, data, size, behind, &length);
    bool result = gbxi_etag_is_named(text, length, tag);

    free(text);
    return result;
}

static bool takes(const char *before, const uint8_t *data, size_t size, const char *behind)
{
    size_t length;
    char *text = joined(before, data, size, behind, &length);
    bool result = gbxi_takes_gzip(text, length);

    free(text);
    return result;
}

static bool prefers(const char *before, const uint8_t *data, size_t size, const char *behind)
{
    size_t length;
    char *text = joined(before, data, size, behind, &length);
    bool result = gbxi_prefers_json(text, length);

    free(text);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool named = names("", data, size, "");
    bool taken = takes("", data, size, "");

    FUZZ_CHECK(names("\"0123456789abcdef\",", data, size, ""));
    FUZZ_CHECK(names("", data, size, ", W/\"0123456789abcdef\""));
    FUZZ_CHECK(names("", data, size, ",\"x\"") == named);
    FUZZ_CHECK(takes("gzip;q=0.5,", data, size, ""));
    FUZZ_CHECK(!takes("gzip;q=0, ", data, size, ""));
    FUZZ_CHECK(takes("br, ", data, size, ", identity") == taken);
    FUZZ_CHECK(prefers("application/json, text/html;q=0.5,", data, size, ""));
    FUZZ_CHECK(!prefers("text/html, application/json;q=0.5,", data, size, ""));
    FUZZ_CHECK(prefers("image/png, ", data, size, ", audio/*") == prefers("", data, size, ""));
    return 0;
}
