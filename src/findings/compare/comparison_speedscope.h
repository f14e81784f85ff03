/* SPDX-License-Identifier: MIT */
/* A comparison as a file for speedscope: four profiles, before, after, slower and faster. */
#ifndef GBX_FINDINGS_COMPARE_COMPARISON_SPEEDSCOPE_H
#define GBX_FINDINGS_COMPARE_COMPARISON_SPEEDSCOPE_H

#include "findings/compare/comparison.h"
#include "json/writer.h"

/* Writes the document. The weight of a stack is its mean self time in a request of its route, which is the outermost
 * frame. "slower" and "faster" have the differences of both sides, without the common drift, in the routes that both
 * have. The sides are those that the comparison was made of. Errors: those of restoring traces, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_comparison_write_speedscope(gbxi_json_writer *writer, const gbxi_comparison *comparison,
                                                      const gbxi_compare_side *before, const gbxi_compare_side *after,
                                                      gbx_error *error);

#endif
