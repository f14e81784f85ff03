/* SPDX-License-Identifier: MIT */
/* glassbox list: the runs of a store, or the traces of one of them. */
#include "cli/command.h"
#include "cli/store/chosen.h"
#include "cli/store/run_table.h"
#include "cli/store/trace_table.h"
#include <stdio.h>
#include <stdlib.h>

enum { TRACES_DEFAULT = 50, ROUTE_BYTES_MAX = 4095 };

typedef struct list_options {
    const char *store, *route, *run;
    uint32_t limit, format;
    uint64_t slower_than_ns, since_s;
    bool failed;
} list_options;

static const gbxi_cli_option list_rows[] = {
    GBXI_STORE_ROW(list_options),
    {"limit", GBXI_NUMBER(list_options, limit), .min = 1, .max = 1000000, .value = "N", .unset = "50 traces, all runs",
     .help = "Maximum number of rows."},
    {"since", GBXI_DURATION(list_options, since_s), .min = 1, .max = GBXI_AGE_S_MAX, .value = "DURATION",
     .unset = "any time",
     .help = "Only what is not older, such as 10m or 2d: runs by their end, traces by their start."},
    {"failed", GBXI_FLAG(list_options, failed),
     .help = "Of a run: only traces that failed, by a status of 5xx or by a span."},
    {"route", GBXI_TEXT(list_options, route), .max = ROUTE_BYTES_MAX, .value = "ROUTE", .unset = "all routes",
     .help =
         "Of a run: only traces of this route, such as /graph/from/{source}/to/{engine}/{transformation}; * stands for "
         "any characters, as in '/graph/*'. --format json tells the route of each."},
    {"slower-than", GBXI_TIME(list_options, slower_than_ns), .min = 1, .max = SIZE_MAX, .value = "TIME",
     .unset = "any duration", .help = "Of a run: only traces that took at least this time, such as 100ms."},
    GBXI_FORMAT_ROW(list_options),
};

/* Copies the runs that are asked for. A run that is being written has not ended. */
static size_t select_runs(const gbxi_run_info *runs, size_t count, const list_options *options, gbxi_run_info *selected)
{
    const size_t limit = options->limit != 0 ? options->limit : SIZE_MAX;
    const int64_t since_ns = gbxi_instant_before_now(options->since_s);
    size_t taken = 0;

    for (size_t i = 0; i < count && taken < limit; i++)
        if (runs[i].ended_unix_ns >= since_ns || runs[i].state == GBXI_RUN_WRITING)
            selected[taken++] = runs[i];
    return taken;
}

static gbx_err list_runs(const gbxi_chosen *chosen, const list_options *options, gbx_error *error)
{
    size_t count;
    const gbxi_run_info *runs = gbxi_store_runs(chosen->reader, &count);
    gbxi_run_info *selected = calloc(count + 1, sizeof(*selected));
    gbx_err err;

    if (selected == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    count = select_runs(runs, count, options, selected);
    err = options->format == GBXI_FORMAT_JSON ? gbxi_run_table_print_json(selected, count, error)
                                              : gbxi_run_table_print(selected, count, error);
    if (err == GBX_ERR_OK && count == 0 && options->format == GBXI_FORMAT_TABLE)
        puts(options->since_s != 0 ? "The store has no such runs." : "The store has no runs.");
    free(selected);
    return err;
}

static gbx_err list_traces(gbxi_chosen *chosen, const list_options *options, gbx_error *error)
{
    const gbxi_trace_query query = {.order = GBXI_TRACES_SLOWEST,
                                    .route = options->route,
                                    .min_duration_ns = options->slower_than_ns,
                                    .since_unix_ns = gbxi_instant_before_now(options->since_s),
                                    .limit = options->limit != 0 ? options->limit : TRACES_DEFAULT,
                                    .failed_only = options->failed};
    gbx_err err = gbxi_chosen_run(chosen, options->run, NULL, error);

    if (err != GBX_ERR_OK)
        return err;
    if (options->format == GBXI_FORMAT_JSON)
        return gbxi_trace_table_print_json(chosen, &query, error);
    return gbxi_trace_table_print(chosen, &query, error);
}

static gbx_err check_list_options(const list_options *options, gbx_error *error)
{
    if (options->run != NULL || (!options->failed && options->route == NULL && options->slower_than_ns == 0))
        return GBX_ERR_OK;
    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s selects traces of a run; name one, such as 'latest'",
                         options->failed          ? "--failed"
                         : options->route != NULL ? "--route"
                                                  : "--slower-than");
}

static int list_run(const void *values)
{
    const list_options *options = values;
    gbxi_chosen chosen = {.command = "list"};
    gbx_error error = {0};
    gbx_err err;

    if ((err = check_list_options(options, &error)) == GBX_ERR_OK &&
        (err = gbxi_chosen_open(&chosen, options->store, &error)) == GBX_ERR_OK)
        err = options->run != NULL ? list_traces(&chosen, options, &error) : list_runs(&chosen, options, &error);
    gbxi_chosen_close(&chosen);
    return gbxi_command_status("list", err, &error);
}

static const gbxi_manual_entry list_manual[] = {
    GBXI_RUN_ENTRY("Without RUN, the runs are listed."),
    {"STATES", "writing", "A process is writing the run."},
    {"STATES", "closed", "The process ended the run; the file of the run is whole and can be copied elsewhere."},
    {"STATES", "broken off",
     "The process was killed. What it had committed is there, and the rest is counted as lost."},
    {"STATES", "unreadable", "The file of the run is damaged or of a newer version; the line below says which."},
    {"EXAMPLES", "glassbox list", "The runs."},
    {"EXAMPLES", "glassbox list latest --slower-than 100ms", "The traces of the last run that took long."},
    {"EXAMPLES", "glassbox list latest~1 --failed --format json",
     "Those of the run before that failed, for a program."},
    {0},
};

const gbxi_command gbxi_command_list = {
    .name = "list",
    .summary = "List the runs of a store, or the traces of a run",
    .synopsis = {"[OPTION...] [RUN]"},
    .description = "Lists the runs of a store, the newest first, or the traces of RUN, the slowest first.",
    GBXI_COMMAND_OPTIONS(list_rows, list_options),
    .manual = list_manual,
    .operand = "RUN",
    .operand_offset = offsetof(list_options, run),
    .prints_result = true,
    .run = list_run,
};
