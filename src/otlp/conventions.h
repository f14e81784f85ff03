/* SPDX-License-Identifier: MIT */
/* The semantic conventions: which attributes the span of a request has, what kind of span a call is, and what notes are
 * called. Source: https://opentelemetry.io/docs/specs/semconv */
#ifndef GBX_OTLP_CONVENTIONS_H
#define GBX_OTLP_CONVENTIONS_H

#include "export/notes.h"
#include "otlp/span.h"
#include "trace/model.h"

/* What is known of a request besides its trace. Texts are terminated and borrowed, and never NULL. */
typedef struct gbxi_otlp_request {
    const char *method; /* "": no request of HTTP */
    const char *path;   /* without the query */
    const char *route;  /* its template; "": none */
    uint32_t status;    /* 0: there was no answer */
    uint32_t reasons;   /* gbx_keep_reason, or-ed */
} gbxi_otlp_request;

/* The attributes and the texts of a span. A zeroed struct is empty. */
typedef struct gbxi_otlp_words {
    gbxi_otlp_attribute *list;
    size_t count, capacity;
    size_t note_count; /* of the attributes: those at the beginning are notes */
    char *name;        /* of the request's span */
    size_t name_capacity;
    char reasons[64];
    char error_type[12];
} gbxi_otlp_words;

/* Fills name, kind, status and attributes of the span of a request, which has these notes. Owns: the words have the
 * span's texts, until the next call. Errors: false if memory is short. */
bool gbxi_otlp_describe_request(gbxi_otlp_words *words, const gbxi_trace *trace, const gbxi_otlp_request *request,
                                const gbxi_notes *notes, gbxi_otlp_span *span);

/* Fills kind and attributes of the span of a call, whose notes go on from `first` to the end. Owns and errors: as
 * above. */
bool gbxi_otlp_describe_call(gbxi_otlp_words *words, const gbx_lane_facts *thread, const gbxi_frame *frame,
                             const gbxi_notes *notes, uint32_t first, gbxi_otlp_span *span);

void gbxi_otlp_words_fini(gbxi_otlp_words *words);

#endif
