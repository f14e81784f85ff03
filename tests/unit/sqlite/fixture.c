/* SPDX-License-Identifier: MIT */
/* Owns the connection that the tests of this room use, and the rendering of its capture. */
#define _GNU_SOURCE
#include "fixture.h"
#include <glassbox/read.h>
#include <glassbox/sqlite.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char told[1 << 16];

static bool has_key(const gbx_record *record, const char *key)
{
    return record->key_length == strlen(key) && memcmp(record->key, key, record->key_length) == 0;
}

static void put_note(FILE *out, const gbx_record *record)
{
    if (record->kind == GBX_RECORD_NOTE_INT && has_key(record, "db.rows"))
        fprintf(out, "#%lld", (long long)record->integer);
    else if (record->kind == GBX_RECORD_NOTE_INT && has_key(record, "db.parameters"))
        fputs("?", out);
    else if (record->kind == GBX_RECORD_NOTE_INT)
        fprintf(out, "{%.*s=%lld}", (int)record->key_length, record->key, (long long)record->integer);
    else if (has_key(record, "db.system"))
        assert_memory_equal(record->text, "sqlite", record->text_length);
    else if (has_key(record, "db.statement"))
        fprintf(out, "'%.*s'", (int)record->text_length, record->text);
    else
        fprintf(out, "{%.*s=%.*s}", (int)record->key_length, record->key, (int)record->text_length, record->text);
}

const char *told_of(const gbx_capture *capture)
{
    FILE *out = fmemopen(told, sizeof(told), "w");
    gbx_reader reader;
    gbx_record record;
    uint64_t last_ns = 0;

    assert_non_null(out);
    for (gbx_reader_init(&reader, capture, 0); gbx_reader_next(&reader, &record);) {
        if (record.kind == GBX_RECORD_ENTER || record.kind == GBX_RECORD_EXIT) {
            assert_true(record.at_ns >= last_ns && record.at_ns <= gbx_capture_duration_ns(capture));
            last_ns = record.at_ns;
        }
        if (record.kind == GBX_RECORD_ENTER)
            fprintf(out, "%.*s<", (int)gbx_record_name_length(&record), record.name);
        else if (record.kind == GBX_RECORD_EXIT)
            fputs(">", out);
        else if (record.kind == GBX_RECORD_FAIL)
            fprintf(out, "!%.*s", (int)record.text_length, record.text);
        else
            put_note(out, &record);
    }
    fputc('\0', out);
    assert_int_equal(fclose(out), 0);
    return told;
}

static const char tables[] = "CREATE TABLE t(a UNIQUE); CREATE TABLE seen(a);"
                             "INSERT INTO t VALUES(1), (2), (3);"
                             "CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO seen VALUES(new.a); END;";

int open_fixture(void **state)
{
    fixture *self = calloc(1, sizeof(*self));
    gbx_error error = {0};

    *state = self;
    assert_int_equal(sqlite3_open(":memory:", &self->db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(self->db, tables, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(gbx_sqlite_attach(self->db, NULL, &error), GBX_ERR_OK);
    self->capture = gbx_capture_new(NULL);
    assert_non_null(self->capture);
    return 0;
}

int close_fixture(void **state)
{
    fixture *self = *state;

    gbx_capture_unref(self->capture);
    sqlite3_close(self->db);
    free(self);
    return 0;
}

sqlite3_stmt *prepare(fixture *self, const char *sql)
{
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_prepare_v2(self->db, sql, -1, &statement, NULL), SQLITE_OK);
    return statement;
}

void step(sqlite3_stmt *statement, int result)
{
    assert_int_equal(sqlite3_step(statement), result);
}

void run(fixture *self, const char *sql, int result)
{
    assert_int_equal(sqlite3_exec(self->db, sql, NULL, NULL, NULL), result);
}

void check(fixture *self, const char *expected)
{
    gbx_capture_finish(self->capture);
    assert_string_equal(told_of(self->capture), expected);
}
