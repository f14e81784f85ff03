/* SPDX-License-Identifier: MIT */
/* Tables: alignment, what is left out and cut where there is no room, and failing allocations. */
#define _GNU_SOURCE
#include "cli/store/listing.h"
#include "scarce_memory.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const gbxi_listing_column columns[] = {
    {"NAME", .stretches = true}, {"CALLS", .right = true}, {"FILE", .rank = 2}, {"SELF", .right = true, .rank = 1}};

static void fill(gbxi_listing *listing)
{
    static const char long_name[] = "a.very.long.name";

    gbxi_listing_init(listing, columns, 4);
    gbxi_listing_row(listing, GBXI_STYLE_PLAIN);
    gbxi_listing_text(listing, long_name, strlen(long_name));
    gbxi_listing_cell(listing, "%d", 7);
    gbxi_listing_cell(listing, "x.c");
    gbxi_listing_cell(listing, "1 ms");
    gbxi_listing_row(listing, GBXI_STYLE_ALARM);
    gbxi_listing_text(listing, "b\n", 2);
    gbxi_listing_cell(listing, "%d", 123456);
    gbxi_listing_remark(listing, 4, "broken\x1b");
}

/* What is printed in `width` columns; empty if nothing is. Valid until the next call. */
static const char *printed(const gbxi_listing *listing, size_t width, bool colours, bool *good)
{
    static char text[1024];
    FILE *out;

    memset(text, 0, sizeof(text));
    out = fmemopen(text, sizeof(text), "w");
    *good = gbxi_listing_print(listing, &(gbxi_terminal){.out = out, .columns = width, .colours = colours});
    fclose(out);
    return text;
}

static void assert_printed(size_t width, bool colours, const char *expected)
{
    gbxi_listing listing;
    bool good;

    fill(&listing);
    assert_string_equal(printed(&listing, width, colours, &good), expected);
    assert_true(good);
    gbxi_listing_fini(&listing);
}

static void without_a_limit_everything_is_there_and_aligned(void **state)
{
    (void)state;
    assert_printed(SIZE_MAX, false,
                   "NAME               CALLS  FILE  SELF\n"
                   "a.very.long.name       7  x.c   1 ms\n"
                   "b\\x0a             123456\n"
                   "    broken\\x1b\n");
}

static void the_column_that_stretches_is_cut_first(void **state)
{
    (void)state;
    assert_printed(30, false,
                   "NAME         CALLS  FILE  SELF\n"
                   "a.very.lo~       7  x.c   1 ms\n"
                   "b\\x0a       123456\n"
                   "    broken\\x1b\n");
}

static void the_columns_of_the_highest_rank_are_left_out_first(void **state)
{
    (void)state;
    assert_printed(22, false,
                   "NAME       CALLS  SELF\n"
                   "a.very.~       7  1 ms\n"
                   "b\\x0a     123456\n"
                   "    broken\\x1b\n");
    assert_printed(17, false,
                   "NAME        CALLS\n"
                   "a.very.l~       7\n"
                   "b\\x0a      123456\n"
                   "    broken\\x1b\n");
    assert_printed(3, false,
                   "NAME       CALLS\n"
                   "a.very.~       7\n"
                   "b\\x0a     123456\n"
                   "    broken\\x1b\n");
}

static void of_columns_with_one_rank_the_last_is_left_out_first(void **state)
{
    static const gbxi_listing_column tied[] = {{"A", .rank = 0}, {"B", .rank = 1}, {"C", .rank = 1}, {"D", .rank = 0}};
    gbxi_listing listing;
    bool good;

    (void)state;
    gbxi_listing_init(&listing, tied, 4);
    assert_string_equal(printed(&listing, 9, false, &good), "A  B  D\n");
    assert_string_equal(printed(&listing, 6, false, &good), "A  D\n");
    assert_true(good);
    gbxi_listing_fini(&listing);
}

/* Rows that begin alike can still be told apart. */
static void a_column_may_be_cut_in_the_middle(void **state)
{
    static const gbxi_listing_column inside[] = {{"PATH", .stretches = true, .cut_inside = true}, {"N", .right = true}};
    static const char *const paths[] = {"/graph/from/json/to/dot/default", "/\xe6\x97\xa5\xe6\x9c\xac/a/b/\xe6\x97\xa5",
                                        "/short"};
    gbxi_listing listing;
    bool good;

    (void)state;
    gbxi_listing_init(&listing, inside, 2);
    for (int i = 0; i < 3; i++) {
        gbxi_listing_row(&listing, GBXI_STYLE_PLAIN);
        gbxi_listing_text(&listing, paths[i], strlen(paths[i]));
        gbxi_listing_cell(&listing, "%d", i);
    }
    assert_string_equal(printed(&listing, 13, false, &good), "PATH        N\n"
                                                             "/grap~ault  0\n"
                                                             "/\xe6\x97\xa5\xe6\x9c\xac~b/\xe6\x97\xa5  1\n"
                                                             "/short      2\n");
    assert_true(good);
    gbxi_listing_fini(&listing);
}

static void colours_end_with_their_line(void **state)
{
    (void)state;
    assert_printed(17, true,
                   "\x1b[1mNAME        CALLS\x1b[0m\n"
                   "a.very.l~       7\n"
                   "\x1b[31mb\\x0a      123456\n    broken\\x1b\x1b[0m\n");
}

static void a_table_without_rows_has_titles(void **state)
{
    gbxi_listing listing;
    bool good;

    (void)state;
    gbxi_listing_init(&listing, columns, 4);
    assert_string_equal(printed(&listing, SIZE_MAX, false, &good), "NAME  CALLS  FILE  SELF\n");
    assert_true(good);
    gbxi_listing_fini(&listing);
}

static void short_memory_prints_nothing(void **state)
{
    long before = scarce_memory_blocks();
    bool refused = true;

    (void)state;
    for (size_t grants = 0; refused; grants++) {
        gbxi_listing listing;
        const char *text;
        bool good;

        scarce_memory_begin(grants);
        fill(&listing);
        refused = scarce_memory_end();
        text = printed(&listing, SIZE_MAX, false, &good);
        assert_int_equal(good, !refused);
        assert_int_equal(text[0] != '\0', !refused);
        gbxi_listing_fini(&listing);
    }
    assert_int_equal(scarce_memory_blocks(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_limit_everything_is_there_and_aligned),
        cmocka_unit_test(the_column_that_stretches_is_cut_first),
        cmocka_unit_test(the_columns_of_the_highest_rank_are_left_out_first),
        cmocka_unit_test(of_columns_with_one_rank_the_last_is_left_out_first),
        cmocka_unit_test(a_column_may_be_cut_in_the_middle),
        cmocka_unit_test(colours_end_with_their_line),
        cmocka_unit_test(a_table_without_rows_has_titles),
        cmocka_unit_test(short_memory_prints_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
