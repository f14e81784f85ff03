/* SPDX-License-Identifier: MIT */
/* The names of the trace formats in both directions. */
#include "schemas/format.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_format_has_a_name_that_leads_back(void **state)
{
    static const struct {
        gbx_format format;
        const char *name;
        bool routed;
    } table[] = {{GBX_FORMAT_FULL, "full", true},
                 {GBX_FORMAT_SUMMARY, "summary", true},
                 {GBX_FORMAT_SPEEDSCOPE, "speedscope", true},
                 {GBX_FORMAT_FOLDED, "folded", false},
                 {GBX_FORMAT_CHROME, "chrome", false},
                 {GBX_FORMAT_PPROF, "pprof", false}};

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        gbx_format format = (gbx_format)99;

        assert_string_equal(gbx_format_name(table[i].format), table[i].name);
        assert_true(gbx_format_from_name(table[i].name, strlen(table[i].name), &format));
        assert_int_equal(format, table[i].format);
        assert_int_equal(gbxi_format_is_routed(format), table[i].routed);
    }
    assert_null(gbx_format_name((gbx_format)(sizeof(table) / sizeof(*table))));
}

static void other_names_lead_nowhere(void **state)
{
    static const char *const names[] = {"", "ful", "fulll", "Full", "SUMMARY", "speedscope ", "json"};
    gbx_format format = (gbx_format)99;

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        assert_false(gbx_format_from_name(names[i], strlen(names[i]), &format));
    assert_false(gbx_format_from_name("full\0", 5, &format));
    assert_int_equal(format, 99);
    assert_true(gbx_format_from_name("fully", 4, &format));
    assert_int_equal(format, GBX_FORMAT_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_has_a_name_that_leads_back),
        cmocka_unit_test(other_names_lead_nowhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
