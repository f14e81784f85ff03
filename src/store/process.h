/* SPDX-License-Identifier: MIT */
/* What this process is doing, second by second. */
#ifndef GBX_STORE_PROCESS_H
#define GBX_STORE_PROCESS_H

#include "store/stored.h"
#include <glassbox/recorder.h>

/* Remembers the CPU time of the last row. */
typedef struct gbxi_process_meter {
    uint64_t cpu_ns;
} gbxi_process_meter;

void gbxi_process_meter_init(gbxi_process_meter *meter);

/* Fills `row` with the time, the CPU time since the last row, the memory, the number of live captures, and what the
 * host says in `state`. `database_ns` is 0. */
void gbxi_process_meter_read(gbxi_process_meter *meter, const gbx_process_state *state, gbxi_process_row *row);

#endif
