/* SPDX-License-Identifier: MIT */
/* Puts what the recorder keeps into runs, one after the other. */
#define _GNU_SOURCE
#include "store/store.h"
#include "base/atomic.h"
#include "base/grow.h"
#include "base/job.h"
#include "base/time.h"
#include "store/catalog.h"
#include "store/directory.h"
#include "store/pack.h"
#include "store/process.h"
#include "store/run.h"
#include "store/settle.h"
#include "trace/source_root.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RETENTION_EVERY_NS (3600 * GBXI_NS_PER_S)

/* The counters of a run. They stay, because a request may still count there when the run has ended. */
typedef struct store_page {
    gbxi_live_page *page;
    bool ended; /* all that it says now was counted too late for its run */
} store_page;

struct gbxi_store {
    char *directory, *program, *exporter;
    uint64_t run_bytes, run_ns;
    gbxi_retention keep;
    gbxi_job retention; /* closed if everything is kept */
    gbxi_packer *packer;
    gbxi_run *run;
    gbxi_process_meter meter;
    uint64_t rotate_after_ns;       /* an attempt has failed: the next one is not before */
    _Atomic(gbxi_live_page *) page; /* of the run that is being written; requests count there */
    store_page *pages;              /* of all runs, the current one last */
    size_t page_count, page_capacity;
};

static gbx_err store_refuse_memory(gbx_error *error)
{
    return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "store: out of memory");
}

/* Begins a run; what waits in the queue is its to answer for. */
static gbx_err store_begin_run(gbxi_store *store, gbxi_run **run, gbx_error *error)
{
    gbxi_live_page *page;
    gbx_err err;

    if (!gbxi_grow(&store->pages, &store->page_capacity, store->page_count + 1, sizeof(*store->pages)))
        return store_refuse_memory(error);
    if ((err = gbxi_run_create(store->directory, store->program, store->exporter, run, error)) != GBX_ERR_OK)
        return err;
    page = gbxi_live_lend(gbxi_run_live(*run));
    store->pages[store->page_count++] = (store_page){.page = page};
    gbxi_store_release(&store->page, page);
    return GBX_ERR_OK;
}

/* Moves what `counter` is above `told` to another counter. */
static void store_move_count(_Atomic(uint64_t) *counter, uint64_t told, _Atomic(uint64_t) *to)
{
    uint64_t count = gbxi_load_relaxed(counter);

    if (count <= told)
        return;
    gbxi_sub_relaxed(counter, count - told);
    gbxi_add_relaxed(to, count - told);
}

/* Makes the current run answerable for what was offered to earlier ones and not taken by them, and for what was missed
 * when they had ended. */
static void store_inherit(gbxi_store *store)
{
    gbxi_live_page *heir = gbxi_load_relaxed(&store->page);

    for (size_t i = 0; i + 1 < store->page_count; i++) {
        gbxi_live_page *page = store->pages[i].page;

        store_move_count(&page->offered, gbxi_load_relaxed(&page->taken), &heir->offered);
        if (store->pages[i].ended)
            store_move_count(&page->missed, 0, &heir->missed);
    }
}

static bool store_keeps_all(const gbxi_store *store)
{
    return store->keep.keep_runs == 0 && store->keep.keep_bytes == 0 && store->keep.keep_age_ns == 0;
}

static gbx_err store_remove_old(gbxi_store *store, gbx_error *error)
{
    gbx_error why = {0};
    gbxi_removed_run *removed;
    size_t count;
    gbx_err err;

    if (store_keeps_all(store))
        return GBX_ERR_OK;
    gbxi_job_begin(&store->retention);
    err = gbxi_retention_apply(store->directory, &store->keep, false, &removed, &count, &why);
    free(removed);
    gbxi_job_end(&store->retention, err, why.text);
    return err == GBX_ERR_OK ? err : gbx_error_set(error, err, NULL, "%s", why.text);
}

/* Runs become too old between two runs as well, and what failed is done again. */
static gbx_err store_remove_old_if_due(gbxi_store *store, gbx_error *error)
{
    return !store_keeps_all(store) && gbxi_job_is_due(&store->retention) ? store_remove_old(store, error) : GBX_ERR_OK;
}

/* An attempt that fails takes time, so the next one is a second later. */
static bool store_may_rotate(const gbxi_store *store)
{
    return gbxi_monotonic_ns() >= store->rotate_after_ns;
}

