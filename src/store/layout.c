/* SPDX-License-Identifier: MIT */
/* The tables as SQL. A released version never changes: a change is a new version and a migration to it. */
#define _GNU_SOURCE
#include "store/layout.h"
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Version 0 is that of files from before the first release: its traces did not tell how many frames were left out. The
 * traces of version 1 did not tell their parents, and its runs were exported by nobody. */
static const char *const run_migrations[] = {
    "ALTER TABLE traces ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;",
    "ALTER TABLE traces ADD COLUMN parent_span BLOB;"
    "ALTER TABLE traces ADD COLUMN trace_flags INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE run ADD COLUMN exported TEXT NOT NULL DEFAULT '';",
};

/* What is written while requests are served only grows at its end: a row in the middle of an index costs a page. So the
 * key of `trace_frames` begins with the trace, and the indexes of `traces` are made when the run has ended, at once and
 * for a tenth of the price. `events` is apart from `traces`, so that scans of traces read few pages. */
const gbxi_layout gbxi_layout_run = {
    .kind = "run",
    .application_id = 0x47425852, /* GBXR */
    .version = 2,
    .sql = "CREATE TABLE run(id TEXT NOT NULL, started_unix_ns INTEGER NOT NULL, ended_unix_ns INTEGER NOT NULL,"
           " closed INTEGER NOT NULL, program TEXT NOT NULL, version TEXT NOT NULL, pid INTEGER NOT NULL,"
           " host TEXT NOT NULL, trace_count INTEGER NOT NULL, failed_count INTEGER NOT NULL,"
           " missed_count INTEGER NOT NULL, unstored_count INTEGER NOT NULL, killed_count INTEGER NOT NULL,"
           " exported TEXT NOT NULL DEFAULT '') STRICT;"
           "CREATE TABLE traces(number INTEGER PRIMARY KEY, trace_id BLOB NOT NULL, started_unix_ns INTEGER NOT NULL,"
           " duration_ns INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, route TEXT NOT NULL,"
           " name TEXT NOT NULL, status INTEGER NOT NULL, failed INTEGER NOT NULL, reasons INTEGER NOT NULL,"
           " thread_count INTEGER NOT NULL, cpu_ns INTEGER NOT NULL, memory_bytes INTEGER NOT NULL,"
           " span_count INTEGER NOT NULL, truncated INTEGER NOT NULL, dropped_spans INTEGER NOT NULL,"
           " price_ns INTEGER NOT NULL, error_span TEXT, error TEXT, left_out INTEGER NOT NULL DEFAULT 0,"
           " parent_span BLOB, trace_flags INTEGER NOT NULL DEFAULT 0) STRICT;"
           "CREATE TABLE events(trace INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;"
           "CREATE TABLE frames(id INTEGER PRIMARY KEY, name TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL,"
           " UNIQUE(name, file, line)) STRICT;"
           "CREATE TABLE trace_frames(trace INTEGER NOT NULL, frame INTEGER NOT NULL, calls INTEGER NOT NULL,"
           " total_ns INTEGER NOT NULL, self_ns INTEGER NOT NULL, min_ns INTEGER NOT NULL, max_ns INTEGER NOT NULL,"
           " PRIMARY KEY(trace, frame)) STRICT, WITHOUT ROWID;"
           "CREATE TABLE process(at_unix_s INTEGER PRIMARY KEY, cpu_ns INTEGER NOT NULL, rss_bytes INTEGER NOT NULL,"
           " loop_lag_ns INTEGER NOT NULL, worker_queue INTEGER NOT NULL, live_captures INTEGER NOT NULL,"
           " database_ns INTEGER NOT NULL) STRICT;",
    .end_sql = "CREATE INDEX IF NOT EXISTS traces_by_duration ON traces(duration_ns);"
               "CREATE INDEX IF NOT EXISTS traces_by_id ON traces(trace_id);",
    .migrations = run_migrations,
};

/* Derived: another version is no reason to migrate anything, but to make it again. */
const gbxi_layout gbxi_layout_catalog = {
    .kind = "catalog",
    .application_id = 0x47425843, /* GBXC */
    .version = 1,
    .sql = "CREATE TABLE runs(run INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL,"
           " mtime_ns INTEGER NOT NULL, state INTEGER NOT NULL, started_unix_ns INTEGER NOT NULL,"
           " ended_unix_ns INTEGER NOT NULL, last_number INTEGER NOT NULL, trace_count INTEGER NOT NULL,"
           " failed_count INTEGER NOT NULL, lost_count INTEGER NOT NULL, slowest_ns INTEGER NOT NULL,"
           " total_ns INTEGER NOT NULL, durations BLOB NOT NULL, program TEXT NOT NULL, fault TEXT NOT NULL) STRICT;"
           "CREATE TABLE traces(run INTEGER NOT NULL, number INTEGER NOT NULL, trace_id BLOB NOT NULL,"
           " started_unix_ns INTEGER NOT NULL, duration_ns INTEGER NOT NULL, method TEXT NOT NULL,"
           " route TEXT NOT NULL, status INTEGER NOT NULL, failed INTEGER NOT NULL, reasons INTEGER NOT NULL,"
           " error TEXT, PRIMARY KEY(run, number)) STRICT, WITHOUT ROWID;"
           "CREATE INDEX traces_by_id ON traces(trace_id);"
           "CREATE TABLE frames(run INTEGER NOT NULL, name TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL,"
           " calls INTEGER NOT NULL, total_ns INTEGER NOT NULL, self_ns INTEGER NOT NULL, min_ns INTEGER NOT NULL,"
           " max_ns INTEGER NOT NULL, trace_count INTEGER NOT NULL, PRIMARY KEY(run, name, file, line)) STRICT,"
           " WITHOUT ROWID;"
           "CREATE TABLE rollups(run INTEGER NOT NULL, route TEXT NOT NULL, method TEXT NOT NULL,"
           " minute INTEGER NOT NULL, count INTEGER NOT NULL, failed INTEGER NOT NULL, sum_ns INTEGER NOT NULL,"
           " durations BLOB NOT NULL, PRIMARY KEY(run, route, method, minute)) STRICT, WITHOUT ROWID;",
};

