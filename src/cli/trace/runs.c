/* SPDX-License-Identifier: MIT */
/* Compares the runs of a store with those that were there before. */
#include "cli/trace/runs.h"
#include <stdlib.h>
#include <string.h>

gbx_err gbxi_known_runs_read(gbxi_known_runs *known, const char *store, gbx_error *error)
{
    gbx_err err = gbxi_directory_runs(store, &known->runs, &known->count, error);

    known->found = err == GBX_ERR_OK;
    if (known->found)
        return err;
    *known = (gbxi_known_runs){0};
    return err == GBX_ERR_MISSING ? GBX_ERR_OK : err;
}

void gbxi_known_runs_fini(gbxi_known_runs *known)
{
    free(known->runs);
    *known = (gbxi_known_runs){0};
}

static bool is_known(const gbxi_known_runs *known, const char *id)
{
    for (size_t i = 0; i < known->count; i++)
        if (strcmp(known->runs[i].id, id) == 0)
            return true;
    return false;
}

static int compare_found(const void *a, const void *b)
{
    uint64_t one = ((const gbxi_run_info *)a)->trace_count, other = ((const gbxi_run_info *)b)->trace_count;

    return (one < other) - (one > other);
}

gbx_err gbxi_found_runs_read(gbxi_found_runs *found, const gbxi_known_runs *known, const char *store, gbx_error *error)
{
    gbxi_store_reader *reader = NULL;
    const gbxi_run_info *runs;
    size_t count;
    gbx_err err = gbxi_store_reader_open(store, NULL, &reader, error);

    found->count = 0;
    found->traces = found->lost = 0;
    if (err != GBX_ERR_OK)
        return err == GBX_ERR_MISSING ? GBX_ERR_OK : err;
    runs = gbxi_store_runs(reader, &count);
    for (size_t i = 0; i < count && found->count < GBXI_FOUND_RUNS_MAX; i++)
        if (!is_known(known, runs[i].id)) {
            found->runs[found->count++] = runs[i];
            found->traces += runs[i].trace_count;
            found->lost += runs[i].lost_count;
        }
    gbxi_store_reader_close(reader);
    qsort(found->runs, found->count, sizeof(found->runs[0]), compare_found);
    return err;
}
