/* SPDX-License-Identifier: MIT */
/* The report in SARIF, for the places where people read what analysers say of code. */
#include "export/identity.h"
#include "findings/recommend.h"
#include "findings/report_write.h"
#include <glassbox/version.h>
#include <stdio.h>

static void sarif_text(gbxi_json_writer *writer, const char *name, const char *text)
{
    gbxi_json_key(writer, name);
    gbxi_json_string_z(writer, text);
}

/* {"text": ...} under a name. */
static void sarif_message(gbxi_json_writer *writer, const char *name, const char *text)
{
    gbxi_json_key(writer, name);
    gbxi_json_object_begin(writer);
    sarif_text(writer, "text", text);
    gbxi_json_object_end(writer);
}

static void sarif_rule(gbxi_json_writer *writer, const gbxi_rule *rule)
{
    char documentation[GBXI_DOCUMENTATION_SIZE], help[512];

    gbxi_rule_documentation(rule, documentation);
    snprintf(help, sizeof(help), "%s See %s.", rule->advice, documentation);
    gbxi_json_object_begin(writer);
    sarif_text(writer, "id", rule->id);
    sarif_text(writer, "name", rule->heading);
    sarif_message(writer, "shortDescription", rule->heading);
    sarif_message(writer, "fullDescription", rule->meaning);
    sarif_message(writer, "help", help);
    gbxi_json_object_end(writer);
}

static void sarif_tool(gbxi_json_writer *writer)
{
    const gbxi_rule *rule;

    gbxi_json_key(writer, "tool");
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "driver");
    gbxi_json_object_begin(writer);
    sarif_text(writer, "name", "glassbox");
    sarif_text(writer, "version", GBX_VERSION);
    gbxi_json_key(writer, "rules");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; (rule = gbxi_rule_at(i)) != NULL; i++)
        sarif_rule(writer, rule);
    gbxi_json_array_end(writer);
    gbxi_json_object_end(writer);
    gbxi_json_object_end(writer);
}

/* A path as a URI reference (RFC 3986). */
static void sarif_uri(gbxi_json_writer *writer, const char *path)
{
    static const char kept[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    gbxi_json_text text;
    char code[4];

    gbxi_json_text_begin(writer, &text);
    if (path[0] == '/')
        gbxi_json_text_add(writer, &text, "file://", 7);
    for (; *path != '\0'; path++) {
        if (strchr(kept, *path) != NULL) {
            gbxi_json_text_add(writer, &text, path, 1);
            continue;
        }
        snprintf(code, sizeof(code), "%%%02X", (unsigned char)*path);
        gbxi_json_text_add(writer, &text, code, 3);
    }
    gbxi_json_text_end(writer, &text);
}

static void sarif_location(gbxi_json_writer *writer, const gbxi_finding *finding)
{
    gbxi_json_key(writer, "locations");
    gbxi_json_array_begin(writer);
    gbxi_json_object_begin(writer);
    if (finding->file != NULL && finding->file[0] != '\0') {
        gbxi_json_key(writer, "physicalLocation");
        gbxi_json_object_begin(writer);
        gbxi_json_key(writer, "artifactLocation");
        gbxi_json_object_begin(writer);
        gbxi_json_key(writer, "uri");
        sarif_uri(writer, finding->file);
        gbxi_json_object_end(writer);
        gbxi_json_key(writer, "region");
        gbxi_json_object_begin(writer);
        gbxi_json_key(writer, "startLine");
        gbxi_json_uint(writer, finding->line > 0 ? finding->line : 1);
        gbxi_json_object_end(writer);
        gbxi_json_object_end(writer);
    }
    gbxi_json_key(writer, "logicalLocations");
    gbxi_json_array_begin(writer);
    gbxi_json_object_begin(writer);
    sarif_text(writer, "fullyQualifiedName", finding->subject);
    gbxi_json_object_end(writer);
    gbxi_json_array_end(writer);
    gbxi_json_object_end(writer);
    gbxi_json_array_end(writer);
}

static void sarif_suppression(gbxi_json_writer *writer, const gbxi_acknowledgement *one)
{
    gbxi_json_key(writer, "suppressions");
    gbxi_json_array_begin(writer);
    if (one != NULL) {
        gbxi_json_object_begin(writer);
        sarif_text(writer, "kind", "external");
        sarif_text(writer, "justification", one->because);
        gbxi_json_object_end(writer);
    }
    gbxi_json_array_end(writer);
}

static void sarif_properties(gbxi_json_writer *writer, const gbxi_report *report, const gbxi_finding *finding)
{
    char id[GBXI_TRACE_ID_DIGITS];

    gbxi_json_key(writer, "properties");
    gbxi_json_object_begin(writer);
    sarif_text(writer, "run", report->run.id);
    sarif_text(writer, "route", finding->route);
    gbxi_json_key(writer, "traces");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < GBXI_EVIDENCE_MAX && finding->tally.top[i].number != 0; i++) {
        gbxi_trace_id_format(finding->tally.top[i].trace_id, id);
        gbxi_json_string_n(writer, id, sizeof(id));
    }
    gbxi_json_array_end(writer);
    gbxi_json_object_end(writer);
}

