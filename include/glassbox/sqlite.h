/* SPDX-License-Identifier: MIT */
/* Statements of SQLite as spans: one call on a connection.
 *
 *     sqlite3_open("orders.db", &db);
 *     gbx_error error = {0};
 *     if (gbx_sqlite_attach(db, NULL, &error) != GBX_ERR_OK) ...       // error.text says why
 *
 * From then on, every statement that begins while its thread is captured is a span. Its name is the verb of the
 * statement, such as SELECT, or "sql" for a rare one. Its notes are `db.system` ("sqlite"), `db.statement` (the text as
 * it was prepared; values of parameters are never in it), `db.rows` (rows returned) and, if the statement reads, has
 * parameters and is not inside another, `db.parameters`: a number that is the same for the same values. It is a hash
 * with a random key of the process, which tells nothing else of the values.
 *
 * - A span lasts from the first step of a statement to its last one. If a statement is reset or finalized after a row,
 *   the span ends with that row. Preparing is no part of it.
 * - What the program records between two steps is not inside the span: the span ends with the row before it, and
 *   `db.rows` are the rows until then. The time of later rows then belongs to the enclosing span. Without anything
 *   recorded between two rows, the span includes the program's time there.
 * - A statement that moves to another thread or into another capture, or that is open when the capture is left, ends
 *   with its last row before that. What began while the thread was not captured has no span.
 * - Statements that SQLite runs inside another one (by functions of the program, full-text search) are spans inside it.
 *   What such a function records itself after the first row ends the span, as what the program records does. Triggers
 *   are part of their statement. EXPLAIN has no span.
 * - A statement that another connection blocks (SQLITE_BUSY) fails its span. SQLite tells no other failures; the
 *   program, which gets them from sqlite3_step, tells them with gbx_span_fail (span.h).
 * - A statement that SQLite prepares again because the schema has changed is a span without the time and the rows after
 *   that.
 *
 * Cost while not captured: one thread-local load and a branch for each begin, row and end of a statement, and what
 * SQLite itself does for a trace callback: it reads the time at the begin and at the end. While captured: about 1 us
 * for a statement, and as much again for `db.parameters`. */
#ifndef GLASSBOX_SQLITE_H
#define GLASSBOX_SQLITE_H

#include <glassbox/api.h>
#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct sqlite3;

/* Zero selects the default.
 *
 * A connection has one trace callback (sqlite3_trace_v2), and the spans need it. A program's own one is kept: whether
 * it is set before the attaching or after it, it is called as before, outside of the spans. Glassbox sees it because
 * the program's calls of sqlite3_trace_v2 come to this library first. Where they do not, as with SQLite's archive
 * (docs/linking.md), the attaching is refused unless `trace` or `trace_is_known` is set; a callback that is set later
 * then takes the place of the spans. */
typedef struct gbx_sqlite_options {
    size_t size; /* sizeof(gbx_sqlite_options) */
    /* The program's own callback, with the arguments of sqlite3_trace_v2; NULL: the one that the connection has. */
    int (*trace)(unsigned event, void *context, void *subject, void *description);
    void *trace_context;       /* its second argument; borrowed: must outlive the connection */
    unsigned trace_events;     /* SQLITE_TRACE_* that it is called for */
    bool trace_is_known;       /* the program vouches that the connection has no callback but `trace` */
    unsigned char reserved[3]; /* zero */
} gbx_sqlite_options;

/* Makes spans of the statements of a connection, until it is closed. NULL options select all defaults. A second call
 * changes no more than the program's own callback. The connection gets a function of SQL, glassbox_is_attached().
 * Thread: one that may use the connection. Errors, each with a sentence in `error`, which may be NULL: ARGUMENT (no
 * connection, a struct that is refused as described in api.h, a callback without events or the reverse), NO_MEMORY,
 * STATE (a callback of the deprecated sqlite3_trace; it cannot be known whether there is one), CONFLICT (another
 * callback than `trace`). */
GBX_API GBX_MUST_USE gbx_err gbx_sqlite_attach(struct sqlite3 *db, const gbx_sqlite_options *options, gbx_error *error);

#ifdef __cplusplus
}
#endif

#endif
