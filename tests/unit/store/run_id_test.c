/* SPDX-License-Identifier: MIT */
/* Ids of runs: what they look like, what they tell, and what is none. */
#include "store/run_id.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NS INT64_C(1000000000)

static void an_id_tells_when_its_run_began_in_utc(void **state)
{
    char id[GBXI_RUN_ID_SIZE];

    (void)state;
    gbxi_run_id_make(id, INT64_C(1795943618) * NS + 999999999);
    assert_int_equal(strncmp(id, "20261129-091338-", 16), 0);
    assert_int_equal(strlen(id), GBXI_RUN_ID_LENGTH);
    assert_true(gbxi_run_id_is_valid(id));
    gbxi_run_id_make(id, 0);
    assert_int_equal(strncmp(id, "19700101-000000-", 16), 0);
}

static void two_runs_of_one_second_have_different_ids(void **state)
{
    char first[GBXI_RUN_ID_SIZE], second[GBXI_RUN_ID_SIZE];

    (void)state;
    gbxi_run_id_make(first, NS);
    gbxi_run_id_make(second, NS);
    assert_string_not_equal(first, second);
}

static void what_is_not_an_id_is_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        "20261129",
        "20261129-091338-1f6c09a",
        "20261129-091338-1f6c09abc",
        "20261129-091338-1F6C09AB",
        "20261129_091338-1f6c09ab",
        "2026112x-091338-1f6c09ab",
        "20261129-091338-1f6c09ag",
        "../20261129-091338-1f6c0",
    };

    (void)state;
    for (size_t i = 0; i != sizeof(wrong) / sizeof(*wrong); ++i)
        assert_false(gbxi_run_id_is_valid(wrong[i]));
    assert_true(gbxi_run_id_is_valid("20261129-091338-1f6c09ab"));
}

static void a_file_belongs_to_a_run_if_its_name_is_an_id_and_the_suffix(void **state)
{
    char id[GBXI_RUN_ID_SIZE];

    (void)state;
    assert_true(gbxi_run_id_of_file("20261129-091338-1f6c09ab.db", ".db", id));
    assert_string_equal(id, "20261129-091338-1f6c09ab");
    assert_false(gbxi_run_id_of_file("20261129-091338-1f6c09ab.db-wal", ".db", id));
    assert_false(gbxi_run_id_of_file("catalog.db", ".db", id));
    assert_false(gbxi_run_id_of_file("", ".db", id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_tells_when_its_run_began_in_utc),
        cmocka_unit_test(two_runs_of_one_second_have_different_ids),
        cmocka_unit_test(what_is_not_an_id_is_refused),
        cmocka_unit_test(a_file_belongs_to_a_run_if_its_name_is_an_id_and_the_suffix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
