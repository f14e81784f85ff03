/* SPDX-License-Identifier: MIT */
/* Keeps the catalog up to date, and makes it again when it is of no use. */
#define _GNU_SOURCE
#include "store/catalog.h"
#include "base/cut.h"
#include "base/grow.h"
#include "base/time.h"
#include "store/directory.h"
#include "store/histogram.h"
#include "store/intake.h"
#include "store/layout.h"
#include "store/stored_read.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOCK_TRIES = 100, LOCK_TRY_US = 10000 };

struct gbxi_catalog {
    char *directory, *path;
    gbxi_store_notices notices;
    gbxi_database *database;
    gbxi_intake *intake;
    ino_t file; /* that was opened */
    bool in_memory;
    bool made_again; /* which was said */
    gbxi_run_info *runs;
    gbxi_run_files *known; /* what the catalog says of their files, while it is brought up to date */
    size_t run_count, run_capacity, known_capacity;
    gbxi_histogram durations;
};

static void catalog_tell(const gbxi_catalog *catalog, const char *text)
{
    if (catalog->notices.tell != NULL)
        catalog->notices.tell(catalog->notices.context, text);
}

static void catalog_disconnect(gbxi_catalog *catalog)
{
    gbxi_intake_free(catalog->intake);
    gbxi_database_close(catalog->database);
    catalog->intake = NULL;
    catalog->database = NULL;
}

void gbxi_catalog_close(gbxi_catalog *catalog)
{
    if (catalog == NULL)
        return;
    catalog_disconnect(catalog);
    gbxi_account_free(catalog->runs);
    gbxi_account_free(catalog->known);
    free(catalog->directory);
    free(catalog->path);
    free(catalog);
}

/* Opens what is there, or makes it. */
static gbx_err catalog_open_or_make(gbxi_catalog *catalog, gbx_error *error)
{
    bool missing = !catalog->in_memory && access(catalog->path, F_OK) != 0;
    gbxi_database_mode mode = catalog->in_memory ? GBXI_DATABASE_MEMORY
                              : missing          ? GBXI_DATABASE_NEW
                                                 : GBXI_DATABASE_WRITE;
    int64_t version;
    gbx_err err = gbxi_database_open(catalog->path, "catalog", mode, &catalog->database, error);

    if (err == GBX_ERR_OK)
        gbxi_database_patience_set(catalog->database, GBXI_DATABASE_BUSY_SHORT_MS);
    if (err == GBX_ERR_OK && mode != GBXI_DATABASE_WRITE)
        err = gbxi_layout_create(catalog->database, &gbxi_layout_catalog, error);
    if (err == GBX_ERR_OK)
        err = gbxi_layout_check(catalog->database, &gbxi_layout_catalog, &version, error);
    if (err == GBX_ERR_OK)
        err = gbxi_intake_new(catalog->database, &catalog->intake, error);
    if (missing && err == GBX_ERR_OK && !catalog->made_again)
        catalog_tell(catalog, "the catalog is missing, and is made from the runs");
    return err;
}

/* Processes make and unlink the catalog one after the other. Without the lock they get in each other's way, and make it
 * again; so nobody waits for long. Returns -1 if there is no lock. */
static int catalog_lock(const char *directory)
{
    int lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    for (int tries = 0; lock != -1 && tries < LOCK_TRIES && flock(lock, LOCK_EX | LOCK_NB) != 0; tries++)
        usleep(LOCK_TRY_US);
    return lock;
}

static void catalog_unlock(int lock)
{
    if (lock != -1)
        close(lock);
}

/* Which file the catalog is now; 0: none. */
static ino_t catalog_file(const gbxi_catalog *catalog)
{
    struct stat status;

    return stat(catalog->path, &status) == 0 ? status.st_ino : 0;
}

/* What another program has under this name is left alone. */
static void catalog_spare_foreign(gbxi_catalog *catalog)
{
    if (catalog->in_memory || !gbxi_layout_is_foreign(&gbxi_layout_catalog, catalog->path))
        return;
    catalog->in_memory = true;
    catalog_tell(catalog, "catalog.db belongs to another program: the catalog is made in memory");
}

static gbx_err catalog_connect(gbxi_catalog *catalog, gbx_error *error)
{
    catalog_spare_foreign(catalog);

    int lock = catalog->in_memory ? -1 : catalog_lock(catalog->directory);
    gbx_err err = catalog_open_or_make(catalog, error);

    catalog->file = catalog_file(catalog);
    catalog_unlock(lock);
    return err;
}

