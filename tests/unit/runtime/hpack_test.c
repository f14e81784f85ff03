/* SPDX-License-Identifier: MIT */
/* Counting the fields of header blocks, well-formed and not. */
#include "runtime/http2/hpack.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(...) gbxi_hpack_count((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void an_empty_block_has_none(void **state)
{
    (void)state;
    assert_int_equal(gbxi_hpack_count((const uint8_t *)"", 0), 0);
}

/* RFC 7541, appendix C. */
static void every_representation_is_one_field(void **state)
{
    static const uint8_t incremental[] = "\x40\x0a"
                                         "custom-key\x0d"
                                         "custom-header";
    static const uint8_t never[] = "\x10\x08password\x06secret";

    (void)state;
    assert_int_equal(COUNT(0x82), 1);
    assert_int_equal(COUNT(0x82, 0x86, 0x84, 0x41, 1, 'x'), 4);
    assert_int_equal(gbxi_hpack_count(incremental, sizeof(incremental) - 1), 1);
    assert_int_equal(gbxi_hpack_count(never, sizeof(never) - 1), 1);
    assert_int_equal(COUNT(0x04, 2, '/', 'a', 0x82), 2);
    assert_int_equal(COUNT(0xff, 0x80, 0x01, 0x82), 2); /* an index of several bytes */
}

static void a_change_of_the_table_size_is_none(void **state)
{
    (void)state;
    assert_int_equal(COUNT(0x20, 0x82, 0x3f, 0xe1, 0x1f, 0x84), 2);
}

/* What is inside a string is no representation, however long the string is. */
static void strings_are_skipped_whatever_they_hold(void **state)
{
    enum { HEAD = 3, VALUE = 127 + 0x69, AFTER = 10 };
    uint8_t block[HEAD + VALUE + AFTER];

    (void)state;
    memset(block, 0x82, sizeof(block));
    memcpy(block, "\x41\x7f\x69", HEAD);
    assert_int_equal(gbxi_hpack_count(block, sizeof(block)), 1 + AFTER);
    block[1] = 0xff; /* the same in Huffman code */
    assert_int_equal(gbxi_hpack_count(block, sizeof(block)), 1 + AFTER);
    assert_int_equal(COUNT(0x41, 3, 0x82, 0x82, 0x82, 0x82), 2);
}

static void a_damaged_block_counts_up_to_the_damage(void **state)
{
    (void)state;
    assert_int_equal(COUNT(0x82, 0xff), 1);
    assert_int_equal(COUNT(0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x82), 1);
    assert_int_equal(COUNT(0x82, 0x41), 1);
    assert_int_equal(COUNT(0x82, 0x41, 5, 'a', 'b'), 1);
    assert_int_equal(COUNT(0x82, 0x40, 5, 'a', 'b'), 1);
    assert_int_equal(COUNT(0x82, 0x3f), 1);
    assert_int_equal(COUNT(0x82, 0x40, 1, 'a', 0x7f, 0xff, 0xff), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_block_has_none),
        cmocka_unit_test(every_representation_is_one_field),
        cmocka_unit_test(a_change_of_the_table_size_is_none),
        cmocka_unit_test(strings_are_skipped_whatever_they_hold),
        cmocka_unit_test(a_damaged_block_counts_up_to_the_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
