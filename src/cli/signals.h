/* SPDX-License-Identifier: MIT */
/* The signals that end a command which goes on until somebody has seen enough: SIGINT and SIGTERM. */
#ifndef GBX_CLI_SIGNALS_H
#define GBX_CLI_SIGNALS_H

/* Blocks both signals from now on. Returns a descriptor that becomes readable with one of them, or -1 with errno. Owns:
 * the caller, with close. */
int gbxi_signals_open(void);

/* Waits for a signal, at most `timeout_ms` (-1: as long as it takes). Returns the signal, or 0 if none came. */
int gbxi_signals_wait(int signal_fd, int timeout_ms);

#endif
