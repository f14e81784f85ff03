/* SPDX-License-Identifier: MIT */
/* The tool `report`: the findings on a run, the first of each rule, or all of one rule. */
#include "cli/mcp/paged.h"
#include "cli/mcp/tool.h"
#include "cli/store/reported.h"
#include "findings/report_write.h"
#include <stdio.h>

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

/* Makes the document of the command, and answers with a page of it. */
static gbx_err answer_reported(const gbxi_report *report, const gbxi_mcp_page *page, gbxi_mcp_answer *answer,
                               gbx_error *error)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;
    gbx_err err, second;

    gbxi_json_writer_init_buffer(&writer, &buffer);
    err = gbxi_report_json(report, &writer);
    second = gbxi_json_writer_finish(&writer);
    if (err == GBX_ERR_OK)
        err = second;
    err = err == GBX_ERR_OK ? gbxi_mcp_page_answer(page, &buffer, answer, error)
                            : gbx_error_set(error, err, NULL, "cannot make the report: %s", gbx_err_text(err));
    gbxi_json_buffer_fini(&buffer);
    return err;
}

static gbx_err report_tool_run(const char *store, const void *values, gbxi_mcp_answer *answer, gbx_error *error)
{
    const report_arguments *arguments = values;
    const gbxi_report_wish wish = {
        .store = store, .run = arguments->run, .baseline = arguments->baseline, .top = arguments->top, .silent = true};
    gbxi_mcp_page page = {.list = "findings",
                          .counted = "acknowledged",
                          .text_bytes_max = arguments->rule != NULL ? ONE_RULE_TEXT_BYTES : 0,
                          .member = "rule",
                          .is = arguments->rule};
    gbxi_reported reported = {.chosen = {.command = "mcp"}};
    gbx_err err;

    if ((err = check_rule_argument(arguments->rule, error)) == GBX_ERR_OK &&
        (err = gbxi_mcp_page_begin(&page, arguments->cursor, error)) == GBX_ERR_OK &&
        (err = gbxi_reported_make(&reported, &wish, error)) == GBX_ERR_OK)
        err = answer_reported(reported.report, &page, answer, error);
    gbxi_reported_close(&reported);
    return err;
}

const gbxi_mcp_tool gbxi_mcp_tool_report = {
    .name = "report",
    .title = "Report findings",
    .description =
        "Says what the traces of a run show and what to change: slow endpoints and queries, N+1 patterns, redundant "
        "calls, hot spans, waiting, errors, and regressions against a baseline. Each finding has its evidence (traces "
        "for show), its place in the code, and what a change would gain. 'cannot_show' says what the traces could not "
        "tell; 'recommendations' are signatures of findings, the most rewarding first.",
    GBXI_MCP_ARGUMENTS(report_arguments_rows, report_arguments),
    .run = report_tool_run,
};
