/* SPDX-License-Identifier: MIT */
/* Starts, watches and ends the process group of a service. */
#define _GNU_SOURCE
#include "cli/trace/child.h"
#include "base/time.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SERVICE_LOOK_MS = 20, CANNOT_START = 127, SERVICE_PIECE_BYTES = 4096 };

#define SERVICE_PATIENCE_NS (UINT64_C(10) * GBXI_NS_PER_S)

/* A recorder stores what it has once a second. */
#define RECORDER_NS (GBXI_NS_PER_S * 3 / 2)
/* A process that ends closes its connections before its parent can wait for it. */
#define END_AFTER_HANGUP_NS GBXI_NS_PER_S

/* A service must not outlive this process, nor have its signals. */
static void settle_child(const gbxi_child_options *options, int output)
{
    sigset_t none;
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    dup2(null, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    setenv("GLASSBOX_STORE", options->store, 1);
    setenv("GLASSBOX_KEEP", options->keep, 1);
}

/* The pipe `failed` closes when the command runs; otherwise it has the reason why it does not. */
static _Noreturn void become_service(const gbxi_child_options *options, int output, int failed)
{
    int reason;

    settle_child(options, output);
    execvp(options->command[0], options->command);
    reason = errno;
    (void)!write(failed, &reason, sizeof(reason));
    _exit(CANNOT_START);
}

static gbx_err open_log(gbxi_child *service, const char *log, gbx_error *error)
{
    service->log = STDERR_FILENO;
    service->logs_to_file = log != NULL;
    if (log != NULL && (service->log = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) == -1)
        return gbx_error_set(error, GBX_ERR_IO, NULL, "cannot write %s: %s", log, strerror(errno));
    return GBX_ERR_OK;
}

static gbx_err fork_service(gbxi_child *service, const gbxi_child_options *options, const int output[2],
                            const int failed[2], gbx_error *error)
{
    int reason = 0;

    if ((service->group = fork()) == 0)
        become_service(options, output[1], failed[1]);
    close(output[1]);
    close(failed[1]);
    if (service->group == -1) {
        service->group = 0;
        return gbx_error_set(error, GBX_ERR_IO, NULL, "cannot start a process: %s", strerror(errno));
    }
    setpgid(service->group, service->group); /* whichever of the two is first */
    if (read(failed[0], &reason, sizeof(reason)) != (ssize_t)sizeof(reason))
        return GBX_ERR_OK;
    waitpid(service->group, &service->status, 0);
    service->group = 0;
    return gbx_error_set(error, GBX_ERR_IO, NULL, "cannot start '%s': %s", options->command[0], strerror(reason));
}

gbx_err gbxi_child_start(gbxi_child *service, const gbxi_child_options *options, gbx_error *error)
{
    int output[2], failed[2];
    gbx_err err;

    *service = (gbxi_child){.command = options->command, .output = -1, .log = -1};
    if ((err = open_log(service, options->log, error)) != GBX_ERR_OK)
        return err;
    if (pipe2(output, O_CLOEXEC) == -1)
        return gbx_error_set(error, GBX_ERR_IO, NULL, "cannot make a pipe: %s", strerror(errno));
    if (pipe2(failed, O_CLOEXEC) == -1) {
        close(output[0]);
        close(output[1]);
        return gbx_error_set(error, GBX_ERR_IO, NULL, "cannot make a pipe: %s", strerror(errno));
    }
    service->output = output[0];
    fcntl(service->output, F_SETFL, O_NONBLOCK);
    /* What a service leaves behind becomes a child of this process, which can then see its end. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    err = fork_service(service, options, output, failed, error);
    close(failed[0]);
    return err;
}

static void remember_line(gbxi_child *service, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\n') {
            service->line_ended = true;
            continue;
        }
        if (service->line_ended)
            service->line_length = 0;
        service->line_ended = false;
        if (service->line_length + 1 < sizeof(service->line))
            service->line[service->line_length++] = bytes[i];
        service->line[service->line_length] = '\0';
    }
}

static void write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);

        if (written == -1 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        bytes += written;
        length -= (size_t)written;
    }
}

void gbxi_child_pump(gbxi_child *service)
{
    char piece[SERVICE_PIECE_BYTES];
    ssize_t length;

    while (service->output != -1) {
        length = read(service->output, piece, sizeof(piece));
        if (length > 0) {
            write_all(service->log, piece, (size_t)length);
            remember_line(service, piece, (size_t)length);
        } else if (length == 0 || (errno != EAGAIN && errno != EINTR)) {
            close(service->output);
            service->output = -1;
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

/* Takes note of every process of the group that has ended. */
static void reap(gbxi_child *service)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-service->group, &status, WNOHANG)) > 0)
        if (pid == service->group) {
            service->ended = true;
            service->status = status;
        }
}

