/* SPDX-License-Identifier: MIT */
/* A span as OTLP knows it, whatever form it is written in. */
#ifndef GBX_OTLP_SPAN_H
#define GBX_OTLP_SPAN_H

#include "base/view.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GBXI_OTLP_SPAN_ID_BYTES = 8, GBXI_OTLP_TRACE_ID_BYTES = 16 };

/* Values of SpanKind. */
typedef enum gbxi_otlp_kind { GBXI_OTLP_INTERNAL = 1, GBXI_OTLP_SERVER = 2, GBXI_OTLP_CLIENT = 3 } gbxi_otlp_kind;

/* A value of StatusCode; without a status, the code is unset. */
enum { GBXI_OTLP_STATUS_ERROR = 2 };

typedef enum gbxi_otlp_type { GBXI_OTLP_TEXT, GBXI_OTLP_INT, GBXI_OTLP_REAL, GBXI_OTLP_BOOL } gbxi_otlp_type;

/* Texts are borrowed, and need not be UTF-8. */
typedef struct gbxi_otlp_attribute {
    gbxi_view key;
    gbxi_otlp_type type;
    union {
        gbxi_view text;
        int64_t integer;
        double real;
        bool boolean;
    } value;
} gbxi_otlp_attribute;

typedef struct gbxi_otlp_attributes {
    const gbxi_otlp_attribute *at;
    size_t count;
    uint32_t dropped;
} gbxi_otlp_attributes;

/* Texts are borrowed. */
typedef struct gbxi_otlp_span {
    uint8_t trace_id[GBXI_OTLP_TRACE_ID_BYTES];
    uint8_t id[GBXI_OTLP_SPAN_ID_BYTES];
    uint8_t parent_id[GBXI_OTLP_SPAN_ID_BYTES]; /* all zero: none */
    bool has_parent;
    bool is_failed;     /* its status is ERROR */
    bool has_exception; /* an event tells when it failed, and why */
    uint32_t flags;
    gbxi_otlp_kind kind;
    gbxi_view name;
    uint64_t start_unix_ns, end_unix_ns, exception_unix_ns;
    gbxi_view reason; /* the message of the status */
    gbxi_view exception;
    gbxi_otlp_attributes attributes;
} gbxi_otlp_span;

#endif
