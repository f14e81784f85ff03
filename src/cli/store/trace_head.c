/* SPDX-License-Identifier: MIT */
/* Prints what is known of a trace besides its spans. */
#include "cli/store/trace_head.h"
#include "cli/store/reasons.h"
#include "export/identity.h"
#include "text/figures.h"
#include "text/shown.h"
#include <inttypes.h>
#include <string.h>

enum { SHOWN_SIZE = 1024 };

static void print_shown(FILE *out, const char *text)
{
    char shown[SHOWN_SIZE];

    fwrite(shown, 1, gbxi_shown(shown, sizeof(shown), text, strlen(text)), out);
}

static void print_status(FILE *out, uint32_t status)
{
    if (status != 0)
        fprintf(out, "status %" PRIu32, status);
    else
        fputs("no status", out);
}

/* What makes the trace suspicious: a failure, and what is missing. */
static void print_alarms(const gbxi_stored_trace *trace, const gbxi_terminal *terminal)
{
    if (trace->error == NULL && !trace->truncated)
        return;
    gbxi_style_begin(terminal, GBXI_STYLE_ALARM);
    if (trace->error != NULL) {
        fputs("failed", terminal->out);
        if (trace->error_span != NULL) {
            fputs(" in ", terminal->out);
            print_shown(terminal->out, trace->error_span);
        }
        fputs(": ", terminal->out);
        print_shown(terminal->out, trace->error);
        fputc('\n', terminal->out);
    }
    if (trace->truncated)
        fprintf(terminal->out, "incomplete: %" PRIu64 " spans were dropped%s\n", trace->dropped_spans,
                trace->dropped_spans == 0 ? "; the trace was cut, or notes are missing" : "");
    gbxi_style_end(terminal, GBXI_STYLE_ALARM);
}

static void print_figures(const gbxi_stored_trace *trace, const gbxi_terminal *terminal)
{
    FILE *out = terminal->out;

    fprintf(out, "%" PRIu64 " span%s on %" PRIu32 " thread%s, CPU %s", trace->span_count,
            trace->span_count == 1 ? "" : "s", trace->thread_count, trace->thread_count == 1 ? "" : "s",
            gbxi_figure_ns(trace->cpu_ns, terminal->utf8).text);
    if (trace->memory_bytes > 0)
        fprintf(out, ", %s of trace", gbxi_figure_bytes(trace->memory_bytes).text);
    fprintf(out, ", capturing took %s\n", gbxi_figure_ns(trace->price_ns, terminal->utf8).text);
}

/* The name, which the middleware makes of method and path; that of another host may say less. */
static void print_title(const gbxi_stored_trace *trace, FILE *out)
{
    if (strstr(trace->name, trace->path) == NULL) {
        print_shown(out, trace->method);
        fputc(' ', out);
        print_shown(out, trace->path);
        fputs(": ", out);
    }
    print_shown(out, trace->name);
}

void gbxi_trace_head_print(const gbxi_run_info *run, const gbxi_stored_trace *trace, const gbxi_terminal *terminal)
{
    char id[GBXI_TRACE_ID_DIGITS];
    FILE *out = terminal->out;

    gbxi_trace_id_format(trace->trace_id, id);
    gbxi_style_begin(terminal, GBXI_STYLE_STRONG);
    print_title(trace, out);
    gbxi_style_end(terminal, GBXI_STYLE_STRONG);
    fprintf(out, "\n%s, ", gbxi_figure_ns(trace->duration_ns, terminal->utf8).text);
    print_status(out, trace->status);
    fprintf(out, ", %s UTC, kept: %s\n", gbxi_figure_instant(trace->started_unix_ns).text,
            gbxi_reasons(trace->reasons).text);
    fprintf(out, "run %s, trace #%" PRIu64 " %.*s\n", run->id, trace->number, (int)sizeof(id), id);
    print_figures(trace, terminal);
    print_alarms(trace, terminal);
    fputc('\n', out);
}

/* Prints a time in a column; "µ" has two bytes there. */
static void print_duration(const gbxi_terminal *terminal, uint64_t duration_ns)
{
    enum { COLUMNS = 8 };
    gbxi_figure figure = gbxi_figure_ns(duration_ns, terminal->utf8);
    size_t columns = gbxi_shown_columns(figure.text, strlen(figure.text));

    fprintf(terminal->out, "%*s%s", columns < COLUMNS ? (int)(COLUMNS - columns) : 0, "", figure.text);
}

void gbxi_trace_line_print(const gbxi_stored_trace *trace, const gbxi_terminal *terminal)
{
    FILE *out = terminal->out;
    gbxi_style style = trace->error != NULL || trace->status >= 500 ? GBXI_STYLE_ALARM : GBXI_STYLE_PLAIN;

    gbxi_style_begin(terminal, style);
    fprintf(out, "%s  #%-6" PRIu64 "  %3" PRIu32 "  ", gbxi_figure_instant(trace->started_unix_ns).text, trace->number,
            trace->status);
    print_duration(terminal, trace->duration_ns);
    fputs("  ", out);
    print_shown(out, trace->method);
    fputc(' ', out);
    print_shown(out, trace->path);
    fprintf(out, "  %s", gbxi_reasons(trace->reasons).text);
    if (trace->error != NULL) {
        fputs(": ", out);
        print_shown(out, trace->error);
    }
    gbxi_style_end(terminal, style);
    fputc('\n', out);
}
