/* SPDX-License-Identifier: MIT */
/* The name of a statement's span. */
#include "sqlite/verb.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void names_a_statement_by_its_first_word(void **state)
{
    static const char *const cases[][2] = {
        {"SELECT 1", "SELECT"},
        {"select*from t", "SELECT"},
        {"  \n\tInsert into t values(1)", "INSERT"},
        {"-- why\nUPDATE t SET a = 1", "UPDATE"},
        {"/* a */ /* b */--c\n;DELETE FROM t", "DELETE"},
        {"with x as (select 1) select * from x", "WITH"},
        {"BEGIN", "BEGIN"},
        {"pragma user_version", "PRAGMA"},
        {"SELECTED", "sql"},
        {"SELEC", "sql"},
        {"EXPLAIN SELECT 1", "sql"},
        {"/* without end", "sql"},
        {"-- without end", "sql"},
        {"-", "sql"},
        {"/", "sql"},
        {"", "sql"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(gbxi_sqlite_site(cases[i][0])->name, cases[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_a_statement_by_its_first_word)};
    return cmocka_run_group_tests_name("verb", tests, NULL, NULL);
}
