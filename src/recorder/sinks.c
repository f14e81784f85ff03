/* SPDX-License-Identifier: MIT */
/* Owns the calls of sinks and the reports of their failures. */
#include "recorder/sinks.h"
#include "base/cut.h"
#include "base/time.h"
#include "base/versioned.h"
#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define REPORT_EVERY_NS (10 * GBXI_NS_PER_S)

/* Guards the failures of all sinks. They are rare, and rarely looked at. */
static pthread_mutex_t failures_lock = PTHREAD_MUTEX_INITIALIZER;

static_assert(sizeof(gbx_sink) == 80 && sizeof(gbx_process_state) == 24, "no padding without a name");

gbx_err gbxi_sinks_add(gbxi_sinks *sinks, const gbx_sink *sink)
{
    size_t count = gbxi_sinks_count(sinks);
    gbxi_sink *added = &sinks->at[count];
    gbx_sink known;

    if (gbxi_options_read(&known, sizeof(known), GBXI_SIZE_THROUGH(gbx_sink, context), sink, NULL) != GBX_ERR_OK ||
        known.take == NULL)
        return GBX_ERR_ARGUMENT;
    if (count == GBXI_SINKS_MAX)
        return GBX_ERR_LIMIT;
    *added = (gbxi_sink){.calls = known};
    gbxi_cut_printed(added->name,
                     snprintf(added->name, sizeof(added->name), "%s", known.name != NULL ? known.name : "sink"),
                     sizeof(added->name));
    gbxi_store_release(&sinks->count, count + 1); /* the recorder's thread may run already */
    return GBX_ERR_OK;
}

void gbxi_sinks_take_back(gbxi_sinks *sinks)
{
    gbxi_sub_relaxed(&sinks->count, 1);
}

size_t gbxi_sinks_count(const gbxi_sinks *sinks)
{
    return gbxi_load_acquire(&sinks->count);
}

void gbxi_sinks_tell_offered(const gbxi_sinks *sinks)
{
    for (size_t i = 0, count = gbxi_sinks_count(sinks); i < count; i++)
        if (sinks->at[i].calls.offered != NULL)
            sinks->at[i].calls.offered(sinks->at[i].calls.context);
}

void gbxi_sinks_tell_missed(const gbxi_sinks *sinks)
{
    for (size_t i = 0, count = gbxi_sinks_count(sinks); i < count; i++)
        if (sinks->at[i].calls.missed != NULL)
            sinks->at[i].calls.missed(sinks->at[i].calls.context);
}

static void sinks_report(const gbxi_sinks *sinks, const char *text)
{
    if (sinks->report != NULL)
        sinks->report(sinks->context, text);
}

static bool may_tell(const gbxi_trouble *trouble, uint64_t now_ns)
{
    return !trouble->told || now_ns - trouble->told_ns >= REPORT_EVERY_NS;
}

/* Notes that there is a report, of trouble or of its end. */
static void note_report(gbxi_trouble *trouble, bool on, uint64_t now_ns)
{
    trouble->on = on;
    trouble->told = true;
    trouble->told_ns = now_ns;
}

static void failure_begin(gbxi_sink_failure *failure, const char *text)
{
    int64_t now_unix_ns = gbxi_wall_ns();

    pthread_mutex_lock(&failures_lock);
    if (!failure->is_on)
        failure->since_unix_ns = now_unix_ns;
    failure->is_on = true;
    failure->last_unix_ns = now_unix_ns;
    gbxi_cut_printed(failure->text, snprintf(failure->text, sizeof(failure->text), "%s", text), sizeof(failure->text));
    pthread_mutex_unlock(&failures_lock);
}

/* Only the recorder's thread changes it, so it may look without the lock. */
static void failure_end(gbxi_sink_failure *failure)
{
    if (!failure->is_on)
        return;
    pthread_mutex_lock(&failures_lock);
    failure->is_on = false;
    pthread_mutex_unlock(&failures_lock);
}

static void sink_has_failed(gbxi_sinks *sinks, gbxi_sink *sink, gbx_err err, const gbx_error *error, uint64_t lost,
                            uint64_t now_ns)
{
    const char *why = error->text[0] != '\0' ? error->text : gbx_err_text(err);
    char text[GBXI_REPORT_BYTES];

    failure_begin(&sink->failure, why);
    sink->trouble.lost_count += lost;
    if (!may_tell(&sink->trouble, now_ns))
        return;
    note_report(&sink->trouble, true, now_ns);
    snprintf(text, sizeof(text), "%s: %s", sink->name, why);
    sinks_report(sinks, text);
}

/* A sink that can flush works when it has flushed. Trouble that comes and goes is reported no more often than trouble
 * that stays. */
static void sink_has_worked(gbxi_sinks *sinks, gbxi_sink *sink, uint64_t now_ns)
{
    char text[GBXI_REPORT_BYTES];

    failure_end(&sink->failure);
    if ((!sink->trouble.on && sink->trouble.lost_count == 0) || !may_tell(&sink->trouble, now_ns))
        return;
    note_report(&sink->trouble, false, now_ns);
    snprintf(text, sizeof(text), "%s: works again; captures were lost meanwhile: at least %" PRIu64, sink->name,
             sink->trouble.lost_count);
    sink->trouble.lost_count = 0;
    sinks_report(sinks, text);
}

