/* SPDX-License-Identifier: MIT */
/* The cost of recording, which every trace reports. */
#ifndef GBX_CAPTURE_COST_H
#define GBX_CAPTURE_COST_H

#include <glassbox/capture.h>

/* The cost of recording one span on this machine, in ns; 0 while it cannot be measured, for example at the memory
 * limit. `clock` is a built-in one: NULL, which is the CPU's counter, or gbx_clock_monotonic(). Thread: any. Cost:
 * about 0.1 ms in the first call, which measures. */
double gbxi_span_cost_ns(const gbx_clock *clock);

#endif
