/* SPDX-License-Identifier: MIT */
/* One event loop of libh2o that serves until a signal comes. It knows nothing of Glassbox. */
#ifndef SHOP_SERVER_H
#define SHOP_SERVER_H

#include <h2o.h>

/* A descriptor that is readable once SIGTERM or SIGINT comes. Blocks both, so it is called before a thread is started.
 * -1 after an error. */
int shop_stop_signals(void);

/* Listens on 127.0.0.1 and prints the URL; port 0 is a free one. -1 after an error. */
int shop_listen(uint16_t port);

/* Serves until `signals_fd` is readable. Answers that are complete are sent, and connections are left as they are. */
void shop_serve(h2o_globalconf_t *config, int listener_fd, int signals_fd);

#endif
