/* SPDX-License-Identifier: MIT */
/* Traces as bytes: all records of a capture, compressed, from which the capture comes back with the same records. So
 * every document comes back too.
 *
 *     gbxi_packer *packer = gbxi_packer_new();
 *     err = gbxi_pack(packer, trace, &bytes, &length, &error);        // `bytes` are the packer's, until the next call
 *     ...
 *     err = gbxi_unpack(bytes, length, &capture, &error);             // finished; exporters take it
 *
 * The bytes depend on nothing else, and on no machine: numbers are variable-length integers (LEB128), and the whole is
 * one frame of zstd (https://www.rfc-editor.org/rfc/rfc8878). pack_code.h lists the codes. */
#ifndef GBX_STORE_PACK_H
#define GBX_STORE_PACK_H

#include "trace/model.h"
#include <glassbox/error.h>

typedef struct gbxi_packer gbxi_packer;

/* Memory for packing one trace after the other. NULL if memory is short. Thread: one at a time. */
GBX_MUST_USE gbxi_packer *gbxi_packer_new(void);
void gbxi_packer_free(gbxi_packer *packer); /* accepts NULL */

/* Packs the records of the trace's capture. Frames have the names of files that the trace has, so cut the source root
 * first (gbxi_frames_cut_root). The trace must have been made without a `min_duration_ns`. Owns: the packer, until its
 * next call. Errors: NO_MEMORY. Cost: linear in the records. */
GBX_MUST_USE gbx_err gbxi_pack(gbxi_packer *packer, const gbxi_trace *trace, const void **bytes, size_t *length,
                               gbx_error *error);

/* Makes the finished capture again, whatever the bytes are. Owns: the caller, until gbx_capture_unref. Errors: SYNTAX
 * (the bytes are damaged), UNKNOWN (they are of a later version), LIMIT (more than 1 GiB), NO_MEMORY (also at the limit
 * of capture memory). Thread: any. */
GBX_MUST_USE gbx_err gbxi_unpack(const void *bytes, size_t length, gbx_capture **capture, gbx_error *error);

#endif
