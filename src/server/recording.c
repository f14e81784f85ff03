/* SPDX-License-Identifier: MIT */
/* Owns the life of the server's recorder. */
#define _GNU_SOURCE
#include "server/recording.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { CLOSE_PATIENCE_MS = 10000 };

struct gbxi_recording {
    gbxi_recording_options options;
    gbx_recorder *recorder;
    pthread_mutex_t lock; /* guards the next three; held while they are used */
    gbxi_loop *loops;     /* NULL: nothing is observed */
    size_t loop_count;
    gbxi_worker_pool *workers;
};

static void recording_report(void *context, const char *text)
{
    const gbxi_recording *recording = context;

    if (recording->options.report != NULL)
        recording->options.report(text);
}

/* Thread: the recorder's. */
static void recording_observe(void *context, gbx_process_state *state)
{
    gbxi_recording *recording = context;

    pthread_mutex_lock(&recording->lock);
    for (size_t i = 0; recording->loops != NULL && i < recording->loop_count; i++) {
        uint64_t lag_ns = gbxi_loop_lag_ns(&recording->loops[i]);

        if (lag_ns > state->loop_lag_ns)
            state->loop_lag_ns = lag_ns;
    }
    if (recording->loops != NULL)
        state->worker_queue = (uint32_t)gbxi_worker_pool_look(recording->workers).queued;
    pthread_mutex_unlock(&recording->lock);
}

gbx_err gbxi_recording_open(const gbxi_recording_options *options, gbxi_recording **recording, gbx_error *error)
{
    gbxi_recording *made = calloc(1, sizeof(*made));
    gbx_recorder_options rules = options->rules;
    gbx_err err = GBX_ERR_NO_MEMORY;

    if (made == NULL)
        return gbx_error_set(error, err, NULL, "out of memory");
    made->options = *options;
    pthread_mutex_init(&made->lock, NULL);
    rules.report = recording_report;
    rules.observe = recording_observe;
    rules.context = made;
    if ((made->recorder = gbx_recorder_new(&rules)) == NULL)
        gbx_error_set(error, err, NULL, "out of memory");
    else if ((err = gbx_recorder_add_store(made->recorder, &options->store, error)) == GBX_ERR_OK)
        *recording = made;
    if (err != GBX_ERR_OK)
        gbxi_recording_close(made);
    return err;
}

gbx_recorder *gbxi_recording_recorder(const gbxi_recording *recording)
{
    return recording != NULL ? recording->recorder : NULL;
}

static void recording_set(gbxi_recording *recording, gbxi_loop *loops, size_t loop_count, gbxi_worker_pool *workers)
{
    if (recording == NULL)
        return;
    pthread_mutex_lock(&recording->lock);
    recording->loops = loops;
    recording->loop_count = loop_count;
    recording->workers = workers;
    pthread_mutex_unlock(&recording->lock);
}

void gbxi_recording_watch(gbxi_recording *recording, gbxi_loop *loops, size_t loop_count, gbxi_worker_pool *workers)
{
    recording_set(recording, loops, loop_count, workers);
}

void gbxi_recording_unwatch(gbxi_recording *recording)
{
    recording_set(recording, NULL, 0, NULL);
}

static void recording_report_loss(gbxi_recording *recording)
{
    gbx_recorder_counts counts;
    char text[128];

    gbx_recorder_counts_get(recording->recorder, &counts, sizeof(counts));
    snprintf(text, sizeof(text), "store: it was not done within %d s: %llu captures are lost", CLOSE_PATIENCE_MS / 1000,
             (unsigned long long)counts.missed);
    recording_report(recording, text);
}

bool gbxi_recording_close(gbxi_recording *recording)
{
    if (recording == NULL)
        return true;
    if (recording->recorder != NULL && gbx_recorder_close(recording->recorder, CLOSE_PATIENCE_MS) != GBX_ERR_OK) {
        recording_report_loss(recording);
        return false; /* its thread still uses all of this */
    }
    gbx_recorder_unref(recording->recorder);
    pthread_mutex_destroy(&recording->lock);
    free(recording);
    return true;
}
