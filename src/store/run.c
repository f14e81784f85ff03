/* SPDX-License-Identifier: MIT */
/* Writes runs: groups of traces in one transaction each, and what is counted when one cannot be stored. */
#define _GNU_SOURCE
#include "store/run.h"
#include "base/atomic.h"
#include "base/hash.h"
#include "base/time.h"
#include "store/directory.h"
#include "store/frame_names.h"
#include "store/layout.h"
#include "store/run_rows.h"
#include "trace/totals.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct gbxi_run {
    char id[GBXI_RUN_ID_SIZE];
    char *live_path;
    gbxi_live live;
    gbxi_database *database;
    gbxi_run_rows rows;
    gbxi_frame_names names;
    gbxi_run_progress progress; /* as committed, and what was lost since */
    uint64_t group_traces, group_failed;
    size_t names_stored, names_committed; /* frames with rows; of those: committed */
    uint64_t database_ns;                 /* time in the database since the last sample */
    uint64_t bytes;
    uint64_t began_ns;
    bool damaged;
    uint32_t frame_ids[GBXI_RUN_TRACE_FRAMES];
    const gbxi_frame *frames[GBXI_RUN_TRACE_FRAMES];
};

static void run_free(gbxi_run *run)
{
    gbxi_run_rows_fini(&run->rows);
    gbxi_database_close(run->database);
    gbxi_frame_names_fini(&run->names);
    gbxi_live_close(&run->live);
    free(run->live_path);
    free(run);
}

static gbx_err run_make_database(gbxi_run *run, const char *directory, const char *program, const char *exporter,
                                 int64_t now_ns, gbx_error *error)
{
    char *path = gbxi_directory_path(directory, run->id, ".db"), what[64];
    gbx_err err;

    if (path == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "run %s: out of memory", run->id);
    snprintf(what, sizeof(what), "run %s", run->id);
    if ((err = gbxi_database_open(path, what, GBXI_DATABASE_NEW, &run->database, error)) == GBX_ERR_OK &&
        (err = gbxi_layout_create(run->database, &gbxi_layout_run, error)) == GBX_ERR_OK &&
        (err = gbxi_run_rows_begin(run->database, run->id, program, exporter, now_ns, error)) == GBX_ERR_OK)
        err = gbxi_run_rows_init(&run->rows, run->database, error);
    free(path);
    return err;
}

/* The lock is taken before there is a database, so that nobody finds a run without one. */
static gbx_err run_make_files(gbxi_run *run, const char *directory, const char *program, const char *exporter,
                              gbx_error *error)
{
    int64_t now_ns = gbxi_wall_ns();
    gbx_err err;

    gbxi_run_id_make(run->id, now_ns);
    if ((run->live_path = gbxi_directory_path(directory, run->id, ".live")) == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "run %s: out of memory", run->id);
    if ((err = gbxi_live_create(&run->live, run->live_path, error)) != GBX_ERR_OK)
        return err;
    if ((err = run_make_database(run, directory, program, exporter, now_ns, error)) == GBX_ERR_OK)
        return GBX_ERR_OK;
    gbxi_run_rows_fini(&run->rows);
    gbxi_database_close(run->database);
    run->database = NULL;
    /* What cannot be unlinked is a run without traces that broke off. */
    return gbxi_directory_unlink(directory, run->id, NULL) == GBX_ERR_NO_MEMORY ? GBX_ERR_NO_MEMORY : err;
}

gbx_err gbxi_run_create(const char *directory, const char *program, const char *exporter, gbxi_run **run,
                        gbx_error *error)
{
    gbx_err err = gbxi_directory_make(directory, error);
    gbxi_run *made;

    *run = NULL;
    if (err != GBX_ERR_OK)
        return err;
    if ((made = calloc(1, sizeof(*made))) == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "store: out of memory");
    made->began_ns = gbxi_monotonic_ns();
    made->names.key = gbxi_hash_key();
    if ((err = run_make_files(made, directory, program, exporter, error)) != GBX_ERR_OK) {
        run_free(made);
        return err;
    }
    *run = made;
    return GBX_ERR_OK;
}

static void run_count_lost(gbxi_run *run, uint64_t count)
{
    run->progress.unstored += count;
    gbxi_add_relaxed(&run->live.page->failed, count);
}

/* Undoes the group, whose traces are lost. What the caller was told of the first error stays in `error`. */
static void run_lose_group(gbxi_run *run)
{
    if (gbxi_database_last_fault(run->database) == GBXI_FAULT_DAMAGED)
        run->damaged = true;
    gbxi_database_rollback(run->database);
    gbxi_run_rows_drop_added(&run->rows);
    gbxi_frame_names_cut(&run->names, run->names_committed);
    run->names_stored = run->names_committed;
    run_count_lost(run, run->group_traces);
    run->group_traces = 0;
    run->group_failed = 0;
}

static gbx_err run_begin_group(gbxi_run *run, gbx_error *error)
{
    return gbxi_database_is_in_transaction(run->database) ? GBX_ERR_OK : gbxi_database_begin(run->database, error);
}

