/* SPDX-License-Identifier: MIT */
/* If-None-Match, Accept-Encoding and Accept, as clients write them. */
#include "http/negotiate.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void finds_its_tag_in_every_form(void **state)
{
    static const struct {
        const char *header;
        bool named;
    } cases[] = {
        {"\"abc\"", true},
        {"W/\"abc\"", true},
        {"*", true},
        {" * ", true},
        {"\"x\", \"abc\"", true},
        {"\"x\",W/\"abc\" , \"y\"", true},
        {"", false},
        {"abc", false},
        {"\"abcd\"", false},
        {"\"ab\"", false},
        {"W/", false},
        {"W/abc", false},
        {"\"ABC\"", false},
        {"\"", false},
        {"\"abc", false},
        {",,", false},
        {"\"x\" \"abc\"", false},
        {"**", false},
        {"w/\"abc\"", false},
    };

    (void)state;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i)
        if (gbxi_etag_is_named(cases[i].header, strlen(cases[i].header), "abc") != cases[i].named)
            fail_msg("If-None-Match: %s", cases[i].header);
}

static void takes_gzip_from_those_who_read_it(void **state)
{
    static const struct {
        const char *header;
        bool taken;
    } cases[] = {
        {"gzip", true},
        {"GZip", true},
        {"x-gzip", true},
        {"gzip, deflate, br, zstd", true},
        {"br;q=1.0, gzip;q=0.8, *;q=0.1", true},
        {"gzip ; q=0.001", true},
        {"*", true},
        {"*;q=0.5", true},
        {"identity;q=0, *", true},
        {"", false},
        {"identity", false},
        {"br", false},
        {"gzipped", false},
        {"gzip;q=0", false},
        {"gzip;Q=0.000", false},
        {"gzip;q=0, *", false},
        {"*, gzip;q=0.0", false},
        {"*;q=0", false},
        {";;,;gzip", false},
        {"gzip;q=0.0000", true},
        {"gzip;q=0x", true},
        {"gzip;q=", true},
        {"gzip;x=1;q=0", false},
    };

    (void)state;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i)
        if (gbxi_takes_gzip(cases[i].header, strlen(cases[i].header)) != cases[i].taken)
            fail_msg("Accept-Encoding: %s", cases[i].header);
}

static void prefers_json_for_those_who_say_so(void **state)
{
    static const struct {
        const char *header;
        bool preferred;
    } cases[] = {
        {"application/json", true},
        {"Application/JSON", true},
        {"application/*", true},
        {"application/json;charset=utf-8", true},
        {"application/json, text/plain, */*", true},
        {"application/json, text/html;q=0.9", true},
        {"text/html;q=0.001, application/json;q=0.002", true},
        {"*/*;q=0.1, application/json", true},
        {"text/html;q=0, */*", true},
        {"text/html;q=0, application/json;q=0.1", true},
        {"text/*;q=0.5, application/json;q=0.5", true},
        {"text/html;q=0.999, application/json;q=1.000", true},
        {"", false},
        {"*/*", false},
        {"text/html", false},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false},
        {"text/html, application/json", false},
        {"application/json;q=0.5, text/html;q=0.5", false},
        {"application/json;q=0.4, text/*;q=0.5", false},
        {"application/json;q=0", false},
        {"application/json;q=0, */*", false},
        {"image/png", false},
        {"text/html;q=2, application/json", false},
        {"application/jsonx", false},
        {";q=1,,application", false},
    };

    (void)state;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i)
        if (gbxi_prefers_json(cases[i].header, strlen(cases[i].header)) != cases[i].preferred)
            fail_msg("Accept: %s", cases[i].header);
}

static void reads_no_further_than_the_header(void **state)
{
    (void)state;
    assert_false(gbxi_etag_is_named("\"abc\"", 4, "abc"));
    assert_false(gbxi_takes_gzip("gzip", 3));
    assert_true(gbxi_takes_gzip("gzip;q=0", 4));
    assert_false(gbxi_prefers_json("application/json", 15));
    assert_true(gbxi_prefers_json("application/json;q=0.5, text/html", 18));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_its_tag_in_every_form),
        cmocka_unit_test(takes_gzip_from_those_who_read_it),
        cmocka_unit_test(prefers_json_for_those_who_say_so),
        cmocka_unit_test(reads_no_further_than_the_header),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
