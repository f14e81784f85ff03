/* SPDX-License-Identifier: MIT */
/* URLs in their parts, and what of them is shown. */
#include "cli/trace/url.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void check_url(const char *text, const char *suffix, const char *url, const char *shown)
{
    gbxi_trace_url parts;
    gbx_error error = {0};

    assert_int_equal(gbxi_trace_url_init(&parts, text, suffix, &error), GBX_ERR_OK);
    assert_string_equal(parts.url, url);
    assert_string_equal(parts.shown, shown);
    gbxi_trace_url_fini(&parts);
    assert_null(parts.url);
}

static void the_suffix_is_behind_the_path_and_before_the_query(void **state)
{
    (void)state;
    check_url("http://h:1/a/b?c=d", "/full", "http://h:1/a/b/full?c=d", "http://h:1/a/b");
    check_url("http://h:1/a/b?c=d", NULL, "http://h:1/a/b?c=d", "http://h:1/a/b");
    check_url("http://h/", "/full", "http://h/full", "http://h/");
    check_url("http://h", "/full", "http://h/full", "http://h/");
    check_url("http://h/x/", "/full", "http://h/x//full", "http://h/x/");
    check_url("http://h/a%20b", "/full", "http://h/a%20b/full", "http://h/a%20b");
}

static void a_url_without_a_scheme_is_http(void **state)
{
    (void)state;
    check_url("localhost:8000/x", NULL, "http://localhost:8000/x", "http://localhost:8000/x");
}

static void what_may_be_secret_is_not_shown(void **state)
{
    (void)state;
    check_url("https://ann:pw@h/x?key=1#f", NULL, "https://ann:pw@h/x?key=1#f", "https://h/x");
}

static void its_parts_are_those_of_a_connection(void **state)
{
    gbxi_trace_url parts;
    gbx_error error = {0};

    (void)state;
    assert_int_equal(gbxi_trace_url_init(&parts, "https://ann@[::1]/x?y", "/full", &error), GBX_ERR_OK);
    assert_string_equal(parts.host, "::1");
    assert_string_equal(parts.port, "443");
    assert_string_equal(parts.path, "/x");
    assert_string_equal(parts.origin, "https://[::1]");
    gbxi_trace_url_fini(&parts);
    assert_int_equal(gbxi_trace_url_init(&parts, "http://h:81/", NULL, &error), GBX_ERR_OK);
    assert_string_equal(parts.port, "81");
    assert_string_equal(parts.origin, "http://h:81");
    gbxi_trace_url_fini(&parts);
}

static void what_is_no_url_is_refused(void **state)
{
    static const char *const texts[] = {"ftp://h/", "file:///x", "http://", "http://h:x/", "http://a b/", "://"};
    gbxi_trace_url parts;
    gbx_error error = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(gbxi_trace_url_init(&parts, texts[i], NULL, &error), GBX_ERR_ARGUMENT);
        assert_null(parts.url);
        gbxi_trace_url_fini(&parts);
    }
    assert_string_equal(error.text, "'://' is no URL of http or https");
}

static void a_refusal_has_no_password(void **state)
{
    gbxi_trace_url parts;
    gbx_error error = {0};

    (void)state;
    assert_int_equal(gbxi_trace_url_init(&parts, "ftp://ann:hu@sh@h/x", NULL, &error), GBX_ERR_ARGUMENT);
    assert_string_equal(error.text, "'h/x' is no URL of http or https");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_suffix_is_behind_the_path_and_before_the_query),
        cmocka_unit_test(a_url_without_a_scheme_is_http),
        cmocka_unit_test(what_may_be_secret_is_not_shown),
        cmocka_unit_test(its_parts_are_those_of_a_connection),
        cmocka_unit_test(what_is_no_url_is_refused),
        cmocka_unit_test(a_refusal_has_no_password),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
