/* SPDX-License-Identifier: MIT */
/* Which traceparent values give a trace its id and its parent. */
#include "middleware/traceparent.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ID "0af7651916cd43dd8448eb211c80319c"
#define PARENT "b7ad6b7169203331"

static const struct {
    const char *text;
    uint8_t flags;
} valid[] = {
    {"00-" ID "-" PARENT "-01", 1},           {"00-" ID "-" PARENT "-00", 0},    {"00-" ID "-" PARENT "-fe", 0xfe},
    {"01-" ID "-" PARENT "-01", 1},           {"00-" ID "-" PARENT "-a3", 0xa3}, {"00-" ID "-" PARENT "-3a", 0x3a},
    {"cc-" ID "-" PARENT "-01-what-ever", 1}, {"fe-" ID "-" PARENT "-01-", 1},
};

static const char *const invalid[] = {
    "",
    "00",
    "00-" ID "-" PARENT,
    "00-" ID "-" PARENT "-",
    "00-" ID "-" PARENT "-0",
    "00-" ID "-" PARENT "-0g",
    "00-" ID "-" PARENT "-01-",
    "00-" ID "-" PARENT "-01-more",
    "00-" ID "-" PARENT "-011",
    "01-" ID "-" PARENT "-01.more",
    "ff-" ID "-" PARENT "-01",
    "0-" ID "-" PARENT "-001",
    "0x-" ID "-" PARENT "-01",
    "00-00000000000000000000000000000000-" PARENT "-01",
    "00-" ID "-0000000000000000-01",
    "00-0AF7651916CD43DD8448EB211C80319C-" PARENT "-01",
    "00-0af7651916cd43dd8448eb211c80319-" PARENT "1-01",
    "00_" ID "-" PARENT "-01",
    "00-" ID "_" PARENT "-01",
    "00-" ID "-" PARENT "_01",
    " 00-" ID "-" PARENT "-01",
    "00-0af7651916cd43dd8448eb211c80319z-" PARENT "-01",
};

static const uint8_t id[16] = {0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd,
                               0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c};

static const uint8_t parent_id[8] = {0xb7, 0xad, 0x6b, 0x71, 0x69, 0x20, 0x33, 0x31};

static void takes_ids_and_flags_of_valid_ones(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(valid) / sizeof(valid[0]); i++) {
        gbxi_traceparent read = {0};

        print_message("%s\n", valid[i].text);
        assert_true(gbxi_traceparent_parse(valid[i].text, strlen(valid[i].text), &read));
        assert_memory_equal(read.trace_id, id, sizeof(id));
        assert_memory_equal(read.parent_span_id, parent_id, sizeof(parent_id));
        assert_int_equal(read.flags, valid[i].flags);
    }
}

static void ignores_invalid_ones_and_leaves_everything_alone(void **state)
{
    static const gbxi_traceparent untouched = {{0}, {0}, 0};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
        gbxi_traceparent read = {0};

        print_message("%s\n", invalid[i]);
        assert_false(gbxi_traceparent_parse(invalid[i], strlen(invalid[i]), &read));
        assert_memory_equal(&read, &untouched, sizeof(read));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_ids_and_flags_of_valid_ones),
        cmocka_unit_test(ignores_invalid_ones_and_leaves_everything_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
