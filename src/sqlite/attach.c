/* SPDX-License-Identifier: MIT */
/* Owns the attaching of a connection, and the words with which it is refused. */
#include "base/versioned.h"
#include "sqlite/traces.h"
#include <glassbox/sqlite.h>

/* Refuses a callback of the program that cannot be kept, or of which nobody says whether there is one. */
static gbx_err check_kept(const gbxi_sqlite_traced *found, const gbx_sqlite_options *options, gbx_error *error)
{
    if (found->has_legacy)
        return gbx_error_set(error, GBX_ERR_STATE, NULL,
                             "the connection has a callback of sqlite3_trace, which SQLite cannot call beside another; "
                             "sqlite3_trace_v2 can take its place");
    if (options->trace == NULL && !options->trace_is_known && !gbxi_sqlite_knows_traces())
        return gbx_error_set(error, GBX_ERR_STATE, NULL,
                             "whether the connection has a trace callback cannot be known, as SQLite is linked in "
                             "front of Glassbox; change the order, or set trace_is_known, and `trace` if it has one");
    if (options->trace != NULL && found->own.call != NULL &&
        (options->trace != found->own.call || options->trace_context != found->own.context))
        return gbx_error_set(error, GBX_ERR_CONFLICT, NULL,
                             "the connection has another trace callback than the one in the options");
    return GBX_ERR_OK;
}

static gbx_err attach(sqlite3 *db, const gbx_sqlite_options *options, gbx_error *error)
{
    const gbxi_sqlite_traced nothing = {0};
    gbxi_sqlite_traced *traced = gbxi_sqlite_traced_find(db);
    gbxi_sqlite_trace own = {options->trace, options->trace_context, options->trace_events};
    gbx_err err = check_kept(traced != NULL ? traced : &nothing, options, error);

    if (err != GBX_ERR_OK)
        return err;
    if ((traced = gbxi_sqlite_traced_get(db)) == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "there is no memory to attach the connection");
    if (own.call == NULL && gbxi_sqlite_knows_traces())
        own = traced->own;
    if (gbxi_sqlite_traced_attach(traced, &own) != SQLITE_OK)
        return gbx_error_set(error, GBX_ERR_STATE, NULL, "SQLite has no sqlite3_trace_v2, or refuses it");
    return GBX_ERR_OK;
}

gbx_err gbx_sqlite_attach(sqlite3 *db, const gbx_sqlite_options *options, gbx_error *error)
{
    gbx_sqlite_options known;
    gbx_err err = gbxi_options_read(&known, sizeof(known), sizeof(known), options, error);

    if (err == GBX_ERR_OK)
        err = gbxi_reserved_check(known.reserved, sizeof(known.reserved), error);
    if (err != GBX_ERR_OK)
        return err;
    if (db == NULL)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "there is no connection");
    if ((known.trace == NULL) != (known.trace_events == 0))
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "trace and trace_events belong together");
    sqlite3_mutex_enter(sqlite3_db_mutex(db));
    err = attach(db, &known, error);
    sqlite3_mutex_leave(sqlite3_db_mutex(db));
    return err;
}
