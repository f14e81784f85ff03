/* SPDX-License-Identifier: MIT */
/* Spans that may be over: a paused span goes on if its code does, and otherwise has ended where it was paused.
 *
 * It is for code that learns only afterwards whether it was called again, such as that of a statement between two rows.
 * Whatever else is recorded on the thread, or leaves the capture, ends the paused span first. So nothing of others is
 * ever inside it. Other libraries of Glassbox use these functions, so they are exported. Thread: that of the span. */
#ifndef GBX_CAPTURE_PAUSE_H
#define GBX_CAPTURE_PAUSE_H

#include <glassbox/span.h>
#include <stdbool.h>

/* Pauses the innermost open span, at the current time. If it ends so, it gets a note of `key`, a literal, and `value`.
 * Does nothing for any other span. */
GBX_API void gbxi_span_pause(const gbx_span *span, const char *key, int64_t value);

/* Whether a span is open in the capture that the thread records into, paused or not. */
GBX_API bool gbxi_span_is_open(const gbx_span *span);

/* Makes an open span, paused or not, the innermost one again; what is still open inside it ends. False if the span is
 * not open: it has ended, was dropped or belongs to another capture. */
GBX_API bool gbxi_span_resume(const gbx_span *span);

/* Makes a paused span go on. False if the span is not paused. */
GBX_API bool gbxi_span_resume_paused(const gbx_span *span);

/* Ends a paused span where it was paused. False if the span is not paused; gbxi_span_end is for those that are not. */
GBX_API bool gbxi_span_end_paused(const gbx_span *span);

#endif
