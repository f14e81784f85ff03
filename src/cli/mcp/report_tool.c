/* SPDX-License-Identifier: MIT */
/* The tool `report`: the findings on a run, the first of each rule, or all of one rule. */
#include "cli/mcp/tool.h"
#include "cli/store/reported.h"
#include "findings/report_write.h"
#include "json/copy.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    REPORTED_RUN_MAX = 64,
    REPORTED_RULE_MAX = 40,
    REPORTED_TOP_DEFAULT = 3,
    REPORTED_TOP_MAX = 1000,
    ONE_RULE_TEXT_BYTES = 2000 /* of texts, if the findings of one rule are asked for */
};

typedef struct report_arguments {
    const char *run, *baseline, *rule, *cursor;
    uint32_t top;
} report_arguments;

static const gbxi_cli_option report_arguments_rows[] = {
    {"run", GBXI_TEXT(report_arguments, run), .max = REPORTED_RUN_MAX, .value = "RUN", .unset = "the latest",
     .help = "The run to report on: its id, the beginning of it, 'latest' or 'latest~1'."},
    {"baseline", GBXI_TEXT(report_arguments, baseline), .max = REPORTED_RUN_MAX, .value = "RUN", .unset = "none",
     .help = "An earlier run of the same service, to find what became slower."},
    {"rule", GBXI_TEXT(report_arguments, rule), .max = REPORTED_RULE_MAX, .value = "RULE", .unset = "all rules",
     .help = "Only findings of this rule, as 'rule' of a finding names it, with their texts less cut."},
    {"top", GBXI_NUMBER(report_arguments, top), .min = 1, .max = REPORTED_TOP_MAX, .value = "N",
     .number = REPORTED_TOP_DEFAULT,
     .help = "Maximum number of findings of each rule. 'left_out' counts further ones."},
    GBXI_MCP_CURSOR_ROW(report_arguments),
};

static gbx_err check_rule_argument(const char *name, gbx_error *error)
{
    char known[256] = "";
    const gbxi_rule *rule;

    for (size_t i = 0; name != NULL && (rule = gbxi_rule_at(i)) != NULL; i++) {
        if (strcmp(name, rule->id) == 0)
            return GBX_ERR_OK;
        snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s", i > 0 ? ", " : "", rule->id);
    }
    return name == NULL
               ? GBX_ERR_OK
               : gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "rule must be one of %s, not '%.40s'", known, name);
}

/* The number of the first finding of the page. */
static gbx_err read_report_cursor(const char *cursor, uint64_t *first, gbx_error *error)
{
    *first = 0;
    if (cursor == NULL)
        return GBX_ERR_OK;
    if (cursor[strspn(cursor, "0123456789")] != '\0' || strlen(cursor) > 9)
        return gbxi_mcp_refuse_cursor(cursor, error);
    *first = strtoull(cursor, NULL, 10);
    return GBX_ERR_OK;
}

static bool is_of_rule(gbxi_json_value finding, const char *rule)
{
    gbxi_json_string id = {0};

    return rule == NULL || (gbxi_json_str(gbxi_json_member(finding, "rule"), &id) && gbxi_view_is(id, rule));
}

/* Answers with the findings from number `first` on, as many as there is room for. */
static void answer_findings(gbxi_json_value findings, const report_arguments *arguments, uint64_t first,
                            gbxi_mcp_answer *answer)
{
    const gbxi_mcp_trim usual = answer->trim;
    gbxi_json_iterator each = gbxi_json_each(findings);

    if (arguments->rule != NULL)
        answer->trim.text_bytes_max = ONE_RULE_TEXT_BYTES;
    gbxi_mcp_answer_list(answer, "findings");
    while (gbxi_json_next(&each)) {
        if (each.index < first || !is_of_rule(each.value, arguments->rule))
            continue;
        gbxi_json_copy(gbxi_mcp_part(answer), each.value);
        if (!gbxi_mcp_answer_item(answer)) {
            gbxi_mcp_answer_more(answer, "%zu", each.index);
            break;
        }
    }
    gbxi_mcp_answer_list_end(answer);
    answer->trim = usual;
}

/* The findings come last, for they take all the room that is left. */
static void answer_report(gbxi_json_value report, const report_arguments *arguments, uint64_t first,
                          gbxi_mcp_answer *answer)
{
    static const char *const members[] = {"run",         "baseline", "traces",          "spans",
                                          "cannot_show", "left_out", "recommendations", NULL};

    for (size_t i = 0; members[i] != NULL; i++) {
        gbxi_json_copy(gbxi_mcp_part(answer), gbxi_json_member(report, members[i]));
        gbxi_mcp_answer_member(answer, members[i]);
    }
    gbxi_json_uint(gbxi_mcp_part(answer), gbxi_json_count(gbxi_json_member(report, "acknowledged")));
    gbxi_mcp_answer_member(answer, "acknowledged");
    answer_findings(gbxi_json_member(report, "findings"), arguments, first, answer);
}

/* Makes the document of the command, and answers with parts of it. */
static gbx_err answer_reported(const gbxi_report *report, const report_arguments *arguments, uint64_t first,
                               gbxi_mcp_answer *answer)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_document *document = NULL;
    gbxi_json_writer writer;
    gbx_err err, second;

    gbxi_json_writer_init_buffer(&writer, &buffer);
    err = gbxi_report_json(report, &writer);
    second = gbxi_json_writer_finish(&writer);
    if (err == GBX_ERR_OK && (err = second) == GBX_ERR_OK)
        err = gbxi_json_parse(buffer.bytes, buffer.length, &document, NULL);
    if (err == GBX_ERR_OK)
        answer_report(gbxi_json_root(document), arguments, first, answer);
    gbxi_json_free(document);
    gbxi_json_buffer_fini(&buffer);
    return err;
}

static gbx_err report_tool_run(const char *store, const void *values, gbxi_mcp_answer *answer, gbx_error *error)
{
    const report_arguments *arguments = values;
    const gbxi_report_wish wish = {
        .store = store, .run = arguments->run, .baseline = arguments->baseline, .top = arguments->top, .silent = true};
    gbxi_reported reported = {.chosen = {.command = "mcp"}};
    uint64_t first;
    gbx_err err;

    if ((err = check_rule_argument(arguments->rule, error)) == GBX_ERR_OK &&
        (err = read_report_cursor(arguments->cursor, &first, error)) == GBX_ERR_OK &&
        (err = gbxi_reported_make(&reported, &wish, error)) == GBX_ERR_OK &&
        (err = answer_reported(reported.report, arguments, first, answer)) != GBX_ERR_OK)
        gbx_error_set(error, err, NULL, "cannot make the report: %s", gbx_err_text(err));
    gbxi_reported_close(&reported);
    return err;
}

const gbxi_mcp_tool gbxi_mcp_tool_report = {
    .name = "report",
    .title = "Report findings",
    .description =
        "Says what the traces of a run show and what to change: slow endpoints and queries, N+1 patterns, redundant "
        "calls, hot spans, waiting, errors, and regressions against a baseline. Each finding has its evidence (traces "
        "for "
        "show), its place in the code, and what a change would gain. 'cannot_show' says what the traces could not "
        "tell; "
        "'recommendations' are signatures of findings, the most rewarding first.",
    GBXI_MCP_ARGUMENTS(report_arguments_rows, report_arguments),
    .run = report_tool_run,
};
