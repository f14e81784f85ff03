/* SPDX-License-Identifier: MIT */
/* Prints what came of the requests: for people, or as JSON. */
#include "cli/trace/outcome.h"
#include "cli/store/stored_json.h"
#include "cli/store/terminal.h"
#include "cli/trace/first_findings.h"
#include "text/figures.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void print_statuses(const gbxi_times *tally, bool utf8)
{
    const char *before = " (";

    for (size_t i = 0; i < GBXI_TIMES_STATUSES; i++)
        if (tally->statuses[i] > 0) {
            printf("%s%" PRIu64 " %s %zu", before, tally->statuses[i], utf8 ? "\u00d7" : "x", i);
            before = ", ";
        }
    if (tally->count > 0)
        putchar(')');
}

static void print_outcome(const gbxi_trace_outcome *outcome)
{
    gbxi_times *tally = outcome->tally;
    gbxi_terminal terminal;

    gbxi_terminal_init(&terminal, stdout);
    for (size_t i = 0; i < outcome->found->count; i++)
        printf("run %s: %" PRIu64 " trace%s, %" PRIu64 " failed\n", outcome->found->runs[i].id,
               outcome->found->runs[i].trace_count, plural(outcome->found->runs[i].trace_count),
               outcome->found->runs[i].failed_count);
    printf("%" PRIu64 " request%s", tally->count + tally->error_count, plural(tally->count + tally->error_count));
    print_statuses(tally, terminal.utf8);
    printf(", %" PRIu64 " error%s", tally->error_count, plural(tally->error_count));
    if (tally->count > 0)
        printf(", median %s, slowest %s", gbxi_figure_ns(gbxi_times_median_ns(tally, 0), terminal.utf8).text,
               gbxi_figure_ns(gbxi_times_slowest_ns(tally), terminal.utf8).text);
    puts(outcome->interrupted ? "; interrupted" : "");
    if (outcome->found->traces > 0)
        gbxi_first_findings_print(outcome->store, strcmp(outcome->store, ".glassbox") == 0, outcome->found->runs[0].id);
}

static void write_statuses(gbxi_json_writer *writer, const gbxi_times *tally)
{
    gbxi_json_key(writer, "statuses");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < GBXI_TIMES_STATUSES; i++)
        if (tally->statuses[i] > 0) {
            gbxi_json_object_begin(writer);
            gbxi_json_key(writer, "status");
            gbxi_json_uint(writer, i);
            gbxi_json_key(writer, "count");
            gbxi_json_uint(writer, tally->statuses[i]);
            gbxi_json_object_end(writer);
        }
    gbxi_json_array_end(writer);
}

static void write_times(gbxi_json_writer *writer, gbxi_times *tally)
{
    gbxi_json_key(writer, "median_ns");
    if (tally->count > 0)
        gbxi_json_uint(writer, gbxi_times_median_ns(tally, 0));
    else
        gbxi_json_null(writer);
    gbxi_json_key(writer, "slowest_ns");
    if (tally->count > 0)
        gbxi_json_uint(writer, gbxi_times_slowest_ns(tally));
    else
        gbxi_json_null(writer);
}

static gbx_err print_outcome_json(const gbxi_trace_outcome *outcome, gbx_error *error)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_json_object_begin(&writer);
    gbxi_json_key(&writer, "runs");
    gbxi_json_array_begin(&writer);
    for (size_t i = 0; i < outcome->found->count; i++)
        gbxi_run_write(&writer, &outcome->found->runs[i]);
    gbxi_json_array_end(&writer);
    gbxi_json_key(&writer, "requests");
    gbxi_json_uint(&writer, outcome->tally->count + outcome->tally->error_count);
    gbxi_json_key(&writer, "errors");
    gbxi_json_uint(&writer, outcome->tally->error_count);
    write_statuses(&writer, outcome->tally);
    write_times(&writer, outcome->tally);
    gbxi_json_key(&writer, "interrupted");
    gbxi_json_boolean(&writer, outcome->interrupted);
    gbxi_json_object_end(&writer);
    return gbxi_printout(&writer, &buffer, error);
}

gbx_err gbxi_trace_outcome_print(const gbxi_trace_outcome *outcome, gbx_error *error)
{
    if (outcome->as_json)
        return print_outcome_json(outcome, error);
    print_outcome(outcome);
    return GBX_ERR_OK;
}
