/* SPDX-License-Identifier: MIT */
/* Owns the public face of stores that are written: a store becomes a sink of a recorder. */
#define _GNU_SOURCE
#include "base/versioned.h"
#include "store/store.h"
#include <assert.h>
#include <errno.h>
#include <glassbox/store.h>
#include <stdlib.h>

#define KEEP_BYTES_DEFAULT (UINT64_C(1) << 30)

static_assert(sizeof(gbx_store_options) == 72, "no padding without a name");

static gbxi_store_options options_of(const gbx_store_options *known)
{
    return (gbxi_store_options){.directory = known->directory,
                                .program = known->program != NULL ? known->program : program_invocation_short_name,
                                .run_bytes = known->run_bytes,
                                .run_ns = known->run_ns,
                                .exporter = known->exporter,
                                .keep = {.keep_runs = known->keep_runs,
                                         .keep_bytes = known->keep_bytes != 0 ? known->keep_bytes : KEEP_BYTES_DEFAULT,
                                         .keep_age_ns = known->keep_age_ns}};
}

gbx_err gbx_recorder_add_store(gbx_recorder *recorder, const gbx_store_options *options, gbx_error *error)
{
    gbx_store_options known;
    gbxi_store_options own;
    gbxi_store *store;
    gbx_sink sink;
    gbx_err err;

    if ((err = gbxi_options_read(&known, sizeof(known), GBXI_SIZE_THROUGH(gbx_store_options, keep_age_ns), options,
                                 error)) != GBX_ERR_OK)
        return err;
    own = options_of(&known);
    if ((err = gbxi_store_open(&own, &store, error)) != GBX_ERR_OK)
        return err;
    sink = gbxi_store_sink(store);
    if ((err = gbx_recorder_add(recorder, &sink)) == GBX_ERR_OK)
        return GBX_ERR_OK;
    (void)!gbxi_store_close(store, NULL); /* nothing is in its run */
    return gbx_error_set(error, err, NULL, "the recorder takes no store: %s", gbx_err_text(err));
}
