/* SPDX-License-Identifier: MIT */
/* Statements in their normal form. */
#include "findings/statement.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static gbxi_normal_statement normal;

static const char *normalise(const char *statement)
{
    gbxi_statement_normalise(gbxi_view_of(statement), &normal);
    assert_int_equal(normal.length, strlen(normal.text));
    return normal.text;
}

static void takes_values_out(void **state)
{
    static const struct {
        const char *statement, *normal;
    } rows[] = {
        {"SELECT * FROM a WHERE id = 7", "SELECT * FROM a WHERE id = ?"},
        {"SELECT 1.5e-3, 0x1F, .5, -2", "SELECT ?"},
        {"WHERE a = -1 AND b=-2 OR c > + 3", "WHERE a = ? AND b=? OR c > ?"},
        {"VALUES (-1, - 2, +3)", "VALUES (?)"},
        {"SELECT a - 1, b -2, f(x)-3", "SELECT a - ?, b -?, f(x)-?"},
        {"-7", "-?"},
        {"SELECT 'it''s', x'00ff', E'a', N'b'", "SELECT ?"},
        {"INSERT INTO a VALUES (1,'b'),(2,'c'), (3,'d');", "INSERT INTO a VALUES (?)"},
        {"SELECT a FROM b WHERE c IN (1, 2,3)", "SELECT a FROM b WHERE c IN (?)"},
        {"SELECT a, b FROM t1 WHERE t1.x2 = ?", "SELECT a, b FROM t1 WHERE t1.x2 = ?"},
        {"SELECT ?, name", "SELECT ?, name"},
        {"f('a', ?2 ->> 0, 'b', ?2 ->> 1, 'c', name)", "f(?, ? ->> ?, ?, ? ->> ?, ?, name)"},
        {"f(1, 2 + x, 3, 4)", "f(?, ? + x, ?)"},
        {"f(x + 1, 2), 3,4 /* five */, 5 --", "f(x + ?, ?), ?"},
        {"SELECT \"7\" , [8], `9` FROM \"a b\"", "SELECT \"7\", [8], `9` FROM \"a b\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(normalise(rows[i].statement), rows[i].normal);
}

static void takes_comments_and_white_space_out(void **state)
{
    (void)state;
    assert_string_equal(normalise("  SELECT\n\t a -- one\n /* two */ FROM/**/b ; "), "SELECT a FROM b");
    assert_string_equal(normalise("SELECT a --"), "SELECT a");
    assert_string_equal(normalise("SELECT a /*/ b"), "SELECT a");
    assert_string_equal(normalise("( a )"), "(a)");
    assert_string_equal(normalise(" ;; "), "");
    assert_string_equal(normalise(""), "");
}

static void knows_placeholders(void **state)
{
    static const char *const with[] = {"a = ?", "a = ?12", "a = :id", "a = @id", "a = $1", "a = %s"};
    static const char *const without[] = {"a = 1", "a::int", "a % b", "a = ':id'", "[?]"};

    (void)state;
    for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++) {
        assert_string_equal(normalise(with[i]), "a = ?");
        assert_true(normal.has_parameters);
    }
    for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++) {
        normalise(without[i]);
        assert_false(normal.has_parameters);
    }
}

static void stays_within_its_room(void **state)
{
    static char statement[3 * GBXI_STATEMENT_SIZE];

    (void)state;
    memset(statement, 'a', sizeof(statement) - 1);
    normalise(statement);
    assert_true(normal.length < GBXI_STATEMENT_SIZE);
    memset(statement, '\'', sizeof(statement) - 1);
    assert_string_equal(normalise(statement), "?");
    for (size_t i = 0; i + 2 < sizeof(statement); i += 2)
        memcpy(statement + i, "\xc3\xa9", 2);
    normalise(statement);
    assert_int_equal(normal.length % 2, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_values_out),
        cmocka_unit_test(takes_comments_and_white_space_out),
        cmocka_unit_test(knows_placeholders),
        cmocka_unit_test(stays_within_its_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
