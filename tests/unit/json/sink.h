/* SPDX-License-Identifier: MIT */
/* A sink that hands out memory in small windows, each a heap block of exactly the size it says, and keeps the text. */
#ifndef GBX_TESTS_SINK_H
#define GBX_TESTS_SINK_H

#include "json/writer.h"

typedef struct sink {
    size_t window_bytes; /* offered each time, or what is needed when that is more */
    size_t more_count;   /* calls so far */
    size_t fail_at;      /* the call that fails, from 1; 0 is none */
    char *window;
    char *text; /* terminated, valid after sink_finish */
    size_t length;
} sink;

void sink_begin(sink *to, gbxi_json_writer *writer, size_t window_bytes);
/* gbxi_json_writer_finish, then takes the last window. */
gbx_err sink_finish(sink *to, gbxi_json_writer *writer);
void sink_fini(sink *to);

/* Runs `body` on windows of 1 to 64 bytes and on the growing buffer, and fails the test when any result is not
 * `expected` or is not OK. */
typedef void (*sink_body)(gbxi_json_writer *writer, const void *context);
void sink_assert_writes(sink_body body, const void *context, const char *expected, size_t expected_length);

#endif
