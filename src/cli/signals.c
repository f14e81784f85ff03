/* SPDX-License-Identifier: MIT */
/* Waits for the signals that end a command. */
#define _GNU_SOURCE
#include "cli/signals.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

int gbxi_signals_open(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    return signalfd(-1, &signals, SFD_CLOEXEC);
}

int gbxi_signals_wait(int signal_fd, int timeout_ms)
{
    struct pollfd poller = {.fd = signal_fd, .events = POLLIN};
    struct signalfd_siginfo info;
    int count;

    do {
        count = poll(&poller, 1, timeout_ms);
    } while (count == -1 && errno == EINTR);
    if (count <= 0 || read(signal_fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
        return 0;
    return (int)info.ssi_signo;
}
