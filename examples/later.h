/* SPDX-License-Identifier: MIT */
/* A handler that answers later: two worker pools compute, one after the other, and the event loop sends. */
#ifndef EXAMPLES_LATER_H
#define EXAMPLES_LATER_H

#include "worker_pool.h"
#include <h2o.h>

/* Answers GET PATH?N with a checksum that takes N thousand rounds. `first` and `second` must outlive the contexts.
 * Needs, of each context's loop, that it runs until later_pending says 0. */
h2o_handler_t *later_register(h2o_pathconf_t *path, worker_pool *first, worker_pool *second);

/* Jobs of this loop that have not come back yet, and requests that were gone before their job was. Thread: the loop's.
 */
size_t later_pending(h2o_handler_t *handler, h2o_context_t *context);
size_t later_abandoned(h2o_handler_t *handler);

#endif
