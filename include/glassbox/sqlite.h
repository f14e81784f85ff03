/* SPDX-License-Identifier: MIT */
/* Statements of SQLite as spans: one call on a connection.
 *
 *     sqlite3_open("orders.db", &db);
 *     gbx_error error = {0};
 *     if (gbx_sqlite_attach(db, NULL, &error) != GBX_ERR_OK) ...       // error.text says why
 *
 * From then on, every statement that begins while its thread is captured is a span. Its name is the verb of the
 * statement, such as SELECT, or "sql" for a rare one. Its notes are `db.system` ("sqlite"), `db.statement` (the text as
 * it was prepared; values of parameters are never in it) and `db.rows` (rows returned).
 *
 * - A span lasts from the first step of a statement to its last one. If a statement is reset or finalized after a row,
 *   the span ends with that row.
 * - What the program records between two steps is not inside the span: the span ends with the row before it, and
 *   `db.rows` are the rows until then. The time of later rows then belongs to the enclosing span. Without anything
 *   recorded between two rows, the span includes the program's time there.
 * - A statement that moves to another thread or into another capture, or that is open when the capture is left, ends
 *   with its last row before that. What began while the thread was not captured has no span.
 * - Statements that SQLite runs inside another one (by functions of the program, full-text search) are spans inside it.
 *   Triggers are part of their statement. EXPLAIN has no span.
 * - A statement that another connection blocks (SQLITE_BUSY) fails its span. SQLite tells no other failures; the
 *   program, which gets them from sqlite3_step, tells them with gbx_span_fail (span.h).
 * - A statement that SQLite prepares again because the schema has changed is a span without the time and the rows after
 *   that.
 *
 * Cost while not captured: one thread-local load and a branch for each begin, row and end of a statement, and what
 * SQLite itself does for a trace callback: it reads the time at the begin and at the end. */
#ifndef GLASSBOX_SQLITE_H
#define GLASSBOX_SQLITE_H

#include <glassbox/api.h>
#include <glassbox/error.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sqlite3;

/* A connection has one trace callback (sqlite3_trace_v2), and the spans need it. A program that has one of its own
 * gives it here, and it is called as before. Zero: the program has none. */
typedef struct gbx_sqlite_options {
    size_t size;                                                                   /* sizeof(gbx_sqlite_options) */
    int (*trace)(unsigned event, void *context, void *subject, void *description); /* the program's own callback */
    void *trace_context;                                                           /* its second argument */
    unsigned trace_events;                                                         /* SQLITE_TRACE_* that it is for */
    unsigned reserved;                                                             /* zero */
} gbx_sqlite_options;

/* Makes spans of the statements of a connection, until it is closed. NULL options select all defaults. Thread: one that
 * may use the connection. Errors: ARGUMENT (a struct that is refused as described in api.h, events without a
 * callback), NO_MEMORY, with a sentence in `error`, which may be NULL. */
GBX_API GBX_MUST_USE gbx_err gbx_sqlite_attach(struct sqlite3 *db, const gbx_sqlite_options *options, gbx_error *error);

#ifdef __cplusplus
}
#endif

#endif
