/* SPDX-License-Identifier: MIT */
/* The first findings on a run, as a hint at its report. */
#ifndef GBX_CLI_TRACE_FIRST_FINDINGS_H
#define GBX_CLI_TRACE_FIRST_FINDINGS_H

#include <stdbool.h>

/* Prints the worst findings on a run to standard output, a line each, and how to get all of them. A run that cannot be
 * reported on has that line alone. `is_default` is whether commands look into this store without being told. */
void gbxi_first_findings_print(const char *store, bool is_default, const char *run);

#endif
