/* SPDX-License-Identifier: MIT */
/* Does what only the first trace of a process does, so that the first request's trace shows its own work alone. */
#ifndef GBX_SERVER_WARM_UP_H
#define GBX_SERVER_WARM_UP_H

#include <glassbox/error.h>

/* Records a trace that nobody sees, and writes it in every format: clocks are calibrated, code is loaded and memory is
 * there. Capturing may be switched off. Cost: about a millisecond. Errors: NO_MEMORY. Thread: any. */
GBX_MUST_USE gbx_err gbxi_warm_up(void);

#endif