void gbxi_sinks_take(gbxi_sinks *sinks, const gbx_recording *recording, uint64_t now_ns)
{
    for (size_t i = 0, count = gbxi_sinks_count(sinks); i < count; i++) {
        gbxi_sink *sink = &sinks->at[i];
        gbx_error error = {0};
        gbx_err err = sink->calls.take(sink->calls.context, recording, &error);

        sink->has_taken = true;
        if (err != GBX_ERR_OK) {
            gbxi_add_relaxed(&sink->dropped, 1);
            sink_has_failed(sinks, sink, err, &error, 1, now_ns);
            continue;
        }
        gbxi_add_relaxed(&sink->delivered, 1);
        if (sink->calls.flush == NULL)
            sink_has_worked(sinks, sink, now_ns);
    }
}

void gbxi_sinks_flush(gbxi_sinks *sinks, uint64_t now_ns)
{
    for (size_t i = 0, count = gbxi_sinks_count(sinks); i < count; i++) {
        gbxi_sink *sink = &sinks->at[i];
        gbx_error error = {0};
        gbx_err err;

        if (!sink->has_taken || sink->calls.flush == NULL)
            continue;
        sink->has_taken = false;
        if ((err = sink->calls.flush(sink->calls.context, &error)) != GBX_ERR_OK)
            sink_has_failed(sinks, sink, err, &error, 0, now_ns);
        else
            sink_has_worked(sinks, sink, now_ns);
    }
}

void gbxi_sinks_close(gbxi_sinks *sinks, uint64_t now_ns)
{
    for (size_t i = 0, count = gbxi_sinks_count(sinks); i < count; i++) {
        gbxi_sink *sink = &sinks->at[i];
        gbx_error error = {0};
        gbx_err err;

        if (sink->calls.close != NULL && (err = sink->calls.close(sink->calls.context, &error)) != GBX_ERR_OK)
            sink_has_failed(sinks, sink, err, &error, 0, now_ns);
    }
}

void gbxi_sinks_tick(gbxi_sinks *sinks, const gbx_process_state *state, uint64_t now_ns)
{
    for (size_t i = 0, count = gbxi_sinks_count(sinks); i < count; i++) {
        gbxi_sink *sink = &sinks->at[i];
        gbx_error error = {0};
        gbx_err err;

        if (sink->calls.tick != NULL && (err = sink->calls.tick(sink->calls.context, state, &error)) != GBX_ERR_OK)
            sink_has_failed(sinks, sink, err, &error, 0, now_ns);
    }
}

void gbxi_sinks_watch_queue(gbxi_sinks *sinks, uint64_t missed, uint64_t now_ns)
{
    gbxi_trouble *trouble = &sinks->queue;
    bool losing = missed != sinks->missed;
    bool full;
    char text[GBXI_REPORT_BYTES];

    trouble->lost_count += missed - sinks->missed;
    sinks->missed = missed;
    full = losing || (!trouble->on && trouble->lost_count > 0);
    if ((!full && !trouble->on) || !may_tell(trouble, now_ns))
        return;
    note_report(trouble, full, now_ns);
    trouble->lost_count = 0;
    snprintf(text, sizeof(text), "the queue of captures %s: %" PRIu64 " were lost so far",
             full ? "is full" : "has room again", missed);
    sinks_report(sinks, text);
}

static void sink_look(const gbxi_sink *sink, uint64_t offered, gbxi_sink_state *state)
{
    *state = (gbxi_sink_state){.delivered = gbxi_load_relaxed(&sink->delivered),
                               .dropped = gbxi_load_relaxed(&sink->dropped)};
    memcpy(state->name, sink->name, sizeof(state->name));
    state->sequence = state->delivered + state->dropped;
    state->lag = offered > state->sequence ? offered - state->sequence : 0;
    pthread_mutex_lock(&failures_lock);
    state->failure = sink->failure;
    pthread_mutex_unlock(&failures_lock);
}

size_t gbxi_sinks_look(const gbxi_sinks *sinks, uint64_t offered, gbxi_sink_state states[GBXI_SINKS_MAX])
{
    size_t count = gbxi_sinks_count(sinks);

    for (size_t i = 0; i < count; i++)
        sink_look(&sinks->at[i], offered, &states[i]);
    return count;
}

uint64_t gbxi_sinks_dropped(const gbxi_sinks *sinks)
{
    uint64_t dropped = 0;

    for (size_t i = 0, count = gbxi_sinks_count(sinks); i < count; i++)
        dropped += gbxi_load_relaxed(&sinks->at[i].dropped);
    return dropped;
}

void gbxi_sinks_fini(gbxi_sinks *sinks)
{
    for (size_t i = 0, count = gbxi_sinks_count(sinks); i < count; i++)
        if (sinks->at[i].calls.dispose != NULL)
            sinks->at[i].calls.dispose(sinks->at[i].calls.context);
    gbxi_store_relaxed(&sinks->count, 0);
}
