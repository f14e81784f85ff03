/* SPDX-License-Identifier: MIT */
/* Redaction: keeps sensitive text out of traces, whatever the instrumented code records.
 *
 *     const char *const sensitive[] = {"password", "user.*", NULL};
 *     gbx_redaction_options what = {.size = sizeof(what), .keys = sensitive};
 *     gbx_redaction *redaction = gbx_redaction_new(&what);
 *     ...
 *     gbx_capture_options options = {.size = sizeof(options), .redaction = redaction};   // or in h2o.h's config
 *     ...
 *     gbx_redaction_unref(redaction);           // captures and configs that use it hold references of their own
 *
 * Redaction is applied while recording. Redacted text is never stored in the capture, so it appears in no document of
 * any format. Redaction costs nothing for code that is not captured and for spans with literal names. */
#ifndef GLASSBOX_REDACTION_H
#define GLASSBOX_REDACTION_H

#include <glassbox/api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Replaces redacted text. */
#define GBX_REDACTED "[redacted]"

/* The kinds of text that a filter is called for. Literal span names are part of the program and are never filtered. */
typedef enum gbx_text_kind {
    GBX_TEXT_NOTE = 0,        /* value of gbx_note_str */
    GBX_TEXT_NUMBER = 1,      /* value of gbx_note_int or gbx_note_double as text; stays a number if unchanged */
    GBX_TEXT_NAME = 2,        /* name of GBX_SPAN_FMT; if redacted, the span gets its function's name */
    GBX_TEXT_REASON = 3,      /* reason of gbx_span_fail */
    GBX_TEXT_CAPTURE_NAME = 4 /* name of the capture; for a request: method and path, or the name the client chose */
} gbx_text_kind;

/* A text that is about to be recorded. Its bytes are a copy. A filter may change them and their length. */
typedef struct gbx_text {
    size_t size; /* bytes that the library filled; later versions may have more members */
    gbx_text_kind kind;
    uint32_t reserved;
    const char *key; /* key of a note; NAME: the span's function; otherwise "". Terminated, at most 127 bytes */
    char *bytes;     /* terminated; the filter need not terminate what it writes */
    size_t length;
    size_t capacity; /* size of the memory at `bytes` */
} gbx_text;

/* Returns true to keep the content of `text` as the filter leaves it, false to redact it. A filter is called in the
 * middle of captured work, so it should be fast and must not throw or block. Its own spans and notes are not recorded.
 * Thread: that of the span or note, or that which creates the capture for the capture's name; any number of calls may
 * run at once. */
typedef bool gbx_redaction_filter(void *context, gbx_text *text);

/* What to redact. If all members but `size` are zero, nothing is redacted. */
typedef struct gbx_redaction_options {
    size_t size; /* sizeof(gbx_redaction_options) */
    /* Notes with these keys get the value GBX_REDACTED. The list ends with NULL and is copied. Case is ignored for
     * ASCII letters, and a final * matches any rest. NULL: no keys. */
    const char *const *keys;
    bool names;                   /* span names are not formatted; such a span gets its function's name */
    bool reasons;                 /* failures are recorded with GBX_REDACTED as their reason */
    uint8_t reserved[6];          /* zero */
    gbx_redaction_filter *filter; /* called for text that the members above do not redact; NULL: the text is kept */
    void *context;                /* passed to `filter` and `dispose` */
    /* Called once, when the last reference is dropped, on the thread that drops it. May be NULL. */
    void (*dispose)(void *context);
} gbx_redaction_options;

/* A redaction: immutable and reference-counted. Each capture that uses a redaction holds a reference. */
typedef struct gbx_redaction gbx_redaction;

/* Creates a redaction with one reference. NULL options create one that redacts nothing. Returns NULL if memory is short
 * or the options are refused (api.h); `dispose` is then not called. Thread: any. Owns: the caller, until
 * gbx_redaction_unref. */
GBX_API GBX_MUST_USE gbx_redaction *gbx_redaction_new(const gbx_redaction_options *options);

/* Adds a reference and returns its argument, which may be NULL. Thread: any. */
GBX_API gbx_redaction *gbx_redaction_ref(gbx_redaction *redaction);

/* Drops a reference. The last one frees the redaction. NULL is allowed. Thread: any. */
GBX_API void gbx_redaction_unref(gbx_redaction *redaction);

#ifdef __cplusplus
}
#endif

#endif
