/* SPDX-License-Identifier: MIT */
/* Converts the handler's body, chunk by chunk, to a member of the envelope.
 *
 * Usage: init. For each chunk of the handler: take, then write and pass until has_input is false. After the last chunk:
 * write and pass until is_done is true. The bytes of write are sent before those of pass. */
#ifndef GBX_MIDDLEWARE_OUTPUT_H
#define GBX_MIDDLEWARE_OUTPUT_H

#include "http/media.h"
#include "middleware/encode.h"
#include <h2o.h>

typedef enum gbxi_output_mode {
    GBXI_OUTPUT_RAW,     /* JSON: passed on from the handler's memory */
    GBXI_OUTPUT_ENCODED, /* a JSON string, encoded into the writer's memory */
    GBXI_OUTPUT_DROPPED  /* only the trace is requested */
} gbxi_output_mode;

/* Caller's memory. It points to memory of the request's pool and of the handler. */
typedef struct gbxi_output {
    const char *key;
    gbxi_output_mode mode;
    gbxi_encoder encoder;
    bool begun;               /* the member is open */
    bool ended;               /* the handler's last chunk was taken */
    bool done;                /* all output is written */
    h2o_iovec_vector_t input; /* the handler's chunk, in the handler's memory, which is valid until proceed is called */
    size_t input_at;          /* the first entry with bytes left */
} gbxi_output;

/* Initializes or resets the output. `key` is borrowed. */
void gbxi_output_init(gbxi_output *output, const char *key, gbxi_media media, bool dropped);

/* Takes the handler's next chunk. `last` marks the last one. There must be no input left. */
void gbxi_output_take(gbxi_output *output, h2o_mem_pool_t *pool, const h2o_iovec_t *chunk, size_t count, bool last);

/* Writes as much as fits into the writer's memory, which must be at least 2 KiB. Never calls the writer's sink. */
void gbxi_output_write(gbxi_output *output, gbxi_json_writer *writer);

/* Appends raw input to `chunks`, to be sent after the written bytes. */
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
