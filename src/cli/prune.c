/* SPDX-License-Identifier: MIT */
/* glassbox prune: removes old runs of a store. */
#include "base/time.h"
#include "cli/command.h"
#include "cli/store/chosen.h"
#include "store/retention.h"
#include "text/figures.h"
#include <stdio.h>
#include <stdlib.h>

typedef struct prune_options {
    const char *store;
    uint32_t keep_runs;
    size_t keep_bytes;
    uint64_t keep_age_s;
    bool dry_run;
} prune_options;

static const gbxi_cli_option prune_rows[] = {
    GBXI_STORE_ROW(prune_options),
    {"keep-runs", GBXI_NUMBER(prune_options, keep_runs), .min = 1, .max = 1000000, .value = "N", .unset = "any number",
     .help = "Keep at most this number of runs, the newest ones."},
    {"keep-bytes", GBXI_SIZE(prune_options, keep_bytes), .min = 1, .max = SIZE_MAX, .value = "SIZE",
     .unset = "any size", .help = "Keep at most this size of runs, the newest ones."},
    {"keep-age", GBXI_DURATION(prune_options, keep_age_s), .min = 1, .max = GBXI_AGE_S_MAX, .value = "DURATION",
     .unset = "any age", .help = "Keep runs that ended within this time."},
    {"dry-run", GBXI_FLAG(prune_options, dry_run), .help = "Say what would be removed, and remove nothing."},
};

static void print_removed(const gbxi_removed_run *removed, size_t count, bool dry_run)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < count; i++) {
        printf("%s %s, %s\n", dry_run ? "would remove" : "removed", removed[i].id,
               gbxi_figure_bytes(removed[i].bytes).text);
        bytes += removed[i].bytes;
    }
    if (count == 0)
        puts("nothing to remove");
    else
        printf("%zu run%s, %s %s\n", count, count == 1 ? "" : "s", gbxi_figure_bytes(bytes).text,
               dry_run ? "would be freed" : "freed");
}

static gbx_err prune_store(const prune_options *options, gbx_error *error)
{
    const gbxi_retention keep = {.keep_runs = options->keep_runs,
                                 .keep_bytes = options->keep_bytes,
                                 .keep_age_ns = options->keep_age_s * GBXI_NS_PER_S};
    gbxi_removed_run *removed = NULL;
    size_t count = 0;
    gbx_err err;

    if (options->keep_runs == 0 && options->keep_bytes == 0 && options->keep_age_s == 0)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL,
                             "say what to keep: --keep-runs N, --keep-bytes SIZE or --keep-age DURATION");
    err = gbxi_retention_apply(options->store, &keep, options->dry_run, &removed, &count, error);
    if (err == GBX_ERR_OK || count > 0)
        print_removed(removed, count, options->dry_run);
    free(removed);
    return err == GBX_ERR_MISSING ? gbxi_store_refuse_missing(options->store, error) : err;
}

static int prune_run(const void *values)
{
    gbx_error error = {0};
    gbx_err err = prune_store(values, &error);

    return gbxi_command_status("prune", err, &error);
}

static const gbxi_manual_entry prune_manual[] = {
    {"EXAMPLES", "glassbox prune --keep-runs 10 --dry-run", "What would be removed."},
    {"EXAMPLES", "glassbox prune --keep-age 30d --keep-bytes 1G",
     "Only the last 30 days, and of these no more than 1 GiB."},
    {0},
};

const gbxi_command gbxi_command_prune = {
    .name = "prune",
    .summary = "Remove old runs of a store",
    .synopsis = {"--keep-runs N [OPTION...]", "--keep-bytes SIZE [OPTION...]", "--keep-age DURATION [OPTION...]"},
    .description =
        "Removes whole runs, the oldest first, until the rest is within every limit that is given. A run that is being "
        "written is never removed, and the newest only if it is too old.",
    GBXI_COMMAND_OPTIONS(prune_rows, prune_options),
    .manual = prune_manual,
    .prints_result = true,
    .run = prune_run,
};
