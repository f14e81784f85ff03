/* SPDX-License-Identifier: MIT */
/* The questions that recording asks a redaction. A NULL one redacts nothing. */
#ifndef GBX_CAPTURE_REDACT_H
#define GBX_CAPTURE_REDACT_H

#include <glassbox/redaction.h>

/* Immutable but for the count. */
struct gbx_redaction {
    _Atomic(uint32_t) references;
    bool names;
    bool reasons;
    gbx_redaction_filter *filter;
    void *context;
    void (*dispose)(void *context);
    const char *keys[]; /* NULL-terminated; the strings follow in the same memory */
};

/* Whether notes with that key are sensitive. Thread: any. */
bool gbxi_redaction_has_key(const gbx_redaction *redaction, const char *key, size_t key_length);

/* Whether a filter wants to see texts. */
static inline bool gbxi_redaction_has_filter(const gbx_redaction *redaction)
{
    return redaction != NULL && redaction->filter != NULL;
}

/* Asks the filter, which there must be, about `text`; false means redact. What it made of the text fits its capacity.
 * Thread: any; it records nowhere in the meantime. */
bool gbxi_redaction_ask(const gbx_redaction *redaction, gbx_text *text);

#endif
