/* SPDX-License-Identifier: MIT */
/* The trace callbacks of connections. SQLite has one per connection and does not tell it, so this room sees to it that
 * calls of sqlite3_trace_v2 and sqlite3_trace come here first (docs/linking.md). Then a program's own callback is
 * known, whether it is set before the attaching or after it, and is called behind the spans. Thread: one that may use
 * the connection. */
#ifndef GBX_SQLITE_TRACES_H
#define GBX_SQLITE_TRACES_H

#include <sqlite3.h>
#include <stdbool.h>

/* A program's callback. A zeroed struct is none. */
typedef struct gbxi_sqlite_trace {
    int (*call)(unsigned event, void *context, void *subject, void *description);
    void *context;
    unsigned events; /* SQLITE_TRACE_* */
} gbxi_sqlite_trace;

/* What is known of a connection. */
typedef struct gbxi_sqlite_traced {
    sqlite3 *db;
    gbxi_sqlite_trace own; /* the program's */
    bool has_legacy;       /* the program has set one by sqlite3_trace, which excludes all others */
    bool is_attached;
    struct gbxi_sqlite_traced *next;
} gbxi_sqlite_traced;

/* Whether calls of SQLite's functions come here first, so that every callback is known. */
bool gbxi_sqlite_knows_traces(void);

/* What is known of a connection, or NULL if that is nothing: then it has no callback as far as is known. The result is
 * valid until the connection is closed. */
gbxi_sqlite_traced *gbxi_sqlite_traced_find(sqlite3 *db);

/* The same; adds the connection. Errors: NULL (no memory). */
gbxi_sqlite_traced *gbxi_sqlite_traced_get(sqlite3 *db);

/* Gives SQLite the callback that makes spans, and `own` behind it. Returns a code of SQLite. */
int gbxi_sqlite_traced_attach(gbxi_sqlite_traced *traced, const gbxi_sqlite_trace *own);

#endif
