/* SPDX-License-Identifier: MIT */
/* Opens databases beside the runs, and makes them where there are none. */
#define _GNU_SOURCE
#include "store/beside.h"
#include "base/file.h"
#include "store/directory.h"
#include <stdlib.h>
#include <unistd.h>

/* Makes the tables unless somebody has made them meanwhile. */
static gbx_err beside_make_tables(gbxi_database *database, const gbxi_layout *layout, gbx_error *error)
{
    gbx_error ignored;
    int64_t version;
    gbx_err err = gbxi_layout_create(database, layout, error);

    return gbxi_layout_check(database, layout, &version, &ignored) == GBX_ERR_OK ? GBX_ERR_OK : err;
}

static gbx_err beside_check_tables(gbxi_database *database, const gbxi_layout *layout, bool make, gbx_error *error)
{
    int64_t version;
    gbx_err err = gbxi_layout_check(database, layout, &version, error);

    if (err == GBX_ERR_UNKNOWN && make && gbxi_layout_is_not_made(database))
        return beside_make_tables(database, layout, error);
    return err;
}

static gbx_err beside_open_path(const char *path, const gbxi_layout *layout, gbxi_beside_mode mode,
                                gbxi_database **database, gbx_error *error)
{
    gbx_err err = GBX_ERR_IO;

    if (mode == GBXI_BESIDE_MAKE && access(path, F_OK) != 0)
        err = gbxi_database_open(path, layout->kind, GBXI_DATABASE_NEW, database, error);
    if (err == GBX_ERR_IO && (mode == GBXI_BESIDE_WATCH || access(path, F_OK) == 0)) /* it was there, or is now */
        err = gbxi_database_open(path, layout->kind, GBXI_DATABASE_WRITE, database, error);
    if (err == GBX_ERR_STATE && mode == GBXI_BESIDE_WATCH)
        err = gbxi_database_open(path, layout->kind, GBXI_DATABASE_READ, database, error);
    return err;
}

static gbx_err beside_open_checked(const char *path, const gbxi_layout *layout, gbxi_beside_mode mode,
                                   gbxi_database **database, gbx_error *error)
{
    gbxi_database *opened = NULL;
    gbx_err err = beside_open_path(path, layout, mode, &opened, error);

    if (err == GBX_ERR_OK) {
        gbxi_database_patience_set(opened, GBXI_DATABASE_BUSY_SHORT_MS);
        err = beside_check_tables(opened, layout, mode == GBXI_BESIDE_MAKE, error);
    }
    if (err != GBX_ERR_OK) {
        gbxi_database_close(opened);
        opened = NULL;
    }
    *database = opened;
    return err;
}

gbx_err gbxi_beside_open(const char *directory, const gbxi_layout *layout, gbxi_beside_mode mode,
                         gbxi_database **database, gbx_error *error)
{
    char *path = gbxi_directory_path(directory, layout->kind, ".db");
    gbx_err err;

    *database = NULL;
    if (path == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "%s: out of memory", layout->kind);
    if (mode == GBXI_BESIDE_WATCH && access(path, F_OK) != 0)
        err = gbx_error_set(error, GBX_ERR_MISSING, NULL, "store %s: it has no %s", gbxi_file_path_shown(directory),
                            layout->kind);
    else
        err = beside_open_checked(path, layout, mode, database, error);
    free(path);
    return err;
}

gbx_err gbxi_beside_open_memory(const gbxi_layout *layout, gbxi_database **database, gbx_error *error)
{
    gbxi_database *opened;
    gbx_err err = gbxi_database_open("", layout->kind, GBXI_DATABASE_MEMORY, &opened, error);

    *database = NULL;
    if (err != GBX_ERR_OK)
        return err;
    if ((err = gbxi_layout_create(opened, layout, error)) == GBX_ERR_OK)
        *database = opened;
    else
        gbxi_database_close(opened);
    return err;
}
