/* SPDX-License-Identifier: MIT */
/* Sums up requests in memory, and merges the sums into the catalog. */
#define _GNU_SOURCE
#include "store/rollups.h"
#include "base/time.h"
#include <stdlib.h>
#include <string.h>

enum { ROLLUPS_MAX = 64 };

/* One minute of one route and method. */
typedef struct rollup {
    char *route, *method;
    int64_t run, minute;
    uint64_t failed, sum_ns;
    gbxi_histogram durations;
} rollup;

struct gbxi_rollups {
    gbxi_database *catalog;
    gbxi_statement read, write;
    size_t count, recent; /* the one that was added to last */
    rollup items[ROLLUPS_MAX];
    uint8_t bytes[GBXI_HISTOGRAM_BYTES_MAX];
};

gbx_err gbxi_rollups_new(gbxi_database *catalog, gbxi_rollups **rollups, gbx_error *error)
{
    gbxi_rollups *made = calloc(1, sizeof(*made));
    gbx_err err;

    *rollups = NULL;
    if (made == NULL)
        return gbxi_database_fail(catalog, GBXI_FAULT_NO_MEMORY, "out of memory", error);
    made->catalog = catalog;
    err = gbxi_statement_init(&made->read, catalog,
                              "SELECT failed,sum_ns,durations FROM rollups"
                              " WHERE run=? AND route=? AND method=? AND minute=?",
                              error);
    if (err == GBX_ERR_OK)
        err =
            gbxi_statement_init(&made->write, catalog, "INSERT OR REPLACE INTO rollups VALUES(?,?,?,?,?,?,?,?)", error);
    if (err != GBX_ERR_OK) {
        gbxi_rollups_free(made);
        return err;
    }
    *rollups = made;
    return GBX_ERR_OK;
}

void gbxi_rollups_drop(gbxi_rollups *rollups)
{
    for (size_t i = 0; i < rollups->count; i++) {
        free(rollups->items[i].route);
        free(rollups->items[i].method);
    }
    rollups->count = 0;
    rollups->recent = 0;
}

void gbxi_rollups_free(gbxi_rollups *rollups)
{
    if (rollups == NULL)
        return;
    gbxi_rollups_drop(rollups);
    gbxi_statement_fini(&rollups->read);
    gbxi_statement_fini(&rollups->write);
    free(rollups);
}

static bool rollup_is_of(const rollup *item, int64_t run, const char *route, const char *method, int64_t minute)
{
    return item->minute == minute && item->run == run && strcmp(item->route, route) == 0 &&
           strcmp(item->method, method) == 0;
}

/* The sums for such requests; NULL if there are none yet. */
static rollup *rollups_find(gbxi_rollups *rollups, int64_t run, const char *route, const char *method, int64_t minute)
{
    if (rollups->recent < rollups->count && rollup_is_of(&rollups->items[rollups->recent], run, route, method, minute))
        return &rollups->items[rollups->recent];
    for (size_t i = 0; i < rollups->count; i++)
        if (rollup_is_of(&rollups->items[i], run, route, method, minute)) {
            rollups->recent = i;
            return &rollups->items[i];
        }
    return NULL;
}

static rollup *rollups_begin(gbxi_rollups *rollups, int64_t run, const char *route, const char *method, int64_t minute)
{
    rollup *item = &rollups->items[rollups->count];

    memset(item, 0, sizeof(*item));
    item->run = run;
    item->minute = minute;
    item->route = strdup(route);
    item->method = strdup(method);
    if (item->route == NULL || item->method == NULL) {
        free(item->route);
        free(item->method);
        return NULL;
    }
    rollups->recent = rollups->count++;
    return item;
}

gbx_err gbxi_rollups_add(gbxi_rollups *rollups, int64_t run, const char *route, const char *method,
                         int64_t started_unix_ns, uint64_t duration_ns, bool failed, gbx_error *error)
{
    int64_t minute = started_unix_ns / (60 * (int64_t)GBXI_NS_PER_S);
    rollup *item = rollups_find(rollups, run, route, method, minute);
    gbx_err err;

    if (item == NULL) {
        if (rollups->count == ROLLUPS_MAX && (err = gbxi_rollups_flush(rollups, error)) != GBX_ERR_OK)
            return err;
        if ((item = rollups_begin(rollups, run, route, method, minute)) == NULL)
            return gbxi_database_fail(rollups->catalog, GBXI_FAULT_NO_MEMORY, "out of memory", error);
    }
    item->failed += failed;
    item->sum_ns += duration_ns;
    gbxi_histogram_add(&item->durations, duration_ns);
    return GBX_ERR_OK;
}

static void rollup_bind_key(gbxi_statement *statement, const rollup *item)
{
    gbxi_bind_int(statement, item->run);
    gbxi_bind_text(statement, item->route);
    gbxi_bind_text(statement, item->method);
    gbxi_bind_int(statement, item->minute);
}

/* Adds what the catalog has already. */
static gbx_err rollup_add_stored(gbxi_rollups *rollups, rollup *item, gbx_error *error)
{
    gbxi_statement *read = &rollups->read;
    bool found, whole;
    const void *bytes;
    size_t length;
    gbx_err err;

    rollup_bind_key(read, item);
    if ((err = gbxi_statement_next(read, &found, error)) != GBX_ERR_OK || !found)
        return err;
    item->failed += gbxi_column_uint(read);
    item->sum_ns += gbxi_column_uint(read);
    bytes = gbxi_column_bytes(read, &length);
    whole = gbxi_histogram_decode(&item->durations, bytes, length);
    gbxi_statement_reset(read);
    return whole ? GBX_ERR_OK : gbxi_database_fail(rollups->catalog, GBXI_FAULT_DAMAGED, "it is damaged", error);
}

static gbx_err rollup_write(gbxi_rollups *rollups, rollup *item, gbx_error *error)
{
    gbxi_statement *write = &rollups->write;
    gbx_err err = rollup_add_stored(rollups, item, error);

    if (err != GBX_ERR_OK)
        return err;
    rollup_bind_key(write, item);
    gbxi_bind_uint(write, item->durations.count);
    gbxi_bind_uint(write, item->failed);
    gbxi_bind_uint(write, item->sum_ns);
    gbxi_bind_bytes(write, rollups->bytes, gbxi_histogram_encode(&item->durations, rollups->bytes));
    return gbxi_statement_run(write, error);
}

gbx_err gbxi_rollups_flush(gbxi_rollups *rollups, gbx_error *error)
{
    gbx_err err = GBX_ERR_OK;

    for (size_t i = 0; i < rollups->count && err == GBX_ERR_OK; i++)
        err = rollup_write(rollups, &rollups->items[i], error);
    gbxi_rollups_drop(rollups);
    return err;
}
