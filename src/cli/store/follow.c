/* SPDX-License-Identifier: MIT */
/* Asks the run for further traces again and again. */
#define _GNU_SOURCE
#include "cli/store/follow.h"
#include "cli/signals.h"
#include "cli/store/stored_json.h"
#include "cli/store/trace_head.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { POLL_MS = 250 };

typedef struct trace_follower {
    gbxi_chosen *chosen;
    gbxi_terminal terminal;
    gbxi_trace_query query; /* `after_number` is that of the trace printed last */
    bool json;
    gbx_error *error;
    gbx_err err; /* of printing */
} trace_follower;

static bool print_followed_json(trace_follower *follower, const gbxi_stored_trace *trace)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_stored_trace_write(&writer, trace);
    follower->err = gbxi_printout(&writer, &buffer, follower->error);
    return follower->err == GBX_ERR_OK;
}

static bool print_followed(void *context, const gbxi_stored_trace *trace)
{
    trace_follower *follower = context;

    follower->query.after_number = trace->number;
    if (follower->json)
        return print_followed_json(follower, trace);
    gbxi_trace_line_print(trace, &follower->terminal);
    return true;
}

static bool skip_followed(void *context, const gbxi_stored_trace *trace)
{
    ((trace_follower *)context)->query.after_number = trace->number;
    return true;
}

static gbx_err print_further(trace_follower *follower)
{
    gbx_err err =
        gbxi_stored_traces(follower->chosen->stored, &follower->query, print_followed, follower, follower->error);

    if (err == GBX_ERR_OK)
        err = follower->err;
    if (err == GBX_ERR_OK && fflush(stdout) != 0)
        err = gbx_error_set(follower->error, GBX_ERR_IO, NULL, "cannot write: %s", strerror(errno));
    return err;
}

/* Whether the run is still being written. A run that is gone is not. */
static gbx_err look_after_run(trace_follower *follower, bool *writing)
{
    gbxi_chosen *chosen = follower->chosen;
    gbx_err err = gbxi_store_reader_refresh(chosen->reader, follower->error);
    gbxi_run_info run;

    if (err != GBX_ERR_OK)
        return err;
    *writing =
        gbxi_store_resolve(chosen->reader, chosen->run.id, &run, NULL) == GBX_ERR_OK && run.state == GBXI_RUN_WRITING;
    return GBX_ERR_OK;
}

/* Whether nobody reads what is printed any more, such as a `head` that has ended. */
static bool is_output_gone(void)
{
    struct pollfd poller = {.fd = STDOUT_FILENO};

    return poll(&poller, 1, 0) == 1 && (poller.revents & (POLLERR | POLLHUP)) != 0;
}

/* What was stored before the run's end was seen is printed before this returns. */
static gbx_err follow_run(trace_follower *follower, int signal_fd)
{
    bool writing = true;
    gbx_err err = GBX_ERR_OK;

    while (err == GBX_ERR_OK && writing) {
        if (gbxi_signals_wait(signal_fd, POLL_MS) != 0 || is_output_gone())
            return GBX_ERR_OK;
        if ((err = look_after_run(follower, &writing)) == GBX_ERR_OK)
            err = print_further(follower);
    }
    return err;
}

gbx_err gbxi_follow(gbxi_chosen *chosen, bool json, gbx_error *error)
{
    const gbxi_trace_query last = {.order = GBXI_TRACES_NEWEST, .limit = 1};
    trace_follower follower = {.chosen = chosen, .json = json, .error = error};
    int signal_fd;
    gbx_err err;

    gbxi_terminal_init(&follower.terminal, stdout);
    if ((err = gbxi_stored_traces(chosen->stored, &last, skip_followed, &follower, error)) != GBX_ERR_OK)
        return err;
    if (chosen->run.state != GBXI_RUN_WRITING) {
        fprintf(stderr, "glassbox show: run %s is not being written; it has %llu traces\n", chosen->run.id,
                (unsigned long long)chosen->run.trace_count);
        return GBX_ERR_OK;
    }
    if ((signal_fd = gbxi_signals_open()) == -1)
        return gbx_error_set(error, GBX_ERR_IO, NULL, "cannot receive signals: %s", strerror(errno));
    fprintf(stderr, "glassbox show: following run %s; Ctrl+C ends this\n", chosen->run.id);
    err = follow_run(&follower, signal_fd);
    close(signal_fd);
    return err;
}
