/* SPDX-License-Identifier: MIT */
/* Requests to the graph service and their parsed responses, for the graph tests. */
#ifndef GBX_TESTS_GRAPH_REQUEST_H
#define GBX_TESTS_GRAPH_REQUEST_H

#include "graph/graph.h"
#include "graph/pipeline.h"
#include "json/reader.h"

/* An answer, or the error in its place. Usage: one of the asks, look, request_forget. */
typedef struct request_answer {
    gbx_err err;
    gbx_error error;
    gbxi_json_buffer text;
    gbxi_json_document *document;
    gbxi_json_value root; /* absent after an error */
} request_answer;

/* A route of terminated names. */
gbxi_graph_route request_route(const char *source, const char *engine, const char *transformation);
/* Runs a body as it stands; the answer must be JSON. */
request_answer request_send(const char *source, const char *engine, const char *body, size_t length);
/* The same through a transformation other than default. */
request_answer request_send_through(const char *source, const char *engine, const char *transformation,
                                    const char *body, size_t length);
/* The first with {"graph_data": DATA} around `data`, which is JSON. */
request_answer request_send_data(const char *source, const char *engine, const char *data, size_t length);
/* The same with {"graph_data": {"html": HTML}} around `html`, which is anything. */
request_answer request_send_page(const char *engine, const char *html, size_t length);
/* The same with {"graph_data": DATA, "transform_config": {"options": OPTIONS}} around the two, which are JSON. */
request_answer request_send_options(const char *source, const char *engine, const char *data, const char *options);
/* A graph made by hand, written by an engine with these options (JSON; NULL: none): an object of its members. */
request_answer request_render(const char *engine, const gbxi_graph *graph, const char *options);
void request_forget(request_answer *answer);

/* Members of an answer; the test fails when they are of another type. */
uint64_t request_uint(const request_answer *answer, const char *key);
gbxi_json_string request_text(const request_answer *answer, const char *key);
/* Whether a string member holds, or is, a terminated text. */
bool request_text_has(const request_answer *answer, const char *key, const char *part);
void request_text_is(const request_answer *answer, const char *key, const char *whole);

/* Whether the answer as it was sent holds a terminated text. */
bool request_has(const request_answer *answer, const char *part);

/* A whole file, terminated; NULL when it cannot be read. Owns: the caller. */
char *request_read_file(const char *path, size_t *length);

#endif
