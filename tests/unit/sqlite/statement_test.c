/* SPDX-License-Identifier: MIT */
/* Statements as spans: what they say, how they nest, and what has no span or fails one. */
#define _GNU_SOURCE
#include "fixture.h"
#include "tests/support/fake_clock.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <glassbox/sqlite.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void tells_text_and_rows(void **state)
{
    fixture *self = *state;
    {
        GBX_ENTER(self->capture);
        GBX_SPAN_NAMED("work");
        run(self, "SELECT a FROM t", SQLITE_OK);
        run(self, "UPDATE seen SET a = 0", SQLITE_OK);
    }
    check(self, "work<" SPAN("SELECT", "SELECT a FROM t", 3) SPAN("UPDATE", "UPDATE seen SET a = 0", 0) ">");
}

static void each_statement_of_a_text_is_a_span(void **state)
{
    fixture *self = *state;
    {
        GBX_ENTER(self->capture);
        run(self, "BEGIN; SELECT 1; COMMIT -- done", SQLITE_OK);
    }
    check(self, SPAN("BEGIN", "BEGIN;", 0) SPAN("SELECT", "SELECT 1;", 1) SPAN("COMMIT", "COMMIT -- done", 0));
}

static void ignore_sql(void *context, const char *sql)
{
    (void)context;
    (void)sql;
}

static void is_silent_while_nothing_is_captured(void **state)
{
    fixture *self = *state;

    run(self, "SELECT a FROM t", SQLITE_OK);
    {
        GBX_ENTER(self->capture);
    }
    run(self, "SELECT a FROM t", SQLITE_OK);
    check(self, "");
}

static void never_tells_the_values_of_parameters(void **state)
{
    fixture *self = *state;
    sqlite3_stmt *statement = prepare(self, "SELECT ?1, ?2");
    {
        GBX_ENTER(self->capture);
        sqlite3_bind_text(statement, 1, "secret", -1, SQLITE_STATIC);
        sqlite3_bind_int(statement, 2, 12345);
        step(statement, SQLITE_ROW);
        sqlite3_finalize(statement);
    }
    gbx_capture_finish(self->capture);
    assert_null(strstr(told_of(self->capture), "secret"));
    assert_null(strstr(told_of(self->capture), "12345"));
    assert_non_null(strstr(told_of(self->capture), "'SELECT ?1, ?2'?#1"));
}

static void a_trigger_is_part_of_its_statement(void **state)
{
    fixture *self = *state;
    {
        GBX_ENTER(self->capture);
        run(self, "INSERT INTO t VALUES(4)", SQLITE_OK);
        run(self, "INSERT INTO t VALUES(4)", SQLITE_CONSTRAINT);
    }
    check(self, SPAN("INSERT", "INSERT INTO t VALUES(4)", 0) SPAN("INSERT", "INSERT INTO t VALUES(4)", 0));
}

static void run_inside(sqlite3_context *context, int count, sqlite3_value **values)
{
    sqlite3_stmt *statement;

    (void)values;
    GBX_SPAN_NAMED("function");
    assert_int_equal(count, 0);
    assert_int_equal(sqlite3_prepare_v2(sqlite3_context_db_handle(context), "SELECT 7", -1, &statement, NULL),
                     SQLITE_OK);
    step(statement, SQLITE_ROW);
    sqlite3_result_int(context, sqlite3_column_int(statement, 0));
    sqlite3_finalize(statement);
}

static void a_statement_inside_another_is_a_span_inside_it(void **state)
{
    fixture *self = *state;

    sqlite3_create_function(self->db, "inside", 0, SQLITE_UTF8, NULL, run_inside, NULL, NULL);
    {
        GBX_ENTER(self->capture);
        run(self, "SELECT inside()", SQLITE_OK);
    }
    check(self, "SELECT<'SELECT inside()'function<" SPAN("SELECT", "SELECT 7", 1) ">#1>");
}

