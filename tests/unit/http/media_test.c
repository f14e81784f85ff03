/* SPDX-License-Identifier: MIT */
/* Classification of bodies by Content-Type. */
#include "http/media.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct row {
    const char *type;
    gbxi_media media;
} rows[] = {
    {"application/json", GBXI_MEDIA_JSON},
    {"Application/JSON", GBXI_MEDIA_JSON},
    {" application/json ;charset=utf-8", GBXI_MEDIA_JSON},
    {"application/json; charset=\"UTF-8\"", GBXI_MEDIA_JSON},
    {"application/problem+json", GBXI_MEDIA_JSON},
    {"application/vnd.x.y+json; profile=a; charset=utf-8", GBXI_MEDIA_JSON},
    {"text/json", GBXI_MEDIA_JSON},
    {"application/json; charset=utf-16", GBXI_MEDIA_BINARY},
    {"application/jsonp", GBXI_MEDIA_BINARY},
    {"application/x-json-seq", GBXI_MEDIA_BINARY},
    {"+json", GBXI_MEDIA_BINARY},
    {"text/plain", GBXI_MEDIA_TEXT},
    {"TEXT/html; charset=utf-8", GBXI_MEDIA_TEXT},
    {"text/html;charset=us-ascii", GBXI_MEDIA_TEXT},
    {"text/html; charset=iso-8859-1", GBXI_MEDIA_BINARY},
    {"text/html; level=1; charset=windows-1252", GBXI_MEDIA_BINARY},
    {"text/plain; format=flowed", GBXI_MEDIA_TEXT},
    {"text", GBXI_MEDIA_BINARY},
    {"application/octet-stream", GBXI_MEDIA_BINARY},
    {"application/x-www-form-urlencoded", GBXI_MEDIA_BINARY},
    {"image/svg+xml", GBXI_MEDIA_BINARY},
    {";", GBXI_MEDIA_BINARY},
    {";;;charset", GBXI_MEDIA_BINARY},
    {"", GBXI_MEDIA_BINARY},
};

static void tells_json_text_and_the_rest_apart(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_message("%s\n", rows[i].type);
        assert_int_equal(gbxi_media_of(rows[i].type, strlen(rows[i].type)), rows[i].media);
    }
}

static void takes_no_type_for_binary(void **state)
{
    (void)state;
    assert_int_equal(gbxi_media_of(NULL, 0), GBXI_MEDIA_BINARY);
}

static void reads_no_further_than_the_length(void **state)
{
    (void)state;
    assert_int_equal(gbxi_media_of("application/jsonp", 16), GBXI_MEDIA_JSON);
    assert_int_equal(gbxi_media_of("text/plain; charset=utf-16", 10), GBXI_MEDIA_TEXT);
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
