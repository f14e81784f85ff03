/* SPDX-License-Identifier: MIT */
/* glassbox report: what the traces of a run show, and what to do about it. */
#define _GNU_SOURCE
#include "cli/command.h"
#include "cli/store/outlet.h"
#include "cli/store/reported.h"
#include "findings/report_write.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { RUN_NAME_MAX = 64, REPORT_FILE_MAX = 4095, TOP_FINDINGS_MAX = 100000, FAIL_RULES_MAX = 16 };

typedef struct report_options {
    const char *store, *run, *operand, *baseline, *output;
    uint32_t format, top;
    gbxi_value_list fail_on;
} report_options;

enum { REPORT_MARKDOWN, REPORT_JSON, REPORT_SARIF };
static const char *const report_formats[] = {"md", "json", "sarif", NULL};

static const char *report_fail_word(size_t index)
{
    const gbxi_rule *rule = index > 0 ? gbxi_rule_at(index - 1) : NULL;

    return index == 0 ? "any" : rule != NULL ? rule->id : NULL;
}

static gbx_err report_check_rule(const char *text, gbx_error *error)
{
    char known[256] = "";
    const char *word;

    for (size_t i = 0; (word = report_fail_word(i)) != NULL; i++) {
        if (strcmp(text, word) == 0)
            return GBX_ERR_OK;
        strncat(known, i > 0 ? ", " : "", sizeof(known) - strlen(known) - 1);
        strncat(known, word, sizeof(known) - strlen(known) - 1);
    }
    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "expected one of %s", known);
}

static const gbxi_cli_option report_rows[] = {
    GBXI_STORE_ROW(report_options),
    {"run", GBXI_TEXT(report_options, run), .max = RUN_NAME_MAX, .value = "RUN", .unset = "the latest",
     .help = "Run to report on; the operand RUN says the same."},
    {"format", GBXI_CHOICE(report_options, format), .choices = report_formats, .value = "FORMAT",
     .help = "Markdown to read, JSON for programs, or SARIF for tools that show findings beside the code."},
    {"top", GBXI_NUMBER(report_options, top), .min = 1, .max = TOP_FINDINGS_MAX, .value = "N", .number = 10,
     .help = "Number of findings of each rule, and of recommendations."},
    {"baseline", GBXI_TEXT(report_options, baseline), .max = RUN_NAME_MAX, .value = "RUN", .unset = "none",
     .help = "Run of the same service to compare with, for regressions."},
    {"fail-on", GBXI_LIST(report_options, fail_on), .max = FAIL_RULES_MAX, .value = "RULE", .check = report_check_rule,
     .word_at = report_fail_word,
     .help =
         "End with status 3 if there is a finding of this rule, such as n-plus-one, that is not acknowledged; 'any': "
         "a warning or an error of any rule. May be given more than once."},
    {"output", GBXI_FILE(report_options, output), .max = REPORT_FILE_MAX, .value = "FILE", .unset = "standard output",
     .help = "File to write. It is replaced when the report is whole."},
};

/* Makes the document in memory, so that none is written by half. */
static gbx_err report_make_json(const gbxi_report *report, uint32_t format, gbxi_json_buffer *buffer)
{
    gbxi_json_writer writer;
    gbx_err err, second;

    gbxi_json_writer_init_buffer(&writer, buffer);
    err = format == REPORT_JSON ? gbxi_report_json(report, &writer) : gbxi_report_sarif(report, &writer);
    gbxi_json_literal(&writer, "\n", 1);
    second = gbxi_json_writer_finish(&writer);
    return err != GBX_ERR_OK ? err : second;
}

static gbx_err report_make_markdown(const gbxi_report *report, char **bytes, size_t *length)
{
    FILE *out = open_memstream(bytes, length);
    gbx_err err;

    if (out == NULL)
        return GBX_ERR_NO_MEMORY;
    err = gbxi_report_markdown(report, out);
    return fclose(out) != 0 && err == GBX_ERR_OK ? GBX_ERR_NO_MEMORY : err;
}

static gbx_err report_write(const char *path, const char *bytes, size_t length, gbx_error *error)
{
    gbxi_outlet outlet;
    gbx_err err;

    if ((err = gbxi_outlet_open(&outlet, path, error)) == GBX_ERR_OK &&
        (err = gbxi_outlet_write(&outlet, bytes, length, error)) == GBX_ERR_OK)
        err = gbxi_outlet_commit(&outlet, error);
    gbxi_outlet_close(&outlet);
    return err;
}

