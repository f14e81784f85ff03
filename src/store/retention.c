/* SPDX-License-Identifier: MIT */
/* Chooses the runs that are not kept, and unlinks them. */
#define _GNU_SOURCE
#include "store/retention.h"
#include "base/time.h"
#include "store/directory.h"
#include "store/live.h"
#include <stdlib.h>
#include <string.h>

/* What is left while the oldest runs are looked at. */
typedef struct remains {
    uint64_t runs, bytes;
    int64_t now_ns;
} remains;

static bool retention_is_written(const char *directory, const char *id)
{
    char *path = gbxi_directory_path(directory, id, ".live");
    gbxi_live_counts counts;
    bool held = path == NULL || gbxi_live_look(path, &counts) == GBXI_LIVE_HELD;

    free(path);
    return held;
}

static bool retention_is_old(const gbxi_run_files *run, const gbxi_retention *keep, int64_t now_ns)
{
    return keep->keep_age_ns != 0 && now_ns > run->mtime_ns && (uint64_t)(now_ns - run->mtime_ns) > keep->keep_age_ns;
}

static bool retention_removes(const gbxi_run_files *run, const gbxi_retention *keep, const remains *left)
{
    if (retention_is_old(run, keep, left->now_ns))
        return true;
    return (keep->keep_runs != 0 && left->runs > keep->keep_runs) ||
           (keep->keep_bytes != 0 && left->bytes > keep->keep_bytes);
}

/* The ids of runs that began in the same second are in no order. */
static int retention_compare(const void *a, const void *b)
{
    const gbxi_run_files *left = a, *right = b;
    int order = strncmp(left->id, right->id, GBXI_RUN_ID_TAIL);

    if (order == 0 && left->mtime_ns != right->mtime_ns)
        return left->mtime_ns < right->mtime_ns ? -1 : 1;
    return order != 0 ? order : strcmp(left->id, right->id);
}

static gbx_err retention_remove(const char *directory, const gbxi_run_files *runs, size_t run_count,
                                const gbxi_retention *keep, bool dry_run, gbxi_removed_run *removed, size_t *count,
                                gbx_error *error)
{
    remains left = {.runs = run_count};
    gbx_err err;

    left.now_ns = gbxi_wall_ns();
    for (size_t i = 0; i < run_count; i++)
        left.bytes += runs[i].bytes;
    for (size_t i = 0; i < run_count; i++) {
        /* The newest is never removed for the number or size of all. */
        if (i + 1 == run_count && !retention_is_old(&runs[i], keep, left.now_ns))
            break;
        if (!retention_removes(&runs[i], keep, &left) || retention_is_written(directory, runs[i].id))
            continue;
        if (!dry_run && (err = gbxi_directory_unlink(directory, runs[i].id, error)) != GBX_ERR_OK)
            return err;
        memcpy(removed[*count].id, runs[i].id, sizeof(runs[i].id));
        removed[(*count)++].bytes = runs[i].bytes;
        left.runs--;
        left.bytes -= runs[i].bytes;
    }
    return GBX_ERR_OK;
}

gbx_err gbxi_retention_apply(const char *directory, const gbxi_retention *keep, bool dry_run,
                             gbxi_removed_run **removed, size_t *count, gbx_error *error)
{
    gbxi_run_files *runs;
    size_t run_count;
    gbx_err err = gbxi_directory_runs(directory, &runs, &run_count, error);

    *removed = NULL;
    *count = 0;
    if (err != GBX_ERR_OK)
        return err;
    if ((*removed = calloc(run_count + 1, sizeof(**removed))) == NULL)
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "store %s: out of memory", directory);
    if (run_count > 1)
        qsort(runs, run_count, sizeof(*runs), retention_compare);
    if (err == GBX_ERR_OK)
        err = retention_remove(directory, runs, run_count, keep, dry_run, *removed, count, error);
    free(runs);
    return err;
}
