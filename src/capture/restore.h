/* SPDX-License-Identifier: MIT */
/* Makes a finished capture of records that were read from another one, perhaps by another process. A reader gets the
 * same records from it.
 *
 *     gbxi_restorer restorer;
 *     err = gbxi_restore_begin(&restorer, &facts);                  // of the capture that was read
 *     for each lane, in its order:
 *         gbxi_restore_lane(&restorer, &lane_facts);
 *         gbxi_restore_put(&restorer, &record);                     // for each record
 *     capture = gbxi_restore_end(&restorer, memory);                // finished; `memory` has the sites
 *
 * After an error, gbxi_restore_abandon takes the place of gbxi_restore_end. Thread: one at a time per restorer. */
#ifndef GBX_CAPTURE_RESTORE_H
#define GBX_CAPTURE_RESTORE_H

#include "capture/lane.h"
#include <glassbox/read.h>

/* Members are private. */
typedef struct gbxi_restorer {
    gbx_capture *capture;
    gbxi_lane *lane; /* NULL before the first */
    uint32_t open;   /* calls of the lane */
    uint64_t last_ns;
} gbxi_restorer;

/* Begins a capture with these facts. Its counts of spans are those of the lanes. Errors: NO_MEMORY. Owns: the caller,
 * until end or abandon. */
GBX_MUST_USE gbx_err gbxi_restore_begin(gbxi_restorer *restorer, const gbx_capture_facts *facts);

/* Begins the next lane. Errors: NO_MEMORY (also at the limit of capture memory), LIMIT (too many lanes). */
GBX_MUST_USE gbx_err gbxi_restore_lane(gbxi_restorer *restorer, const gbx_lane_facts *facts);

/* Adds a record to the lane. Its site must stay where it is; all other texts are copied. Errors: SYNTAX (a record that
 * no reader gives there: an exit without a call, a time before the last one, a text that is too long, a depth beyond
 * the greatest), NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_restore_put(gbxi_restorer *restorer, const gbx_record *record);

/* Finishes the capture. Owns: the caller gets its only reference; the capture frees `memory`, which may be NULL. */
GBX_MUST_USE gbx_capture *gbxi_restore_end(gbxi_restorer *restorer, void *memory);

/* Frees what was made so far. */
void gbxi_restore_abandon(gbxi_restorer *restorer);

#endif
