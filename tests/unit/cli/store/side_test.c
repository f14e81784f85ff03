/* SPDX-License-Identifier: MIT */
/* The names of what is compared: runs, traces and queries, and what is none of them. */
#include "cli/store/side.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NOW_NS INT64_C(1800000000000000000)
#define SECOND_NS INT64_C(1000000000)

static gbxi_side side;

static const gbxi_trace_query *read_query(const char *text)
{
    gbx_error error = {0};

    if (gbxi_side_parse(&side, text, NOW_NS, &error) != GBX_ERR_OK)
        fail_msg("%s: %s", text, error.text);
    return &side.query;
}

static void runs_and_traces_are_told_apart(void **state)
{
    static const struct {
        const char *text, *run, *trace;
    } table[] = {{"latest", "latest", ""},
                 {"latest~3", "latest~3", ""},
                 {"20261129-091338-1f6c09ab", "20261129-091338-1f6c09ab", ""},
                 {"latest#12", "latest", "12"},
                 {"#12", "", "12"},
                 {"#0a6c", "", "0a6c"},
                 {"0a6cb5c0a1c94af59ab79d8e6bd1f1e5", "", "0a6cb5c0a1c94af59ab79d8e6bd1f1e5"},
                 {"1f6c#0A6CB5C0A1C94AF59AB79D8E6BD1F1E5", "1f6c", "0A6CB5C0A1C94AF59AB79D8E6BD1F1E5"}};

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        const gbxi_trace_query *query = read_query(table[i].text);

        assert_string_equal(side.run, table[i].run);
        assert_string_equal(side.trace, table[i].trace);
        assert_null(query->route);
        assert_null(query->method);
        assert_false(query->failed_only);
    }
}

static void fields_select_traces(void **state)
{
    const gbxi_trace_query *query =
        read_query("latest~1?route=/items/%2A%26&method=GET&since=2m&until=1s&failed=on&slower-than=250us");

    (void)state;
    assert_string_equal(side.run, "latest~1");
    assert_string_equal(query->route, "/items/*&");
    assert_string_equal(query->method, "GET");
    assert_int_equal(query->since_unix_ns, NOW_NS - 120 * SECOND_NS);
    assert_int_equal(query->until_unix_ns, NOW_NS - SECOND_NS);
    assert_true(query->failed_only);
    assert_int_equal(query->min_duration_ns, 250000);
    assert_string_equal(read_query("?route=a=b?c#d")->route, "a=b?c#d");
    assert_false(read_query("?failed=off")->failed_only);
}

static void anything_else_is_refused(void **state)
{
    static const char *const texts[] = {"?",          "?route",
                                        "?route=",    "?=x",
                                        "?route=/&",  "?&route=/",
                                        "?Route=/",   "?route=/&route=/",
                                        "?route=%",   "?route=%4",
                                        "?route=%zz", "?route=%00",
                                        "?since=0s",  "?since=10",
                                        "?until=x",   "?failed=1",
                                        "?failed=ON", "?slower-than=0ns",
                                        "?limit=3",   "#",
                                        "latest#",    "?method=01234567890123456789012345678901"};
    gbx_error error;

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        error = (gbx_error){0};
        assert_int_equal(gbxi_side_parse(&side, texts[i], NOW_NS, &error), GBX_ERR_ARGUMENT);
        assert_true(strlen(error.text) > 10);
    }
}

static void texts_have_limits(void **state)
{
    char text[6000];
    gbx_error error;

    (void)state;
    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(gbxi_side_parse(&side, text, NOW_NS, &error), GBX_ERR_ARGUMENT);
    text[0] = '#';
    assert_int_equal(gbxi_side_parse(&side, text, NOW_NS, &error), GBX_ERR_ARGUMENT);
    memcpy(text, "?route=", 7);
    assert_int_equal(gbxi_side_parse(&side, text, NOW_NS, &error), GBX_ERR_ARGUMENT);
    text[7 + GBXI_SIDE_ROUTE_MAX] = '\0';
    assert_int_equal(strlen(read_query(text)->route), GBXI_SIDE_ROUTE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_and_traces_are_told_apart),
        cmocka_unit_test(fields_select_traces),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(texts_have_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
