/* SPDX-License-Identifier: MIT */
/* Written numbers: integers exact, doubles that read back, nanoseconds as milliseconds. */
#include "sink.h"
#include "json/number.h"
#include "json/reader.h"
#include "json/writer.h"
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RANDOM_DOUBLES = 100000 };

static uint64_t bits_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static double double_of(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* splitmix64. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static void write_uint(gbxi_json_writer *w, const void *value)
{
    gbxi_json_uint(w, *(const uint64_t *)value);
}

static void write_int(gbxi_json_writer *w, const void *value)
{
    gbxi_json_int(w, *(const int64_t *)value);
}

static void assert_integer(uint64_t value)
{
    int64_t negative = (int64_t)value;
    char expected[32];

    snprintf(expected, sizeof(expected), "%" PRIu64, value);
    sink_assert_writes(write_uint, &value, expected, strlen(expected));
    snprintf(expected, sizeof(expected), "%" PRId64, negative);
    sink_assert_writes(write_int, &negative, expected, strlen(expected));
}

static void writes_integers_at_every_length_and_their_extremes(void **state)
{
    uint64_t power = 1;

    (void)state;
    assert_integer(0);
    for (int digits = 1; digits <= 20; digits++, power *= 10) {
        assert_integer(power - 1);
        assert_integer(power);
        assert_integer(power + 1);
        assert_integer(0 - power);
    }
    for (unsigned bit = 0; bit < 64; bit++) {
        assert_integer((uint64_t)1 << bit);
        assert_integer(((uint64_t)1 << bit) - 1);
    }
    assert_integer(UINT64_MAX);
    assert_integer((uint64_t)INT64_MIN);
}

static void write_ms(gbxi_json_writer *w, const void *ns)
{
    gbxi_json_ms(w, *(const uint64_t *)ns);
}

static void writes_nanoseconds_as_exact_milliseconds(void **state)
{
    static const struct {
        uint64_t ns;
        const char *text;
    } table[] = {
        {0, "0"},
        {1, "0.000001"},
        {10, "0.00001"},
        {999999, "0.999999"},
        {1000000, "1"},
        {1000001, "1.000001"},
        {1100000, "1.1"},
        {1234567, "1.234567"},
        {1500000, "1.5"},
        {60000000000, "60000"},
        {123456789012345678, "123456789012.345678"},
        {UINT64_MAX, "18446744073709.551615"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
        sink_assert_writes(write_ms, &table[i].ns, table[i].text, strlen(table[i].text));
}

static void write_real(gbxi_json_writer *w, const void *value)
{
    gbxi_json_real(w, *(const double *)value);
}

static void writes_doubles_as_the_shortest_text(void **state)
{
    static const struct {
        double value;
        const char *text;
    } table[] = {
        {0.0, "0"},
        {-0.0, "-0.0"},
        {1.0, "1"},
        {-1.5, "-1.5"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {100000.0, "1e+05"},
        {123456.0, "123456"},
        {9007199254740993.0, "9007199254740992"},
        {0x1p62, "4611686018427387904"},
        {0x1p63, "9.223372036854776e+18"},
        {0x1p64, "1.8446744073709552e+19"},
        {-0x1p63, "-9.223372036854776e+18"},
        {1e22, "1e+22"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {-2.2250738585072014e-308, "-2.2250738585072014e-308"},
        {4.9406564584124654e-324, "5e-324"},
        {(double)INFINITY, "null"},
        {-(double)INFINITY, "null"},
        {(double)NAN, "null"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
        sink_assert_writes(write_real, &table[i].value, table[i].text, strlen(table[i].text));
}

/* The short way for numbers of few decimals writes what the long way writes. */
static void few_decimals_are_the_shortest_text_too(void **state)
{
    (void)state;
    for (uint64_t units = 0; units < 1100000000; units += units / 300 + 1) {
        double values[] = {(double)units / 1e4, (double)units / 1e5, nextafter((double)units / 1e4, 1e9)};
        for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
            char expected[GBXI_JSON_REAL_MAX];
            sink_assert_writes(write_real, &values[i], expected, gbxi_json_real_text(values[i], expected));
        }
    }
}

static void writes_milliseconds_of_every_length(void **state)
{
    (void)state;
    for (uint64_t ns = 1; ns < UINT64_MAX / 8; ns += ns / 7 + 1) {
        char expected[64];
        int length = snprintf(expected, sizeof(expected), "%" PRIu64 ".%06" PRIu64, ns / 1000000, ns % 1000000);
        while (expected[length - 1] == '0')
            length--;
        length -= expected[length - 1] == '.';
        sink_assert_writes(write_ms, &ns, expected, (size_t)length);
    }
}

static double random_double(uint64_t *seed)
{
    uint64_t bits = next_random(seed);

    /* Half of all patterns are of everyday size, where decimal and scientific notation meet. */
    if ((bits & 1) != 0)
        return (double)(int64_t)bits / (double)(UINT64_C(1) << (bits >> 58));
    return double_of(bits);
}

static void doubles_of_any_bits_read_back_as_themselves(void **state)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;
    gbxi_json_document *document;
    gbxi_json_iterator each;
    gbx_error error;
    uint64_t seed = 1;

    (void)state;
    gbxi_json_writer_init_buffer(&w, &buffer);
    gbxi_json_array_begin(&w);
    for (int i = 0; i < RANDOM_DOUBLES; i++)
        gbxi_json_real(&w, random_double(&seed));
    gbxi_json_array_end(&w);
    assert_int_equal(gbxi_json_writer_finish(&w), GBX_ERR_OK);
    assert_int_equal(gbxi_json_parse(buffer.bytes, buffer.length, &document, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_json_count(gbxi_json_root(document)), RANDOM_DOUBLES);
    each = gbxi_json_each(gbxi_json_root(document));
    seed = 1;
    while (gbxi_json_next(&each)) {
        double expected = random_double(&seed);
        double value = 0;

        if (!isfinite(expected)) {
            assert_int_equal(gbxi_json_typeof(each.value), GBXI_JSON_NULL);
            continue;
        }
        assert_true(gbxi_json_double(each.value, &value));
        assert_true(bits_of(value) == bits_of(expected));
    }
    gbxi_json_free(document);
    gbxi_json_buffer_fini(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_integers_at_every_length_and_their_extremes),
        cmocka_unit_test(writes_nanoseconds_as_exact_milliseconds),
        cmocka_unit_test(few_decimals_are_the_shortest_text_too),
        cmocka_unit_test(writes_milliseconds_of_every_length),
        cmocka_unit_test(writes_doubles_as_the_shortest_text),
        cmocka_unit_test(doubles_of_any_bits_read_back_as_themselves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
