/* SPDX-License-Identifier: MIT */
/* The two LTTng-UST tracepoints that correspond to the begin and end of a span. */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER glassbox_bench
#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "lttng_span.h"

#if !defined(GBX_TESTS_BENCH_LTTNG_SPAN_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define GBX_TESTS_BENCH_LTTNG_SPAN_H

#include <lttng/tracepoint.h>

LTTNG_UST_TRACEPOINT_EVENT(glassbox_bench, span_begin, LTTNG_UST_TP_ARGS(), LTTNG_UST_TP_FIELDS())
LTTNG_UST_TRACEPOINT_EVENT(glassbox_bench, span_end, LTTNG_UST_TP_ARGS(), LTTNG_UST_TP_FIELDS())

#endif

#include <lttng/tracepoint-event.h>
