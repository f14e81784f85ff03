/* SPDX-License-Identifier: MIT */
/* Owns the attaching of a connection: its trace callback, and the program's own one behind it. */
#include "base/versioned.h"
#include "sqlite/statement.h"
#include <glassbox/span.h>
#include <glassbox/sqlite.h>
#include <sqlite3.h>

enum { OWN_EVENTS = SQLITE_TRACE_STMT | SQLITE_TRACE_ROW | SQLITE_TRACE_PROFILE };

static int on_sqlite_event(unsigned event, void *context, void *subject, void *description)
{
    (void)context;
    if (GBXI_CAPTURED())
        gbxi_sqlite_record(event, subject, description);
    return 0;
}

gbx_err gbx_sqlite_attach(sqlite3 *db, const gbx_sqlite_options *options, gbx_error *error)
{
    gbx_sqlite_options known;
    gbx_err err = gbxi_options_read(&known, sizeof(known), sizeof(known), options, error);

    if (err != GBX_ERR_OK)
        return err;
    if (known.trace_events != 0)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "a trace callback of the program is not supported yet");
    if (sqlite3_trace_v2(db, OWN_EVENTS, on_sqlite_event, NULL) != SQLITE_OK)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "the connection is not open");
    return GBX_ERR_OK;
}
