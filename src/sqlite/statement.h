/* SPDX-License-Identifier: MIT */
/* What SQLite tells of its statements, as spans of the calling thread.
 *
 * Everything is kept per thread, because a span belongs to one: a statement that ends on another thread than it began
 * on is unknown there, and its span ends with its last row (capture/pause.h). */
#ifndef GBX_SQLITE_STATEMENT_H
#define GBX_SQLITE_STATEMENT_H

/* Takes an event of sqlite3_trace_v2: begins, pauses or ends the span of a statement. Thread: any that is captured. */
void gbxi_sqlite_record(unsigned event, void *subject, const void *description);

#endif
