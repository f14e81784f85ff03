/* SPDX-License-Identifier: MIT */
/* The W3C Trace Context header, with which a client chooses the trace id. */
#ifndef GBX_MIDDLEWARE_TRACEPARENT_H
#define GBX_MIDDLEWARE_TRACEPARENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the trace id from a `traceparent` value. If the value is not valid according to section 3.2 of
 * https://www.w3.org/TR/trace-context/, returns false and leaves `trace_id` unchanged. Future versions are read by the
 * rules of that section. */
bool gbxi_traceparent_parse(const char *text, size_t length, uint8_t trace_id[16]);

#endif
