/* SPDX-License-Identifier: MIT */
/* The numbers about a capture as a whole, at their extremes. */
#include "document.h"
#include "export/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RECORDED = 1000 };

static void check_percentage(double part, double whole, double expected)
{
    assert_true(gbxi_facts_percentage(part, whole) == expected);
}

static void percentages_have_four_decimals(void **state)
{
    (void)state;
    check_percentage(0, 0, 0);
    check_percentage(5, 0, 0);
    check_percentage(0, 5, 0);
    check_percentage(1, 1, 100);
    check_percentage(1, 3, 33.3333);
    check_percentage(2, 3, 66.6667);
    check_percentage(1, 1e9, 0);
    check_percentage(1e18, 1, 1e20);
}

/* What the writer makes of a trace that is all zero but for these. */
static void check_written(void (*write)(gbxi_json_writer *, const gbxi_trace *), gbx_capture_facts facts,
                          const char *expected)
{
    gbxi_trace trace = {.facts = facts, .recorded_count = RECORDED};
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_json_object_begin(&writer);
    write(&writer, &trace);
    gbxi_json_object_end(&writer);
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
    assert_int_equal(buffer.length, strlen(expected));
    assert_memory_equal(buffer.bytes, expected, buffer.length);
    gbxi_json_buffer_fini(&buffer);
}

static void instants_are_rfc_3339_before_and_after_1970(void **state)
{
    static const struct {
        int64_t unix_ns;
        const char *expected;
    } cases[] = {
        {0, "1970-01-01T00:00:00.000000000Z"},
        {1, "1970-01-01T00:00:00.000000001Z"},
        {-1, "1969-12-31T23:59:59.999999999Z"},
        {-1000000000, "1969-12-31T23:59:59.000000000Z"},
        {951782400000000000, "2000-02-29T00:00:00.000000000Z"},
        {INT64_MAX, "2262-04-11T23:47:16.854775807Z"},
        {INT64_MIN, "1677-09-21T00:12:43.145224192Z"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
        char expected[128] = "{\"name\":\"x\",\"trace_id\":\"00000000000000000000000000000000\",\"started_at\":\"";
        strcat(strcat(expected, cases[i].expected), "\"}");
        check_written(gbxi_facts_write_identity, (gbx_capture_facts){.name = "x", .start_unix_ns = cases[i].unix_ns},
                      expected);
    }
}

static void a_clock_without_a_sane_cost_costs_nothing(void **state)
{
    static const char none[] = "{\"truncated\":false,\"dropped_spans\":0,\"overhead\":{\"ns_per_span\":";
    static const struct {
        double cost_ns;
        const char *written;
    } cases[] = {{-5, "-5"}, {1e300, "1e+300"}, {__builtin_nan(""), "null"}, {__builtin_inf(), "null"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
        char expected[256];
        strcpy(expected, none);
        strcat(strcat(expected, cases[i].written), ",\"estimated_ms\":0,\"percentage\":0}}");
        check_written(gbxi_facts_write_completeness,
                      (gbx_capture_facts){.span_cost_ns = cases[i].cost_ns, .duration_ns = 1000}, expected);
    }
}

/* The capture's own count is of a moment when threads may still have been writing. */
static void the_price_is_that_of_the_spans_in_the_trace(void **state)
{
    (void)state;
    check_written(gbxi_facts_write_completeness,
                  (gbx_capture_facts){.span_cost_ns = 20, .span_count = UINT64_MAX - 63, .duration_ns = 1000000},
                  "{\"truncated\":false,\"dropped_spans\":0,\"overhead\":{\"ns_per_span\":20,\"estimated_ms\":0.02,"
                  "\"percentage\":2}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentages_have_four_decimals),
        cmocka_unit_test(instants_are_rfc_3339_before_and_after_1970),
        cmocka_unit_test(a_clock_without_a_sane_cost_costs_nothing),
        cmocka_unit_test(the_price_is_that_of_the_spans_in_the_trace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