static gbx_err run_commit_group(gbxi_run *run, gbxi_run_end end, gbx_error *error)
{
    gbxi_run_progress progress = run->progress;
    bool found = false;
    gbx_err err;

    progress.traces += run->group_traces;
    progress.failed += run->group_failed;
    progress.missed = gbxi_load_relaxed(&run->live.page->missed);
    if ((err = run_begin_group(run, error)) != GBX_ERR_OK ||
        (err = gbxi_run_rows_put_added(&run->rows, error)) != GBX_ERR_OK ||
        (err = gbxi_run_rows_update(&run->rows, &progress, gbxi_wall_ns(), end, error)) != GBX_ERR_OK ||
        (err = gbxi_statement_next(&run->rows.page_count, &found, error)) != GBX_ERR_OK)
        return err;
    if (found)
        run->bytes = gbxi_column_uint(&run->rows.page_count) * GBXI_DATABASE_PAGE_BYTES;
    gbxi_statement_reset(&run->rows.page_count);
    if ((err = gbxi_database_commit(run->database, error)) != GBX_ERR_OK)
        return err;
    run->progress = progress;
    run->names_committed = run->names_stored;
    run->group_traces = 0;
    run->group_failed = 0;
    return GBX_ERR_OK;
}

static gbx_err run_commit_or_lose(gbxi_run *run, gbxi_run_end end, gbx_error *error)
{
    gbx_err err = run_commit_group(run, end, error);

    if (err != GBX_ERR_OK)
        run_lose_group(run);
    return err;
}

gbx_err gbxi_run_commit(gbxi_run *run, gbx_error *error)
{
    uint64_t began_ns = gbxi_monotonic_ns();
    gbx_err err = run_commit_or_lose(run, GBXI_RUN_END_NONE, error);

    run->database_ns += gbxi_monotonic_ns() - began_ns;
    return err;
}

/* The frames that get rows: all, or those with the most total time. */
static bool run_choose_frames(gbxi_run *run, const gbxi_trace *trace, size_t *count)
{
    gbxi_total *totals = NULL;

    *count = 0;
    if (trace->frame_count > GBXI_RUN_TRACE_FRAMES) {
        if ((totals = gbxi_totals_new(&trace->frames, trace->frame_count)) == NULL)
            return false;
        for (size_t i = 0; i < GBXI_RUN_TRACE_FRAMES; i++)
            run->frames[i] = &trace->frames.at[totals[i].frame];
        *count = GBXI_RUN_TRACE_FRAMES;
        free(totals);
        return true;
    }
    for (size_t i = 0; i < trace->frames.count; i++)
        if (trace->frames.at[i].calls > 0)
            run->frames[(*count)++] = &trace->frames.at[i];
    return true;
}

/* Finds the numbers of the frames; 0 among them says that one could not be remembered. */
static gbx_err run_intern_frames(gbxi_run *run, size_t count, gbx_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const gbxi_frame *frame = run->frames[i];
        gbxi_frame_name name = {{frame->name, frame->name_length}, gbxi_view_of(frame->file), frame->line};
        bool full;

        if ((run->frame_ids[i] = gbxi_frame_names_intern(&run->names, &name, &full)) == 0)
            return gbx_error_set(error, full ? GBX_ERR_LIMIT : GBX_ERR_NO_MEMORY, NULL, "run %s: %s", run->id,
                                 full ? "it has too many different frames" : "out of memory");
    }
    return GBX_ERR_OK;
}

static gbx_err run_put_frames(gbxi_run *run, uint64_t number, size_t count, gbx_error *error)
{
    gbx_err err = GBX_ERR_OK;

    /* New numbers are given in ascending order. */
    for (size_t i = 0; i < count && err == GBX_ERR_OK; i++)
        if (run->frame_ids[i] > run->names_stored &&
            (err = gbxi_run_rows_put_frame(&run->rows, run->frame_ids[i], run->frames[i], error)) == GBX_ERR_OK)
            run->names_stored = run->frame_ids[i];
    for (size_t i = 0; i < count && err == GBX_ERR_OK; i++)
        err = gbxi_run_rows_add_trace_frame(&run->rows, run->frame_ids[i], number, run->frames[i],
                                            &run->names.items[run->frame_ids[i] - 1].row);
    return err == GBX_ERR_NO_MEMORY ? gbx_error_set(error, err, NULL, "run %s: out of memory", run->id) : err;
}

/* What a trace needs before anything is stored of it. */
static gbx_err run_prepare_frames(gbxi_run *run, const gbxi_trace *trace, size_t *count, gbx_error *error)
{
    size_t known = run->names.count;
    gbx_err err;

    if (!run_choose_frames(run, trace, count))
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "run %s: out of memory", run->id);
    if ((err = run_intern_frames(run, *count, error)) != GBX_ERR_OK)
        gbxi_frame_names_cut(&run->names, known);
    return err;
}

