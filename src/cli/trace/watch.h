/* SPDX-License-Identifier: MIT */
/* What goes on beside the requests: signals, and what the service prints. */
#ifndef GBX_CLI_TRACE_WATCH_H
#define GBX_CLI_TRACE_WATCH_H

#include "cli/trace/child.h"
#include "cli/trace/progress.h"

enum { GBXI_WATCH_FDS = 2 };

/* Borrows all three. */
typedef struct gbxi_watch {
    int signal_fd;       /* of cli/signals.h */
    gbxi_child *service; /* NULL: it runs elsewhere */
    gbxi_progress *progress;
    int signal; /* that came last; 0: none did */
} gbxi_watch;

/* The descriptors that tell that there is something to look at; -1 for one that is not there. */
void gbxi_watch_fds(const gbxi_watch *watch, int fds[static GBXI_WATCH_FDS]);

/* Takes what has come; never waits. Returns whether to go on: no signal has come, and the service lives. */
bool gbxi_watch_look(gbxi_watch *watch);

/* Waits so long, unless there is no going on. Returns whether there is. */
bool gbxi_watch_wait(gbxi_watch *watch, uint64_t ns);

#endif
