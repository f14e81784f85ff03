/* SPDX-License-Identifier: MIT */
/* Notes and a failure as a short text, for documents that have no members for them.
 *
 *     gbxi_remark remark;
 *     gbxi_remark_begin(&remark, GBXI_REMARK_BYTES_MAX);
 *     gbxi_remark_add(&remark, "db.query", 8);
 *     gbxi_remark_add_failure(&remark, "timeout", 7);      // db.query failed: timeout
 *     gbxi_remark_add_notes(&remark, notes, 2);            // db.query failed: timeout {rows=0, table=users}
 *
 * What does not fit is cut at a whole character, which an ellipsis tells. */
#ifndef GBX_EXPORT_REMARK_H
#define GBX_EXPORT_REMARK_H

#include "trace/marks.h"

enum { GBXI_REMARK_BYTES_MAX = 480, GBXI_REMARK_PART_BYTES_MAX = 160 };

typedef struct gbxi_remark {
    char text[GBXI_REMARK_BYTES_MAX + 4]; /* with room for an ellipsis; not terminated */
    size_t length;
    size_t bytes_max;
    bool full; /* something was cut at the end, and nothing follows */
} gbxi_remark;

/* Begins an empty text of at most `bytes_max` bytes and an ellipsis. `bytes_max` is at most GBXI_REMARK_BYTES_MAX. */
void gbxi_remark_begin(gbxi_remark *remark, size_t bytes_max);
/* Appends a text; at most GBXI_REMARK_PART_BYTES_MAX bytes of it. */
void gbxi_remark_add(gbxi_remark *remark, const char *text, size_t length);
void gbxi_remark_add_failure(gbxi_remark *remark, const char *reason, size_t length);
/* Appends notes; none add nothing. */
void gbxi_remark_add_notes(gbxi_remark *remark, const gbxi_note *notes, uint32_t count);

#endif
