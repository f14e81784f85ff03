/* SPDX-License-Identifier: MIT */
/* glassbox findings: which findings are acknowledged, and acknowledging them. */
#include "cli/command.h"
#include "cli/store/audited.h"
#include "cli/store/listing.h"
#include "cli/store/reported.h"
#include "cli/store/stored_json.h"
#include <stdio.h>
#include <string.h>

enum { RUN_BYTES_MAX = 64, SIGNATURE_DIGITS_MIN = 8 };

typedef struct findings_options {
    const char *store, *run, *because, *until, *action, *signature;
    uint32_t format;
} findings_options;

static const gbxi_cli_option findings_rows[] = {
    GBXI_STORE_ROW(findings_options),
    {"because", GBXI_TEXT(findings_options, because), .max = GBXI_BECAUSE_MAX, .value = "TEXT", .unset = "none",
     .help = "Why the finding is accepted; needed by ack."},
    {"until", GBXI_TEXT(findings_options, until), .max = GBXI_DATE_SIZE - 1, .value = "DATE", .unset = "for ever",
     .needs = "because", .accepts = gbxi_date_is_valid, .accepted = "a date such as 2027-06-30",
     .help = "Runs that begin on this day (UTC) or later have the finding again."},
    {"run", GBXI_TEXT(findings_options, run), .max = RUN_BYTES_MAX, .value = "RUN", .unset = "the latest",
     .help = "Run that has the finding to acknowledge."},
    GBXI_FORMAT_ROW(findings_options),
};

static const gbxi_listing_column findings_columns[] = {{.title = "SIGNATURE"},
                                                       {.title = "RULE"},
                                                       {.title = "UNTIL"},
                                                       {.title = "BECAUSE"},
                                                       {.title = "FINDING", .stretches = true}};

static void findings_list_row(gbxi_listing *listing, const gbxi_acknowledgement *one)
{
    gbxi_listing_row(listing, GBXI_STYLE_PLAIN);
    gbxi_listing_cell(listing, "%.*s", GBXI_SIGNATURE_SHORT, one->signature);
    gbxi_listing_text(listing, one->rule, strlen(one->rule));
    gbxi_listing_cell(listing, "%s", one->until[0] != '\0' ? one->until : "for ever");
    gbxi_listing_text(listing, one->because, strlen(one->because));
    gbxi_listing_text(listing, one->sentence, strlen(one->sentence));
}

static gbx_err findings_list_table(const gbxi_acknowledgements *all, gbx_error *error)
{
    gbxi_listing listing;
    gbxi_terminal terminal;
    bool printed;

    if (all->count == 0) {
        puts("No finding is acknowledged.");
        return GBX_ERR_OK;
    }
    gbxi_terminal_init(&terminal, stdout);
    gbxi_listing_init(&listing, findings_columns, sizeof(findings_columns) / sizeof(findings_columns[0]));
    for (size_t i = 0; i < all->count; i++)
        findings_list_row(&listing, &all->at[i]);
    printed = gbxi_listing_print(&listing, &terminal);
    gbxi_listing_fini(&listing);
    return printed ? GBX_ERR_OK : gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
}

static gbx_err findings_list_json(const gbxi_acknowledgements *all, gbx_error *error)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_acknowledgements_write(&writer, all);
    return gbxi_printout(&writer, &buffer, error);
}

/* A store that is not there has no acknowledged findings, but is more likely a mistake. */
static gbx_err findings_list(const findings_options *options, gbx_error *error)
{
    gbxi_chosen chosen = {.command = "findings"};
    gbxi_acknowledgements all = {.at = NULL};
    gbx_err err;

    if ((err = gbxi_chosen_open(&chosen, options->store, error)) == GBX_ERR_OK &&
        (err = gbxi_acknowledgements_read(options->store, &all, error)) == GBX_ERR_OK)
        err = options->format == GBXI_FORMAT_JSON ? findings_list_json(&all, error) : findings_list_table(&all, error);
    gbxi_acknowledgements_fini(&all);
    gbxi_chosen_close(&chosen);
    return err;
}

/* Spans of one name in one file have the same signature, as no line is in it: they are acknowledged together. */
static gbx_err findings_pick(const gbxi_report *report, const char *signature, const gbxi_finding **finding,
                             gbx_error *error)
{
    size_t length = strlen(signature);

    *finding = NULL;
    for (size_t i = 0; i < report->findings.count; i++) {
        if (strncmp(report->findings.at[i].signature, signature, length) != 0)
            continue;
        if (*finding != NULL && strcmp((*finding)->signature, report->findings.at[i].signature) != 0)
            return gbx_error_set(error, GBX_ERR_CONFLICT, NULL, "several findings of run %s begin with %s",
                                 report->run.id, signature);
        *finding = &report->findings.at[i];
    }
    if (*finding != NULL)
        return GBX_ERR_OK;
    return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL,
                         "no finding of run %s has the signature %s; 'glassbox report --run %s' shows all of them",
                         report->run.id, signature, report->run.id);
}

