/* SPDX-License-Identifier: MIT */
/* glassbox compare: what differs between two runs, traces or selections of traces. */
#define _GNU_SOURCE
#include "cli/command.h"
#include "cli/store/chosen.h"
#include "cli/store/comparison_table.h"
#include "cli/store/outlet.h"
#include "cli/store/side.h"
#include "findings/compare/comparison_json.h"
#include "findings/compare/comparison_speedscope.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { COMPARED_TOP_MAX = 100000, COMPARED_TOP_TABLE = 20, COMPARED_FILE_MAX = 4095 };

typedef struct compare_options {
    const char *store, *output, *before, *after;
    uint32_t format, by, top;
    bool fail_on_slower;
} compare_options;

enum { COMPARE_TABLE, COMPARE_JSON, COMPARE_SPEEDSCOPE };

static const char *const compare_by_names[] = {"self", "total", NULL};
static const char *const compare_formats[] = {"table", "json", "speedscope", NULL};

static const gbxi_cli_option compare_rows[] = {
    GBXI_STORE_ROW(compare_options),
    {"by", GBXI_CHOICE(compare_options, by), .choices = compare_by_names, .value = "TIME",
     .help = "Time of a frame that is compared: self leaves out the frames that it calls, total does not."},
    {"top", GBXI_NUMBER(compare_options, top), .min = 1, .max = COMPARED_TOP_MAX, .value = "N",
     .unset = "20 in a table, otherwise all", .help = "Maximum number of frames to list."},
    {"format", GBXI_CHOICE(compare_options, format), .choices = compare_formats, .value = "FORMAT",
     .help = "A table to read, JSON with exact figures for programs, or a file for https://www.speedscope.app."},
    {"output", GBXI_FILE(compare_options, output), .max = COMPARED_FILE_MAX, .value = "FILE",
     .unset = "standard output", .help = "File to write. It is replaced when the document is whole."},
    {"fail-on-slower", GBXI_FLAG(compare_options, fail_on_slower),
     .help = "End with status 3 if a frame is shown to be slower."},
};

static gbx_err compare_open(gbxi_sides *sides, const compare_options *options, gbx_error *error)
{
    if (options->after == NULL)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "expected BEFORE and AFTER, such as 'latest~1 latest'");
    return gbxi_sides_open(sides, options->store, options->before, options->after, error);
}

/* Writes the finished document with a line break. */
static gbx_err compare_put(gbxi_json_writer *writer, gbxi_json_buffer *buffer, const char *output, gbx_error *error)
{
    gbxi_outlet outlet;
    gbx_err err = gbxi_json_writer_finish(writer);

    if (err != GBX_ERR_OK)
        return gbx_error_set(error, err, NULL, "%s", gbx_err_text(err));
    if ((err = gbxi_outlet_open(&outlet, output, error)) == GBX_ERR_OK &&
        (err = gbxi_outlet_write(&outlet, buffer->bytes, buffer->length, error)) == GBX_ERR_OK &&
        (err = gbxi_outlet_write(&outlet, "\n", 1, error)) == GBX_ERR_OK)
        err = gbxi_outlet_commit(&outlet, error);
    gbxi_outlet_close(&outlet);
    return err;
}

static gbx_err compare_write(const gbxi_comparison *comparison, const gbxi_sides *sides, const compare_options *options,
                             gbx_error *error)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;
    gbx_err err = GBX_ERR_OK;

    gbxi_json_writer_init_buffer(&writer, &buffer);
    if (options->format == COMPARE_JSON)
        gbxi_comparison_write(&writer, comparison, &sides->at[GBXI_BEFORE], &sides->at[GBXI_AFTER], options->top);
    else
        err = gbxi_comparison_write_speedscope(&writer, comparison, &sides->at[GBXI_BEFORE], &sides->at[GBXI_AFTER],
                                               error);
    if (err == GBX_ERR_OK)
        err = compare_put(&writer, &buffer, options->output, error);
    gbxi_json_buffer_fini(&buffer);
    return err;
}

