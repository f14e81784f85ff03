/* SPDX-License-Identifier: MIT */
/* What a connection receives: how much of it one turn of the event loop takes, and the memory that holds it.
 *
 * libh2o keeps a request's body in one buffer and doubles the buffer when it is full. It copies what is there: up to
 * 32 MB for one request, during which the loop serves nobody. This file defines h2o_buffer_reserve and
 * h2o_buffer__do_free, which the shared library libh2o then uses instead of its own. Buffers of a mebibyte and more are
 * mapped, so that the kernel moves their pages and nothing is copied. If there is no memory for a
 * larger buffer, its connection is closed; libh2o would end the process. */
#ifndef GBX_RUNTIME_LIBH2O_INPUT_H
#define GBX_RUNTIME_LIBH2O_INPUT_H

#include <h2o.h>

/* Limits what the kernel holds for each connection that is accepted from the listening socket `fd`, and thereby what
 * the loop reads in one turn, to a few hundred kilobytes. Errors: none; without the limit a turn may take longer. */
void gbxi_input_bound(int fd);

/* Makes libh2o read from a plain socket that has read nothing yet only so much in a turn of the loop: 16 KiB, or as
 * much as it holds, but at most 256 KiB. What a client has sent without waiting for
 * answers may be more, and would all be kept with its first request. gbxi_input_end_turn
 * must be called after each read. Thread: the loop's. */
void gbxi_input_take_turns(h2o_socket_t *socket);

/* A read is over. Thread: the loop's. */
void gbxi_input_end_turn(void);

#endif
