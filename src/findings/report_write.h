/* SPDX-License-Identifier: MIT */
/* Reports as documents. The same report gives the same bytes. */
#ifndef GBX_FINDINGS_REPORT_WRITE_H
#define GBX_FINDINGS_REPORT_WRITE_H

#include "findings/report.h"
#include "json/writer.h"
#include <stdio.h>

/* Writes Markdown. Errors: NO_MEMORY; those of the stream are the caller's to look for. */
GBX_MUST_USE gbx_err gbxi_report_markdown(const gbxi_report *report, FILE *out);

/* Writes JSON (schemas/commands/report.schema.json). Errors: NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_report_json(const gbxi_report *report, gbxi_json_writer *writer);

/* Writes SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). Errors: NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_report_sarif(const gbxi_report *report, gbxi_json_writer *writer);

#endif
