/* SPDX-License-Identifier: MIT */
/* The tool `compare`: what differs between two sides of the store, by more than chance. */
#define _GNU_SOURCE
#include "cli/mcp/paged.h"
#include "cli/mcp/tool.h"
#include "cli/store/side.h"
#include "findings/compare/comparison_json.h"

enum { COMPARED_PAGE_DEFAULT = 20, COMPARED_PAGE_MAX = 200 };

typedef struct compare_arguments {
    const char *before, *after, *cursor;
    uint32_t by, limit;
} compare_arguments;

static const char *const compare_argument_times[] = {"self", "total", NULL};

static const gbxi_cli_option compare_arguments_rows[] = {
    {"before", GBXI_TEXT(compare_arguments, before), .max = GBXI_SIDE_NAME_MAX, .value = "SIDE", .required = true,
     .help = "What was before: a run, such as latest~1; or one trace of it, such as latest~1#12; or the traces of it "
             "that fields select, such as 'latest?route=/items/%2A&failed=on' (route, method, since, until, failed and "
             "slower-than)."},
    {"after", GBXI_TEXT(compare_arguments, after), .max = GBXI_SIDE_NAME_MAX, .value = "SIDE", .required = true,
     .help = "What came after, written in the same way, such as latest."},
    {"by", GBXI_CHOICE(compare_arguments, by), .choices = compare_argument_times, .value = "TIME",
     .help = "Time of a frame that is compared: self leaves out the frames that it calls, total does not."},
    {"limit", GBXI_NUMBER(compare_arguments, limit), .min = 1, .max = COMPARED_PAGE_MAX, .value = "N",
     .number = COMPARED_PAGE_DEFAULT, .help = "Maximum number of frames of an answer; those that differ come first."},
    GBXI_MCP_CURSOR_ROW(compare_arguments),
};

/* Makes the document of the command, and answers with a page of it. */
static gbx_err answer_compared(const gbxi_comparison *comparison, const gbxi_sides *sides, const gbxi_mcp_page *page,
                               gbxi_mcp_answer *answer, gbx_error *error)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;
    gbx_err err;

    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_comparison_write(&writer, comparison, &sides->at[GBXI_BEFORE], &sides->at[GBXI_AFTER], 0);
    err = gbxi_json_writer_finish(&writer);
    err = err == GBX_ERR_OK ? gbxi_mcp_page_answer(page, &buffer, answer, error)
                            : gbx_error_set(error, err, NULL, "cannot make the comparison: %s", gbx_err_text(err));
    gbxi_json_buffer_fini(&buffer);
    return err;
}

static gbx_err compare_tool_run(const char *store, const void *values, gbxi_mcp_answer *answer, gbx_error *error)
{
    const compare_arguments *arguments = values;
    const gbxi_compare_options how = {.by = (gbxi_compare_by)arguments->by};
    gbxi_mcp_page page = {.list = "frames", .limit = arguments->limit};
    gbxi_sides sides = {.chosen = {{.command = "mcp"}, {.command = "mcp"}}};
    gbxi_comparison comparison = {.frames = NULL};
    gbx_err err;

    if ((err = gbxi_mcp_page_begin(&page, arguments->cursor, error)) == GBX_ERR_OK &&
        (err = gbxi_sides_open(&sides, store, arguments->before, arguments->after, error)) == GBX_ERR_OK &&
        (err = gbxi_comparison_make(&comparison, &sides.at[GBXI_BEFORE], &sides.at[GBXI_AFTER], &how, error)) ==
            GBX_ERR_OK)
        err = answer_compared(&comparison, &sides, &page, answer, error);
    gbxi_comparison_fini(&comparison);
    gbxi_sides_close(&sides);
    return err;
}

const gbxi_mcp_tool gbxi_mcp_tool_compare = {
    .name = "compare",
    .title = "Compare two runs",
    .description =
        "Compares two runs, two traces or two selections of traces, frame by frame and route by route, and marks what "
        "is slower or faster by more than chance; 'verdict' says it in a sentence. Use it after a change, with the run "
        "before it. Ratios are without the drift that all frames have in common. Under 8 requests a side nothing can "
        "be "
        "shown. Times are in nanoseconds.",
    GBXI_MCP_ARGUMENTS(compare_arguments_rows, compare_arguments),
    .run = compare_tool_run,
};