static gbx_err run_put_rows(gbxi_run *run, const gbx_recording *recording, const gbxi_trace *trace, size_t frame_count,
                            gbxi_view events, gbx_error *error)
{
    uint64_t number = run->progress.traces + run->group_traces + 1;
    gbx_err err = run_begin_group(run, error);

    if (err == GBX_ERR_OK)
        err = gbxi_run_rows_put_trace(&run->rows, number, recording, trace, trace->frame_count - frame_count, error);
    if (err == GBX_ERR_OK)
        err = gbxi_run_rows_put_events(&run->rows, number, events.at, events.length, error);
    return err != GBX_ERR_OK ? err : run_put_frames(run, number, frame_count, error);
}

static gbx_err run_put_trace(gbxi_run *run, const gbx_recording *recording, const gbxi_trace *trace, gbxi_view events,
                             gbx_error *error)
{
    size_t frame_count;
    gbx_err err = run_prepare_frames(run, trace, &frame_count, error);

    if (err == GBX_ERR_LIMIT)
        return err;
    gbxi_add_relaxed(&run->live.page->taken, 1);
    if (err != GBX_ERR_OK) {
        run_count_lost(run, 1);
        return err;
    }
    err = run_put_rows(run, recording, trace, frame_count, events, error);
    run->group_traces++;
    run->group_failed += gbxi_run_rows_is_failed(recording, trace);
    if (err != GBX_ERR_OK)
        run_lose_group(run);
    if (err == GBX_ERR_OK &&
        (run->group_traces >= GBXI_RUN_GROUP || run->rows.added.row_count >= GBXI_RUN_GROUP_FRAMES))
        err = run_commit_or_lose(run, GBXI_RUN_END_NONE, error);
    return err;
}

gbx_err gbxi_run_put(gbxi_run *run, const gbx_recording *recording, const gbxi_trace *trace, const void *events,
                     size_t events_bytes, gbx_error *error)
{
    uint64_t began_ns = gbxi_monotonic_ns();
    gbx_err err = run_put_trace(run, recording, trace, (gbxi_view){events, events_bytes}, error);

    run->database_ns += gbxi_monotonic_ns() - began_ns;
    return err;
}

void gbxi_run_lose(gbxi_run *run)
{
    gbxi_add_relaxed(&run->live.page->taken, 1);
    run_count_lost(run, 1);
}

gbx_err gbxi_run_sample(gbxi_run *run, const gbxi_process_row *row, gbx_error *error)
{
    uint64_t began_ns = gbxi_monotonic_ns();
    gbxi_process_row timed = *row;
    gbx_err err;

    timed.database_ns = run->database_ns;
    run->database_ns = 0;
    if ((err = run_begin_group(run, error)) == GBX_ERR_OK)
        err = gbxi_run_rows_put_process(&run->rows, &timed, error);
    if (err != GBX_ERR_OK)
        run_lose_group(run);
    run->database_ns += gbxi_monotonic_ns() - began_ns;
    return err;
}

/* A reader may keep the WAL busy. Then the run is closed all the same, and the next to write the store makes its file
 * whole. */
static void run_finish_files(gbxi_run *run)
{
    gbx_error ignored;

    gbxi_sub_relaxed(&run->live.page->missed, run->progress.missed);

    gbxi_run_rows_fini(&run->rows);
    if (gbxi_database_execute(run->database, gbxi_layout_run.end_sql, &ignored) != GBX_ERR_OK)
        ignored.code = GBX_ERR_OK; /* reading takes longer then */
    if (gbxi_database_make_whole(run->database, &ignored) == GBX_ERR_OK)
        (void)unlink(run->live_path);
}

gbx_err gbxi_run_close(gbxi_run *run, gbx_error *error)
{
    gbx_error second;
    gbx_err err = run_commit_or_lose(run, GBXI_RUN_END_CLOSED, error);

    /* The group is lost then, and counted. The run ends in order if that much can still be said. */
    if (err == GBX_ERR_OK || run_commit_or_lose(run, GBXI_RUN_END_CLOSED, &second) == GBX_ERR_OK)
        run_finish_files(run);
    run_free(run);
    return err;
}

const char *gbxi_run_id(const gbxi_run *run)
{
    return run->id;
}

gbxi_live *gbxi_run_live(gbxi_run *run)
{
    return &run->live;
}

bool gbxi_run_is_damaged(const gbxi_run *run)
{
    return run->damaged;
}

bool gbxi_run_is_empty(const gbxi_run *run)
{
    return run->progress.traces == 0;
}

bool gbxi_run_is_void(const gbxi_run *run)
{
    return run->progress.traces + run->group_traces + run->progress.unstored == 0 &&
           gbxi_load_relaxed(&run->live.page->missed) == 0;
}

uint64_t gbxi_run_bytes(const gbxi_run *run)
{
    return run->bytes;
}

uint64_t gbxi_run_began_ns(const gbxi_run *run)
{
    return run->began_ns;
}
