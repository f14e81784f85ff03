/* SPDX-License-Identifier: MIT */
/* The report on a run that a person means, with what the store says of acknowledged findings.
 *
 *     gbxi_reported reported = {.chosen = {.command = "report"}};
 *     if ((err = gbxi_reported_make(&reported, &wish, &error)) == GBX_ERR_OK)
 *         ... reported.report ...
 *     gbxi_reported_close(&reported); */
#ifndef GBX_CLI_STORE_REPORTED_H
#define GBX_CLI_STORE_REPORTED_H

#include "cli/store/chosen.h"
#include "findings/report.h"

/* What is to be reported. */
typedef struct gbxi_report_wish {
    const char *store;
    const char *run;      /* NULL: the latest */
    const char *baseline; /* NULL: none */
    uint32_t top;         /* 0: all */
    bool silent;          /* no progress on standard error */
} gbxi_report_wish;

/* Zeroed, except for the command's name. */
typedef struct gbxi_reported {
    gbxi_chosen chosen;
    gbxi_run_info baseline_info;
    gbxi_stored_run *baseline;
    gbxi_acknowledgements acknowledgements;
    gbxi_report *report;
} gbxi_reported;

/* Makes the report. On a terminal, standard error tells how far it is if that takes long. Owns: the caller, until
 * gbxi_reported_close, also after an error. Errors: those of the store and of reports. */
GBX_MUST_USE gbx_err gbxi_reported_make(gbxi_reported *reported, const gbxi_report_wish *wish, gbx_error *error);
void gbxi_reported_close(gbxi_reported *reported);

#endif
