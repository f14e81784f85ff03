/* SPDX-License-Identifier: MIT */
/* A comparison as JSON, as schemas/commands/compare.schema.json describes it, and its result in one sentence. */
#ifndef GBX_FINDINGS_COMPARE_COMPARISON_JSON_H
#define GBX_FINDINGS_COMPARE_COMPARISON_JSON_H

#include "findings/compare/comparison.h"
#include "json/writer.h"

/* Writes a value with at most `top` frames, all if it is 0. The sides are those that the comparison was made of. */
void gbxi_comparison_write(gbxi_json_writer *writer, const gbxi_comparison *comparison, const gbxi_compare_side *before,
                           const gbxi_compare_side *after, size_t top);

/* Writes one frame of a comparison as a value. */
void gbxi_compared_frame_write(gbxi_json_writer *writer, const gbxi_compared_frame *frame);

#endif
