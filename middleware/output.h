/* SPDX-License-Identifier: MIT */
/* The handler's body on its way into the envelope: chunk in, text out, nothing kept.
 *
 * Usage: init; for each chunk of the handler take, then write and pass (whose bytes go out in this order) until
 * has_input says no; after the last chunk until is_done says yes. */
#ifndef GBX_MIDDLEWARE_OUTPUT_H
#define GBX_MIDDLEWARE_OUTPUT_H

#include "http/media.h"
#include "middleware/encode.h"
#include <h2o.h>

typedef enum gbxi_output_mode {
    GBXI_OUTPUT_RAW,     /* JSON: the handler's own memory goes through */
    GBXI_OUTPUT_ENCODED, /* a JSON string, made in the writer's memory */
    GBXI_OUTPUT_DROPPED  /* only the trace is wanted */
} gbxi_output_mode;

/* Caller's memory; what it points to is the request pool's and the handler's. */
typedef struct gbxi_output {
    const char *key;
    gbxi_output_mode mode;
    gbxi_encoder encoder;
    bool begun;               /* the member is open */
    bool ended;               /* the handler's last chunk is in */
    bool done;                /* and all of it is out */
    h2o_iovec_vector_t input; /* the handler's chunk, in its memory, which holds until it is asked to proceed */
    size_t input_at;          /* the first entry with bytes left */
} gbxi_output;

/* Starts over; may be called again. `key` is borrowed. */
void gbxi_output_init(gbxi_output *output, const char *key, gbxi_media media, bool dropped);

/* The handler's next chunk, `last` for its last one. Only when there is no input left. */
void gbxi_output_take(gbxi_output *output, h2o_mem_pool_t *pool, const h2o_iovec_t *chunk, size_t count, bool last);

/* Writes what the writer's memory holds of it, which must be 2 KiB at least, and never asks the writer for more. */
void gbxi_output_write(gbxi_output *output, gbxi_json_writer *writer);

/* Appends what goes out as it is, behind what was written. */
void gbxi_output_pass(gbxi_output *output, h2o_mem_pool_t *pool, h2o_iovec_vector_t *chunks);

static inline bool gbxi_output_has_input(const gbxi_output *output)
{
    return output->input_at < output->input.size;
}

static inline bool gbxi_output_is_done(const gbxi_output *output)
{
    return output->done;
}

#endif
