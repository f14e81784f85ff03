/* SPDX-License-Identifier: MIT */
/* The report in Markdown. */
#include "base/file.h"
#include "export/identity.h"
#include "findings/markdown.h"
#include "findings/recommend.h"
#include "findings/report_write.h"
#include "text/figures.h"
#include <inttypes.h>
#include <stdlib.h>

enum { CELL_BYTES_MAX = 160, SENTENCE_BYTES_MAX = 400, ID_DIGITS_SHOWN = 8 };

static void md_figure(FILE *out, const gbxi_column *column, gbxi_finding_figure figure)
{
    switch (column->kind) {
    case GBXI_FIGURE_COUNT:
        fprintf(out, "%" PRIu64, figure.number);
        break;
    case GBXI_FIGURE_NS:
        fputs(gbxi_figure_ns(figure.number, true).text, out);
        break;
    case GBXI_FIGURE_SHARE:
        fprintf(out, "%.1f %%", (double)figure.number / 100);
        break;
    case GBXI_FIGURE_CHANGE:
        fprintf(out, "%+.1f %%", (double)figure.change / 100);
        break;
    case GBXI_FIGURE_TEXT:
        gbxi_markdown_code(out, figure.text, CELL_BYTES_MAX);
        break;
    }
}

static bool md_has_place(const gbxi_finding *finding)
{
    return finding->file != NULL && finding->file[0] != '\0';
}

/* A file and a line, as editors and terminals understand them. */
static void md_place(FILE *out, const gbxi_finding *finding)
{
    char text[CELL_BYTES_MAX];
    const char *file;

    if (!md_has_place(finding))
        return;
    file = gbxi_file_path_shown(finding->file);
    snprintf(text, sizeof(text), "%s%s:%" PRIu32, file != finding->file ? "\xe2\x80\xa6" : "", file, finding->line);
    gbxi_markdown_code(out, text, sizeof(text));
}

static bool md_any_place(const gbxi_finding *findings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (md_has_place(&findings[i]))
            return true;
    return false;
}

static void md_titles(FILE *out, const gbxi_rule *rule, bool places)
{
    fprintf(out, "|%s %s |%s", rule->has_route ? " Route |" : "", rule->subject, places ? " Where |" : "");
    for (const gbxi_column *column = rule->columns; column->key != NULL; column++)
        fprintf(out, " %s |", column->title);
    fprintf(out, " Signature |\n|%s---|%s", rule->has_route ? "---|" : "", places ? "---|" : "");
    for (const gbxi_column *column = rule->columns; column->key != NULL; column++)
        fputs(column->kind == GBXI_FIGURE_TEXT ? "---|" : "--:|", out);
    fputs("---|\n", out);
}

static void md_row(FILE *out, const gbxi_finding *finding, bool places)
{
    const gbxi_rule *rule = finding->rule;

    fputs("| ", out);
    if (rule->has_route) {
        gbxi_markdown_code(out, finding->route, CELL_BYTES_MAX);
        fputs(" | ", out);
    }
    gbxi_markdown_code(out, finding->subject, CELL_BYTES_MAX);
    fputs(" | ", out);
    if (places) {
        md_place(out, finding);
        fputs(" | ", out);
    }
    for (size_t i = 0; rule->columns[i].key != NULL; i++) {
        md_figure(out, &rule->columns[i], finding->figures[i]);
        fputs(" | ", out);
    }
    fprintf(out, "`%.*s` |\n", GBXI_SIGNATURE_SHORT, finding->signature);
}

static void md_section(FILE *out, const gbxi_report *report, const gbxi_rule *rule)
{
    const gbxi_finding *first;
    size_t left_out, count = gbxi_report_of_rule(report, rule, &first, &left_out);
    bool places;

    if (count == 0)
        return;
    places = md_any_place(first, count);
    fprintf(out, "\n## %s\n\n", rule->heading);
    md_titles(out, rule, places);
    for (size_t i = 0; i < count; i++)
        md_row(out, &first[i], places);
    if (left_out > 0)
        fprintf(out, "\n%zu more %s left out; `--top` says how many are shown.\n", left_out,
                left_out == 1 ? "is" : "are");
}

