/* SPDX-License-Identifier: MIT */
/* Redaction: keeps sensitive data out of traces, whatever the instrumented code notes.
 *
 *     const char *const sensitive[] = {"password", "user.*", NULL};
 *     gbx_redaction_options what = {.size = sizeof(what), .keys = sensitive};
 *     gbx_redaction *redaction = gbx_redaction_new(&what);
 *     ...
 *     gbx_capture_options options = {.size = sizeof(options), .redaction = redaction};   // or in h2o.h's config
 *     ...
 *     gbx_redaction_unref(redaction);           // users of it hold references of their own
 *
 * Redaction is applied while recording. Redacted data is never stored in the capture, so that no document contains it.
 * Code that is not captured pays nothing for redaction, and neither do spans with literal names. */
#ifndef GLASSBOX_REDACTION_H
#define GLASSBOX_REDACTION_H

#include <glassbox/api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The replacement for a redacted text. */
#define GBX_REDACTED "[redacted]"

/* The kinds of text that a filter is asked about. Literal span names are part of the program and are not filtered. */
typedef enum gbx_text_kind {
    GBX_TEXT_NOTE = 0, /* a gbx_note_str's value */
    GBX_TEXT_NUMBER =
        1, /* a gbx_note_int's or gbx_note_double's value, as text; if unchanged, it is recorded as a number */
    GBX_TEXT_NAME = 2,        /* a GBX_SPAN_FMT's name; a redacted one is replaced by the name of the function */
    GBX_TEXT_REASON = 3,      /* a gbx_span_fail's reason */
    GBX_TEXT_CAPTURE_NAME = 4 /* the capture's name: a request's method and path, or the name chosen by the client */
} gbx_text_kind;

/* A text that is about to be recorded. `bytes` is a copy, which a filter may change, shorten or extend. */
typedef struct gbx_text {
    size_t size; /* how much of the struct the library filled; later versions may have more members */
    gbx_text_kind kind;
    uint32_t reserved;
    const char *key; /* the key of a note, or the function of a NAME; otherwise "". Terminated, 127 bytes at most */
    char *bytes;     /* terminated; a filter need not terminate it */
    size_t length;
    size_t capacity; /* size of `bytes`, without the terminator */
} gbx_text;

/* Returns true to record the contents of `text`, false to redact it. It interrupts the captured work, so it should be
 * fast; it must not throw or block. Its own spans and notes are not recorded. Thread: that of the span or note, or the
 * one that makes the capture for a capture's name; several threads may call it at the same time. */
typedef bool gbx_redaction_filter(void *context, gbx_text *text);

/* What to redact. If all members but the size are zero, nothing is redacted. */
typedef struct gbx_redaction_options {
    size_t size;                    /* sizeof(gbx_redaction_options) */
    const char *const *keys;        /* notes with these keys are recorded as GBX_REDACTED; ASCII case is ignored, and a
                                       final * matches any rest. Ends with NULL; copied. NULL: none */
    bool names;                     /* formatted names are replaced by the names of the functions */
    bool reasons;                   /* reasons of failures are recorded as GBX_REDACTED */
    uint8_t reserved[6];            /* zero */
    gbx_redaction_filter *filter;   /* asked about all other texts; NULL: they are recorded unchanged */
    void *context;                  /* passed to the filter */
    void (*dispose)(void *context); /* called once, by the thread that drops the last reference; may be NULL */
} gbx_redaction_options;

/* A redaction: immutable and reference counted. Each capture that uses it holds a reference. */
typedef struct gbx_redaction gbx_redaction;

/* Makes a redaction with one reference. NULL `options` makes one that redacts nothing. Returns NULL when memory is
 * short or the options are refused (api.h); `dispose` is not called then. Thread: any. Owns: the caller, until
 * gbx_redaction_unref. */
GBX_API GBX_MUST_USE gbx_redaction *gbx_redaction_new(const gbx_redaction_options *options);

/* Adds a reference and returns its argument, which may be NULL. Thread: any. */
GBX_API gbx_redaction *gbx_redaction_ref(gbx_redaction *redaction);

/* Drops a reference; the last one frees. NULL is allowed. Thread: any. */
GBX_API void gbx_redaction_unref(gbx_redaction *redaction);

#ifdef __cplusplus
}
#endif

#endif
