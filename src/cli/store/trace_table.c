/* SPDX-License-Identifier: MIT */
/* Prints traces as a table and as JSON. */
#include "cli/store/trace_table.h"
#include "cli/store/listing.h"
#include "cli/store/reasons.h"
#include "cli/store/stored_json.h"
#include "text/figures.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const gbxi_listing_column trace_columns[] = {
    {"NUMBER", .right = true},
    {"DURATION", .right = true},
    {"STATUS", .right = true},
    {"METHOD", .rank = 3},
    {"PATH", .stretches = true, .cut_inside = true},
    {"KEPT", .rank = 4},
    {"SPANS", .right = true, .rank = 5},
    {"STARTED (UTC)", .rank = 6},
    {"TRACE", .rank = 2},
};

/* How many traces are still wanted. One more than that is asked for, which says whether there are more. */
typedef struct trace_room {
    uint64_t left;
    bool more;
} trace_room;

typedef struct trace_table {
    trace_room room;
    gbxi_listing listing;
    gbxi_terminal terminal;
} trace_table;

typedef struct trace_array {
    trace_room room;
    gbxi_json_writer writer;
} trace_array;

static gbxi_trace_query query_with_one_more(const gbxi_trace_query *query)
{
    gbxi_trace_query result = *query;

    result.limit++;
    return result;
}

static bool may_take(trace_room *room)
{
    room->more = room->left == 0;
    return !room->more && room->left-- > 0;
}

static bool add_trace_row(void *context, const gbxi_stored_trace *trace)
{
    trace_table *table = context;
    gbxi_listing *listing = &table->listing;
    bool failed = trace->error != NULL || trace->status >= 500;

    if (!may_take(&table->room))
        return false;
    gbxi_listing_row(listing, failed ? GBXI_STYLE_ALARM : GBXI_STYLE_PLAIN);
    gbxi_listing_cell(listing, "%" PRIu64, trace->number);
    gbxi_listing_cell(listing, "%s", gbxi_figure_ns(trace->duration_ns, table->terminal.utf8).text);
    if (trace->status != 0)
        gbxi_listing_cell(listing, "%" PRIu32, trace->status);
    else
        gbxi_listing_cell(listing, "-");
    gbxi_listing_text(listing, trace->method, strlen(trace->method));
    gbxi_listing_text(listing, trace->path, strlen(trace->path));
    gbxi_listing_cell(listing, "%s", gbxi_reasons(trace->reasons).text);
    gbxi_listing_cell(listing, "%" PRIu64, trace->span_count);
    gbxi_listing_cell(listing, "%s", gbxi_figure_instant(trace->started_unix_ns).text);
    gbxi_listing_cell(listing, "%02x%02x%02x%02x", trace->trace_id[0], trace->trace_id[1], trace->trace_id[2],
                      trace->trace_id[3]);
    return !listing->failed;
}

static bool add_trace_json(void *context, const gbxi_stored_trace *trace)
{
    trace_array *array = context;

    if (!may_take(&array->room))
        return false;
    gbxi_stored_trace_write(&array->writer, trace);
    return array->writer.error == GBX_ERR_OK;
}

gbx_err gbxi_trace_table_print(gbxi_chosen *chosen, const gbxi_trace_query *query, gbx_error *error)
{
    const gbxi_trace_query asked = query_with_one_more(query);
    trace_table table = {.room = {.left = query->limit}};
    gbx_err err;

    gbxi_terminal_init(&table.terminal, stdout);
    gbxi_listing_init(&table.listing, trace_columns, sizeof(trace_columns) / sizeof(trace_columns[0]));
    err = gbxi_stored_traces(chosen->stored, &asked, add_trace_row, &table, error);
    if (err == GBX_ERR_OK && !gbxi_listing_print(&table.listing, &table.terminal))
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    if (err == GBX_ERR_OK && table.listing.line_count == 0)
        puts(chosen->run.trace_count > 0 ? "The run has no such traces." : "The run has no traces.");
    if (err == GBX_ERR_OK && table.room.more)
        puts("There are more; --limit says how many to list.");
    gbxi_listing_fini(&table.listing);
    return err;
}

gbx_err gbxi_trace_table_print_json(gbxi_chosen *chosen, const gbxi_trace_query *query, gbx_error *error)
{
    const gbxi_trace_query asked = query_with_one_more(query);
    trace_array array = {.room = {.left = query->limit}};
    gbxi_json_buffer buffer = {0};
    gbx_err err;

    gbxi_json_writer_init_buffer(&array.writer, &buffer);
    gbxi_json_object_begin(&array.writer);
    gbxi_json_key(&array.writer, "run");
    gbxi_run_write(&array.writer, &chosen->run);
    gbxi_json_key(&array.writer, "traces");
    gbxi_json_array_begin(&array.writer);
    if ((err = gbxi_stored_traces(chosen->stored, &asked, add_trace_json, &array, error)) != GBX_ERR_OK) {
        gbxi_json_buffer_fini(&buffer);
        return err;
    }
    gbxi_json_array_end(&array.writer);
    gbxi_json_key(&array.writer, "more");
    gbxi_json_boolean(&array.writer, array.room.more);
    gbxi_json_object_end(&array.writer);
    return gbxi_printout(&array.writer, &buffer, error);
}
