/* SPDX-License-Identifier: MIT */
/* Looks after the service and the signals while something else goes on. */
#define _GNU_SOURCE
#include "cli/trace/watch.h"
#include "base/time.h"
#include "cli/signals.h"
#include <poll.h>

enum { WATCH_LOOK_MS = 50 };

void gbxi_watch_fds(const gbxi_watch *watch, int fds[static GBXI_WATCH_FDS])
{
    fds[0] = watch->signal_fd;
    fds[1] = watch->service != NULL ? watch->service->output : -1;
}

static bool has_bytes(int fd)
{
    struct pollfd poller = {.fd = fd, .events = POLLIN};

    return fd != -1 && poll(&poller, 1, 0) == 1;
}

bool gbxi_watch_look(gbxi_watch *watch)
{
    int signal = gbxi_signals_wait(watch->signal_fd, 0);

    if (signal != 0)
        watch->signal = signal;
    if (watch->service == NULL)
        return watch->signal == 0;
    if (has_bytes(watch->service->output)) {
        if (!watch->service->logs_to_file)
            gbxi_progress_clear(watch->progress);
        gbxi_child_pump(watch->service);
    }
    return watch->signal == 0 && gbxi_child_lives(watch->service);
}

bool gbxi_watch_wait(gbxi_watch *watch, uint64_t ns)
{
    const uint64_t until_ns = gbxi_monotonic_ns() + ns;
    bool good = gbxi_watch_look(watch);
    uint64_t now_ns;

    while (good && (now_ns = gbxi_monotonic_ns()) < until_ns) {
        uint64_t left_ms = (until_ns - now_ns) / GBXI_NS_PER_MS + 1;
        struct pollfd pollers[GBXI_WATCH_FDS];
        int fds[GBXI_WATCH_FDS];

        gbxi_watch_fds(watch, fds);
        for (size_t i = 0; i < GBXI_WATCH_FDS; i++)
            pollers[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
        poll(pollers, GBXI_WATCH_FDS, left_ms < WATCH_LOOK_MS ? (int)left_ms : WATCH_LOOK_MS);
        good = gbxi_watch_look(watch);
    }
    return good;
}
