/* SPDX-License-Identifier: MIT */
/* The W3C Trace Context header that lets a caller choose the trace id. */
#ifndef GBX_MIDDLEWARE_TRACEPARENT_H
#define GBX_MIDDLEWARE_TRACEPARENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the trace id out of a `traceparent` value. False, and `trace_id` untouched, when the value is not valid by
 * https://www.w3.org/TR/trace-context/ (section 3.2); versions to come are read by the rules of that section. */
bool gbxi_traceparent_parse(const char *text, size_t length, uint8_t trace_id[16]);

/* The id as 32 lower-case hexadecimal digits, not terminated. */
void gbxi_trace_id_format(const uint8_t trace_id[16], char text[32]);

#endif