static gbx_err compare_print(const gbxi_comparison *comparison, const gbxi_sides *sides, const compare_options *options,
                             gbx_error *error)
{
    gbxi_terminal terminal;

    gbxi_terminal_init(&terminal, stdout);
    return gbxi_comparison_print(comparison, &sides->at[GBXI_BEFORE], &sides->at[GBXI_AFTER],
                                 options->top != 0 ? options->top : COMPARED_TOP_TABLE, &terminal, error);
}

static gbx_err compare_check(const compare_options *options, gbx_error *error)
{
    if (options->output == NULL || options->format != COMPARE_TABLE)
        return GBX_ERR_OK;
    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "--output is for --format json and speedscope");
}

static int compare_run(const void *values)
{
    const compare_options *options = values;
    gbxi_sides sides = {.chosen = {{.command = "compare"}, {.command = "compare"}}};
    gbxi_comparison comparison = {.frames = NULL};
    gbx_error error = {0};
    gbx_err err;
    bool slower;

    signal(SIGPIPE, SIG_IGN);
    if ((err = compare_check(options, &error)) == GBX_ERR_OK &&
        (err = compare_open(&sides, options, &error)) == GBX_ERR_OK &&
        (err = gbxi_comparison_make(&comparison, &sides.at[GBXI_BEFORE], &sides.at[GBXI_AFTER],
                                    &(gbxi_compare_options){.by = (gbxi_compare_by)options->by}, &error)) == GBX_ERR_OK)
        err = options->format == COMPARE_TABLE ? compare_print(&comparison, &sides, options, &error)
                                               : compare_write(&comparison, &sides, options, &error);
    slower = err == GBX_ERR_OK && comparison.marked[0] > 0 && options->fail_on_slower;
    gbxi_comparison_fini(&comparison);
    gbxi_sides_close(&sides);
    /* Incomplete output is told in the place of what it was about. */
    return slower && fflush(stdout) == 0 && !ferror(stdout) ? GBXI_EXIT_FOUND
                                                            : gbxi_command_status("compare", err, &error);
}

static const gbxi_manual_entry compare_manual[] = {
    GBXI_RUN_ENTRY("Each side is a run, or a part of one as below; without RUN before # or ?, 'latest' is meant."),
    {"SIDES", "RUN#TRACE", "One trace of the run: its number, or the beginning of its id. A whole id needs no RUN."},
    {"SIDES", "RUN?FIELD=VALUE&...",
     "The traces of the run that all fields select: route, method, since, until, failed (on or off) and slower-than, "
     "as "
     "the options of 'glassbox list' do; until is the opposite of since. %XX stands for a byte, such as %26 for &."},
    {"TABLE", NULL,
     "Times are medians of the requests that have the frame. CHANGE is without the common drift. P is the chance of a "
     "difference in ranks like this one without a cause, adjusted for the number of frames. SHOWN is slower or faster "
     "if "
     "P is at most 0.01 and CHANGE exceeds 5 % and what two processes of one program differ anyway."},
    {"EXIT STATUS", "3", "With --fail-on-slower: a frame is shown to be slower."},
    {"EXAMPLES", "glassbox compare latest~1 latest", "What the last change has changed."},
    {"EXAMPLES", "glassbox compare 'latest?until=1h' 'latest?since=1h'", "A run before and after a moment."},
    {"EXAMPLES", "glassbox compare latest~1 latest --format speedscope --output diff.speedscope.json",
     "Both sides and their differences as flame graphs."},
    {0},
};

const gbxi_command gbxi_command_compare = {
    .name = "compare",
    .summary = "Compare two runs, frame by frame",
    .synopsis = {"[OPTION...] BEFORE AFTER"},
    .description = "Compares what the frames take in the requests of two runs, of two traces, or of two selections of "
                   "traces, route by route, and shows what differs by more than chance.",
    GBXI_COMMAND_OPTIONS(compare_rows, compare_options),
    .manual = compare_manual,
    .operand = "BEFORE",
    .operand_offset = offsetof(compare_options, before),
    .second_operand = "AFTER",
    .second_operand_offset = offsetof(compare_options, after),
    .prints_result = true,
    .run = compare_run,
};
