/* SPDX-License-Identifier: MIT */
/* glassbox serve: the server's process, which is its signals, its terminal and its exit status. */
#define _GNU_SOURCE
#include "cli/command.h"
#include "cli/serve_options.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* The stop signals as something to poll, blocked for this thread and those it will start; SIGPIPE is ignored, so that a
 * client that hangs up is an error of a write. */
static int open_signals(void)
{
    sigset_t stops;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    sigprocmask(SIG_BLOCK, &stops, NULL);
    return signalfd(-1, &stops, SFD_CLOEXEC);
}

/* What wait_for saw first. */
enum event { EVENT_SIGNAL, EVENT_DONE, EVENT_TIMEOUT };

static enum event wait_for(int signal_fd, int done_fd, int timeout_ms)
{
    struct pollfd fds[] = {{.fd = signal_fd, .events = POLLIN}, {.fd = done_fd, .events = POLLIN}};
    struct signalfd_siginfo info;
    int count;

    do {
        count = poll(fds, 2, timeout_ms);
    } while (count == -1 && errno == EINTR);
    if (fds[1].revents != 0)
        return EVENT_DONE;
    if (count <= 0)
        return EVENT_TIMEOUT;
    if (read(signal_fd, &info, sizeof(info)) == -1)
        return EVENT_TIMEOUT;
    return EVENT_SIGNAL;
}

/* Leaves without looking back: the loops are still at work on what they hold. */
static _Noreturn void abandon(const char *why)
{
    fprintf(stderr, "glassbox: %s\n", why);
    _exit(GBX_EXIT_FAILURE);
}

static void serve_until_stopped(gbx_server *server, int signal_fd, uint32_t stop_timeout_s)
{
    int done_fd = gbx_server_done_fd(server);

    if (wait_for(signal_fd, done_fd, -1) != EVENT_SIGNAL)
        return;
    gbx_server_stop(server);
    switch (wait_for(signal_fd, done_fd, (int)stop_timeout_s * 1000)) {
    case EVENT_SIGNAL:
        abandon("stopped at once by a second signal; requests in flight were cut");
    case EVENT_TIMEOUT:
        abandon("stopped with requests still in flight; they were cut");
    case EVENT_DONE:
        return;
    }
}

static int serve(const gbx__serve_options *options)
{
    gbx_server *server = NULL;
    gbx_error error = {0};
    int signal_fd = open_signals();
    int status = GBX_EXIT_FAILURE;

    if (signal_fd == -1) {
        fprintf(stderr, "glassbox: cannot receive signals: %s\n", strerror(errno));
        goto Exit;
    }
    if (gbx_server_open(&options->server, &server, &error) != GBX_ERR_OK) {
        fprintf(stderr, "glassbox: %s\n", error.text);
        goto Exit;
    }
    printf("glassbox: listening on %s\n", gbx_server_url(server));
    fflush(stdout);
    serve_until_stopped(server, signal_fd, options->stop_timeout_s);
    status = EXIT_SUCCESS;

Exit:
    gbx_server_close(server);
    if (signal_fd != -1)
        close(signal_fd);
    return status;
}

static int run(int argc, char **argv)
{
    gbx__serve_options options;
    gbx_error error = {0};

    if (gbx__serve_options_parse(argc, argv, &options, &error) != GBX_ERR_OK) {
        fprintf(stderr, "glassbox serve: %s\n", error.text);
        return GBX_EXIT_USAGE;
    }
    if (options.help) {
        printf("%s", gbx__serve_usage);
        return EXIT_SUCCESS;
    }
    return serve(&options);
}

const gbx__command gbx__command_serve = {"serve", "Serve the graph service", gbx__serve_usage, run};
