/* SPDX-License-Identifier: MIT */
/* What Content-Type values say about a body. */
#include "middleware/media.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct row {
    const char *type;
    gbx__media media;
} rows[] = {
    {"application/json", GBX__MEDIA_JSON},
    {"Application/JSON", GBX__MEDIA_JSON},
    {" application/json ;charset=utf-8", GBX__MEDIA_JSON},
    {"application/json; charset=\"UTF-8\"", GBX__MEDIA_JSON},
    {"application/problem+json", GBX__MEDIA_JSON},
    {"application/vnd.x.y+json; profile=a; charset=utf-8", GBX__MEDIA_JSON},
    {"text/json", GBX__MEDIA_JSON},
    {"application/json; charset=utf-16", GBX__MEDIA_BINARY},
    {"application/jsonp", GBX__MEDIA_BINARY},
    {"application/x-json-seq", GBX__MEDIA_BINARY},
    {"+json", GBX__MEDIA_BINARY},
    {"text/plain", GBX__MEDIA_TEXT},
    {"TEXT/html; charset=utf-8", GBX__MEDIA_TEXT},
    {"text/html;charset=us-ascii", GBX__MEDIA_TEXT},
    {"text/html; charset=iso-8859-1", GBX__MEDIA_BINARY},
    {"text/html; level=1; charset=windows-1252", GBX__MEDIA_BINARY},
    {"text/plain; format=flowed", GBX__MEDIA_TEXT},
    {"text", GBX__MEDIA_BINARY},
    {"application/octet-stream", GBX__MEDIA_BINARY},
    {"application/x-www-form-urlencoded", GBX__MEDIA_BINARY},
    {"image/svg+xml", GBX__MEDIA_BINARY},
    {";", GBX__MEDIA_BINARY},
    {";;;charset", GBX__MEDIA_BINARY},
    {"", GBX__MEDIA_BINARY},
};

static void tells_json_text_and_the_rest_apart(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("%s\n", rows[i].type);
        assert_int_equal(gbx__media_of(rows[i].type, strlen(rows[i].type)), rows[i].media);
    }
}

static void takes_no_type_for_binary(void **state)
{
    (void)state;
    assert_int_equal(gbx__media_of(NULL, 0), GBX__MEDIA_BINARY);
}

static void reads_no_further_than_the_length(void **state)
{
    (void)state;
    assert_int_equal(gbx__media_of("application/jsonp", 16), GBX__MEDIA_JSON);
    assert_int_equal(gbx__media_of("text/plain; charset=utf-16", 10), GBX__MEDIA_TEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_json_text_and_the_rest_apart),
        cmocka_unit_test(takes_no_type_for_binary),
        cmocka_unit_test(reads_no_further_than_the_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