/* The numbers of actions and results are those of store/audit.h. */
const gbxi_layout gbxi_layout_audit = {
    .kind = "audit",
    .application_id = 0x47425841, /* GBXA */
    .version = 0,
    .sql = "CREATE TABLE records(id INTEGER PRIMARY KEY AUTOINCREMENT, at_unix_ns INTEGER NOT NULL,"
           " action INTEGER NOT NULL, result INTEGER NOT NULL, key TEXT NOT NULL, subject TEXT NOT NULL) STRICT;",
};

gbx_err gbxi_layout_create(gbxi_database *database, const gbxi_layout *layout, gbx_error *error)
{
    char sql[128];
    gbx_err err;

    snprintf(sql, sizeof(sql), "PRAGMA application_id=%" PRId64 ";PRAGMA user_version=%" PRId64, layout->application_id,
             layout->version);
    if ((err = gbxi_database_begin(database, error)) != GBX_ERR_OK)
        return err;
    if ((err = gbxi_database_execute(database, layout->sql, error)) == GBX_ERR_OK &&
        (err = gbxi_database_execute(database, sql, error)) == GBX_ERR_OK)
        err = gbxi_database_commit(database, error);
    gbxi_database_rollback(database);
    return err;
}

gbx_err gbxi_layout_check(gbxi_database *database, const gbxi_layout *layout, int64_t *version, gbx_error *error)
{
    char reason[128];
    int64_t application_id;
    gbx_err err;

    *version = -1;
    if ((err = gbxi_database_number(database, "PRAGMA application_id", &application_id, error)) != GBX_ERR_OK ||
        (err = gbxi_database_number(database, "PRAGMA user_version", version, error)) != GBX_ERR_OK)
        return err;
    if (application_id == layout->application_id && *version >= 0 && *version <= layout->version)
        return GBX_ERR_OK;
    if (application_id != layout->application_id || *version < 0)
        snprintf(reason, sizeof(reason), "it is no %s, but another database", layout->kind);
    else
        snprintf(reason, sizeof(reason),
                 "its layout is version %" PRId64 ", and this program knows version %" PRId64
                 ": a newer glassbox can read it",
                 *version, layout->version);
    (void)gbxi_database_fail(database, GBXI_FAULT_DAMAGED, reason, error);
    if (error != NULL)
        error->code = GBX_ERR_UNKNOWN;
    return GBX_ERR_UNKNOWN;
}

bool gbxi_layout_is_not_made(gbxi_database *database)
{
    int64_t tables = 1;
    gbx_error ignored;

    return gbxi_database_number(database, "SELECT count(*) FROM sqlite_schema", &tables, &ignored) == GBX_ERR_OK &&
           tables == 0;
}

bool gbxi_layout_is_foreign(const gbxi_layout *layout, const char *path)
{
    enum { ID_AT = 68, PAGE_TYPE_AT = 100, ROWS_AT = 103, HEADER_BYTES = 105, LEAF = 13 };
    static const char magic[] = "SQLite format 3";
    unsigned char header[HEADER_BYTES];
    uint32_t id = 0;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ssize_t length = file != -1 ? read(file, header, sizeof(header)) : 0;

    if (file != -1)
        close(file);
    if (length != HEADER_BYTES || memcmp(header, magic, sizeof(magic)) != 0)
        return false;
    for (size_t i = 0; i < sizeof(id); i++)
        id = id << 8 | header[ID_AT + i];
    if (id != 0)
        return id != layout->application_id;
    /* A process that was killed while it made the tables leaves a first page without rows. */
    return header[PAGE_TYPE_AT] != LEAF || header[ROWS_AT] != 0 || header[ROWS_AT + 1] != 0;
}

static gbx_err layout_migrate_steps(gbxi_database *database, const gbxi_layout *layout, gbx_error *error)
{
    char sql[64];
    int64_t version;
    gbx_err err = gbxi_layout_check(database, layout, &version, error);

    while (err == GBX_ERR_OK && version < layout->version)
        err = gbxi_database_execute(database, layout->migrations[version++], error);
    if (err != GBX_ERR_OK)
        return err;
    snprintf(sql, sizeof(sql), "PRAGMA user_version=%" PRId64, layout->version);
    return gbxi_database_execute(database, sql, error);
}

gbx_err gbxi_layout_migrate(gbxi_database *database, const gbxi_layout *layout, gbx_error *error)
{
    gbx_err err = gbxi_database_begin(database, error);

    if (err == GBX_ERR_OK && (err = layout_migrate_steps(database, layout, error)) == GBX_ERR_OK)
        err = gbxi_database_commit(database, error);
    gbxi_database_rollback(database);
    return err;
}
