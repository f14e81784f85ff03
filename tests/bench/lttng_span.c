/* SPDX-License-Identifier: MIT */
/* Owns the definition of the tracepoints; the header generates the code. */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "lttng_span.h"