bool gbxi_child_lives(gbxi_child *service)
{
    if (service->group == 0)
        return false;
    reap(service);
    return !service->ended;
}

bool gbxi_child_lives_on(gbxi_child *service)
{
    const uint64_t until_ns = gbxi_monotonic_ns() + END_AFTER_HANGUP_NS;

    while (gbxi_child_lives(service) && gbxi_monotonic_ns() < until_ns) {
        struct pollfd poller = {.fd = service->output, .events = POLLIN};

        poll(&poller, 1, SERVICE_LOOK_MS);
        gbxi_child_pump(service);
    }
    return !service->ended;
}

gbx_err gbxi_child_refuse(const gbxi_child *service, const char *when, gbx_error *error)
{
    const bool by_signal = WIFSIGNALED(service->status);
    const bool has_line = service->logs_to_file && service->line_length > 0;

    return gbx_error_set(error, GBX_ERR_STATE, NULL, "'%s' ended %s, %s %d%s%s", service->command[0], when,
                         by_signal ? "by signal" : "with status",
                         by_signal ? WTERMSIG(service->status) : WEXITSTATUS(service->status),
                         has_line ? "; it printed: " : "", has_line ? service->line : "");
}

static bool group_lives(gbxi_child *service)
{
    reap(service);
    return kill(-service->group, 0) == 0;
}

/* A process that is just starting may mind its end in a moment. */
static void await_recorder(gbxi_child *service, bool (*is_impatient)(void *), void *context)
{
    const uint64_t until_ns = gbxi_monotonic_ns() + RECORDER_NS;

    while (gbxi_child_lives(service) && !gbxi_child_minds_end(service->group) && gbxi_monotonic_ns() < until_ns &&
           (is_impatient == NULL || !is_impatient(context))) {
        struct pollfd poller = {.fd = service->output, .events = POLLIN};

        poll(&poller, 1, SERVICE_LOOK_MS);
        gbxi_child_pump(service);
    }
}

/* Waits for the end of the group, and passes on what it prints meanwhile. */
static bool await_group_end(gbxi_child *service, uint64_t patience_ns, bool (*is_impatient)(void *), void *context)
{
    const uint64_t until_ns = gbxi_monotonic_ns() + patience_ns;

    while (group_lives(service)) {
        struct pollfd poller = {.fd = service->output, .events = POLLIN};

        if (gbxi_monotonic_ns() >= until_ns || (is_impatient != NULL && is_impatient(context)))
            return false;
        poll(&poller, 1, SERVICE_LOOK_MS);
        gbxi_child_pump(service);
    }
    return true;
}

static void close_service(gbxi_child *service)
{
    gbxi_child_pump(service);
    if (service->output != -1)
        close(service->output);
    if (service->logs_to_file && service->log != -1)
        close(service->log);
    service->output = service->log = -1;
    service->group = 0;
}

gbx_err gbxi_child_stop(gbxi_child *service, bool (*is_impatient)(void *context), void *context, gbx_error *error)
{
    gbx_err err = GBX_ERR_OK;

    if (service->group != 0) {
        await_recorder(service, is_impatient, context);
        kill(-service->group, SIGTERM);
        if (!await_group_end(service, SERVICE_PATIENCE_NS, is_impatient, context)) {
            kill(-service->group, SIGKILL);
            await_group_end(service, GBXI_NS_PER_S, NULL, NULL);
            err = gbx_error_set(error, GBX_ERR_LIMIT, NULL, "'%s' did not end after SIGTERM, and was killed",
                                service->command[0]);
        }
    }
    if (service->command != NULL)
        close_service(service);
    return err;
}
