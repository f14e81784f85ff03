/* SPDX-License-Identifier: MIT */
/* The ids and the instants of traces as text. */
#ifndef GBX_EXPORT_IDENTITY_H
#define GBX_EXPORT_IDENTITY_H

#include <glassbox/api.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GBXI_TRACE_ID_DIGITS = 32,
    GBXI_SPAN_ID_DIGITS = 16,
    GBXI_INSTANT_SIZE = 48 /* room for any instant, terminated */
};

/* Formats a trace id as 32 lower-case hexadecimal digits, not terminated. Exported, because the middleware may be in a
 * library of its own. Thread: any. */
GBX_API void gbxi_trace_id_format(const uint8_t trace_id[16], char text[GBXI_TRACE_ID_DIGITS]);

/* The same for the id of a span: 16 digits. Thread: any. */
void gbxi_span_id_format(const uint8_t span_id[8], char text[GBXI_SPAN_ID_DIGITS]);

/* Formats an instant, in nanoseconds since 1970, by RFC 3339 in UTC with all nine digits of the nanoseconds,
 * terminated. Returns the length. Thread: any. */
size_t gbxi_instant_format(int64_t unix_ns, char text[static GBXI_INSTANT_SIZE]);

#endif
