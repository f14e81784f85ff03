/* SPDX-License-Identifier: MIT */
/* What recording costs, which every trace states about itself. */
#ifndef GBX_CAPTURE_COST_H
#define GBX_CAPTURE_COST_H

#include <glassbox/capture.h>

/* What recording one span costs on this machine, in ns; 0 while it cannot be measured, as at the bound of the memory.
 * `clock` is a built-in one: NULL, which is the CPU's counter, or gbx_clock_monotonic(). Measured at the first call, in
 * about 0.1 ms. Thread: any. */
double gbxi_span_cost_ns(const gbx_clock *clock);

#endif
