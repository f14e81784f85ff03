/* SPDX-License-Identifier: MIT */
/* The report in JSON. */
#include "export/identity.h"
#include "findings/recommend.h"
#include "findings/report_write.h"
#include <stdlib.h>

static void rj_text(gbxi_json_writer *writer, const char *name, const char *text)
{
    gbxi_json_key(writer, name);
    gbxi_json_string_z(writer, text);
}

static void rj_uint(gbxi_json_writer *writer, const char *name, uint64_t number)
{
    gbxi_json_key(writer, name);
    gbxi_json_uint(writer, number);
}

static void rj_instant(gbxi_json_writer *writer, const char *name, int64_t unix_ns)
{
    char text[GBXI_INSTANT_SIZE];

    gbxi_json_key(writer, name);
    gbxi_json_string_n(writer, text, gbxi_instant_format(unix_ns, text));
}

static void rj_run(gbxi_json_writer *writer, const gbxi_run_info *run)
{
    gbxi_json_object_begin(writer);
    rj_text(writer, "id", run->id);
    rj_text(writer, "program", run->program);
    rj_instant(writer, "started_at", run->started_unix_ns);
    rj_instant(writer, "ended_at", run->ended_unix_ns);
    rj_uint(writer, "traces", run->trace_count);
    rj_uint(writer, "failed", run->failed_count);
    rj_uint(writer, "lost", run->lost_count);
    gbxi_json_object_end(writer);
}

static void rj_figure(gbxi_json_writer *writer, const gbxi_column *column, gbxi_finding_figure figure)
{
    switch (column->kind) {
    case GBXI_FIGURE_TEXT:
        gbxi_json_string_z(writer, figure.text);
        break;
    case GBXI_FIGURE_SHARE:
        gbxi_json_real(writer, (double)figure.number / 100);
        break;
    case GBXI_FIGURE_CHANGE:
        gbxi_json_real(writer, (double)figure.change / 100);
        break;
    default:
        gbxi_json_uint(writer, figure.number);
    }
}

static void rj_figures(gbxi_json_writer *writer, const gbxi_finding *finding)
{
    gbxi_json_key(writer, "figures");
    gbxi_json_object_begin(writer);
    for (size_t i = 0; finding->rule->columns[i].key != NULL; i++) {
        gbxi_json_key(writer, finding->rule->columns[i].key);
        rj_figure(writer, &finding->rule->columns[i], finding->figures[i]);
    }
    gbxi_json_object_end(writer);
}

static void rj_evidence(gbxi_json_writer *writer, const gbxi_tally *tally)
{
    char id[GBXI_TRACE_ID_DIGITS];

    gbxi_json_key(writer, "evidence");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < GBXI_EVIDENCE_MAX && tally->top[i].number != 0; i++) {
        gbxi_trace_id_format(tally->top[i].trace_id, id);
        gbxi_json_object_begin(writer);
        rj_uint(writer, "number", tally->top[i].number);
        gbxi_json_key(writer, "trace_id");
        gbxi_json_string_n(writer, id, sizeof(id));
        rj_uint(writer, "ns", tally->top[i].ns);
        gbxi_json_object_end(writer);
    }
    gbxi_json_array_end(writer);
}

static void rj_gain(gbxi_json_writer *writer, const gbxi_finding *finding)
{
    gbxi_json_key(writer, "gain");
    if (finding->gain == GBXI_GAIN_NONE) {
        gbxi_json_null(writer);
        return;
    }
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "at_most");
    gbxi_json_boolean(writer, finding->gain == GBXI_GAIN_AT_MOST);
    rj_uint(writer, "low_ns", finding->tally.low_ns);
    rj_uint(writer, "high_ns", finding->tally.high_ns);
    rj_uint(writer, "total_ns", finding->tally.sum_ns);
    gbxi_json_object_end(writer);
}

static void rj_place(gbxi_json_writer *writer, const gbxi_finding *finding)
{
    bool known = finding->file != NULL && finding->file[0] != '\0';

    rj_text(writer, "file", known ? finding->file : NULL);
    gbxi_json_key(writer, "line");
    if (known)
        gbxi_json_uint(writer, finding->line);
    else
        gbxi_json_null(writer);
}