static void md_head(FILE *out, const gbxi_report *report)
{
    const gbxi_run_info *run = &report->run;

    fprintf(out, "# Glassbox report\n\nRun `%s` of ", run->id);
    gbxi_markdown_code(out, run->program[0] != '\0' ? run->program : "?", CELL_BYTES_MAX);
    fprintf(out, ", %s to %s UTC: %" PRIu64 " traces with %" PRIu64 " spans, %" PRIu64 " failed, %" PRIu64 " lost.\n",
            gbxi_figure_instant(run->started_unix_ns).text, gbxi_figure_instant(run->ended_unix_ns).text,
            report->counts.traces, report->counts.calls, run->failed_count, run->lost_count);
    if (report->baseline.id[0] != '\0')
        fprintf(out, "Baseline: run `%s`, %s to %s UTC.\n", report->baseline.id,
                gbxi_figure_instant(report->baseline.started_unix_ns).text,
                gbxi_figure_instant(report->baseline.ended_unix_ns).text);
    if (report->acknowledged_count > 0)
        fprintf(out, "\n%" PRIu64 " acknowledged %s left out; `glassbox findings` lists what is acknowledged.\n",
                report->acknowledged_count, report->acknowledged_count == 1 ? "finding is" : "findings are");
    for (size_t i = 0; i < report->blind_spot_count; i++) {
        fputs(i == 0 ? "\nWhat this run cannot show:\n\n- " : "- ", out);
        gbxi_markdown_prose(out, report->blind_spots[i].text, SENTENCE_BYTES_MAX);
        putc('\n', out);
    }
}

static void md_gain(FILE *out, const gbxi_finding *finding)
{
    const gbxi_tally *tally = &finding->tally;
    gbxi_figure low = gbxi_figure_ns(tally->low_ns, true), high = gbxi_figure_ns(tally->high_ns, true);
    bool is_range = strcmp(low.text, high.text) != 0;

    if (finding->gain == GBXI_GAIN_NONE)
        return;
    fprintf(out, "%s %s%s%s of a request, in %" PRIu64 " %s; %s in all. ",
            finding->gain == GBXI_GAIN_EXACT ? "Would save" : "Would save at most", is_range ? low.text : "",
            is_range ? " to " : "", high.text, tally->trace_count, tally->trace_count == 1 ? "trace" : "traces",
            gbxi_figure_ns(tally->sum_ns, true).text);
}

static void md_evidence(FILE *out, const gbxi_finding *finding)
{
    char id[GBXI_TRACE_ID_DIGITS];
    const char *before = "Evidence: ";

    if (md_has_place(finding)) {
        fputs(before, out);
        md_place(out, finding);
        before = ", ";
    }
    for (size_t i = 0; i < GBXI_EVIDENCE_MAX && finding->tally.top[i].number != 0; i++) {
        gbxi_trace_id_format(finding->tally.top[i].trace_id, id);
        fprintf(out, "%strace `#%" PRIu64 "` `%.*s`", before, finding->tally.top[i].number, ID_DIGITS_SHOWN, id);
        before = ", ";
    }
    fputs(before[0] == ',' ? ". " : "", out);
}

static void md_recommendation(FILE *out, size_t number, const gbxi_finding *finding)
{
    char documentation[GBXI_DOCUMENTATION_SIZE];

    gbxi_rule_documentation(finding->rule, documentation);
    fprintf(out, "%zu. ", number);
    if (finding->route != NULL && finding->rule->has_route) {
        gbxi_markdown_code(out, finding->route, CELL_BYTES_MAX);
        fputs(": ", out);
    }
    gbxi_markdown_prose(out, finding->sentence, SENTENCE_BYTES_MAX);
    fprintf(out, ".\n   %s\n   ", finding->rule->advice);
    md_gain(out, finding);
    md_evidence(out, finding);
    fprintf(out, "[%s](%s), `%.*s`\n", finding->rule->id, documentation, GBXI_SIGNATURE_SHORT, finding->signature);
}

gbx_err gbxi_report_markdown(const gbxi_report *report, FILE *out)
{
    size_t count;
    const gbxi_finding **recommended = gbxi_recommendations_new(report, &count);
    const gbxi_rule *rule;

    if (recommended == NULL)
        return GBX_ERR_NO_MEMORY;
    md_head(out, report);
    for (size_t i = 0; (rule = gbxi_rule_at(i)) != NULL; i++)
        md_section(out, report, rule);
    if (count > 0)
        fputs("\n## Recommendations\n\n", out);
    for (size_t i = 0; i < count; i++)
        md_recommendation(out, i + 1, recommended[i]);
    free(recommended);
    return GBX_ERR_OK;
}