static void sarif_result(gbxi_json_writer *writer, const gbxi_report *report, const gbxi_finding *finding)
{
    gbxi_json_object_begin(writer);
    sarif_text(writer, "ruleId", finding->rule->id);
    sarif_text(writer, "level", gbxi_level_name(finding->level));
    sarif_message(writer, "message", finding->sentence);
    sarif_location(writer, finding);
    gbxi_json_key(writer, "partialFingerprints");
    gbxi_json_object_begin(writer);
    sarif_text(writer, "glassbox/v1", finding->signature);
    gbxi_json_object_end(writer);
    sarif_suppression(writer, finding->acknowledged);
    sarif_properties(writer, report, finding);
    gbxi_json_object_end(writer);
}

static void sarif_results(gbxi_json_writer *writer, const gbxi_report *report)
{
    const gbxi_rule *rule;
    const gbxi_finding *first;
    size_t left_out, count;

    gbxi_json_key(writer, "results");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; (rule = gbxi_rule_at(i)) != NULL; i++) {
        count = gbxi_report_of_rule(report, rule, &first, &left_out);
        for (size_t j = 0; j < count; j++)
            sarif_result(writer, report, &first[j]);
    }
    for (size_t i = 0; i < report->findings.count; i++)
        if (report->findings.at[i].acknowledged != NULL)
            sarif_result(writer, report, &report->findings.at[i]);
    gbxi_json_array_end(writer);
}

/* What the run cannot show, so that no results are no clean bill. */
static void sarif_invocation(gbxi_json_writer *writer, const gbxi_report *report)
{
    gbxi_json_key(writer, "invocations");
    gbxi_json_array_begin(writer);
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "executionSuccessful");
    gbxi_json_boolean(writer, true);
    gbxi_json_key(writer, "toolExecutionNotifications");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < report->blind_spot_count; i++) {
        gbxi_json_object_begin(writer);
        sarif_text(writer, "level", "note");
        sarif_message(writer, "message", report->blind_spots[i].text);
        gbxi_json_object_end(writer);
    }
    gbxi_json_array_end(writer);
    gbxi_json_object_end(writer);
    gbxi_json_array_end(writer);
}

gbx_err gbxi_report_sarif(const gbxi_report *report, gbxi_json_writer *writer)
{
    gbxi_json_object_begin(writer);
    sarif_text(writer, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    sarif_text(writer, "version", "2.1.0");
    gbxi_json_key(writer, "runs");
    gbxi_json_array_begin(writer);
    gbxi_json_object_begin(writer);
    sarif_tool(writer);
    sarif_invocation(writer, report);
    sarif_results(writer, report);
    gbxi_json_object_end(writer);
    gbxi_json_array_end(writer);
    gbxi_json_object_end(writer);
    return GBX_ERR_OK;
}
