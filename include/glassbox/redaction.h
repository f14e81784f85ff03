/* SPDX-License-Identifier: MIT */
/* Redaction: what must not get into a trace, whatever the instrumented code notes.
 *
 *     static const char *const sensitive[] = {"password", "user.*", NULL};
 *     static const gbx_redaction redaction = {.keys = sensitive};
 *     ...
 *     gbx_capture_options options = {.redaction = &redaction};        // or in the middleware's config (h2o.h)
 *
 * It is applied while recording: what is redacted is never stored in the capture, so it is in no document, of whatever
 * format. Code that is not captured pays nothing for it, and neither do spans with literal names. */
#ifndef GLASSBOX_REDACTION_H
#define GLASSBOX_REDACTION_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What stands in the place of a redacted text. */
#define GBX_REDACTED "[redacted]"

/* What a text is; a filter is asked about all of them. Literal span names, being part of the program, are none. */
typedef enum gbx_text_kind {
    GBX_TEXT_NOTE,        /* a gbx_note_str's value */
    GBX_TEXT_NUMBER,      /* a gbx_note_int's or gbx_note_double's value, as text; unchanged it stays a number */
    GBX_TEXT_NAME,        /* a GBX_SPAN_FMT's name; redacted, the span bears its function's name */
    GBX_TEXT_REASON,      /* a gbx_span_fail's reason */
    GBX_TEXT_CAPTURE_NAME /* the capture's own name: for a request its method and path, or what the client chose */
} gbx_text_kind;

/* A text about to be recorded. Its bytes are a copy, which a filter may change, make shorter or longer. */
typedef struct gbx_text {
    gbx_text_kind kind;
    const char *key; /* of a note; for NAME the span's function; else "". Terminated, 127 bytes at most */
    char *bytes;     /* terminated, which changed ones need not be */
    size_t length;
    size_t capacity; /* bytes there is room for */
} gbx_text;

/* Returns true to keep what is then in `text`, false to redact it. Called on the captured thread in the middle of its
 * work, on any number of threads at once: it should be quick, and must not throw or block. Spans and notes of its own
 * are not recorded. */
typedef bool gbx_redaction_filter(void *context, gbx_text *text);

/* What is sensitive. Zeroed: nothing. Immutable; it must outlive every capture that uses it. */
typedef struct gbx_redaction {
    const char *const *keys;      /* NULL-terminated: notes with these keys, compared without regard to ASCII case, come
                                     out as GBX_REDACTED. A final * stands for any rest. NULL: none */
    bool names;                   /* no name is formatted: such a span bears its function's name */
    bool reasons;                 /* failures are recorded with GBX_REDACTED for a reason */
    gbx_redaction_filter *filter; /* asked about what the above did not redact; NULL: all of it is kept */
    void *context;                /* the filter's */
} gbx_redaction;

#ifdef __cplusplus
}
#endif

#endif
