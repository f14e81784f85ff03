/* SPDX-License-Identifier: MIT */
/* Reloads a server's keys on a thread of its own, because it may take any time to read a file. */
#ifndef GBX_CLI_RELOAD_H
#define GBX_CLI_RELOAD_H

#include "server/server.h"
#include <pthread.h>
#include <stdbool.h>

/* Caller's memory, at a fixed address. */
typedef struct gbxi_reload {
    gbxi_server *server;  /* NULL: there are no keys */
    pthread_mutex_t lock; /* guards the rest */
    pthread_cond_t over;
    bool running; /* a thread reads the keys */
    bool again;   /* and has to read them once more */
} gbxi_reload;

/* `server` is NULL if it has no keys: then a request is answered with a line that says so. */
void gbxi_reload_init(gbxi_reload *reload, gbxi_server *server);

/* Makes the server read its keys again and prints the result when it is known: on stdout, or on stderr if the keys stay
 * as they were. A request during a reload makes the reload begin again when it has ended. Thread: any. */
void gbxi_reload_ask(gbxi_reload *reload);

/* Waits until no reload runs, so that the server can be closed; false if that takes longer than `timeout_ms`. Thread:
 * any. */
bool gbxi_reload_await(gbxi_reload *reload, unsigned timeout_ms);

#endif