/* Ends the run and begins another. If none can be begun, the run goes on, as long as it can. */
static gbx_err store_rotate(gbxi_store *store, gbx_error *error)
{
    gbxi_run *next;
    gbx_err err = store_begin_run(store, &next, error), second;

    if (err != GBX_ERR_OK) {
        store->rotate_after_ns = gbxi_monotonic_ns() + GBXI_NS_PER_S;
        return err;
    }
    store_inherit(store); /* before the run says that it is closed: who is killed then has counted all the same */
    err = gbxi_run_close(store->run, error);
    store->run = next;
    store->pages[store->page_count - 2].ended = err == GBX_ERR_OK;
    store_inherit(store);
    second = store_remove_old(store, err == GBX_ERR_OK ? error : NULL);
    return err != GBX_ERR_OK ? err : second;
}

/* A run without traces goes on, however large or old it is: the limit of runs would remove those with traces for its
 * like. */
static bool store_is_run_over(const gbxi_store *store, uint64_t now_ns)
{
    return !gbxi_run_is_empty(store->run) &&
           (gbxi_run_bytes(store->run) >= store->run_bytes || now_ns - gbxi_run_began_ns(store->run) >= store->run_ns);
}

static gbx_err store_rotate_if_due(gbxi_store *store, gbx_error *error)
{
    if (!gbxi_run_is_damaged(store->run) && !store_is_run_over(store, gbxi_monotonic_ns()))
        return GBX_ERR_OK;
    return store_may_rotate(store) ? store_rotate(store, error) : GBX_ERR_OK;
}

/* Whether somebody has removed the file of the run, into which nothing of use is stored any more. */
static bool store_run_is_gone(const gbxi_store *store)
{
    char *path = gbxi_directory_path(store->directory, gbxi_run_id(store->run), ".db");
    bool gone = path != NULL && access(path, F_OK) != 0 && errno == ENOENT;

    free(path);
    return gone;
}

/* Begins another run if the file of this one is gone, which is told as an error. */
static gbx_err store_replace_gone(gbxi_store *store, gbx_error *error)
{
    char id[GBXI_RUN_ID_SIZE];
    gbx_err err;

    if (!store_may_rotate(store) || !store_run_is_gone(store))
        return GBX_ERR_OK;
    snprintf(id, sizeof(id), "%s", gbxi_run_id(store->run));
    err = store_rotate(store, error);
    if (strcmp(id, gbxi_run_id(store->run)) == 0)
        return err;
    (void)!gbxi_directory_unlink(store->directory, id, NULL); /* what SQLite leaves beside it */
    return gbx_error_set(error, GBX_ERR_IO, NULL, "run %s: its file was removed; run %s begins", id,
                         gbxi_run_id(store->run));
}

static gbx_err store_put(gbxi_store *store, const gbx_recording *recording, gbxi_trace *trace, gbx_error *error)
{
    const void *events;
    size_t events_bytes;
    gbx_err err;

    gbxi_frames_cut_root(&trace->frames, recording->source_root);
    if ((err = gbxi_pack(store->packer, trace, &events, &events_bytes, error)) != GBX_ERR_OK) {
        gbxi_run_lose(store->run);
        return err;
    }
    if ((err = gbxi_run_put(store->run, recording, trace, events, events_bytes, error)) != GBX_ERR_LIMIT)
        return err;
    if (store_may_rotate(store) && (err = store_rotate(store, error)) == GBX_ERR_OK)
        return gbxi_run_put(store->run, recording, trace, events, events_bytes, error);
    gbxi_run_lose(store->run);
    return err;
}

static gbx_err store_take(void *context, const gbx_recording *recording, gbx_error *error)
{
    gbxi_store *store = context;
    gbx_err err = store_rotate_if_due(store, error), second;
    gbxi_trace *trace = gbxi_trace_new(recording->capture, &(gbxi_trace_options){0});

    if (trace == NULL) {
        gbxi_run_lose(store->run);
        return store_refuse_memory(error);
    }
    second = store_put(store, recording, trace, err == GBX_ERR_OK ? error : NULL);
    gbxi_trace_free(trace);
    return err != GBX_ERR_OK ? err : second;
}

static gbx_err store_flush(void *context, gbx_error *error)
{
    return gbxi_run_commit(((gbxi_store *)context)->run, error);
}

static gbx_err store_tick(void *context, const gbx_process_state *state, gbx_error *error)
{
    gbxi_store *store = context;
    gbxi_process_row row;
    gbx_err err, second;

    store_inherit(store);
    gbxi_process_meter_read(&store->meter, state, &row);
    if ((err = gbxi_run_sample(store->run, &row, error)) == GBX_ERR_OK &&
        (err = gbxi_run_commit(store->run, error)) == GBX_ERR_OK)
        err = store_rotate_if_due(store, error);
    if (err == GBX_ERR_OK)
        err = store_remove_old_if_due(store, error);
    second = store_replace_gone(store, err == GBX_ERR_OK ? error : NULL);
    return err != GBX_ERR_OK ? err : second;
}

