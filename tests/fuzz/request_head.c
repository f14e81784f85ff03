/* SPDX-License-Identifier: MIT */
/* Any bytes as the head of an HTTP/1 request: what is accepted keeps the rules, whatever the parser made of it. */
#include "runtime/libh2o/request_head.h"
#include "fuzz.h"
#include <string.h>
#include <strings.h>

enum { HEADERS_MAX = 100 };

static void check_target(const char *method, size_t method_length, const char *target, size_t length)
{
    if (method_length == 7 && memcmp(method, "CONNECT", 7) == 0)
        return;
    FUZZ_CHECK(length != 0);
    if (length == 1 && target[0] == '*')
        FUZZ_CHECK(method_length == 7 && memcmp(method, "OPTIONS", 7) == 0);
    else
        FUZZ_CHECK(target[0] == '/');
}

static void check_value(const struct phr_header *header)
{
    if (header->value_len != 0)
        FUZZ_CHECK(header->value[header->value_len - 1] != ' ' && header->value[header->value_len - 1] != '\t');
}

/* A space, a slash or an @ would be read as another host by somebody else. */
static void check_host(const struct phr_header *host)
{
    for (size_t i = 0; i < host->value_len; i++)
        FUZZ_CHECK(memchr(" /@\\?#", host->value[i], 6) == NULL);
}

static size_t check_headers(const struct phr_header *headers, size_t count, int minor)
{
    size_t hosts = 0;

    for (size_t i = 0; i < count; i++) {
        check_value(&headers[i]);
        if (headers[i].name_len == 4 && strncasecmp(headers[i].name, "host", 4) == 0) {
            check_host(&headers[i]);
            hosts++;
        }
        if (minor == 0 && headers[i].name_len == 6)
            FUZZ_CHECK(strncasecmp(headers[i].name, "expect", 6) != 0);
    }
    return hosts;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = malloc(size + 1); /* it is written to */
    struct phr_header headers[HEADERS_MAX];
    const char *method, *target;
    size_t method_length, target_length, count = HEADERS_MAX, hosts;
    int minor, result;

    if (bytes == NULL)
        return 0;
    memcpy(bytes, data, size);
    result =
        phr_parse_request(bytes, size, &method, &method_length, &target, &target_length, &minor, headers, &count, 0);
    FUZZ_CHECK(result >= -2 && (result < 0 || (size_t)result <= size));
    if (result >= 0) {
        check_target(method, method_length, target, target_length);
        hosts = check_headers(headers, count, minor);
        FUZZ_CHECK(hosts == 1 || (hosts == 0 && minor == 0));
    }
    free(bytes);
    return 0;
}
