/* SPDX-License-Identifier: MIT */
/* A trace is balanced and correct whatever the program does between two steps of a statement, and wherever it ends. */
#include "fixture.h"
#include <glassbox/span.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void what_is_recorded_between_rows_is_beside_the_statement(void **state)
{
    fixture *self = *state;
    sqlite3_stmt *statement = prepare(self, "SELECT a FROM t");
    {
        GBX_ENTER(self->capture);
        GBX_SPAN_NAMED("work");
        while (sqlite3_step(statement) == SQLITE_ROW) {
            GBX_SPAN_NAMED("row");
            gbx_note_int("a", sqlite3_column_int(statement, 0));
        }
    }
    sqlite3_finalize(statement);
    check(self, "work<" SPAN("SELECT", "SELECT a FROM t", 1) "row<{a=1}>row<{a=2}>row<{a=3}>>");
}

static void notes_and_failures_between_rows_are_those_of_the_caller(void **state)
{
    fixture *self = *state;
    sqlite3_stmt *statement = prepare(self, "SELECT a FROM t");
    {
        GBX_ENTER(self->capture);
        {
            GBX_SPAN_NAMED("integer");
            step(statement, SQLITE_ROW);
            gbx_note_int("key", 1);
            sqlite3_reset(statement);
        }
        {
            GBX_SPAN_NAMED("text");
            step(statement, SQLITE_ROW);
            gbx_note_str("key", "value");
            sqlite3_reset(statement);
        }
        {
            GBX_SPAN_NAMED("failure");
            step(statement, SQLITE_ROW);
            gbx_span_fail("why");
        }
    }
    sqlite3_finalize(statement);
    check(self, "integer<" SPAN("SELECT", "SELECT a FROM t",
                                1) "{key=1}>"
                                   "text<" SPAN("SELECT", "SELECT a FROM t",
                                                1) "{key=value}>"
                                                   "failure<" SPAN("SELECT", "SELECT a FROM t", 1) "!why>");
}

static void statements_that_interleave_are_side_by_side(void **state)
{
    fixture *self = *state;
    sqlite3_stmt *a = prepare(self, "SELECT a FROM t");
    sqlite3_stmt *b = prepare(self, "SELECT -a FROM t");
    {
        GBX_ENTER(self->capture);
        step(a, SQLITE_ROW);
        step(b, SQLITE_ROW);
        step(a, SQLITE_ROW);
        sqlite3_reset(a);
        step(b, SQLITE_ROW);
        sqlite3_reset(b);
        step(a, SQLITE_ROW);
    }
    sqlite3_finalize(a);
    sqlite3_finalize(b);
    check(self, SPAN("SELECT", "SELECT a FROM t", 1) SPAN("SELECT", "SELECT -a FROM t", 2)
                    SPAN("SELECT", "SELECT a FROM t", 1));
}

static void ends_with_the_span_in_which_it_began(void **state)
{
    fixture *self = *state;
    sqlite3_stmt *statement = prepare(self, "SELECT a FROM t");
    {
        GBX_ENTER(self->capture);
        {
            GBX_SPAN_NAMED("first");
            step(statement, SQLITE_ROW);
            step(statement, SQLITE_ROW);
        }
        {
            GBX_SPAN_NAMED("second");
            step(statement, SQLITE_ROW);
            step(statement, SQLITE_DONE);
        }
    }
    sqlite3_finalize(statement);
    check(self, "first<" SPAN("SELECT", "SELECT a FROM t", 2) ">second<>");
}

static void ends_with_the_capture(void **state)
{
    fixture *self = *state;
    gbx_capture *other = gbx_capture_new(NULL);
    sqlite3_stmt *statement = prepare(self, "SELECT a FROM t");
    {
        GBX_ENTER(self->capture);
        step(statement, SQLITE_ROW);
    }
    step(statement, SQLITE_ROW);
    {
        GBX_ENTER(other);
        step(statement, SQLITE_ROW);
        step(statement, SQLITE_DONE);
    }
    sqlite3_finalize(statement);
    check(self, SPAN("SELECT", "SELECT a FROM t", 1));
    gbx_capture_finish(other);
    assert_string_equal(told_of(other), "");
    gbx_capture_unref(other);
}

static void ends_with_a_finish_while_the_thread_is_inside(void **state)
{
    fixture *self = *state;
    sqlite3_stmt *statement = prepare(self, "SELECT a FROM t");
    {
        GBX_ENTER(self->capture);
        step(statement, SQLITE_ROW);
        gbx_capture_finish(self->capture);
        step(statement, SQLITE_ROW);
    }
    sqlite3_finalize(statement);
    check(self, SPAN("SELECT", "SELECT a FROM t", 1));
}

static void begun_uncaptured_it_is_no_span(void **state)
{
    fixture *self = *state;
    sqlite3_stmt *statement = prepare(self, "SELECT a FROM t");

    step(statement, SQLITE_ROW);
    {
        GBX_ENTER(self->capture);
        step(statement, SQLITE_ROW);
        sqlite3_reset(statement);
        step(statement, SQLITE_ROW);
    }
    sqlite3_finalize(statement);
    check(self, SPAN("SELECT", "SELECT a FROM t", 1));
}

static void a_capture_inside_another_has_its_own(void **state)
{
    fixture *self = *state;
    gbx_capture *inner = gbx_capture_new(NULL);
    sqlite3_stmt *statement = prepare(self, "SELECT a FROM t");
    {
        GBX_ENTER(self->capture);
        step(statement, SQLITE_ROW);
        {
            GBX_ENTER(inner);
            sqlite3_reset(statement);
            step(statement, SQLITE_ROW);
            step(statement, SQLITE_ROW);
        }
        step(statement, SQLITE_ROW);
        sqlite3_reset(statement);
        step(statement, SQLITE_ROW);
    }
    sqlite3_finalize(statement);
    gbx_capture_finish(inner);
    assert_string_equal(told_of(inner), SPAN("SELECT", "SELECT a FROM t", 2));
    gbx_capture_unref(inner);
    check(self, SPAN("SELECT", "SELECT a FROM t", 1) SPAN("SELECT", "SELECT a FROM t", 1));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_is_recorded_between_rows_is_beside_the_statement),
        CASE(notes_and_failures_between_rows_are_those_of_the_caller),
        CASE(statements_that_interleave_are_side_by_side),
        CASE(ends_with_the_span_in_which_it_began),
        CASE(ends_with_the_capture),
        CASE(ends_with_a_finish_while_the_thread_is_inside),
        CASE(begun_uncaptured_it_is_no_span),
        CASE(a_capture_inside_another_has_its_own),
    };
    return cmocka_run_group_tests_name("between", tests, NULL, NULL);
}
