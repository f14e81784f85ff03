/* SPDX-License-Identifier: MIT */
/* glassbox show: one trace as a tree, or the traces of a run as they come. */
#include "cli/command.h"
#include "cli/store/chosen.h"
#include "cli/store/follow.h"
#include "cli/store/stored_json.h"
#include "cli/store/trace_head.h"
#include "cli/store/tree_json.h"
#include "cli/store/tree_print.h"
#include <stdio.h>

enum { DEPTH_MAX = 2000 };

typedef struct show_options {
    const char *store, *trace, *run;
    uint32_t depth, format;
    bool follow;
} show_options;

static const gbxi_cli_option show_rows[] = {
    GBXI_STORE_ROW(show_options),
    GBXI_TRACE_ROW(show_options),
    {"depth", GBXI_NUMBER(show_options, depth), .min = 1, .max = DEPTH_MAX, .value = "N", .unset = "all levels",
     .help = "Number of levels of spans to show. What is below them is counted."},
    {"follow", GBXI_FLAG(show_options, follow), .excludes = "trace",
     .help = "Print each further trace of the run on a line as it is stored, until the run ends or a signal comes."},
    GBXI_FORMAT_ROW(show_options),
};

static gbx_err print_tree_json(const gbxi_chosen *chosen, const gbxi_tree *tree, uint32_t depth, gbx_error *error)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_json_object_begin(&writer);
    gbxi_json_key(&writer, "run");
    gbxi_run_write(&writer, &chosen->run);
    gbxi_json_key(&writer, "trace");
    gbxi_stored_trace_write(&writer, &chosen->trace);
    if (!gbxi_tree_write(&writer, tree, depth)) {
        gbxi_json_buffer_fini(&buffer);
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    }
    gbxi_json_object_end(&writer);
    return gbxi_printout(&writer, &buffer, error);
}

static gbx_err print_tree(const gbxi_chosen *chosen, const gbxi_tree *tree, uint32_t depth, gbx_error *error)
{
    gbxi_terminal terminal;

    gbxi_terminal_init(&terminal, stdout);
    gbxi_trace_head_print(&chosen->run, &chosen->trace, &terminal);
    if (gbxi_tree_print(tree, depth, &terminal))
        return GBX_ERR_OK;
    return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
}

static gbx_err show_capture(const gbxi_chosen *chosen, const gbx_capture *capture, const show_options *options,
                            gbx_error *error)
{
    uint32_t depth = options->depth != 0 ? options->depth : UINT32_MAX;
    gbxi_tree tree;
    gbx_err err;

    if (!gbxi_tree_init(&tree, capture))
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    else if (options->format == GBXI_FORMAT_JSON)
        err = print_tree_json(chosen, &tree, depth, error);
    else
        err = print_tree(chosen, &tree, depth, error);
    gbxi_tree_fini(&tree);
    return err;
}

static gbx_err show_trace(gbxi_chosen *chosen, const show_options *options, gbx_error *error)
{
    gbx_capture *capture;
    gbx_err err;

    if ((err = gbxi_chosen_trace(chosen, options->trace, error)) != GBX_ERR_OK ||
        (err = gbxi_chosen_restore(chosen, &capture, error)) != GBX_ERR_OK)
        return err;
    err = show_capture(chosen, capture, options, error);
    gbx_capture_unref(capture);
    return err;
}

/* Without a name, the run that is followed is the newest that is being written, which need not be the newest of all. */
static const char *run_to_show(const gbxi_chosen *chosen, const show_options *options)
{
    size_t count;
    const gbxi_run_info *runs = gbxi_store_runs(chosen->reader, &count);

    for (size_t i = 0; options->run == NULL && options->follow && i < count; i++)
        if (runs[i].state == GBXI_RUN_WRITING)
            return runs[i].id;
    return options->run;
}

static int show_run(const void *values)
{
    const show_options *options = values;
    gbxi_chosen chosen = {.command = "show", .has_trace = true};
    gbx_error error = {0};
    gbx_err err;

    if ((err = gbxi_chosen_open(&chosen, options->store, &error)) == GBX_ERR_OK &&
        (err = gbxi_chosen_run(&chosen, run_to_show(&chosen, options), options->trace, &error)) == GBX_ERR_OK)
        err = options->follow ? gbxi_follow(&chosen, options->format == GBXI_FORMAT_JSON, &error)
                              : show_trace(&chosen, options, &error);
    gbxi_chosen_close(&chosen);
    return gbxi_command_status("show", err, &error);
}

static const gbxi_manual_entry show_manual[] = {
    GBXI_RUN_ENTRY("Without RUN, 'latest' is meant."),
    {"TREE", NULL,
     "Below each thread are its spans, indented below the span that called them. Spans with the same name, file and "
     "line below one caller are one row, with the number of calls and their times added up. The bar is the share of "
     "the "
     "trace's duration. A further line has the first failure and the notes of the longest call."},
    {"EXAMPLES", "glassbox show", "The slowest trace of the last run."},
    {"EXAMPLES", "glassbox show latest --trace 12 --depth 3", "The upper levels of another one."},
    {"EXAMPLES", "glassbox show --follow", "The traces of the run that is being written, as they come."},
    {0},
};

const gbxi_command gbxi_command_show = {
    .name = "show",
    .summary = "Show a trace as a tree of spans",
    .synopsis = {"[OPTION...] [RUN]", "--follow [OPTION...] [RUN]"},
    .description = "Shows one trace of RUN as a tree of its spans with their times, by default the slowest trace.",
    GBXI_COMMAND_OPTIONS(show_rows, show_options),
    .manual = show_manual,
    .operand = "RUN",
    .operand_offset = offsetof(show_options, run),
    .prints_result = true,
    .run = show_run,
};
