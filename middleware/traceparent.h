/* SPDX-License-Identifier: MIT */
/* The W3C Trace Context header, with which a client chooses the trace id and says which span of its own is the parent.
 */
#ifndef GBX_MIDDLEWARE_TRACEPARENT_H
#define GBX_MIDDLEWARE_TRACEPARENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a valid header says: neither id is all zero. */
typedef struct gbxi_traceparent {
    uint8_t trace_id[16];
    uint8_t parent_span_id[8];
    uint8_t flags; /* the lowest bit: the client has sampled the trace */
} gbxi_traceparent;

/* Reads a `traceparent` value. If the value is not valid according to section 3.2 of
 * https://www.w3.org/TR/trace-context/, returns false and leaves `parent` unchanged. Future versions are read by the
 * rules of that section. */
bool gbxi_traceparent_parse(const char *text, size_t length, gbxi_traceparent *parent);

#endif