static gbx_err report_print(const gbxi_report *report, const report_options *options, gbx_error *error)
{
    gbxi_json_buffer buffer = {0};
    char *text = NULL;
    size_t length = 0;
    gbx_err err = options->format == REPORT_MARKDOWN ? report_make_markdown(report, &text, &length)
                                                     : report_make_json(report, options->format, &buffer);

    if (err != GBX_ERR_OK)
        gbx_error_set(error, err, NULL, "%s", gbx_err_text(err));
    else if (options->format == REPORT_MARKDOWN)
        err = report_write(options->output, text, length, error);
    else
        err = report_write(options->output, buffer.bytes, buffer.length, error);
    gbxi_json_buffer_fini(&buffer);
    free(text);
    return err;
}

/* The exit status that --fail-on asks for. */
static int report_verdict(const gbxi_report *report, const gbxi_value_list *fail_on)
{
    for (size_t i = 0; i < fail_on->count; i++) {
        if (!gbxi_report_has(report, fail_on->items[i]))
            continue;
        fprintf(stderr, "glassbox report: run %s has a finding of --fail-on %s\n", report->run.id, fail_on->items[i]);
        return GBXI_EXIT_FOUND;
    }
    return EXIT_SUCCESS;
}

static gbx_err report_on_run(gbxi_reported *reported, const report_options *options, gbx_error *error)
{
    const gbxi_report_wish wish = {.store = options->store,
                                   .run = options->run != NULL ? options->run : options->operand,
                                   .baseline = options->baseline,
                                   .top = options->top};
    gbx_err err;

    if (options->run != NULL && options->operand != NULL)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "--run %.40s and %.40s: give one run", options->run,
                             options->operand);
    if ((err = gbxi_reported_make(reported, &wish, error)) != GBX_ERR_OK)
        return err;
    return report_print(reported->report, options, error);
}

static int report_run(const void *values)
{
    const report_options *options = values;
    gbxi_reported reported = {.chosen = {.command = "report"}};
    gbx_error error = {0};
    gbx_err err;
    int status;

    signal(SIGPIPE, SIG_IGN); /* so that a closed pipe is an error that is told */
    err = report_on_run(&reported, options, &error);
    status = gbxi_command_status("report", err, &error);
    if (err == GBX_ERR_OK)
        status = report_verdict(reported.report, &options->fail_on);
    gbxi_reported_close(&reported);
    return status;
}

static const gbxi_manual_entry report_manual[] = {
    GBXI_RUN_ENTRY("Without RUN, 'latest' is meant."),
    {"RULES", NULL,
     "slow-endpoint, slow-query, n-plus-one, redundant-calls, hot-span, fan-out, waiting, unattributed, error and "
     "regression. docs/findings.md describes each: what it means, how it is computed, when it is wrong and what to "
     "do."},
    {"SIGNATURES", NULL,
     "Every finding has a signature that stays the same from run to run. 'glassbox findings ack SIGNATURE --because "
     "TEXT' "
     "keeps it out of later reports."},
    {"EXIT STATUS", "3", "With --fail-on: there is such a finding."},
    {"EXAMPLES", "glassbox report", "What the traces of the last run show."},
    {"EXAMPLES", "glassbox report latest --baseline latest~1 --fail-on regression",
     "Fail if anything has become slower since the run before, for example in CI."},
    {"EXAMPLES", "glassbox report --format sarif --output findings.sarif",
     "For tools that show findings beside the code."},
    {0},
};

const gbxi_command gbxi_command_report = {
    .name = "report",
    .summary = "Say what the traces of a run show, and what to change",
    .synopsis = {"[OPTION...] [RUN]"},
    .description =
        "Reads all traces of RUN and reports slow endpoints and queries, suspected N+1 patterns, redundant calls, hot "
        "spans, waiting, errors and, with a baseline, regressions; then what to change, with its evidence.",
    GBXI_COMMAND_OPTIONS(report_rows, report_options),
    .manual = report_manual,
    .operand = "RUN",
    .operand_offset = offsetof(report_options, operand),
    .prints_result = true,
    .run = report_run,
};
