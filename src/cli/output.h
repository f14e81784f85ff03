/* SPDX-License-Identifier: MIT */
/* The standard streams of a server: whoever is to read them may not hold it up. */
#ifndef GBX_CLI_OUTPUT_H
#define GBX_CLI_OUTPUT_H

/* Makes writes to the descriptor fail instead of wait, if nobody reads a pipe, a socket or a terminal that is full.
 * What cannot be written is lost. Other processes that share a pipe or a terminal do not notice. Has no effect on
 * files. */
void gbxi_output_never_wait(int fd);

#endif
