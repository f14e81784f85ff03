/* SPDX-License-Identifier: MIT */
/* Two sides of a store compared, frame by frame: what differs by more than chance and more than two processes of one
 * program differ anyway.
 *
 *     const gbxi_compare_side before = {.stored = older, .run = &older_info}, after = {.stored = newer, ...};
 *     gbxi_comparison comparison;
 *     err = gbxi_comparison_make(&comparison, &before, &after, &(gbxi_compare_options){0}, &error);
 *     for (size_t i = 0; i < comparison.frame_count; i++)
 *         if (comparison.frames[i].found.mark == GBXI_MARK_SLOWER)
 *             ...
 *     gbxi_comparison_fini(&comparison);
 *
 * docs/compare.md says how it is computed, and when it is wrong. The same input gives the same result. */
#ifndef GBX_FINDINGS_COMPARE_COMPARISON_H
#define GBX_FINDINGS_COMPARE_COMPARISON_H

#include "findings/compare/compared.h"

/* The name of a mark, such as "slower". Thread: any. */
const char *gbxi_compare_mark_text(gbxi_compare_mark mark);

/* Compares two sides. Owns: the caller, until gbxi_comparison_fini, also after an error. Errors: MISSING if a side has
 * no traces or no spans; CONFLICT if they are of different services; those of reading the store, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_comparison_make(gbxi_comparison *comparison, const gbxi_compare_side *before,
                                          const gbxi_compare_side *after, const gbxi_compare_options *options,
                                          gbx_error *error);

/* Compares what was gathered, which the comparison takes over. Errors: NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_comparison_of(gbxi_comparison *comparison, gbxi_gathered *gathered,
                                        const gbxi_compare_options *options, gbx_error *error);

void gbxi_comparison_fini(gbxi_comparison *comparison);

#endif
