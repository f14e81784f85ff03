/* SPDX-License-Identifier: MIT */
/* Sends the requests, and decides what follows each answer. */
#include "cli/trace/sender.h"
#include "cli/trace/tracing.h"
#include "text/figures.h"
#include <inttypes.h>

enum { FAULTS_IN_A_ROW_MAX = 5 };

/* Of the errors of a URL, the first is told: the others are usually the same. */
static void complain_of_request(gbxi_tracing *t, const gbx_error *error)
{
    ++t->tally.error_count;
    t->failed = true;
    if (!t->told)
        gbxi_tracing_complain(t, error);
    t->told = true;
}

/* What one does with an answer of a service whose recorder keeps the trace. */
static gbxi_answer_verdict take_plain(gbxi_tracing *t, const gbxi_answer *answer)
{
    gbx_error error = {0};

    if (answer->fault != NULL) {
        gbx_error_set(&error, GBX_ERR_IO, NULL, "%s: %s: %s", answer->target->shown,
                      answer->began ? "the answer broke off" : "no answer", answer->fault);
        complain_of_request(t, &error);
        return GBXI_ANSWER_ON;
    }
    if (!gbxi_times_add(&t->tally, answer->status, answer->took_ns))
        return GBXI_ANSWER_STOP;
    return GBXI_ANSWER_ON;
}

static gbxi_answer_verdict take_remote(gbxi_tracing *t, const gbxi_answer *answer)
{
    gbxi_remote_result result;
    gbx_error error = {0};

    if (gbxi_remote_take(&t->remote, answer, t->message.method, &result, &error) != GBX_ERR_OK) {
        complain_of_request(t, &error);
        return result.verdict;
    }
    if (result.verdict == GBXI_ANSWER_AGAIN)
        return result.verdict;
    if (!gbxi_times_add(&t->tally, result.status, result.duration_ns))
        return GBXI_ANSWER_STOP;
    if (gbxi_remote_flush(&t->remote, &error) == GBX_ERR_OK)
        return GBXI_ANSWER_ON;
    gbxi_tracing_complain(t, &error);
    return GBXI_ANSWER_STOP;
}

static gbxi_answer_verdict take_answer(void *context, const gbxi_answer *answer)
{
    gbxi_tracing *t = context;
    gbxi_answer_verdict verdict = gbxi_tracing_is_remote(t) ? take_remote(t, answer) : take_plain(t, answer);

    if (verdict != GBXI_ANSWER_AGAIN)
        ++t->progress.done;
    t->faults = answer->fault != NULL ? t->faults + 1 : 0;
    if (t->faults == FAULTS_IN_A_ROW_MAX && verdict == GBXI_ANSWER_ON)
        verdict = GBXI_ANSWER_NEXT_URL;
    gbxi_progress_draw(&t->progress, &t->tally, answer->target->shown);
    return verdict;
}

static void tell_target(gbxi_tracing *t, const gbxi_trace_url *target, size_t count_before, uint64_t errors_before)
{
    size_t count = t->tally.count - count_before;
    uint64_t errors = t->tally.error_count - errors_before;

    if ((t->progress.has_bar && errors == 0) || count + errors == 0)
        return;
    if (count == 0)
        gbxi_progress_say(&t->progress, "%s: no trace of %" PRIu64 " request%s", target->shown, errors,
                          errors == 1 ? "" : "s");
    else
        gbxi_progress_say(
            &t->progress, "%s: %" PRIu64 " request%s, %" PRIu64 " error%s, median %s", target->shown, count + errors,
            count + errors == 1 ? "" : "s", errors, errors == 1 ? "" : "s",
            gbxi_figure_ns(gbxi_times_median_ns(&t->tally, count_before), t->progress.terminal.utf8).text);
}

/* Who gets no answer learns of it before the service that ends can be waited for. */
static bool service_goes_on(gbxi_tracing *t)
{
    return t->faults > 0 ? gbxi_child_lives_on(&t->service) : gbxi_child_lives(&t->service);
}

gbx_err gbxi_tracing_send(gbxi_tracing *t)
{
    const gbxi_sender_options options = {.message = &t->message,
                                         .session = t->session,
                                         .watch = &t->watch,
                                         .repeat = t->plan->repeat,
                                         .concurrency = t->plan->concurrency,
                                         .use = take_answer,
                                         .context = t};
    gbxi_answer_verdict verdict = GBXI_ANSWER_ON;
    gbx_err err = GBX_ERR_OK;

    for (size_t i = 0; i < t->plan->urls.count && err == GBX_ERR_OK && verdict != GBXI_ANSWER_STOP; i++) {
        size_t count_before = t->tally.count;
        uint64_t errors_before = t->tally.error_count;

        t->faults = 0;
        t->told = false;
        err = gbxi_sender_run(&options, &t->targets[i], &verdict, t->error);
        tell_target(t, &t->targets[i], count_before, errors_before);
    }
    gbxi_progress_clear(&t->progress);
    if (err == GBX_ERR_OK && !gbxi_tracing_is_remote(t) && t->watch.signal == 0 && !service_goes_on(t))
        err = gbxi_child_refuse(&t->service, "while requests were sent", t->error);
    return err;
}
