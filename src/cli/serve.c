/* SPDX-License-Identifier: MIT */
/* glassbox serve: the process of the server, that is, its signals, terminal output and exit status. */
#define _GNU_SOURCE
#include "base/work_memory.h"
#include "cli/allocator.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/reload.h"
#include "cli/serve_options.h"
#include "runtime/reset_all.h"
#include "server/machine_memory.h"
#include <errno.h>
#include <glassbox/capture.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { RELOAD_PATIENCE_MS = 1000 };

/* The least time for a stop: even without requests in flight, connections and threads take a moment to end. */
enum { STOP_LEAST_MS = 1000 };

/* Opens a file descriptor to poll for signals, which are blocked from now on. Before, while a file may keep the program
 * waiting, they have their default action: they end it. */
static int open_signals(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGUSR2);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    return signalfd(-1, &signals, SFD_CLOEXEC);
}

/* After this, only another stop signal is handled. */
static void attend_to_stops_alone(int signal_fd)
{
    sigset_t stops;

    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    signalfd(signal_fd, &stops, SFD_CLOEXEC);
}

/* The first event that wait_for saw. */
enum event { EVENT_STOP, EVENT_RELOAD, EVENT_CAPTURE_OFF, EVENT_CAPTURE_ON, EVENT_DONE, EVENT_TIMEOUT };

static enum event event_of(uint32_t signal_number)
{
    switch (signal_number) {
    case SIGHUP:
        return EVENT_RELOAD;
    case SIGUSR1:
        return EVENT_CAPTURE_OFF;
    case SIGUSR2:
        return EVENT_CAPTURE_ON;
    default:
        return EVENT_STOP;
    }
}

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
    return event_of(info.ssi_signo);
}

/* Exits without cleanup, because the loops still use their data. */
static _Noreturn void abandon(const char *why)
{
    fprintf(stderr, "glassbox: %s\n", why);
    gbxi_reset_all_at_exit();
    _exit(GBXI_EXIT_FAILURE);
}

static void switch_capture(bool on)
{
    gbx_capture_switch(on);
    printf("glassbox: capturing is %s\n", on ? "on" : "off");
    fflush(stdout);
}

/* Handles an event during serving. Returns false if the event ends the server. */
static bool attend(gbxi_reload *reload, enum event event)
{
    switch (event) {
    case EVENT_RELOAD:
        gbxi_reload_ask(reload);
        return true;
    case EVENT_CAPTURE_OFF:
    case EVENT_CAPTURE_ON:
        switch_capture(event == EVENT_CAPTURE_ON);
        return true;
    default:
        return false;
    }
}

static void serve_until_stopped(gbxi_server *server, gbxi_reload *reload, int signal_fd, uint32_t stop_timeout_s)
{
    int done_fd = gbxi_server_done_fd(server);
    enum event event;

    do {
        event = wait_for(signal_fd, done_fd, -1);
    } while (attend(reload, event));
    if (event != EVENT_STOP)
        return;
    attend_to_stops_alone(signal_fd);
    gbxi_server_stop(server);
    switch (wait_for(signal_fd, done_fd, stop_timeout_s != 0 ? (int)stop_timeout_s * 1000 : STOP_LEAST_MS)) {
    case EVENT_STOP:
        abandon("stopped at once by a second signal; requests in flight were cut");
    case EVENT_TIMEOUT:
        abandon("stopped with requests still in flight; they were cut");
    default:
        return;
    }
}

/* These settings are process-wide. */
static void set_capturing(const gbxi_serve_options *options, const gbx_limits *limits)
{
    (void)!gbx_limits_set(limits); /* cannot fail: the struct has the current version */
    gbx_capture_memory_limit_set(options->capture_memory_bytes);
    gbx_capture_switch(options->capture);
}

/* Of the whole process too. The other half of the memory is for bodies, captures and everything else. */
static void set_work_memory(const gbxi_serve_options *options)
{
    gbxi_work_memory_limit_set(options->work_memory_bytes != 0 ? options->work_memory_bytes
                                                               : gbxi_machine_memory("") / 2);
}

static void warn_of_http2(void)
{
    fprintf(stderr,
            "glassbox: warning: --http2 is for trusted clients only: libh2o 2.2 aborts, loops and fills the memory "
            "on frames of HTTP/2, and not all can be kept away from it (SECURITY.md); put a proxy in front of "
            "strangers\n");
}

/* Serves with the open server. Returns the exit status. A file that is still being read keeps the server in use: then
 * the process ends without closing it. */
static int serve(gbxi_server *server, const gbxi_serve_options *options)
{
    gbxi_reload reload;
    int signal_fd = open_signals();

    if (signal_fd == -1) {
        fprintf(stderr, "glassbox: cannot receive signals: %s\n", strerror(errno));
        return GBXI_EXIT_FAILURE;
    }
    gbxi_output_never_wait(STDOUT_FILENO);
    gbxi_output_never_wait(STDERR_FILENO);
    gbxi_reload_init(&reload, options->key_file != NULL ? server : NULL);
    if (options->http2)
        warn_of_http2();
    printf("glassbox: listening on %s\n", gbxi_server_url(server));
    if (options->store != NULL)
        printf("glassbox: storing traces in %s (--keep %s)\n", options->store, options->keep);
    fflush(stdout);
    serve_until_stopped(server, &reload, signal_fd, options->stop_timeout_s);
    close(signal_fd);
    if (!gbxi_reload_await(&reload, RELOAD_PATIENCE_MS))
        _exit(EXIT_SUCCESS);
    return EXIT_SUCCESS;
}

/* Thread: the recorder's. One line, as a whole. */
static void report_on_recording(const char *text)
{
    fprintf(stderr, "glassbox: %s\n", text);
}

int gbxi_serve_run(const void *values)
{
    const gbxi_serve_options *options = values;
    gbxi_recording_options recording;
    gbxi_server_options server_options;
    gbx_limits limits;
    gbx_redaction_options redaction;
    gbxi_server *server = NULL;
    gbx_error error = {0};
    int status;
    gbx_err err;

    signal(SIGPIPE, SIG_IGN); /* so that a client that disconnects causes a write error */
    gbxi_serve_options_apply(options, &server_options, &limits, &redaction);
    if (gbxi_serve_options_record(options, &recording)) {
        recording.report = report_on_recording;
        server_options.recording = &recording;
    }
    set_capturing(options, &limits);
    set_work_memory(options);
    if ((err = gbxi_allocator_start(&error)) != GBX_ERR_OK ||
        (err = gbxi_server_open(&server_options, &server, &error)) != GBX_ERR_OK) {
        fprintf(stderr, "glassbox: %s\n", error.text);
        return err == GBX_ERR_ARGUMENT ? GBXI_EXIT_USAGE : GBXI_EXIT_FAILURE;
    }
    status = serve(server, options);
    return gbxi_server_close(server) ? status : GBXI_EXIT_FAILURE;
}
