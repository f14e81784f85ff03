/* SPDX-License-Identifier: MIT */
/* Owns the tracepoints' definition: the header writes the code. */
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "lttng_span.h"