static void run_silently(sqlite3_context *context, int count, sqlite3_value **values)
{
    sqlite3_stmt *statement;

    (void)count;
    (void)values;
    assert_int_equal(sqlite3_prepare_v2(sqlite3_context_db_handle(context), "SELECT 7", -1, &statement, NULL),
                     SQLITE_OK);
    step(statement, SQLITE_ROW);
    sqlite3_finalize(statement);
}

static void run_with_parameter(sqlite3_context *context, int count, sqlite3_value **values)
{
    sqlite3_stmt *statement;

    assert_int_equal(count, 1);
    assert_int_equal(sqlite3_prepare_v2(sqlite3_context_db_handle(context), "SELECT ?1", -1, &statement, NULL),
                     SQLITE_OK);
    sqlite3_bind_value(statement, 1, values[0]);
    step(statement, SQLITE_ROW);
    sqlite3_finalize(statement);
}

/* SQLite does not expand it there, so that its number would be the same for all values. */
static void a_statement_inside_another_tells_no_number_of_its_parameters(void **state)
{
    fixture *self = *state;

    sqlite3_create_function(self->db, "with", 1, SQLITE_UTF8, NULL, run_with_parameter, NULL, NULL);
    {
        GBX_ENTER(self->capture);
        run(self, "SELECT \"with\"(a) FROM t WHERE a < 3", SQLITE_OK);
    }
#define INSIDE SPAN("SELECT", "SELECT ?1", 1)
    check(self, "SELECT<'SELECT \"with\"(a) FROM t WHERE a < 3'" INSIDE INSIDE "#2>");
#undef INSIDE
}

/* As full-text search does, which reads its tables for each row. */
static void statements_inside_the_later_rows_of_another_are_inside_it_too(void **state)
{
    fixture *self = *state;

    sqlite3_create_function(self->db, "silent", 0, SQLITE_UTF8, NULL, run_silently, NULL, NULL);
    {
        GBX_ENTER(self->capture);
        run(self, "SELECT silent() FROM t", SQLITE_OK);
    }
#define INSIDE SPAN("SELECT", "SELECT 7", 1)
    check(self, "SELECT<'SELECT silent() FROM t'" INSIDE INSIDE INSIDE "#3>");
#undef INSIDE
}

static void a_statement_of_another_connection_is_beside_a_paused_one(void **state)
{
    fixture *self = *state;
    sqlite3_stmt *statement = prepare(self, "SELECT a FROM t"), *other;
    sqlite3 *db;

    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(gbx_sqlite_attach(db, NULL, NULL), GBX_ERR_OK);
    sqlite3_create_function(db, "silent", 0, SQLITE_UTF8, NULL, run_silently, NULL, NULL);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT silent()", -1, &other, NULL), SQLITE_OK);
    {
        GBX_ENTER(self->capture);
        step(statement, SQLITE_ROW);
        step(other, SQLITE_ROW);
    }
    sqlite3_finalize(other);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    check(self, SPAN("SELECT", "SELECT a FROM t", 1) "SELECT<'SELECT silent()'" SPAN("SELECT", "SELECT 7", 1) "#1>");
}

/* SQLite tells a step of a trigger by its text, behind "-- ", as it tells a statement that runs inside another one. */
static void a_step_of_a_trigger_with_the_text_of_its_statement_is_no_other_one(void **state)
{
    fixture *self = *state;

    run(self,
        "CREATE TABLE twice(a); CREATE TRIGGER again AFTER INSERT ON twice BEGIN INSERT INTO twice VALUES(4); END",
        SQLITE_OK);
    {
        GBX_ENTER(self->capture);
        run(self, "INSERT INTO twice VALUES(4)", SQLITE_OK);
    }
    check(self, SPAN("INSERT", "INSERT INTO twice VALUES(4)", 0));
}

static void take_the_place_of_spans(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    sqlite3_trace(sqlite3_context_db_handle(context), ignore_sql, NULL);
    sqlite3_result_int(context, 1);
}

