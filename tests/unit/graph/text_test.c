/* SPDX-License-Identifier: MIT */
/* The block of texts and the interning of names. */
#include "graph/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 50000 };

static void texts_stay_what_they_were_when_the_block_grows(void **state)
{
    gbxi_texts texts = {0};
    gbxi_text first, last;

    (void)state;
    assert_int_equal(gbxi_texts_add(&texts, "first\0one", 9, &first), GBX_ERR_OK);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(gbxi_texts_add(&texts, "filling", 7, &last), GBX_ERR_OK);
    assert_int_equal(first.length, 9);
    assert_memory_equal(gbxi_texts_at(&texts, first), "first\0one", 9);
    assert_memory_equal(gbxi_texts_at(&texts, last), "filling", 7);
    gbxi_texts_fini(&texts);
    assert_null(texts.bytes);
    assert_int_equal(texts.used, 0);
}

static void the_last_text_can_grow(void **state)
{
    gbxi_texts texts = {0};
    gbxi_text text;

    (void)state;
    assert_int_equal(gbxi_texts_add(&texts, "one ", 4, &text), GBX_ERR_OK);
    assert_int_equal(gbxi_texts_extend(&texts, &text, "text", 4), GBX_ERR_OK);
    assert_int_equal(text.length, 8);
    assert_memory_equal(gbxi_texts_at(&texts, text), "one text", 8);
    gbxi_texts_fini(&texts);
}

static void an_empty_text_needs_no_block(void **state)
{
    gbxi_texts texts = {0};
    gbxi_text text;

    (void)state;
    assert_int_equal(gbxi_texts_add(&texts, "", 0, &text), GBX_ERR_OK);
    assert_int_equal(text.length, 0);
    assert_string_equal(gbxi_texts_at(&texts, text), "");
    assert_null(texts.bytes);
    gbxi_texts_fini(&texts);
}

/* Number i as 4 bytes, so that names have NUL bytes in them and differ in single ones. */
static void name_of(uint32_t i, char name[4])
{
    memcpy(name, &i, 4);
}

static void names_are_numbered_in_order_and_found_again(void **state)
{
    gbxi_texts texts = {0};
    gbxi_text_names names = {0};
    uint32_t number;
    bool is_new;
    char name[4];

    (void)state;
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < MANY; i++) {
            name_of(i, name);
            assert_int_equal(gbxi_text_names_intern(&names, &texts, name, 4, &number, &is_new), GBX_ERR_OK);
            assert_int_equal(number, i);
            assert_int_equal(is_new, round == 0);
        }
    }
    assert_int_equal(names.count, MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        name_of(i, name);
        assert_true(gbxi_text_names_find(&names, &texts, name, 4, &number));
        assert_int_equal(number, i);
    }
    name_of(MANY, name);
    assert_false(gbxi_text_names_find(&names, &texts, name, 4, &number));
    assert_false(gbxi_text_names_find(&names, &texts, name, 3, &number));
    gbxi_text_names_fini(&names);
    assert_null(names.names);
    assert_int_equal(names.count, 0);
    gbxi_texts_fini(&texts);
}

static void room_that_was_made_is_not_grown_again(void **state)
{
    gbxi_texts texts = {0};
    gbxi_text_names names = {0};
    const unsigned char *slots;
    uint32_t number;
    bool is_new;
    char name[4];

    (void)state;
    assert_int_equal(gbxi_text_names_intern(&names, &texts, "kept", 4, &number, &is_new), GBX_ERR_OK);
    assert_int_equal(gbxi_text_names_reserve(&names, MANY + 1), GBX_ERR_OK);
    slots = names.table.slots;
    for (uint32_t i = 0; i < MANY; i++) {
        name_of(i, name);
        assert_int_equal(gbxi_text_names_intern(&names, &texts, name, 4, &number, &is_new), GBX_ERR_OK);
        assert_int_equal(number, i + 1);
    }
    assert_ptr_equal(names.table.slots, slots);
    assert_true(gbxi_text_names_find(&names, &texts, "kept", 4, &number));
    assert_int_equal(number, 0);
    gbxi_text_names_fini(&names);
    gbxi_texts_fini(&texts);
}

static void names_that_share_a_beginning_differ(void **state)
{
    static const char text[] = "abcdefghabcdefghabcdefgh";
    gbxi_texts texts = {0};
    gbxi_text_names names = {0};
    uint32_t number;
    bool is_new;

    (void)state;
    for (uint32_t length = 0; length < sizeof(text); length++) {
        assert_int_equal(gbxi_text_names_intern(&names, &texts, text, length, &number, &is_new), GBX_ERR_OK);
        assert_true(is_new);
        assert_int_equal(number, length);
    }
    gbxi_text_names_fini(&names);
    gbxi_texts_fini(&texts);
}

static void nothing_is_found_in_an_empty_table(void **state)
{
    gbxi_texts texts = {0};
    gbxi_text_names names = {0};
    uint32_t number;

    (void)state;
    assert_false(gbxi_text_names_find(&names, &texts, "a", 1, &number));
    gbxi_text_names_fini(&names);
    gbxi_texts_fini(&texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_stay_what_they_were_when_the_block_grows),
        cmocka_unit_test(the_last_text_can_grow),
        cmocka_unit_test(an_empty_text_needs_no_block),
        cmocka_unit_test(names_are_numbered_in_order_and_found_again),
        cmocka_unit_test(room_that_was_made_is_not_grown_again),
        cmocka_unit_test(names_that_share_a_beginning_differ),
        cmocka_unit_test(nothing_is_found_in_an_empty_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
