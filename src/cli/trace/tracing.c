/* SPDX-License-Identifier: MIT */
/* The course of glassbox trace: service, login, requests, the time after them, and what came of it. */
#define _GNU_SOURCE
#include "cli/trace/tracing.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/signals.h"
#include "cli/store/chosen.h"
#include "cli/trace/login.h"
#include "cli/trace/outcome.h"
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_INTERRUPTED = 130, NOT_FOUND = 404 };

#define LISTEN_EVERY_NS (20 * GBXI_NS_PER_MS)

static gbx_err await_listening(gbxi_tracing *t)
{
    const gbxi_trace_url *first = &t->targets[0];
    const uint64_t until_ns = gbxi_monotonic_ns() + t->plan->wait_s * GBXI_NS_PER_S;

    while (!gbxi_child_listens(first->host, first->port)) {
        if (gbxi_monotonic_ns() >= until_ns)
            return gbx_error_set(t->error, GBX_ERR_STATE, NULL,
                                 "'%s' does not listen at %s after %" PRIu64 " s (--wait)", t->plan->command[0],
                                 first->origin, t->plan->wait_s);
        gbxi_progress_draw_wait(&t->progress, "waiting for the service",
                                (until_ns - gbxi_monotonic_ns()) / GBXI_NS_PER_S);
        if (!gbxi_watch_wait(&t->watch, LISTEN_EVERY_NS))
            break;
    }
    gbxi_progress_clear(&t->progress);
    if (!gbxi_child_lives(&t->service))
        return gbxi_child_refuse(&t->service, "before it listened", t->error);
    return GBX_ERR_OK;
}

static gbx_err start_service(gbxi_tracing *t)
{
    const gbxi_child_options options = {
        .command = t->plan->command, .store = t->store, .keep = t->plan->keep, .log = t->plan->log};
    const gbxi_trace_url *first = &t->targets[0];
    gbx_err err;

    if (gbxi_child_listens(first->host, first->port))
        return gbx_error_set(t->error, GBX_ERR_CONFLICT, NULL,
                             "something else listens at %s already; stop it, or trace it without '-- %s'",
                             first->origin, t->plan->command[0]);
    if ((err = gbxi_child_start(&t->service, &options, t->error)) != GBX_ERR_OK)
        return err;
    t->watch.service = &t->service;
    err = await_listening(t);
    t->known.found = t->known.found || access(t->store, F_OK) == 0; /* services make it before they listen */
    return err;
}

static gbx_err stay(gbxi_tracing *t)
{
    const uint64_t until_ns = gbxi_monotonic_ns() + t->plan->duration_s * GBXI_NS_PER_S;
    uint64_t now_ns;
    bool good = true;

    while (good && (now_ns = gbxi_monotonic_ns()) < until_ns) {
        gbxi_progress_draw_wait(&t->progress, "background traffic", (until_ns - now_ns) / GBXI_NS_PER_S + 1);
        good =
            gbxi_watch_wait(&t->watch, until_ns - now_ns < GBXI_NS_PER_S / 5 ? until_ns - now_ns : GBXI_NS_PER_S / 5);
    }
    gbxi_progress_clear(&t->progress);
    if (!good && t->watch.signal == 0)
        return gbxi_child_refuse(&t->service, "during --duration", t->error);
    return GBX_ERR_OK;
}

static gbx_err log_in(gbxi_tracing *t)
{
    const gbxi_login_options options = {.message = &t->message,
                                        .target = &t->targets[0],
                                        .path = t->plan->login_url,
                                        .fields = t->plan->login_fields,
                                        .session = t->session,
                                        .watch = &t->watch};

    return t->plan->login != NULL ? gbxi_login(&options, &t->credentials, t->error) : GBX_ERR_OK;
}

static gbx_err trace_all(gbxi_tracing *t)
{
    gbx_err err = gbxi_tracing_is_remote(t) ? gbxi_remote_open(&t->remote, t->store, t->targets[0].origin, t->error)
                                            : start_service(t);

    if (err == GBX_ERR_OK && !gbxi_tracing_is_interrupted(t))
        err = log_in(t);
    if (err == GBX_ERR_OK && !gbxi_tracing_is_interrupted(t))
        err = gbxi_tracing_send(t);
    if (err == GBX_ERR_OK && !gbxi_tracing_is_interrupted(t) && t->plan->duration_s > 0)
        err = stay(t);
    return err;
}

/* Somebody who asks twice does not want to wait. */
static bool is_impatient(void *context)
{
    const gbxi_watch *watch = context;

    return gbxi_signals_wait(watch->signal_fd, 0) != 0;
}

static void end_service(gbxi_tracing *t)
{
    gbx_error error = {0};
    gbx_err err = gbxi_tracing_is_remote(t) ? gbxi_remote_close(&t->remote, &error)
                                            : gbxi_child_stop(&t->service, is_impatient, &t->watch, &error);

    if (err != GBX_ERR_OK)
        gbxi_tracing_complain(t, &error);
}

