/* SPDX-License-Identifier: MIT */
/* The tool `list`: the runs of a store, or the traces of one of them, page by page. */
#include "cli/mcp/tool.h"
#include "cli/store/chosen.h"
#include "cli/store/stored_json.h"
#include <inttypes.h>
#include <stdio.h>

enum { PAGE_DEFAULT = 20, PAGE_MAX = 200, LISTED_RUN_MAX = 64, LISTED_ROUTE_MAX = 4095 };

typedef struct list_arguments {
    const char *run, *route, *cursor;
    uint32_t limit;
    uint64_t slower_than_ns, since_s;
    bool failed;
} list_arguments;

static const gbxi_cli_option list_arguments_rows[] = {
    {"run", GBXI_TEXT(list_arguments, run), .max = LISTED_RUN_MAX, .value = "RUN", .unset = "the runs are listed",
     .help = "List the traces of this run, the slowest first: its id, the beginning of it, 'latest', or 'latest~1' for "
             "the run before that."},
    {"failed", GBXI_FLAG(list_arguments, failed),
     .help = "With run: only traces that failed, by a status of 5xx or by a span."},
    {"route", GBXI_TEXT(list_arguments, route), .max = LISTED_ROUTE_MAX, .value = "ROUTE", .unset = "all routes",
     .help = "With run: only traces of this route, as a trace tells it; * stands for any characters."},
    {"slower-than", GBXI_TIME(list_arguments, slower_than_ns), .min = 1, .max = SIZE_MAX, .value = "TIME",
     .unset = "any duration", .help = "With run: only traces that took at least this time, such as 100ms."},
    {"since", GBXI_DURATION(list_arguments, since_s), .min = 1, .max = GBXI_AGE_S_MAX, .value = "DURATION",
     .unset = "any time",
     .help = "Only what is not older, such as 10m or 2d: runs by their end, traces by their start."},
    {"limit", GBXI_NUMBER(list_arguments, limit), .min = 1, .max = PAGE_MAX, .value = "N", .number = PAGE_DEFAULT,
     .help = "Maximum number of runs or traces of an answer."},
    GBXI_MCP_CURSOR_ROW(list_arguments),
};

/* A page of runs begins behind the one that the cursor names. A run that is being written has not ended. */
static bool is_run_wanted(const gbxi_run_info *run, const list_arguments *arguments, int64_t since_ns)
{
    return (arguments->cursor == NULL || strcmp(run->id, arguments->cursor) < 0) &&
           (run->ended_unix_ns >= since_ns || run->state == GBXI_RUN_WRITING);
}

static gbx_err answer_runs(const gbxi_chosen *chosen, const list_arguments *arguments, gbxi_mcp_answer *answer,
                           gbx_error *error)
{
    const int64_t since_ns = gbxi_instant_before_now(arguments->since_s);
    const char *last = NULL;
    size_t count;
    const gbxi_run_info *runs = gbxi_store_runs(chosen->reader, &count);

    if (arguments->cursor != NULL && !gbxi_run_id_is_valid(arguments->cursor))
        return gbxi_mcp_refuse_cursor(arguments->cursor, error);
    gbxi_mcp_answer_list(answer, "runs");
    for (size_t i = 0; i < count; i++) {
        if (!is_run_wanted(&runs[i], arguments, since_ns))
            continue;
        gbxi_run_write(gbxi_mcp_part(answer), &runs[i]);
        if (answer->item_count >= arguments->limit || !gbxi_mcp_answer_item(answer)) {
            gbxi_mcp_answer_more(answer, "%s", last != NULL ? last : "");
            break;
        }
        last = runs[i].id;
    }
    gbxi_mcp_answer_list_end(answer);
    return GBX_ERR_OK;
}

/* A page of traces. Its cursor is the place of its last trace in the order: its duration and its number. */
typedef struct trace_page {
    gbxi_mcp_answer *answer;
    uint32_t limit;
    bool continues;
    uint64_t after_duration_ns, after_number; /* the last one of the page before, if it continues */
    uint64_t last_duration_ns, last_number;
} trace_page;

