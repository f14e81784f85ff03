/* SPDX-License-Identifier: MIT */
/* The times of both sides of one row as sorted logarithms, in which ratios are differences. */
#ifndef GBX_FINDINGS_COMPARE_LOGS_H
#define GBX_FINDINGS_COMPARE_LOGS_H

#include "findings/compare/compared.h"
#include "findings/compare/mann_whitney.h"

/* Caller's memory. Owns: both arrays, which are one, until fini. */
typedef struct gbxi_compare_logs {
    double *at[GBXI_COMPARE_HALVES];
    size_t count[GBXI_COMPARE_HALVES];
} gbxi_compare_logs;

/* Take the times of a frame, or those of a route. What the frames of each request have in common is taken out of those
 * of a frame where it then varies less: where few frames tell it, it is as inexact as they are. `found` gets counts,
 * sums and medians as they are. Errors: false if out of memory; fini is safe either way. */
GBX_MUST_USE bool gbxi_compare_logs_of_cell(gbxi_compare_logs *logs, const gbxi_gathered_cell *cell, gbxi_compare_by by,
                                            gbxi_compared *found);
GBX_MUST_USE bool gbxi_compare_logs_of_route(gbxi_compare_logs *logs, const gbxi_gathered_route *route,
                                             gbxi_compared *found);

/* The distance between the quartiles of the side where it is larger. */
double gbxi_compare_logs_width(const gbxi_compare_logs *logs);

/* The logarithms of one side. */
gbxi_sorted gbxi_compare_logs_half(const gbxi_compare_logs *logs, gbxi_compare_half half);

void gbxi_compare_logs_fini(gbxi_compare_logs *logs);

#endif
