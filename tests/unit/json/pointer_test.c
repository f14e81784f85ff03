/* SPDX-License-Identifier: MIT */
/* The JSON Pointer under construction: escapes, the cut, and the way back. */
#include "json/reader.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void starts_as_the_whole_document(void **state)
{
    gbxi_json_pointer pointer = {0};

    (void)state;
    assert_string_equal(pointer.text, "");
    assert_int_equal(pointer.length, 0);
}

static void escapes_tildes_slashes_and_nul(void **state)
{
    static const struct {
        const char *key;
        size_t length;
        const char *text;
    } table[] = {
        {"a", 1, "/a"},
        {"", 0, "/"},
        {"a/b", 3, "/a~1b"},
        {"m~n", 3, "/m~0n"},
        {"~1", 2, "/~01"},
        {"//", 2, "/~1~1"},
        {" \"\\", 3, "/ \"\\"},
        {"x\0y", 3, "/x\xEF\xBF\xBDy"},
        {"\xC3\xA9", 2, "/\xC3\xA9"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        gbxi_json_pointer pointer = {0};
        assert_int_equal(gbxi_json_pointer_push(&pointer, table[i].key, table[i].length), 0);
        assert_string_equal(pointer.text, table[i].text);
        assert_int_equal(pointer.length, strlen(table[i].text));
    }
}

static void pushes_and_pops_keys_and_indices(void **state)
{
    gbxi_json_pointer pointer = {0};
    size_t root, nodes;

    (void)state;
    root = gbxi_json_pointer_push(&pointer, "nodes", 5);
    nodes = gbxi_json_pointer_push_index(&pointer, 12);
    assert_string_equal(pointer.text, "/nodes/12");
    gbxi_json_pointer_pop(&pointer, nodes);
    assert_string_equal(pointer.text, "/nodes");
    gbxi_json_pointer_push_index(&pointer, 3);
    assert_string_equal(pointer.text, "/nodes/3");
    gbxi_json_pointer_pop(&pointer, nodes);
    gbxi_json_pointer_push_index(&pointer, SIZE_MAX);
    assert_string_equal(pointer.text, "/nodes/18446744073709551615");
    gbxi_json_pointer_pop(&pointer, root);
    assert_string_equal(pointer.text, "");
}

static void an_overlong_pointer_says_so_and_still_pops(void **state)
{
    enum { LEVELS = 100 };
    gbxi_json_pointer pointer = {0};
    char texts[LEVELS][sizeof(pointer.text)];
    size_t before[LEVELS];

    (void)state;
    for (size_t i = 0; i < LEVELS; i++) {
        strcpy(texts[i], pointer.text);
        before[i] = gbxi_json_pointer_push(&pointer, "abcd~", 5);
        assert_true(strlen(pointer.text) < sizeof(pointer.text));
    }
    assert_int_equal(pointer.length, LEVELS * 7);
    assert_string_equal(pointer.text + strlen(pointer.text) - 4, "/...");
    for (size_t i = LEVELS; i-- > 0;) {
        gbxi_json_pointer_pop(&pointer, before[i]);
        assert_string_equal(pointer.text, texts[i]);
    }
}

static void every_length_around_the_cut_pops_back(void **state)
{
    char key[256];

    (void)state;
    memset(key, 'k', sizeof(key));
    for (size_t first = 150; first < 200; first++) {
        gbxi_json_pointer pointer = {0};
        char text[sizeof(pointer.text)];
        size_t before;

        gbxi_json_pointer_push(&pointer, key, first);
        strcpy(text, pointer.text);
        before = gbxi_json_pointer_push(&pointer, key, 20);
        assert_int_equal(pointer.length, first + 22);
        gbxi_json_pointer_pop(&pointer, before);
        assert_string_equal(pointer.text, text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_as_the_whole_document),
        cmocka_unit_test(escapes_tildes_slashes_and_nul),
        cmocka_unit_test(pushes_and_pops_keys_and_indices),
        cmocka_unit_test(an_overlong_pointer_says_so_and_still_pops),
        cmocka_unit_test(every_length_around_the_cut_pops_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
