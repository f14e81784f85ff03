/* SPDX-License-Identifier: MIT */
/* What two sides of a comparison took: every value of every frame in every request, by method and route.
 *
 *     gbxi_gathered gathered;
 *     gbxi_gathered_init(&gathered);
 *     gbxi_gathered_read(&gathered, GBXI_BEFORE, run, &query, &error)
 *     gbxi_gathered_read(&gathered, GBXI_AFTER, run, &query, &error)
 *     ... gathered.cells ...
 *     gbxi_gathered_fini(&gathered); */
#ifndef GBX_FINDINGS_COMPARE_GATHERED_H
#define GBX_FINDINGS_COMPARE_GATHERED_H

#include "base/table.h"
#include "base/view.h"
#include "store/query.h"

typedef enum gbxi_compare_half { GBXI_BEFORE, GBXI_AFTER, GBXI_COMPARE_HALVES } gbxi_compare_half;

/* What a frame took in one request. */
typedef struct gbxi_gathered_value {
    uint64_t self_ns, total_ns;
    double common;    /* logarithm: what all frames of the request have in common (findings/compare/pace.h) */
    uint32_t request; /* its place among those of the route on this side */
} gbxi_gathered_value;

/* The values of a frame in the requests of a route on one side that have it, in the order of the requests. */
typedef struct gbxi_gathered_values {
    gbxi_gathered_value *at;
    size_t count, capacity;
    uint64_t calls;
} gbxi_gathered_values;

/* A frame in the requests of one route. */
typedef struct gbxi_gathered_cell {
    uint32_t route, frame;
    gbxi_gathered_values halves[GBXI_COMPARE_HALVES];
} gbxi_gathered_cell;

/* The requests of a route on one side: how long each took. */
typedef struct gbxi_gathered_requests {
    uint64_t *durations_ns;
    size_t count, capacity;
} gbxi_gathered_requests;

typedef struct gbxi_gathered_route {
    char *method, *route;
    gbxi_gathered_requests halves[GBXI_COMPARE_HALVES];
} gbxi_gathered_route;

/* Frames whose names were made from one format are one frame. */
typedef struct gbxi_gathered_frame {
    char *name, *file;
    uint32_t line;
} gbxi_gathered_frame;

/* What is known of one side as a whole. */
typedef struct gbxi_gathered_side {
    uint64_t requests;
    uint64_t spans;
    uint64_t price_ns;   /* what capturing them took */
    uint64_t incomplete; /* requests with dropped spans, or with frames that the store left out */
} gbxi_gathered_side;

/* Caller's memory. */
typedef struct gbxi_gathered {
    gbxi_gathered_route *routes;
    size_t route_count, route_capacity;
    gbxi_gathered_frame *frames;
    size_t frame_count, frame_capacity;
    gbxi_gathered_cell *cells;
    size_t cell_count, cell_capacity;
    gbxi_gathered_side sides[GBXI_COMPARE_HALVES];
    gbxi_table route_table, frame_table, cell_table;
    uint64_t key; /* of the hashes */
} gbxi_gathered;

void gbxi_gathered_init(gbxi_gathered *gathered);

/* Adds the traces of `run` that `query` selects to one side. Its order must be by number. Errors: those of reading the
 * store, NO_MEMORY; fini is safe either way. Cost: a scan of the frames of all traces between the first and the last.
 */
GBX_MUST_USE gbx_err gbxi_gathered_read(gbxi_gathered *gathered, gbxi_compare_half half, gbxi_stored_run *run,
                                        const gbxi_trace_query *query, gbx_error *error);

/* Each of these adds what one row of a store tells; gbxi_gathered_read is made of them. `request` is the place of the
 * trace among those of its route. Errors: false if out of memory. */
GBX_MUST_USE bool gbxi_gathered_add_request(gbxi_gathered *gathered, gbxi_compare_half half,
                                            const gbxi_stored_trace *trace, uint32_t *route);
GBX_MUST_USE bool gbxi_gathered_add_frame(gbxi_gathered *gathered, gbxi_view name, const char *file, uint32_t line,
                                          uint32_t *frame);
GBX_MUST_USE bool gbxi_gathered_add_value(gbxi_gathered *gathered, gbxi_compare_half half, uint32_t route,
                                          uint32_t frame, uint32_t request, const gbxi_stored_spent *spent);

/* What capturing one span took, on the side where it took more. */
double gbxi_gathered_price_ns(const gbxi_gathered *gathered);

void gbxi_gathered_fini(gbxi_gathered *gathered);

#endif
