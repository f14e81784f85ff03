/* SPDX-License-Identifier: MIT */
/* Prints runs as a table and as JSON. */
#include "cli/store/run_table.h"
#include "cli/store/listing.h"
#include "cli/store/stored_json.h"
#include "text/figures.h"
#include <inttypes.h>
#include <stdio.h>

enum { FAULT_INDENT = 4 };

static const gbxi_listing_column run_columns[] = {
    {.title = "RUN"},
    {"STARTED (UTC)", .rank = 6},
    {.title = "STATE"},
    {"TRACES", .right = true},
    {"FAILED", .right = true},
    {"LOST", .right = true, .rank = 2},
    {"P50", .right = true, .rank = 4},
    {"P95", .right = true, .rank = 3},
    {"SLOWEST", .right = true},
    {"SIZE", .right = true, .rank = 5},
};

static void add_run_row(gbxi_listing *listing, const gbxi_run_info *run, const gbxi_terminal *terminal)
{
    bool readable = run->fault[0] == '\0', has_traces = readable && run->trace_count > 0;

    gbxi_listing_row(listing, readable ? GBXI_STYLE_PLAIN : GBXI_STYLE_ALARM);
    gbxi_listing_cell(listing, "%s", run->id);
    gbxi_listing_cell(listing, "%s", gbxi_figure_instant(run->started_unix_ns).text);
    gbxi_listing_cell(listing, "%s", readable ? gbxi_run_state_text(run->state) : "unreadable");
    if (!readable) {
        gbxi_listing_remark(listing, FAULT_INDENT, run->fault);
        return;
    }
    gbxi_listing_cell(listing, "%" PRIu64, run->trace_count);
    gbxi_listing_cell(listing, "%" PRIu64, run->failed_count);
    gbxi_listing_cell(listing, "%" PRIu64, run->lost_count);
    gbxi_listing_cell(listing, "%s", has_traces ? gbxi_figure_ns(run->p50_ns, terminal->utf8).text : "");
    gbxi_listing_cell(listing, "%s", has_traces ? gbxi_figure_ns(run->p95_ns, terminal->utf8).text : "");
    gbxi_listing_cell(listing, "%s", has_traces ? gbxi_figure_ns(run->slowest_ns, terminal->utf8).text : "");
    gbxi_listing_cell(listing, "%s", gbxi_figure_bytes(run->bytes).text);
}

gbx_err gbxi_run_table_print(const gbxi_run_info *runs, size_t count, gbx_error *error)
{
    gbxi_terminal terminal;
    gbxi_listing listing;
    bool printed;

    gbxi_terminal_init(&terminal, stdout);
    gbxi_listing_init(&listing, run_columns, sizeof(run_columns) / sizeof(run_columns[0]));
    for (size_t i = 0; i < count; i++)
        add_run_row(&listing, &runs[i], &terminal);
    printed = gbxi_listing_print(&listing, &terminal);
    gbxi_listing_fini(&listing);
    return printed ? GBX_ERR_OK : gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
}

gbx_err gbxi_run_table_print_json(const gbxi_run_info *runs, size_t count, gbx_error *error)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_json_object_begin(&writer);
    gbxi_json_key(&writer, "runs");
    gbxi_json_array_begin(&writer);
    for (size_t i = 0; i < count; i++)
        gbxi_run_write(&writer, &runs[i]);
    gbxi_json_array_end(&writer);
    gbxi_json_object_end(&writer);
    return gbxi_printout(&writer, &buffer, error);
}
