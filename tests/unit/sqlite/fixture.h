/* SPDX-License-Identifier: MIT */
/* A connection that is attached, with a few rows, and a capture; and the capture's first lane as text: a span is
 * name<...>, with its notes and its children where they were recorded. Of a statement the notes are short: 'text', ?
 * for the number of its parameters, #rows. */
#ifndef GBX_TESTS_SQLITE_FIXTURE_H
#define GBX_TESTS_SQLITE_FIXTURE_H

#include <glassbox/capture.h>
#include <sqlite3.h>

#define SPAN(verb, text, rows) verb "<'" text "'#" #rows ">"

typedef struct fixture {
    sqlite3 *db;
    gbx_capture *capture;
} fixture;

int open_fixture(void **state);
int close_fixture(void **state);

sqlite3_stmt *prepare(fixture *self, const char *sql);
/* Makes a step, or executes a text, and asserts the result. */
void step(sqlite3_stmt *statement, int result);
void run(fixture *self, const char *sql, int result);

/* A finished capture as text, in a static buffer that the next call overwrites. */
const char *told_of(const gbx_capture *capture);
/* Finishes the fixture's capture and asserts what it tells. */
void check(fixture *self, const char *expected);

#endif