static gbx_err findings_put(const findings_options *options, const gbxi_finding *finding, gbx_error *error)
{
    gbxi_acknowledgement one = {.because = (char *)(uintptr_t)options->because,
                                .sentence = (char *)(uintptr_t)finding->sentence,
                                .rule = (char *)(uintptr_t)finding->rule->id};
    gbx_err err;

    memcpy(one.signature, finding->signature, sizeof(one.signature));
    if (options->until != NULL)
        snprintf(one.until, sizeof(one.until), "%s", options->until);
    if ((err = gbxi_acknowledgements_put(options->store, &one, error)) != GBX_ERR_OK)
        return err;
    printf("%s %s is acknowledged %s%s\n", finding->rule->id, finding->signature,
           options->until != NULL ? "until " : "for ever", options->until != NULL ? options->until : "");
    gbxi_audited_note("findings", options->store, GBXI_AUDIT_ACKNOWLEDGE, finding->signature);
    return GBX_ERR_OK;
}

static gbx_err findings_ack(const findings_options *options, gbx_error *error)
{
    const gbxi_report_wish wish = {.store = options->store, .run = options->run};
    gbxi_reported reported = {.chosen = {.command = "findings"}};
    const gbxi_finding *finding;
    gbx_err err;

    if (options->because == NULL)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "say why the finding is accepted: --because TEXT");
    if ((err = gbxi_reported_make(&reported, &wish, error)) == GBX_ERR_OK &&
        (err = findings_pick(reported.report, options->signature, &finding, error)) == GBX_ERR_OK)
        err = findings_put(options, finding, error);
    gbxi_reported_close(&reported);
    return err;
}

static gbx_err findings_drop(const findings_options *options, gbx_error *error)
{
    gbxi_chosen chosen = {.command = "findings"};
    gbx_err err = gbxi_chosen_open(&chosen, options->store, error);

    gbxi_chosen_close(&chosen);
    if (err == GBX_ERR_OK)
        err = gbxi_acknowledgements_drop(options->store, options->signature, error);
    if (err != GBX_ERR_OK)
        return err;
    printf("%s is no longer acknowledged\n", options->signature);
    gbxi_audited_note("findings", options->store, GBXI_AUDIT_DROP, options->signature);
    return GBX_ERR_OK;
}

static gbx_err findings_check_signature(const char *signature, const char *action, gbx_error *error)
{
    size_t length = signature != NULL ? strlen(signature) : 0;

    if (length >= SIGNATURE_DIGITS_MIN && length <= GBXI_SIGNATURE_DIGITS &&
        signature[strspn(signature, "0123456789abcdef")] == '\0')
        return GBX_ERR_OK;
    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s: expected a signature, or at least its first %d digits",
                         action, SIGNATURE_DIGITS_MIN);
}

static gbx_err findings_act(const findings_options *options, gbx_error *error)
{
    bool is_ack = options->action != NULL && strcmp(options->action, "ack") == 0;
    gbx_err err;

    if (!is_ack && options->because != NULL)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "only ack takes --because");
    if (options->action == NULL || (strcmp(options->action, "list") == 0 && options->signature == NULL))
        return findings_list(options, error);
    if (strcmp(options->action, "list") == 0)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "list takes no signature; --format json has all of them");
    if (!is_ack && strcmp(options->action, "drop") != 0)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "'%.40s': expected ack, drop or list", options->action);
    if ((err = findings_check_signature(options->signature, options->action, error)) != GBX_ERR_OK)
        return err;
    return is_ack ? findings_ack(options, error) : findings_drop(options, error);
}

static int findings_run(const void *values)
{
    gbx_error error = {0};
    gbx_err err = findings_act(values, &error);

    return gbxi_command_status("findings", err, &error);
}

static const gbxi_manual_entry findings_manual[] = {
    {"ACTION", "ack", "Keep the finding of --run with this signature out of reports, for the reason of --because."},
    {"ACTION", "drop", "Report the finding with this signature again."},
    {"ACTION", "list", "List what is acknowledged. This is meant without ACTION."},
    {"EXAMPLES", "glassbox findings", "Lists what is acknowledged."},
    {"EXAMPLES", "glassbox findings ack 3dc671bbec12ee7d --because 'at most 30 rows' --until 2027-06-30",
     "Keeps the finding whose signature begins so out of reports, for runs that begin before that day."},
    {"FILES", "STORE/audit.db", "Who acknowledged what, and took it back."},
    {"FILES", "STORE/acknowledged.json", "What is acknowledged. The file can be kept under version control."},
    {0},
};

const gbxi_command gbxi_command_findings = {
    .name = "findings",
    .summary = "Accept findings of reports, and list those that are",
    .synopsis = {"[OPTION...]", "ack SIGNATURE --because TEXT [OPTION...]", "drop SIGNATURE [OPTION...]"},
    .description =
        "Lists the findings that are acknowledged, acknowledges one, or takes that back. Reports leave out what "
        "is acknowledged.",
    GBXI_COMMAND_OPTIONS(findings_rows, findings_options),
    .manual = findings_manual,
    .operand = "ACTION",
    .operand_offset = offsetof(findings_options, action),
    .second_operand = "SIGNATURE",
    .second_operand_offset = offsetof(findings_options, signature),
    .prints_result = true,
    .run = findings_run,
};
