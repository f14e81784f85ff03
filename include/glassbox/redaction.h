/* SPDX-License-Identifier: MIT */
/* Redaction: what must not get into a trace, whatever the instrumented code notes.
 *
 *     const char *const sensitive[] = {"password", "user.*", NULL};
 *     gbx_redaction_options what = {.size = sizeof(what), .keys = sensitive};
 *     gbx_redaction *redaction = gbx_redaction_new(&what);
 *     ...
 *     gbx_capture_options options = {.size = sizeof(options), .redaction = redaction};   // or in h2o.h's config
 *     ...
 *     gbx_redaction_unref(redaction);           // whatever uses it holds a reference of its own
 *
 * It is applied while recording: what is redacted is never stored in the capture, so it is in no document, of whatever
 * format. Code that is not captured pays nothing for it, and neither do spans with literal names. */
#ifndef GLASSBOX_REDACTION_H
#define GLASSBOX_REDACTION_H

#include <glassbox/api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What stands in the place of a redacted text. */
#define GBX_REDACTED "[redacted]"

/* What a text is; a filter is asked about all of them. Literal span names, being part of the program, are none. */
typedef enum gbx_text_kind {
    GBX_TEXT_NOTE = 0,        /* a gbx_note_str's value */
    GBX_TEXT_NUMBER = 1,      /* a gbx_note_int's or gbx_note_double's value, as text; unchanged it stays a number */
    GBX_TEXT_NAME = 2,        /* a GBX_SPAN_FMT's name; redacted, the span bears its function's name */
    GBX_TEXT_REASON = 3,      /* a gbx_span_fail's reason */
    GBX_TEXT_CAPTURE_NAME = 4 /* the capture's own name: for a request its method and path, or what the client chose */
} gbx_text_kind;

/* A text about to be recorded. Its bytes are a copy, which a filter may change, make shorter or longer. */
typedef struct gbx_text {
    size_t size; /* of what the library filled: later versions may have more members */
    gbx_text_kind kind;
    uint32_t reserved;
    const char *key; /* of a note; for NAME the span's function; else "". Terminated, 127 bytes at most */
    char *bytes;     /* terminated, which changed ones need not be */
    size_t length;
    size_t capacity; /* bytes there is room for */
} gbx_text;

/* Returns true to keep what is then in `text`, false to redact it. Called on the captured thread in the middle of its
 * work, on any number of threads at once: it should be quick, and must not throw or block. Spans and notes of its own
 * are not recorded. Thread: that of the span or note; for a capture's name the one that makes the capture. */
typedef bool gbx_redaction_filter(void *context, gbx_text *text);

/* What is sensitive. Zero but for its size: nothing. */
typedef struct gbx_redaction_options {
    size_t size;                    /* sizeof(gbx_redaction_options) */
    const char *const *keys;        /* NULL-terminated: notes with these keys, compared without regard to ASCII case,
                                       come out as GBX_REDACTED. A final * stands for any rest. NULL: none. Copied */
    bool names;                     /* no name is formatted: such a span bears its function's name */
    bool reasons;                   /* failures are recorded with GBX_REDACTED for a reason */
    uint8_t reserved[6];            /* zero */
    gbx_redaction_filter *filter;   /* asked about what the above did not redact; NULL: all of it is kept */
    void *context;                  /* the filter's */
    void (*dispose)(void *context); /* called once, when nothing uses the redaction any more, on the thread that drops
                                       the last reference; may be NULL */
} gbx_redaction_options;

/* A redaction: immutable, counted. Each capture that uses it holds a reference. */
typedef struct gbx_redaction gbx_redaction;

/* A redaction with one reference; NULL when memory is short or the options are refused (api.h), and then `dispose` is
 * not called. NULL options: it redacts nothing. Thread: any. Owns: the caller, until gbx_redaction_unref. */
GBX_API GBX_MUST_USE gbx_redaction *gbx_redaction_new(const gbx_redaction_options *options);

/* Adds a reference and returns its argument, which may be NULL. Thread: any. */
GBX_API gbx_redaction *gbx_redaction_ref(gbx_redaction *redaction);

/* Drops a reference; the last one frees. NULL is allowed. Thread: any. */
GBX_API void gbx_redaction_unref(gbx_redaction *redaction);

#ifdef __cplusplus
}
#endif

#endif