/* Unlinks the files of the catalog, unless another process has made it again meanwhile. */
static void catalog_unlink(gbxi_catalog *catalog)
{
    static const char *const suffixes[] = {".db", ".db-wal", ".db-shm", ".db-journal"};
    int lock = catalog_lock(catalog->directory);

    for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes) && (i > 0 || catalog_file(catalog) == catalog->file);
         i++) {
        char *path = gbxi_directory_path(catalog->directory, "catalog", suffixes[i]);

        if (path != NULL)
            (void)unlink(path);
        free(path);
    }
    catalog_unlock(lock);
}

static const char catalog_columns[] =
    "SELECT id,bytes,mtime_ns,state,started_unix_ns,ended_unix_ns,trace_count,failed_count,lost_count,slowest_ns,"
    "total_ns,durations,program,fault FROM runs ORDER BY id DESC";

/* The end of a bucket may be beyond the slowest of all. */
static uint64_t catalog_quantile(const gbxi_catalog *catalog, uint32_t per_mille, uint64_t slowest_ns)
{
    uint64_t quantile_ns = gbxi_histogram_quantile(&catalog->durations, per_mille);

    return quantile_ns < slowest_ns ? quantile_ns : slowest_ns;
}

static gbx_err catalog_read_run(gbxi_catalog *catalog, gbxi_statement *statement, gbxi_run_info *info,
                                gbxi_run_files *files)
{
    const void *durations;
    size_t length;

    *info = (gbxi_run_info){.started_unix_ns = 0};
    snprintf(info->id, sizeof(info->id), "%s", gbxi_column_text(statement));
    memcpy(files->id, info->id, sizeof(files->id));
    files->bytes = info->bytes = gbxi_column_uint(statement);
    files->mtime_ns = gbxi_column_int(statement);
    info->state = (gbxi_run_state)gbxi_column_int(statement);
    info->started_unix_ns = gbxi_column_int(statement);
    info->ended_unix_ns = gbxi_column_int(statement);
    info->trace_count = gbxi_column_uint(statement);
    info->failed_count = gbxi_column_uint(statement);
    info->lost_count = gbxi_column_uint(statement);
    info->slowest_ns = gbxi_column_uint(statement);
    info->total_ns = gbxi_column_uint(statement);
    durations = gbxi_column_bytes(statement, &length);
    memset(&catalog->durations, 0, sizeof(catalog->durations));
    if (!gbxi_histogram_decode(&catalog->durations, durations, length) || info->state > GBXI_RUN_BROKEN_OFF)
        return GBX_ERR_SYNTAX;
    info->p50_ns = catalog_quantile(catalog, 500, info->slowest_ns);
    info->p95_ns = catalog_quantile(catalog, 950, info->slowest_ns);
    info->p99_ns = catalog_quantile(catalog, 990, info->slowest_ns);
    gbxi_cut_text(info->program, sizeof(info->program), gbxi_column_text(statement));
    snprintf(info->fault, sizeof(info->fault), "%s", gbxi_column_text(statement));
    return GBX_ERR_OK;
}

/* Reads what the catalog knows of the runs. */
static gbx_err catalog_read_runs(gbxi_catalog *catalog, gbx_error *error)
{
    gbxi_statement statement;
    bool found = true;
    gbx_err err = gbxi_statement_init(&statement, catalog->database, catalog_columns, error);

    catalog->run_count = 0;
    while (err == GBX_ERR_OK && (err = gbxi_statement_next(&statement, &found, error)) == GBX_ERR_OK && found) {
        size_t at = catalog->run_count;

        if (!gbxi_grow(&catalog->runs, &catalog->run_capacity, at + 1, sizeof(*catalog->runs)) ||
            !gbxi_grow(&catalog->known, &catalog->known_capacity, at + 1, sizeof(*catalog->known)))
            err = gbxi_database_fail(catalog->database, GBXI_FAULT_NO_MEMORY, "out of memory", error);
        else if (catalog_read_run(catalog, &statement, &catalog->runs[at], &catalog->known[at]) != GBX_ERR_OK)
            err = gbxi_database_fail(catalog->database, GBXI_FAULT_DAMAGED, "it is damaged", error);
        else
            catalog->run_count++;
    }
    gbxi_statement_fini(&statement);
    return err;
}

/* What the catalog knows of a run's files, whose ids are in descending order; NULL if nothing. */
static const gbxi_run_info *catalog_find(const gbxi_catalog *catalog, const char *id, size_t *at)
{
    size_t first = 0, end = catalog->run_count;

    while (first < end) {
        size_t middle = first + (end - first) / 2;
        int order = strcmp(catalog->runs[middle].id, id);

        if (order == 0) {
            *at = middle;
            return &catalog->runs[middle];
        }
        if (order > 0)
            first = middle + 1;
        else
            end = middle;
    }
    return NULL;
}

