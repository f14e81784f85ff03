/* SPDX-License-Identifier: MIT */
/* What recording costs, which every trace states about itself. */
#ifndef GBX_CAPTURE_COST_H
#define GBX_CAPTURE_COST_H

/* What recording one span costs on this machine with the built-in clock, in ns; 0 when it could not be measured.
 * Measured at the first call, in about 0.1 ms. Thread: any. */
double gbx__span_cost_ns(void);

#endif
