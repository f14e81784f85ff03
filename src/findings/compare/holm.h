/* SPDX-License-Identifier: MIT */
/* Many tests at once: adjusts their p so that the chance of a single false one among all stays what it is for one. */
#ifndef GBX_FINDINGS_COMPARE_HOLM_H
#define GBX_FINDINGS_COMPARE_HOLM_H

#include <stddef.h>

/* Adjusts the `count` values of p in place. `order` is room for as many numbers. Source: S. Holm, A simple sequentially
 * rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979). */
void gbxi_holm_adjust(double *p, size_t *order, size_t count);

#endif