static void a_statement_whose_end_is_not_told_ends_when_it_begins_again(void **state)
{
    fixture *self = *state;
    sqlite3_stmt *statement;

    sqlite3_create_function(self->db, "silence", 0, SQLITE_UTF8, NULL, take_the_place_of_spans, NULL, NULL);
    statement = prepare(self, "SELECT silence()");
    {
        GBX_ENTER(self->capture);
        step(statement, SQLITE_ROW);
        sqlite3_reset(statement);
        sqlite3_trace(self->db, NULL, NULL);
        assert_int_equal(gbx_sqlite_attach(self->db, NULL, NULL), GBX_ERR_OK);
        step(statement, SQLITE_ROW);
    }
    sqlite3_finalize(statement);
    check(self, "SELECT<'SELECT silence()'>SELECT<'SELECT silence()'>");
}

/* The statement around the inner one began before the capture, so that the paused one is taken for it. */
static void a_reset_after_a_row_is_no_failure(void **state)
{
    fixture *self = *state;
    sqlite3_stmt *statement = prepare(self, "SELECT a FROM t"), *early;

    sqlite3_create_function(self->db, "silent", 0, SQLITE_UTF8, NULL, run_silently, NULL, NULL);
    early = prepare(self, "SELECT silent() FROM t");
    step(early, SQLITE_ROW);
    {
        GBX_ENTER(self->capture);
        step(statement, SQLITE_ROW);
        step(early, SQLITE_ROW);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(early);
    sqlite3_finalize(statement);
    gbx_capture_finish(self->capture);
    assert_null(strchr(told_of(self->capture), '!'));
}

static void take_a_second(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    fake_now += 1000000000;
    sqlite3_result_int(context, 1);
}

static void the_step_that_finds_no_further_row_is_part_of_the_statement(void **state)
{
    const gbx_capture_options options = {.size = sizeof(options), .clock = &fake};
    fixture *self = *state;
    gbx_reader reader;
    gbx_record record;
    uint64_t ended_ns = 0;

    sqlite3_create_function(self->db, "slow", 0, SQLITE_UTF8, NULL, take_a_second, NULL, NULL);
    gbx_capture_unref(self->capture);
    self->capture = gbx_capture_new(&options);
    {
        GBX_ENTER(self->capture);
        run(self, "SELECT a FROM t WHERE a < 3 OR slow() > 1", SQLITE_OK);
    }
    check(self, SPAN("SELECT", "SELECT a FROM t WHERE a < 3 OR slow() > 1", 2));
    for (gbx_reader_init(&reader, self->capture, 0); gbx_reader_next(&reader, &record);)
        ended_ns = record.kind == GBX_RECORD_EXIT ? record.at_ns : ended_ns;
    assert_int_equal(ended_ns, 1000000000);
}

static void only_statements_that_read_tell_the_number_of_their_parameters(void **state)
{
    fixture *self = *state;
    sqlite3_stmt *statement = prepare(self, "UPDATE seen SET a = ?1");
    {
        GBX_ENTER(self->capture);
        sqlite3_bind_int(statement, 1, 3);
        step(statement, SQLITE_DONE);
    }
    sqlite3_finalize(statement);
    check(self, SPAN("UPDATE", "UPDATE seen SET a = ?1", 0));
}

static void a_schema_that_changes_does_no_harm(void **state)
{
    fixture *self = *state;
    sqlite3_stmt *statement = prepare(self, "SELECT a FROM t");

    run(self, "CREATE TABLE later(a)", SQLITE_OK);
    {
        GBX_ENTER(self->capture);
        GBX_SPAN_NAMED("work");
        step(statement, SQLITE_ROW);
        sqlite3_finalize(statement);
    }
    check(self, "work<" SPAN("SELECT", "SELECT a FROM t", 0) ">");
}

static void outlives_a_close_of_its_connection(void **state)
{
    fixture *self = *state;
    sqlite3_stmt *statement = prepare(self, "SELECT a FROM t");
    {
        GBX_ENTER(self->capture);
        GBX_SPAN_NAMED("work");
        step(statement, SQLITE_ROW);
        assert_int_equal(sqlite3_close(self->db), SQLITE_BUSY);
        assert_int_equal(sqlite3_close_v2(self->db), SQLITE_OK);
        sqlite3_finalize(statement);
        self->db = NULL;
    }
    check(self, "work<" SPAN("SELECT", "SELECT a FROM t", 1) ">");
}

static sqlite3 *open_file(const char *path)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    return db;
}