/* A run that has ended and has not changed since it was taken in needs no look. */
static bool catalog_is_current(const gbxi_catalog *catalog, const gbxi_run_files *files)
{
    size_t at;
    const gbxi_run_info *info = catalog_find(catalog, files->id, &at);

    return info != NULL && info->state != GBXI_RUN_WRITING && info->fault[0] == '\0' &&
           catalog->known[at].bytes == files->bytes && catalog->known[at].mtime_ns == files->mtime_ns;
}

static gbx_err catalog_forget_gone(gbxi_catalog *catalog, const gbxi_run_files *files, size_t count, gbx_error *error)
{
    size_t next = count;
    gbx_err err = GBX_ERR_OK;

    /* The runs are in descending order, the files in ascending. */
    for (size_t i = 0; i < catalog->run_count && err == GBX_ERR_OK; i++) {
        while (next > 0 && strcmp(files[next - 1].id, catalog->runs[i].id) > 0)
            next--;
        if (next == 0 || strcmp(files[next - 1].id, catalog->runs[i].id) != 0)
            err = gbxi_intake_forget(catalog->intake, catalog->runs[i].id, error);
    }
    return err;
}

static gbx_err catalog_take_runs(gbxi_catalog *catalog, const gbxi_run_files *files, size_t count, gbx_error *error)
{
    uint64_t tell_ns = gbxi_monotonic_ns() + GBXI_NS_PER_S;
    gbx_err err = GBX_ERR_OK;

    for (size_t i = 0; i < count && err == GBX_ERR_OK; i++) {
        if (catalog_is_current(catalog, &files[i]))
            continue;
        if (gbxi_monotonic_ns() >= tell_ns) {
            char text[64];

            snprintf(text, sizeof(text), "reading %zu of %zu runs", i + 1, count);
            catalog_tell(catalog, text);
            tell_ns = gbxi_monotonic_ns() + GBXI_NS_PER_S;
        }
        err = gbxi_intake_run(catalog->intake, catalog->directory, &files[i], error);
    }
    return err;
}

/* Newest first; the ids of runs that began in the same second are in no order. */
static int run_info_compare(const void *a, const void *b)
{
    const gbxi_run_info *left = a, *right = b;

    if (left->started_unix_ns != right->started_unix_ns)
        return left->started_unix_ns > right->started_unix_ns ? -1 : 1;
    return strcmp(right->id, left->id);
}

static gbx_err catalog_refresh(gbxi_catalog *catalog, const gbxi_run_files *files, size_t count, gbx_error *error)
{
    gbx_err err = catalog->database == NULL ? catalog_connect(catalog, error) : GBX_ERR_OK;

    if (err != GBX_ERR_OK || (err = catalog_read_runs(catalog, error)) != GBX_ERR_OK ||
        (err = catalog_forget_gone(catalog, files, count, error)) != GBX_ERR_OK ||
        (err = catalog_take_runs(catalog, files, count, error)) != GBX_ERR_OK)
        return err;
    err = catalog_read_runs(catalog, error);
    if (catalog->run_count > 1)
        qsort(catalog->runs, catalog->run_count, sizeof(*catalog->runs), run_info_compare);
    return err;
}

/* Goes on after `err`: a damaged catalog is made again, and otherwise one in memory is used. */
static void catalog_recover(gbxi_catalog *catalog, bool again, gbx_err err, const gbx_error *reason)
{
    bool damaged = err == GBX_ERR_SYNTAX || err == GBX_ERR_UNKNOWN;
    char text[sizeof(reason->text) + 64];

    catalog_disconnect(catalog);
    catalog->in_memory = !damaged || !again;
    catalog->made_again = true;
    snprintf(text, sizeof(text), "%s: it is made %s", reason->text, catalog->in_memory ? "in memory" : "again");
    /* Where nothing can be written, nobody expects it to be. */
    if (!catalog->in_memory || access(catalog->directory, W_OK) == 0)
        catalog_tell(catalog, text);
    if (!catalog->in_memory)
        catalog_unlink(catalog);
}