static void rj_acknowledged(gbxi_json_writer *writer, const gbxi_acknowledgement *one)
{
    gbxi_json_key(writer, "acknowledged");
    if (one == NULL) {
        gbxi_json_null(writer);
        return;
    }
    gbxi_json_object_begin(writer);
    rj_text(writer, "because", one->because);
    rj_text(writer, "until", one->until[0] != '\0' ? one->until : NULL);
    gbxi_json_object_end(writer);
}

static void rj_finding(gbxi_json_writer *writer, const gbxi_finding *finding)
{
    char documentation[GBXI_DOCUMENTATION_SIZE];

    gbxi_rule_documentation(finding->rule, documentation);
    gbxi_json_object_begin(writer);
    rj_text(writer, "rule", finding->rule->id);
    rj_text(writer, "level", gbxi_level_name(finding->level));
    rj_text(writer, "signature", finding->signature);
    rj_text(writer, "route", finding->route);
    rj_text(writer, "subject", finding->subject);
    rj_place(writer, finding);
    rj_text(writer, "sentence", finding->sentence);
    rj_figures(writer, finding);
    rj_uint(writer, "traces", finding->tally.trace_count);
    rj_evidence(writer, &finding->tally);
    rj_gain(writer, finding);
    rj_text(writer, "advice", finding->rule->advice);
    rj_text(writer, "documentation", documentation);
    rj_acknowledged(writer, finding->acknowledged);
    gbxi_json_object_end(writer);
}

static void rj_findings(gbxi_json_writer *writer, const gbxi_report *report)
{
    const gbxi_rule *rule;
    const gbxi_finding *first;
    size_t left_out, count;

    gbxi_json_key(writer, "findings");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; (rule = gbxi_rule_at(i)) != NULL; i++) {
        count = gbxi_report_of_rule(report, rule, &first, &left_out);
        for (size_t j = 0; j < count; j++)
            rj_finding(writer, &first[j]);
    }
    gbxi_json_array_end(writer);
    gbxi_json_key(writer, "acknowledged");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < report->findings.count; i++)
        if (report->findings.at[i].acknowledged != NULL)
            rj_finding(writer, &report->findings.at[i]);
    gbxi_json_array_end(writer);
}

static uint64_t rj_left_out(const gbxi_report *report)
{
    const gbxi_rule *rule;
    const gbxi_finding *first;
    size_t left_out;
    uint64_t sum = 0;

    for (size_t i = 0; (rule = gbxi_rule_at(i)) != NULL; i++) {
        gbxi_report_of_rule(report, rule, &first, &left_out);
        sum += left_out;
    }
    return sum;
}

static void rj_blind_spots(gbxi_json_writer *writer, const gbxi_report *report)
{
    gbxi_json_key(writer, "cannot_show");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < report->blind_spot_count; i++) {
        gbxi_json_object_begin(writer);
        rj_text(writer, "rule", report->blind_spots[i].rule);
        rj_text(writer, "sentence", report->blind_spots[i].text);
        gbxi_json_object_end(writer);
    }
    gbxi_json_array_end(writer);
}

gbx_err gbxi_report_json(const gbxi_report *report, gbxi_json_writer *writer)
{
    size_t count;
    const gbxi_finding **recommended = gbxi_recommendations_new(report, &count);

    if (recommended == NULL)
        return GBX_ERR_NO_MEMORY;
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "run");
    rj_run(writer, &report->run);
    gbxi_json_key(writer, "baseline");
    if (report->baseline.id[0] != '\0')
        rj_run(writer, &report->baseline);
    else
        gbxi_json_null(writer);
    rj_uint(writer, "traces", report->counts.traces);
    rj_uint(writer, "spans", report->counts.calls);
    rj_blind_spots(writer, report);
    rj_findings(writer, report);
    rj_uint(writer, "left_out", rj_left_out(report));
    gbxi_json_key(writer, "recommendations");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < count; i++)
        gbxi_json_string_z(writer, recommended[i]->signature);
    gbxi_json_array_end(writer);
    gbxi_json_object_end(writer);
    free(recommended);
    return GBX_ERR_OK;
}
