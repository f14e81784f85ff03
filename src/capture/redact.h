/* SPDX-License-Identifier: MIT */
/* Redaction as recording uses it. A NULL redaction redacts nothing. */
#ifndef GBX_CAPTURE_REDACT_H
#define GBX_CAPTURE_REDACT_H

#include <glassbox/redaction.h>

/* Immutable except for the reference count. */
struct gbx_redaction {
    _Atomic(uint32_t) references;
    bool names;
    bool reasons;
    gbx_redaction_filter *filter;
    void *context;
    void (*dispose)(void *context);
    const char *keys[]; /* NULL-terminated; the strings follow in the same memory */
};

/* Whether notes with that key are to be redacted. Thread: any. */
bool gbxi_redaction_has_key(const gbx_redaction *redaction, const char *key, size_t key_length);

/* Whether there is a filter. */
static inline bool gbxi_redaction_has_filter(const gbx_redaction *redaction)
{
    return redaction != NULL && redaction->filter != NULL;
}

/* Calls the filter, which must exist, with `text`; false means redact. Afterwards `text->length` is valid and at most
 * the capacity before the call; the other members are what the filter left in them. Thread: any; the thread records
 * nowhere during the call. */
bool gbxi_redaction_ask(const gbx_redaction *redaction, gbx_text *text);

#endif