gbx_err gbxi_catalog_update(gbxi_catalog *catalog, gbx_error *error)
{
    gbxi_run_files *files;
    gbx_error reason = {.code = GBX_ERR_OK};
    size_t count;
    gbx_err err = gbxi_directory_runs(catalog->directory, &files, &count, error);

    if (err != GBX_ERR_OK)
        return err;
    /* A folder without runs may be no store at all, so nothing is put into it. */
    if (count == 0 && catalog->database == NULL && access(catalog->path, F_OK) != 0)
        catalog->in_memory = true;
    for (int attempt = 0; attempt < 3; attempt++) {
        err = catalog_refresh(catalog, files, count, &reason);
        if (err == GBX_ERR_OK || err == GBX_ERR_NO_MEMORY || catalog->in_memory)
            break;
        catalog_recover(catalog, attempt == 0, err, &reason);
    }
    free(files);
    return err != GBX_ERR_OK ? gbx_error_set(error, err, NULL, "%s", reason.text) : GBX_ERR_OK;
}

gbx_err gbxi_catalog_open(const char *directory, const gbxi_store_notices *notices, gbxi_catalog **catalog,
                          gbx_error *error)
{
    gbxi_catalog *opened = calloc(1, sizeof(*opened));
    gbx_err err;

    *catalog = NULL;
    if (opened != NULL) {
        opened->directory = strdup(directory);
        opened->path = gbxi_directory_path(directory, "catalog", ".db");
        if (notices != NULL)
            opened->notices = *notices;
    }
    if (opened == NULL || opened->directory == NULL || opened->path == NULL)
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "store: out of memory");
    else
        err = gbxi_catalog_update(opened, error);
    if (err != GBX_ERR_OK) {
        gbxi_catalog_close(opened);
        return err;
    }
    *catalog = opened;
    return GBX_ERR_OK;
}

gbx_err gbxi_catalog_make(const char *directory, gbx_error *error)
{
    char *path = gbxi_directory_path(directory, "catalog", ".db");
    gbxi_database *database = NULL;
    gbx_err err;
    int lock;

    if (path == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "store: out of memory");
    lock = catalog_lock(directory);
    if ((err = gbxi_database_open(path, "catalog", GBXI_DATABASE_NEW, &database, error)) == GBX_ERR_OK)
        err = gbxi_layout_create(database, &gbxi_layout_catalog, error);
    gbxi_database_close(database);
    catalog_unlock(lock);
    free(path);
    return err;
}

const gbxi_run_info *gbxi_catalog_runs(const gbxi_catalog *catalog, size_t *count)
{
    *count = catalog->run_count;
    return catalog->runs;
}

gbx_err gbxi_catalog_find_trace(gbxi_catalog *catalog, const uint8_t low[16], const uint8_t high[16],
                                char id[GBXI_RUN_ID_SIZE], gbx_error *error)
{
    gbxi_statement statement;
    bool found = false;
    gbx_err err = gbxi_statement_init(&statement, catalog->database,
                                      "SELECT runs.id FROM traces JOIN runs USING(run) WHERE trace_id BETWEEN ? AND ?"
                                      " ORDER BY runs.started_unix_ns DESC LIMIT 1",
                                      error);

    id[0] = '\0';
    gbxi_bind_bytes(&statement, low, 16);
    gbxi_bind_bytes(&statement, high, 16);
    if (err == GBX_ERR_OK && (err = gbxi_statement_next(&statement, &found, error)) == GBX_ERR_OK && found)
        snprintf(id, GBXI_RUN_ID_SIZE, "%s", gbxi_column_text(&statement));
    gbxi_statement_fini(&statement);
    return err;
}

static const char *const frame_orders[] = {
    [GBXI_FRAMES_BY_TOTAL] = "total_ns",
    [GBXI_FRAMES_BY_SELF] = "self_ns",
    [GBXI_FRAMES_BY_CALLS] = "calls",
};

gbx_err gbxi_catalog_frames(gbxi_catalog *catalog, const char *id, gbxi_frame_order order, uint64_t limit,
                            gbxi_stored_frame_use *use, void *context, gbx_error *error)
{
    gbxi_statement statement;
    gbxi_stored_frame frame;
    bool found = true;
    char sql[256];
    gbx_err err;

    snprintf(sql, sizeof(sql),
             "SELECT name,file,line,calls,total_ns,self_ns,min_ns,max_ns,trace_count FROM frames"
             " WHERE run=(SELECT run FROM runs WHERE id=?) ORDER BY %s DESC,name,file,line LIMIT ?",
             frame_orders[order]);
    if ((err = gbxi_statement_init(&statement, catalog->database, sql, error)) != GBX_ERR_OK)
        return err;
    gbxi_bind_text(&statement, id);
    gbxi_bind_uint(&statement, limit != 0 ? limit : UINT64_MAX);
    while (found && (err = gbxi_statement_next(&statement, &found, error)) == GBX_ERR_OK && found) {
        gbxi_stored_frame_read(&statement, &frame);
        found = use(context, &frame);
    }
    gbxi_statement_fini(&statement);
    return err;
}
