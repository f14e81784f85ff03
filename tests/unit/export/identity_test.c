/* SPDX-License-Identifier: MIT */
/* Trace ids and instants as text. */
#include "export/identity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void an_id_is_32_digits(void **state)
{
    static const uint8_t id[16] = {0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6,
                                   0xa3, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36};
    char text[GBXI_TRACE_ID_DIGITS + 1];

    (void)state;
    text[GBXI_TRACE_ID_DIGITS] = '!';
    gbxi_trace_id_format(id, text);
    assert_memory_equal(text, "4bf92f3577b34da6a3ce929d0e0e4736!", sizeof(text));
}

static void an_instant_has_nine_digits_behind_the_second(void **state)
{
    static const struct {
        int64_t unix_ns;
        const char *text;
    } cases[] = {
        {0, "1970-01-01T00:00:00.000000000Z"},
        {1, "1970-01-01T00:00:00.000000001Z"},
        {-1, "1969-12-31T23:59:59.999999999Z"},
        {-1000000000, "1969-12-31T23:59:59.000000000Z"},
        {INT64_C(1754400000123456789), "2025-08-05T13:20:00.123456789Z"},
        {INT64_MAX, "2262-04-11T23:47:16.854775807Z"},
        {INT64_MIN, "1677-09-21T00:12:43.145224192Z"},
    };
    char text[GBXI_INSTANT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(gbxi_instant_format(cases[i].unix_ns, text), strlen(cases[i].text));
        assert_string_equal(text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_32_digits),
        cmocka_unit_test(an_instant_has_nine_digits_behind_the_second),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
