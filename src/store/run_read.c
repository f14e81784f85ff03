/* SPDX-License-Identifier: MIT */
/* Opens the databases of runs, whatever program wrote them. */
#include "store/run_read.h"
#include "store/directory.h"
#include "store/layout.h"
#include <stdio.h>
#include <stdlib.h>

/* A generated column is code that the file brings along: each row could take as long, and as much memory, as it likes.
 */
static gbx_err run_refuse_code(gbxi_database *database, gbx_error *error)
{
    int64_t generated;
    gbx_err err = gbxi_database_number(
        database,
        "SELECT count(*) FROM sqlite_schema AS s,pragma_table_xinfo(s.name) AS c WHERE s.type='table' AND c.hidden>1",
        &generated, error);

    if (err != GBX_ERR_OK || generated == 0)
        return err;
    return gbxi_database_fail(database, GBXI_FAULT_DAMAGED, "it has generated columns, which no run has", error);
}

static gbx_err run_read_path(const char *path, const char *what, gbxi_database_mode mode, gbxi_database **database,
                             int64_t *version, gbx_error *error)
{
    gbx_err err = gbxi_database_open(path, what, mode, database, error);

    if (err == GBX_ERR_OK && (err = gbxi_layout_check(*database, &gbxi_layout_run, version, error)) == GBX_ERR_OK &&
        (err = run_refuse_code(*database, error)) == GBX_ERR_OK)
        return GBX_ERR_OK;
    if (err == GBX_ERR_UNKNOWN && gbxi_layout_is_not_made(*database))
        err = gbx_error_set(error, GBX_ERR_MISSING, NULL, "%s: it is empty", what);
    gbxi_database_close(*database);
    *database = NULL;
    return err;
}

/* Brings the layout up to date in the file, which stays whole. */
static gbx_err run_read_migrate(const char *path, const char *what, gbx_error *error)
{
    gbxi_database *database;
    int64_t version;
    gbx_err err = run_read_path(path, what, GBXI_DATABASE_WRITE, &database, &version, error);

    if (err == GBX_ERR_OK && (err = gbxi_layout_migrate(database, &gbxi_layout_run, error)) == GBX_ERR_OK)
        err = gbxi_database_make_whole(database, error);
    gbxi_database_close(database);
    return err;
}

gbx_err gbxi_run_read_open(const char *directory, const char *id, gbxi_database **database, gbx_error *error)
{
    char *path = gbxi_directory_path(directory, id, ".db"), what[64];
    int64_t version;
    gbx_err err;

    *database = NULL;
    snprintf(what, sizeof(what), "run %s", id);
    if (path == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "%s: out of memory", what);
    err = run_read_path(path, what, GBXI_DATABASE_READ, database, &version, error);
    if (err == GBX_ERR_OK && version < gbxi_layout_run.version) {
        gbxi_database_close(*database);
        *database = NULL;
        if ((err = run_read_migrate(path, what, error)) == GBX_ERR_OK)
            err = run_read_path(path, what, GBXI_DATABASE_READ, database, &version, error);
    }
    free(path);
    return err;
}
