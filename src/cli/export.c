/* SPDX-License-Identifier: MIT */
/* glassbox export: one trace of a store as a document. */
#define _GNU_SOURCE
#include "cli/command.h"
#include "cli/store/chosen.h"
#include "cli/store/document.h"
#include "cli/store/formats.h"
#include "cli/store/outlet.h"
#include <signal.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 4095, TOP_MAX = 1000 };

typedef struct export_options {
    const char *store, *trace, *output, *run;
    uint32_t format, top, call_tree;
    uint64_t min_duration_ns;
} export_options;

static const char *const call_trees[] = {
#define CALL_TREE_NAME(constant, number, name) [number] = name,
    GBX_CALL_TREES(CALL_TREE_NAME)
#undef CALL_TREE_NAME
        NULL};

static const gbxi_cli_option export_rows[] = {
    GBXI_STORE_ROW(export_options),
    GBXI_TRACE_ROW(export_options),
    {"format", GBXI_CHOICE(export_options, format), .choices = gbxi_format_names, .value = "FORMAT", .required = true,
     .help = "Format of the document."},
    {"output", GBXI_FILE(export_options, output), .max = FILE_BYTES_MAX, .value = "FILE", .unset = "standard output",
     .help = "File to write. It is replaced when the document is whole."},
    {"top", GBXI_NUMBER(export_options, top), .min = 1, .max = TOP_MAX, .value = "N", .number = 10,
     .help = "Number of hotspots and slowest calls in a summary."},
    {"min-duration", GBXI_TIME(export_options, min_duration_ns), .min = 1, .max = SIZE_MAX, .value = "TIME",
     .unset = "all spans",
     .help = "Leave out spans shorter than this, such as 10us; their time stays with the caller."},
    {"call-tree", GBXI_CHOICE(export_options, call_tree), .choices = call_trees, .value = "FORM",
     .help = "Form of the call tree in a full document."},
};

static gbx_err take_for_outlet(void *context, const void *piece, size_t length, gbx_error *error)
{
    return gbxi_outlet_write(context, piece, length, error);
}

static gbx_err export_capture(gbx_capture *capture, const export_options *options, gbx_error *error)
{
    const gbx_export_options how = {.size = sizeof(how),
                                    .min_duration_ns = options->min_duration_ns,
                                    .top_n = options->top,
                                    .call_tree = (gbx_call_tree)options->call_tree};
    gbxi_outlet outlet;
    gbx_err err;

    if ((err = gbxi_outlet_open(&outlet, options->output, error)) == GBX_ERR_OK &&
        (err = gbxi_document_make(capture, (gbx_format)options->format, &how, take_for_outlet, &outlet, error)) ==
            GBX_ERR_OK)
        err = gbxi_outlet_commit(&outlet, error);
    gbxi_outlet_close(&outlet);
    return err;
}

static gbx_err export_trace(gbxi_chosen *chosen, const export_options *options, gbx_error *error)
{
    gbx_capture *capture;
    gbx_err err;

    if ((err = gbxi_chosen_open(chosen, options->store, error)) != GBX_ERR_OK ||
        (err = gbxi_chosen_run(chosen, options->run, options->trace, error)) != GBX_ERR_OK ||
        (err = gbxi_chosen_trace(chosen, options->trace, error)) != GBX_ERR_OK ||
        (err = gbxi_chosen_restore(chosen, &capture, error)) != GBX_ERR_OK)
        return err;
    err = export_capture(capture, options, error);
    gbx_capture_unref(capture);
    return err;
}

static gbx_err check_outlet(const export_options *options, gbx_error *error)
{
    if (options->output != NULL || !gbxi_format_is_binary((gbx_format)options->format) || isatty(STDOUT_FILENO) != 1)
        return GBX_ERR_OK;
    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL,
                         "%s is not for a terminal; give --output FILE or send standard output to a file",
                         gbxi_format_names[options->format]);
}

static int export_run(const void *values)
{
    const export_options *options = values;
    gbxi_chosen chosen = {.command = "export", .has_trace = true};
    gbx_error error = {0};
    gbx_err err;

    signal(SIGPIPE, SIG_IGN); /* so that a closed pipe is an error that is told */
    if ((err = check_outlet(options, &error)) == GBX_ERR_OK)
        err = export_trace(&chosen, options, &error);
    gbxi_chosen_close(&chosen);
    return gbxi_command_status("export", err, &error);
}

static const gbxi_manual_entry export_manual[] = {
    GBXI_RUN_ENTRY("Without RUN, 'latest' is meant."),
    GBXI_FORMAT_ENTRIES,
    {"EXAMPLES", "glassbox export --format speedscope --output trace.json",
     "The slowest trace of the last run, for https://www.speedscope.app."},
    {"EXAMPLES", "glassbox export --format folded latest --trace 12", "Another one, for tools that draw flame graphs."},
    {0},
};

const gbxi_command gbxi_command_export = {
    .name = "export",
    .summary = "Write a trace as a document for other tools",
    .synopsis = {"--format FORMAT [OPTION...] [RUN]"},
    .description = "Writes one trace of RUN as a document, by default the slowest trace.",
    GBXI_COMMAND_OPTIONS(export_rows, export_options),
    .manual = export_manual,
    .operand = "RUN",
    .operand_offset = offsetof(export_options, run),
    .prints_result = true,
    .run = export_run,
};
