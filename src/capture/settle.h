/* SPDX-License-Identifier: MIT */
/* The formatting of deferred names when a finished capture is read. */
#ifndef GBX_CAPTURE_SETTLE_H
#define GBX_CAPTURE_SETTLE_H

#include "capture/event.h"
#include "capture/state.h"

/* Formats the names in a block whose events up to `end` belong to the finished capture. The first reader that enters
 * the block formats, and others wait for it. Thread: any. */
void gbxi_block_settle(const gbx_capture *capture, const gbxi_block *block, const gbxi_event *end);

#endif