static void refuse_nothing(gbxi_tracing *t)
{
    gbx_error error = {0};

    if (gbxi_tracing_is_remote(t))
        gbx_error_set(&error, GBX_ERR_MISSING, NULL, "no trace was stored");
    else if (t->tally.count > 0 && t->tally.statuses[NOT_FOUND] == t->tally.count)
        gbx_error_set(&error, GBX_ERR_MISSING, NULL,
                      "the service stored nothing, and answered everything with 404: are the paths right?");
    else if (t->known.found && access(t->store, F_OK) != 0)
        gbx_error_set(&error, GBX_ERR_MISSING, NULL, "somebody has removed the store %s", t->store);
    else
        gbx_error_set(&error, GBX_ERR_MISSING, NULL,
                      "the service stored nothing: does it call gbx_recorder_from_environment(), and are the URLs "
                      "those of routes that it captures?");
    gbxi_tracing_complain(t, &error);
}

/* What is missing in a run is said. */
static void tell_incomplete(gbxi_tracing *t, const gbxi_run_info *run)
{
    if (run->state == GBXI_RUN_WRITING)
        gbxi_progress_say(&t->progress, "run %s is still being written: the service has left a process behind",
                          run->id);
    if (run->lost_count == 0)
        return;
    gbxi_progress_say(&t->progress, "run %s: %" PRIu64 " more traces were lost before they were stored", run->id,
                      run->lost_count);
    t->failed = true;
}

/* Requests of routes that nobody captures. A run that is still written, or more runs than are told, may have them. */
static void refuse_untraced(gbxi_tracing *t)
{
    const uint64_t stored = t->found.traces + t->found.lost;
    gbx_error error = {0};

    for (size_t i = 0; i < t->found.count; i++)
        if (t->found.runs[i].state == GBXI_RUN_WRITING)
            return;
    if (gbxi_tracing_is_remote(t) || strcmp(t->plan->keep, "all") != 0 || t->found.count == GBXI_FOUND_RUNS_MAX ||
        stored >= t->tally.count)
        return;
    gbx_error_set(&error, GBX_ERR_MISSING, NULL,
                  "%" PRIu64 " of %zu requests have no trace: are all URLs those of routes that the service captures?",
                  t->tally.count - stored, t->tally.count);
    gbxi_tracing_complain(t, &error);
}

/* What was committed is told after errors too. */
static void tell_outcome(gbxi_tracing *t, bool worked)
{
    const gbxi_trace_outcome outcome = {.store = t->plan->store,
                                        .found = &t->found,
                                        .tally = &t->tally,
                                        .interrupted = gbxi_tracing_is_interrupted(t),
                                        .as_json = t->plan->format == GBXI_FORMAT_JSON};
    gbx_error error = {0};

    if (gbxi_found_runs_read(&t->found, &t->known, t->store, &error) != GBX_ERR_OK) {
        gbxi_tracing_complain(t, &error);
        return;
    }
    if (t->remote.guessed > 0)
        gbxi_progress_say(&t->progress,
                          "several methods have the same name: of %" PRIu64 " calls, file and line are a guess",
                          t->remote.guessed);
    for (size_t i = 0; i < t->found.count; i++)
        tell_incomplete(t, &t->found.runs[i]);
    if (t->found.traces == 0 && t->found.lost == 0 && worked)
        refuse_nothing(t);
    else if (worked)
        refuse_untraced(t);
    if (t->found.count > 0 && gbxi_trace_outcome_print(&outcome, &error) != GBX_ERR_OK)
        gbxi_tracing_complain(t, &error);
}

int gbxi_trace_plan_run(const gbxi_trace_plan *plan)
{
    gbx_error error = {0};
    gbxi_tracing t = {.plan = plan, .watch = {.signal_fd = -1}, .error = &error};
    int status = EXIT_SUCCESS;
    bool prepared;
    gbx_err err;

    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL); /* whoever started this may have switched it off */
    curl_global_init(CURL_GLOBAL_DEFAULT);
    err = gbxi_tracing_prepare(&t);
    if ((prepared = err == GBX_ERR_OK)) {
        err = trace_all(&t);
        gbxi_progress_clear(&t.progress);
        end_service(&t);
    }
    if (err != GBX_ERR_OK && !gbxi_tracing_is_interrupted(&t))
        status = gbxi_command_status("trace", err, &error);
    if (prepared)
        tell_outcome(&t, err == GBX_ERR_OK && !gbxi_tracing_is_interrupted(&t));
    if (status == EXIT_SUCCESS && t.failed)
        status = GBXI_EXIT_FAILURE;
    if (gbxi_tracing_is_interrupted(&t))
        status = EXIT_INTERRUPTED;
    gbxi_tracing_fini(&t);
    return status;
}