static void a_blocked_statement_fails(void **state)
{
    char path[] = "/tmp/glassbox-sqlite-XXXXXX";
    fixture *self = *state;
    sqlite3 *one, *two;

    close(mkstemp(path));
    one = open_file(path);
    two = open_file(path);
    assert_int_equal(gbx_sqlite_attach(two, NULL, NULL), GBX_ERR_OK);
    assert_int_equal(sqlite3_exec(one, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    {
        GBX_ENTER(self->capture);
        assert_int_equal(sqlite3_exec(two, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_BUSY);
    }
    sqlite3_close(two);
    sqlite3_close(one);
    unlink(path);
    check(self, "BEGIN<'BEGIN IMMEDIATE'#0!the database is busy>");
}

static void dropped_spans_lose_nothing_else(void **state)
{
    const gbx_capture_options two_spans = {.size = sizeof(two_spans), .max_spans = 2};
    fixture *self = *state;

    gbx_capture_unref(self->capture);
    self->capture = gbx_capture_new(&two_spans);
    {
        GBX_ENTER(self->capture);
        GBX_SPAN_NAMED("work");
        run(self, "SELECT 1", SQLITE_OK);
        run(self, "SELECT 2", SQLITE_OK);
        gbx_note_int("key", 1);
    }
    check(self, "work<" SPAN("SELECT", "SELECT 1", 1) "{key=1}>");
}

static void many_open_statements_are_spans_as_far_as_there_are_places(void **state)
{
    enum { STATEMENTS = 100 };
    fixture *self = *state;
    sqlite3_stmt *statements[STATEMENTS];
    size_t spans = 0;

    for (size_t i = 0; i < STATEMENTS; i++)
        statements[i] = prepare(self, "SELECT a FROM t");
    {
        GBX_ENTER(self->capture);
        for (size_t i = 0; i < STATEMENTS; i++)
            step(statements[i], SQLITE_ROW);
    }
    for (size_t i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(statements[i]);
    gbx_capture_finish(self->capture);
    for (const char *at = told_of(self->capture); (at = strstr(at, SPAN("SELECT", "SELECT a FROM t", 1))) != NULL; at++)
        ++spans;
    assert_int_equal(spans, STATEMENTS);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(tells_text_and_rows),
        CASE(each_statement_of_a_text_is_a_span),
        CASE(is_silent_while_nothing_is_captured),
        CASE(never_tells_the_values_of_parameters),
        CASE(a_trigger_is_part_of_its_statement),
        CASE(a_statement_inside_another_is_a_span_inside_it),
        CASE(a_statement_inside_another_tells_no_number_of_its_parameters),
        CASE(statements_inside_the_later_rows_of_another_are_inside_it_too),
        CASE(a_statement_of_another_connection_is_beside_a_paused_one),
        CASE(a_step_of_a_trigger_with_the_text_of_its_statement_is_no_other_one),
        CASE(a_statement_whose_end_is_not_told_ends_when_it_begins_again),
        CASE(a_reset_after_a_row_is_no_failure),
        CASE(the_step_that_finds_no_further_row_is_part_of_the_statement),
        CASE(only_statements_that_read_tell_the_number_of_their_parameters),
        CASE(a_schema_that_changes_does_no_harm),
        CASE(outlives_a_close_of_its_connection),
        CASE(a_blocked_statement_fails),
        CASE(dropped_spans_lose_nothing_else),
        CASE(many_open_statements_are_spans_as_far_as_there_are_places),
    };
    return cmocka_run_group_tests_name("statement", tests, NULL, NULL);
}