static bool read_trace_cursor(const char *cursor, trace_page *page)
{
    char again[GBXI_MCP_CURSOR_SIZE];

    if (sscanf(cursor, "%" SCNu64 ".%" SCNu64, &page->after_duration_ns, &page->after_number) != 2)
        return false;
    snprintf(again, sizeof(again), "%" PRIu64 ".%" PRIu64, page->after_duration_ns, page->after_number);
    page->continues = strcmp(again, cursor) == 0;
    return page->continues;
}

static bool is_before_page(const trace_page *page, const gbxi_stored_trace *trace)
{
    return page->continues && (trace->duration_ns > page->after_duration_ns ||
                               (trace->duration_ns == page->after_duration_ns && trace->number <= page->after_number));
}

static bool add_trace_to_page(void *context, const gbxi_stored_trace *trace)
{
    trace_page *page = context;

    if (is_before_page(page, trace))
        return true;
    gbxi_stored_trace_write(gbxi_mcp_part(page->answer), trace);
    if (page->answer->item_count < page->limit && gbxi_mcp_answer_item(page->answer)) {
        page->last_duration_ns = trace->duration_ns;
        page->last_number = trace->number;
        return true;
    }
    gbxi_mcp_answer_more(page->answer, "%" PRIu64 ".%" PRIu64, page->last_duration_ns, page->last_number);
    return false;
}

static gbx_err answer_traces(gbxi_chosen *chosen, const list_arguments *arguments, gbxi_mcp_answer *answer,
                             gbx_error *error)
{
    const gbxi_trace_query query = {.order = GBXI_TRACES_SLOWEST,
                                    .route = arguments->route,
                                    .min_duration_ns = arguments->slower_than_ns,
                                    .since_unix_ns = gbxi_instant_before_now(arguments->since_s),
                                    .failed_only = arguments->failed};
    trace_page page = {.answer = answer, .limit = arguments->limit};
    gbx_err err = gbxi_chosen_run(chosen, arguments->run, NULL, error);

    if (err != GBX_ERR_OK)
        return err;
    if (arguments->cursor != NULL && !read_trace_cursor(arguments->cursor, &page))
        return gbxi_mcp_refuse_cursor(arguments->cursor, error);
    gbxi_run_write(gbxi_mcp_part(answer), &chosen->run);
    gbxi_mcp_answer_member(answer, "run");
    gbxi_mcp_answer_list(answer, "traces");
    err = gbxi_stored_traces(chosen->stored, &query, add_trace_to_page, &page, error);
    gbxi_mcp_answer_list_end(answer);
    return err;
}

static gbx_err list_tool_run(const char *store, const void *values, gbxi_mcp_answer *answer, gbx_error *error)
{
    const list_arguments *arguments = values;
    gbxi_chosen chosen = {.command = "mcp"};
    gbx_err err = GBX_ERR_OK;

    if (arguments->run == NULL && (arguments->failed || arguments->route != NULL || arguments->slower_than_ns != 0))
        err = gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s selects traces of a run; give run too, such as 'latest'",
                            arguments->failed          ? "failed"
                            : arguments->route != NULL ? "route"
                                                       : "slower_than");
    if (err == GBX_ERR_OK && (err = gbxi_chosen_open(&chosen, store, error)) == GBX_ERR_OK)
        err = arguments->run != NULL ? answer_traces(&chosen, arguments, answer, error)
                                     : answer_runs(&chosen, arguments, answer, error);
    gbxi_chosen_close(&chosen);
    return err;
}

const gbxi_mcp_tool gbxi_mcp_tool_list = {
    .name = "list",
    .title = "List runs or traces",
    .description = "Lists the recorded runs of the service, the newest first, or the traced requests of one run, the "
                   "slowest first. Begin here: a run's id is what the other tools take. Times are in nanoseconds.",
    GBXI_MCP_ARGUMENTS(list_arguments_rows, list_arguments),
    .run = list_tool_run,
};
