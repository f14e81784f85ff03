/* SPDX-License-Identifier: MIT */
/* Whatever a program does with its statements, spans and captures, in any order: traces are balanced, statements are
 * spans without anything of the program inside, and the program's notes and failures are on its own spans. */
#include "fixture.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <glassbox/sqlite.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { STATEMENTS = 6, RUNS = 600, STEPS = 120, DEPTH_MAX = 12 };

/* The program: what it does is drawn, and so is when it ends. */
typedef struct program {
    fixture *fixture;
    sqlite3_stmt *statements[STATEMENTS];
    uint64_t state;
    unsigned steps; /* left */
    int64_t spans;  /* begun */
} program;

static unsigned draw(program *self, unsigned below)
{
    self->state = self->state * 6364136223846793005 + 1442695040888963407;
    return (unsigned)(self->state >> 33) % below;
}

static void act(program *self, unsigned depth, int64_t span);

static void in_a_span(program *self, unsigned depth)
{
    int64_t span = ++self->spans;
    GBX_SPAN_NAMED("program");

    gbx_note_int("span", span);
    act(self, depth + 1, span);
}

static void check_trace(const gbx_capture *capture);

static void in_a_capture(program *self, unsigned depth)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    {
        GBX_ENTER(capture);
        in_a_span(self, depth);
    }
    gbx_capture_finish(capture);
    check_trace(capture);
    gbx_capture_unref(capture);
}

static void use_a_statement(program *self, sqlite3_stmt **statement)
{
    int result;

    switch (draw(self, 8)) {
    case 0:
        sqlite3_finalize(*statement);
        *statement = prepare(self->fixture, draw(self, 2) == 0 ? "SELECT a FROM t" : "INSERT INTO seen VALUES(1)");
        break;
    case 1:
        sqlite3_reset(*statement);
        break;
    default:
        result = sqlite3_step(*statement);
        assert_true(result == SQLITE_ROW || result == SQLITE_DONE);
    }
}

/* Does things until the steps are over or the span's end is drawn. */
static void act(program *self, unsigned depth, int64_t span)
{
    while (self->steps > 0 && draw(self, 12) != 0) {
        unsigned what = draw(self, 16);
        --self->steps;
        if (what < 8)
            use_a_statement(self, &self->statements[draw(self, STATEMENTS)]);
        else if (what < 11 && depth < DEPTH_MAX)
            in_a_span(self, depth);
        else if (what == 11 && depth < DEPTH_MAX)
            in_a_capture(self, depth);
        else if (what == 12 && depth < DEPTH_MAX) {
            GBX_ENTER(NULL);
            act(self, depth + 1, -1);
        } else if (what == 13)
            gbx_span_fail("program");
        else
            gbx_note_int("span", span);
    }
}

static void check_note(const gbx_record *record, bool is_statement, int64_t *span)
{
    bool is_own = record->key_length == 4 && memcmp(record->key, "span", 4) == 0;

    assert_int_equal(is_own, !is_statement);
    if (!is_own)
        return;
    assert_true(*span == 0 || *span == record->integer);
    *span = record->integer;
}

static void check_trace(const gbx_capture *capture)
{
    bool is_statement[DEPTH_MAX * 2] = {false};
    int64_t spans[DEPTH_MAX * 2] = {0};
    size_t depth = 0;
    gbx_reader reader;
    gbx_record record;

    for (gbx_reader_init(&reader, capture, 0); gbx_reader_next(&reader, &record);) {
        if (record.kind == GBX_RECORD_ENTER) {
            assert_false(is_statement[depth]);
            ++depth;
            is_statement[depth] = strcmp(record.name, "program") != 0;
            spans[depth] = 0;
        } else if (record.kind == GBX_RECORD_EXIT) {
            --depth;
        } else if (record.kind == GBX_RECORD_FAIL) {
            assert_false(is_statement[depth]);
        } else {
            check_note(&record, is_statement[depth], &spans[depth]);
        }
    }
    assert_int_equal(depth, 0);
}

static void statements_are_told_apart_from_all_else(void **state)
{
    for (unsigned run = 0; run < RUNS; run++) {
        program self = {.fixture = *state, .state = run, .steps = STEPS};
        for (size_t i = 0; i < STATEMENTS; i++)
            self.statements[i] = prepare(self.fixture, "SELECT a FROM t");
        while (self.steps > 0)
            in_a_capture(&self, 0);
        for (size_t i = 0; i < STATEMENTS; i++)
            sqlite3_finalize(self.statements[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(statements_are_told_apart_from_all_else, open_fixture, close_fixture)};
    return cmocka_run_group_tests_name("random", tests, NULL, NULL);
}
