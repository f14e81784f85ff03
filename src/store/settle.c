/* SPDX-License-Identifier: MIT */
/* Does what the writers of runs would have done if they had not been killed. */
#define _GNU_SOURCE
#include "store/settle.h"
#include "store/directory.h"
#include "store/layout.h"
#include "store/live.h"
#include "store/run_rows.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What a run says of itself. */
typedef struct settled_row {
    gbxi_run_progress progress;
    int64_t ended_unix_ns;
    int64_t closed;
} settled_row;

static gbx_err settle_read(gbxi_database *database, settled_row *row, gbx_error *error)
{
    gbxi_statement statement;
    bool found = false;
    gbx_err err = gbxi_statement_init(&statement, database,
                                      "SELECT trace_count,failed_count,missed_count,unstored_count,killed_count,"
                                      "ended_unix_ns,closed FROM run",
                                      error);

    *row = (settled_row){.closed = GBXI_RUN_END_CLOSED};
    if (err == GBX_ERR_OK && (err = gbxi_statement_next(&statement, &found, error)) == GBX_ERR_OK && found) {
        row->progress.traces = gbxi_column_uint(&statement);
        row->progress.failed = gbxi_column_uint(&statement);
        row->progress.missed = gbxi_column_uint(&statement);
        row->progress.unstored = gbxi_column_uint(&statement);
        row->progress.killed = gbxi_column_uint(&statement);
        row->ended_unix_ns = gbxi_column_int(&statement);
        row->closed = gbxi_column_int(&statement);
    }
    gbxi_statement_fini(&statement);
    return err;
}

/* Everything that was kept is stored, or lost for a reason that was counted, or was never committed. */
static void settle_count(gbxi_run_progress *progress, const gbxi_live_counts *counts)
{
    uint64_t accounted = progress->traces + counts->failed;

    progress->missed = counts->missed;
    progress->unstored = counts->failed;
    progress->killed = counts->kept > accounted ? counts->kept - accounted : 0;
}

static gbx_err settle_write(gbxi_database *database, settled_row *row, gbx_error *error)
{
    gbxi_run_rows rows;
    gbx_err err = gbxi_run_rows_init(&rows, database, error);

    if (err == GBX_ERR_OK)
        err = gbxi_run_rows_update(&rows, &row->progress, row->ended_unix_ns, GBXI_RUN_END_BROKEN_OFF, error);
    gbxi_run_rows_fini(&rows);
    return err;
}

/* Whether nothing was stored or lost. A damaged run may have lost its row, so the traces themselves are looked for. */
static bool settle_is_void(gbxi_database *database, const gbxi_run_progress *progress)
{
    int64_t traces;
    gbx_error ignored;

    return progress->traces + progress->missed + progress->unstored + progress->killed == 0 &&
           gbxi_database_number(database, "SELECT count(*) FROM traces", &traces, &ignored) == GBX_ERR_OK &&
           traces == 0;
}

/* Sets `is_void` if there is no reason to keep the run. */
static gbx_err settle_database(gbxi_database *database, const gbxi_live_counts *counts, bool *is_void, gbx_error *error)
{
    int64_t version;
    settled_row row;
    gbx_err err = gbxi_layout_check(database, &gbxi_layout_run, &version, error);

    if (err == GBX_ERR_OK && version < gbxi_layout_run.version)
        err = gbxi_layout_migrate(database, &gbxi_layout_run, error);
    if (err != GBX_ERR_OK || (err = settle_read(database, &row, error)) != GBX_ERR_OK)
        return err;
    if (row.closed == GBXI_RUN_END_NONE) {
        if (counts != NULL)
            settle_count(&row.progress, counts);
        err = settle_write(database, &row, error);
    }
    *is_void = err == GBX_ERR_OK && settle_is_void(database, &row.progress);
    if (err == GBX_ERR_OK)
        err = gbxi_database_execute(database, gbxi_layout_run.end_sql, error);
    return err != GBX_ERR_OK ? err : gbxi_database_make_whole(database, error);
}

static gbx_err settle_open(const char *directory, const char *id, const gbxi_live_counts *counts)
{
    char *path = gbxi_directory_path(directory, id, ".db"), what[64];
    gbxi_database *database = NULL;
    gbx_error error;
    bool is_void = false;
    gbx_err err;

    snprintf(what, sizeof(what), "run %s", id);
    if (path == NULL)
        return GBX_ERR_NO_MEMORY;
    if ((err = gbxi_database_open(path, what, GBXI_DATABASE_WRITE, &database, &error)) == GBX_ERR_OK)
        err = settle_database(database, counts, &is_void, &error);
    if (err == GBX_ERR_UNKNOWN && counts != NULL && gbxi_layout_is_not_made(database))
        is_void = true;
    gbxi_database_close(database);
    free(path);
    return is_void ? gbxi_directory_unlink(directory, id, &error) : err;
}

/* A run with neither of these files needs nothing: opening each would take long in a store with many runs. */
static bool settle_is_needed(const char *directory, const char *id)
{
    char *beside = gbxi_directory_path(directory, id, ".db-wal"), *live = gbxi_directory_path(directory, id, ".live");
    bool needed = beside != NULL && live != NULL && (access(beside, F_OK) == 0 || access(live, F_OK) == 0);

    free(beside);
    free(live);
    return needed;
}

static gbx_err settle_run(const char *directory, const char *id)
{
    char *path = gbxi_directory_path(directory, id, ".live");
    gbxi_live_counts counts;
    gbx_error error;
    gbxi_live live;
    gbx_err err;

    if (path == NULL)
        return GBX_ERR_NO_MEMORY;
    err = gbxi_live_open(&live, path, &error);
    if (err == GBX_ERR_MISSING) {
        err = settle_open(directory, id, NULL);
    } else if (err == GBX_ERR_OK) {
        counts = gbxi_live_read(&live);
        if ((err = settle_open(directory, id, &counts)) == GBX_ERR_OK)
            (void)unlink(path);
        gbxi_live_close(&live);
    }
    free(path);
    return err;
}

gbx_err gbxi_settle_all(const char *directory, gbx_error *error)
{
    gbxi_run_files *runs;
    size_t count;
    gbx_err err = gbxi_directory_runs(directory, &runs, &count, error);

    for (size_t i = 0; i < count && err == GBX_ERR_OK; i++)
        if (settle_is_needed(directory, runs[i].id) && settle_run(directory, runs[i].id) == GBX_ERR_NO_MEMORY)
            err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "store: out of memory");
    free(runs);
    return err;
}
