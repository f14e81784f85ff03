/* SPDX-License-Identifier: MIT */
/* Reads messages of protocol buffers, field by field. */
#ifndef GBX_TESTS_OTLP_MESSAGE_H
#define GBX_TESTS_OTLP_MESSAGE_H

#include "base/view.h"
#include <stdint.h>

typedef struct field {
    uint64_t number;
    uint64_t value;  /* of numbers */
    gbxi_view bytes; /* of texts and messages */
} field;

/* Reads the next field. False at the end of the message; fails the test if it is no message. */
bool message_next(gbxi_view *message, field *next);

/* The bytes of the first field with this number; empty if there is none. */
gbxi_view message_field(gbxi_view message, uint64_t number);

/* Calls `use` for each span of a request. */
void message_each_span(gbxi_view request, void (*use)(void *context, gbxi_view span), void *context);

#endif