static void store_count_offered(void *context)
{
    gbxi_add_relaxed(&gbxi_load_acquire(&((gbxi_store *)context)->page)->offered, 1);
}

static void store_count_missed(void *context)
{
    gbxi_add_relaxed(&gbxi_load_acquire(&((gbxi_store *)context)->page)->missed, 1);
}

static void store_free(gbxi_store *store)
{
    gbxi_job_close(&store->retention);
    for (size_t i = 0; i < store->page_count; i++)
        gbxi_live_page_unmap(store->pages[i].page);
    gbxi_account_free(store->pages);
    gbxi_packer_free(store->packer);
    free(store->directory);
    free(store->program);
    free(store->exporter);
    free(store);
}

/* Requests may still count: their pages stay. A run in which nothing happened leaves nothing: the limit of runs would
 * remove those with traces for a few starts that nobody used. */
static gbx_err store_end(void *context, gbx_error *error)
{
    gbxi_store *store = context;
    gbxi_run *run = store->run;
    char id[GBXI_RUN_ID_SIZE];
    bool is_void;
    gbx_err err;

    store_inherit(store);
    snprintf(id, sizeof(id), "%s", gbxi_run_id(run));
    is_void = gbxi_run_is_void(run);
    store->run = NULL;
    if ((err = gbxi_run_close(run, error)) == GBX_ERR_OK && is_void)
        (void)!gbxi_directory_unlink(store->directory, id, NULL);
    return err;
}

static void store_dispose(void *context)
{
    gbxi_store *store = context;

    if (store->run != NULL)
        (void)!store_end(store, NULL); /* the recorder has never run */
    store_free(store);
}

gbx_err gbxi_store_close(gbxi_store *store, gbx_error *error)
{
    gbx_err err = store_end(store, error);

    store_free(store);
    return err;
}

gbx_sink gbxi_store_sink(gbxi_store *store)
{
    return (gbx_sink){
        .size = sizeof(gbx_sink),
        .name = "store",
        .take = store_take,
        .flush = store_flush,
        .tick = store_tick,
        .close = store_end,
        .offered = store_count_offered,
        .missed = store_count_missed,
        .dispose = store_dispose,
        .context = store,
    };
}

static gbxi_store *store_new(const gbxi_store_options *options)
{
    gbxi_store *store = calloc(1, sizeof(*store));

    if (store == NULL)
        return NULL;
    store->directory = strdup(options->directory != NULL ? options->directory : ".glassbox");
    store->program = strdup(options->program != NULL ? options->program : "");
    store->exporter = strdup(options->exporter != NULL ? options->exporter : "");
    store->run_bytes = options->run_bytes != 0 ? options->run_bytes : GBXI_STORE_RUN_BYTES_DEFAULT;
    store->run_ns = options->run_ns != 0 ? options->run_ns : GBXI_STORE_RUN_NS_DEFAULT;
    store->keep = options->keep;
    store->packer = gbxi_packer_new();
    if (!store_keeps_all(store))
        gbxi_job_open(&store->retention, "retention", RETENTION_EVERY_NS);
    if (store->directory != NULL && store->program != NULL && store->exporter != NULL && store->packer != NULL)
        return store;
    store_free(store);
    return NULL;
}

/* What cannot be settled or removed is no reason not to record. */
static void store_tidy(gbxi_store *store)
{
    gbx_error ignored;

    if (gbxi_settle_all(store->directory, &ignored) != GBX_ERR_OK)
        return;
    (void)store_remove_old(store, &ignored);
}

/* A store that is new gets its catalog; readers would make it otherwise. */
static bool store_is_new(const gbxi_store *store)
{
    gbxi_run_files *runs;
    gbx_error ignored;
    size_t count;
    bool is_new = gbxi_directory_runs(store->directory, &runs, &count, &ignored) == GBX_ERR_OK && count == 1;

    free(runs);
    return is_new;
}

gbx_err gbxi_store_open(const gbxi_store_options *options, gbxi_store **store, gbx_error *error)
{
    gbxi_store *opened = store_new(options);
    gbx_err err;

    *store = NULL;
    if (opened == NULL)
        return store_refuse_memory(error);
    if ((err = store_begin_run(opened, &opened->run, error)) != GBX_ERR_OK) {
        store_free(opened);
        return err;
    }
    if (store_is_new(opened))
        (void)!gbxi_catalog_make(opened->directory, NULL);
    store_tidy(opened);
    gbxi_process_meter_init(&opened->meter);
    *store = opened;
    return GBX_ERR_OK;
}

const char *gbxi_store_run_id(const gbxi_store *store)
{
    return gbxi_run_id(store->run);
}
