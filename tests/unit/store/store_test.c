/* SPDX-License-Identifier: MIT */
/* A store that is written: runs that follow each other, processes that are killed, and several that write one store. */
#define _GNU_SOURCE
#include "store/query.h"
#include "store/run.h"
#include "store/store.h"
#include "storing.h"
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { KILLS = 20 };

static int begin_store(void **state)
{
    *state = storing_begin();
    return 0;
}

static int end_store(void **state)
{
    storing_end(*state);
    return 0;
}

static gbxi_store *open_store(const gbxi_store_options *options)
{
    gbxi_store *store;
    gbx_error error;

    assert_int_equal(gbxi_store_open(options, &store, &error), GBX_ERR_OK);
    return store;
}

static void close_store(gbxi_store *store)
{
    gbx_error error;

    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
}

/* Offers and takes `count` captures, as the recorder does. */
static gbx_err take_some(gbxi_store *store, const stored_case *what, size_t count, gbx_error *error)
{
    gbx_sink sink = gbxi_store_sink(store);
    gbx_err err = GBX_ERR_OK;
    stored_sample sample;

    stored_sample_make(&sample, what);
    for (size_t i = 0; i != count && err == GBX_ERR_OK; ++i) {
        sink.offered(sink.context);
        err = sink.take(sink.context, &sample.recording, error);
    }
    stored_sample_free(&sample);
    return err;
}

static gbx_err flush(gbxi_store *store, gbx_error *error)
{
    gbx_sink sink = gbxi_store_sink(store);

    return sink.flush(sink.context, error);
}

static gbx_err tick(gbxi_store *store, gbx_error *error)
{
    gbx_process_state now = {.size = sizeof(now)};
    gbx_sink sink = gbxi_store_sink(store);

    return sink.tick(sink.context, &now, error);
}

static gbxi_store_reader *read_store(const char *directory, const gbxi_run_info **runs, size_t *count)
{
    gbxi_store_reader *reader;
    gbx_error error;

    assert_int_equal(gbxi_store_reader_open(directory, NULL, &reader, &error), GBX_ERR_OK);
    *runs = gbxi_store_runs(reader, count);
    return reader;
}

static void a_large_run_ends_and_another_begins(void **state)
{
    gbxi_store *store = open_store(&(gbxi_store_options){.directory = *state, .run_bytes = 100000});
    const gbxi_run_info *runs;
    gbxi_store_reader *reader;
    uint64_t traces = 0;
    gbx_error error;
    size_t count;

    assert_int_equal(take_some(store, &(stored_case){.frames = 20}, 3000, &error), GBX_ERR_OK);
    close_store(store);
    reader = read_store(*state, &runs, &count);
    assert_true(count > 3);
    for (size_t i = 0; i != count; ++i) {
        assert_int_equal(runs[i].state, GBXI_RUN_CLOSED);
        assert_int_equal(runs[i].lost_count, 0);
        assert_true(runs[i].bytes < 600000);
        traces += runs[i].trace_count;
    }
    assert_int_equal(traces, 3000);
    gbxi_store_reader_close(reader);
    assert_int_equal(storing_entries(*state), count + 1);
}

static void an_old_run_ends_with_the_next_second(void **state)
{
    gbxi_store *store = open_store(&(gbxi_store_options){.directory = *state, .run_ns = 1});
    char id[GBXI_RUN_ID_SIZE];
    gbx_error error;

    strcpy(id, gbxi_store_run_id(store));
    assert_int_equal(take_some(store, &(stored_case){.frames = 1}, 1, &error), GBX_ERR_OK);
    assert_int_equal(tick(store, &error), GBX_ERR_OK);
    assert_string_not_equal(gbxi_store_run_id(store), id);
    close_store(store);
}

static void a_run_whose_file_is_removed_is_replaced_and_that_is_told(void **state)
{
    gbxi_store *store = open_store(&(gbxi_store_options){.directory = *state});
    char expected[160], *path = storing_path(*state, gbxi_store_run_id(store), ".db");
    gbx_error error;

    snprintf(expected, sizeof(expected), "run %s: its file was removed; run ", gbxi_store_run_id(store));
    assert_int_equal(unlink(path), 0);
    free(path);
    assert_int_equal(tick(store, &error), GBX_ERR_IO);
    assert_memory_equal(error.text, expected, strlen(expected));
    assert_non_null(strstr(error.text, gbxi_store_run_id(store)));
    assert_int_equal(tick(store, &error), GBX_ERR_OK);
    close_store(store);
    assert_int_equal(storing_entries(*state), 1); /* the catalog: nothing is in the other run */
}

static void a_run_with_too_many_different_frames_ends(void **state)
{
    gbxi_store *store = open_store(&(gbxi_store_options){.directory = *state});
    const gbxi_run_info *runs;
    gbxi_store_reader *reader;
    gbx_error error;
    size_t count;

    for (uint32_t i = 0; i != 130; ++i)
        assert_int_equal(take_some(store, &(stored_case){.frames = 900, .first = 900 * i}, 1, &error), GBX_ERR_OK);
    close_store(store);
    reader = read_store(*state, &runs, &count);
    assert_int_equal(count, 2);
    assert_int_equal(runs[0].trace_count + runs[1].trace_count, 130);
    assert_int_equal(runs[0].lost_count + runs[1].lost_count, 0);
    gbxi_store_reader_close(reader);
}

static void old_runs_are_removed_when_another_begins(void **state)
{
    gbxi_store *store =
        open_store(&(gbxi_store_options){.directory = *state, .run_bytes = 100000, .keep = {.keep_runs = 2}});
    const gbxi_run_info *runs;
    gbxi_store_reader *reader;
    gbx_error error;
    size_t count;

    assert_int_equal(take_some(store, &(stored_case){.frames = 20}, 3000, &error), GBX_ERR_OK);
    close_store(store);
    reader = read_store(*state, &runs, &count);
    assert_int_equal(count, 2);
    gbxi_store_reader_close(reader);
}

static void a_run_that_is_damaged_while_it_is_written_is_left_for_another(void **state)
{
    gbxi_store *store = open_store(&(gbxi_store_options){.directory = *state});
    char *path = storing_path(*state, gbxi_store_run_id(store), ".db");
    const gbxi_run_info *runs;
    gbxi_store_reader *reader;
    gbx_error error;
    size_t count;

    assert_int_equal(take_some(store, &(stored_case){.frames = 900}, 30, &error), GBX_ERR_OK);
    assert_int_equal(flush(store, &error), GBX_ERR_OK);
    /* Another connection changes the schema under the writer: its statements no longer fit. */
    storing_change(path, "DROP TABLE events");
    assert_int_equal(take_some(store, &(stored_case){.frames = 1}, 1, &error), GBX_ERR_SYNTAX);
    assert_int_equal(take_some(store, &(stored_case){.frames = 1}, 5, &error), GBX_ERR_OK);
    close_store(store);
    reader = read_store(*state, &runs, &count);
    assert_int_equal(count, 2);
    assert_int_equal(runs[0].trace_count + runs[1].trace_count, 35);
    assert_int_equal(runs[0].lost_count + runs[1].lost_count, 1);
    gbxi_store_reader_close(reader);
    free(path);
}

static void two_processes_write_one_store_at_the_same_time(void **state)
{
    gbxi_store *first = open_store(&(gbxi_store_options){.directory = *state, .keep = {.keep_runs = 1}});
    gbxi_store *second = open_store(&(gbxi_store_options){.directory = *state, .keep = {.keep_runs = 1}});
    const gbxi_run_info *runs;
    gbxi_store_reader *reader;
    gbx_error error;
    size_t count;

    for (int i = 0; i != 5; ++i) {
        assert_int_equal(take_some(first, &(stored_case){0}, 10, &error), GBX_ERR_OK);
        assert_int_equal(take_some(second, &(stored_case){0}, 20, &error), GBX_ERR_OK);
        assert_int_equal(flush(first, &error), GBX_ERR_OK);
        assert_int_equal(flush(second, &error), GBX_ERR_OK);
    }
    reader = read_store(*state, &runs, &count);
    assert_int_equal(count, 2);
    assert_int_equal(runs[0].state, GBXI_RUN_WRITING);
    assert_int_equal(runs[1].state, GBXI_RUN_WRITING);
    assert_int_equal(runs[0].trace_count + runs[1].trace_count, 150);
    gbxi_store_reader_close(reader);
    close_store(first);
    close_store(second);
}

/* Requests that count while runs follow each other. */
typedef struct counting {
    gbx_sink sink;
    atomic_bool done;
    atomic_ulong missed;
} counting;

static void *count_requests(void *argument)
{
    counting *c = argument;

    while (!atomic_load(&c->done)) {
        c->sink.offered(c->sink.context);
        c->sink.missed(c->sink.context);
        atomic_fetch_add(&c->missed, 1);
    }
    return NULL;
}

static void requests_count_exactly_while_runs_follow_each_other(void **state)
{
    enum { THREADS = 3 };
    gbxi_store *store = open_store(&(gbxi_store_options){.directory = *state, .run_bytes = 50000});
    counting c = {.sink = gbxi_store_sink(store)};
    const gbxi_run_info *runs;
    gbxi_store_reader *reader;
    pthread_t threads[THREADS];
    uint64_t traces = 0, lost = 0;
    gbx_error error;
    size_t count;

    for (int i = 0; i != THREADS; ++i)
        assert_int_equal(pthread_create(&threads[i], NULL, count_requests, &c), 0);
    for (int i = 0; i != 20; ++i) {
        assert_int_equal(take_some(store, &(stored_case){.frames = 50}, 50, &error), GBX_ERR_OK);
        assert_int_equal(tick(store, &error), GBX_ERR_OK);
    }
    atomic_store(&c.done, true);
    for (int i = 0; i != THREADS; ++i)
        pthread_join(threads[i], NULL);
    close_store(store);
    reader = read_store(*state, &runs, &count);
    assert_true(count > 5);
    for (size_t i = 0; i != count; ++i) {
        traces += runs[i].trace_count;
        lost += runs[i].lost_count;
    }
    assert_int_equal(traces, 1000);
    assert_int_equal(lost, atomic_load(&c.missed));
    gbxi_store_reader_close(reader);
}

/* What the process that is killed tells its parent. */
typedef struct shared {
    atomic_ulong taken;
} shared;

/* Stores captures until it is killed. */
static void store_until_killed(const char *directory, shared *counts)
{
    gbxi_store *store;
    stored_sample sample;
    gbx_sink sink;

    if (gbxi_store_open(&(gbxi_store_options){.directory = directory}, &store, NULL) != GBX_ERR_OK)
        _exit(1);
    sink = gbxi_store_sink(store);
    stored_sample_make(&sample, &(stored_case){.frames = 4});
    for (;;) {
        sink.offered(sink.context);
        if (sink.take(sink.context, &sample.recording, NULL) != GBX_ERR_OK)
            _exit(1);
        if (atomic_fetch_add(&counts->taken, 1) % 100 == 99 && sink.flush(sink.context, NULL) != GBX_ERR_OK)
            _exit(1);
    }
}

static void kill_a_writer(const char *directory, shared *counts, unsigned long after)
{
    pid_t child;
    int status;

    atomic_store(&counts->taken, 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0)
        store_until_killed(directory, counts);
    while (atomic_load(&counts->taken) < after && waitpid(child, &status, WNOHANG) == 0)
        sched_yield();
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

static void check_broken_off(const char *directory, unsigned long taken)
{
    const gbxi_run_info *runs;
    gbxi_store_reader *reader;
    size_t count;
    char *path;

    reader = read_store(directory, &runs, &count);
    assert_int_equal(runs[0].state, GBXI_RUN_BROKEN_OFF);
    assert_string_equal(runs[0].fault, "");
    /* The last one may have been offered, and not yet have been taken. */
    assert_in_range(runs[0].trace_count + runs[0].lost_count, taken, taken + 1);
    assert_true(runs[0].lost_count <= GBXI_RUN_GROUP);
    path = storing_path(directory, runs[0].id, ".db");
    assert_int_equal(storing_number(path, "SELECT max(number)-count(*) FROM traces"), 0);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM traces"), runs[0].trace_count);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM events"), runs[0].trace_count);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM trace_frames"), 5 * runs[0].trace_count);
    free(path);
    gbxi_store_reader_close(reader);
}

static void a_writer_that_is_killed_leaves_a_prefix_and_the_rest_is_counted(void **state)
{
    shared *counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char *catalog = storing_path(*state, "catalog", ".db");
    unsigned long all = 0;
    const gbxi_run_info *runs;
    gbxi_store_reader *reader;
    uint64_t stored = 0, lost = 0;
    size_t count;

    assert_true(counts != MAP_FAILED);
    for (int i = 0; i != KILLS; ++i) {
        kill_a_writer(*state, counts, 150 + 97 * (unsigned long)i);
        check_broken_off(*state, atomic_load(&counts->taken));
        all += atomic_load(&counts->taken);
    }
    /* The next to write the store settles them: each is one whole file then, and counts the same. */
    close_store(open_store(&(gbxi_store_options){.directory = *state}));
    assert_int_equal(unlink(catalog), 0);
    reader = read_store(*state, &runs, &count);
    assert_int_equal(count, KILLS);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(runs[i].state, GBXI_RUN_BROKEN_OFF);
        stored += runs[i].trace_count;
        lost += runs[i].lost_count;
    }
    assert_in_range(stored + lost, all, all + KILLS);
    gbxi_store_reader_close(reader);
    assert_int_equal(storing_entries(*state), KILLS + 1);
    munmap(counts, sizeof(*counts));
    free(catalog);
}

static void a_run_that_was_killed_while_it_was_made_is_removed(void **state)
{
    static const char *const suffixes[] = {".db", ".live"};
    const gbxi_run_info *runs;
    gbxi_store_reader *reader;
    size_t count;

    for (size_t i = 0; i != 2; ++i) {
        char *path = storing_path(*state, "20260101-000000-aaaaaaaa", suffixes[i]);

        fclose(fopen(path, "w"));
        free(path);
    }
    close_store(open_store(&(gbxi_store_options){.directory = *state}));
    reader = read_store(*state, &runs, &count);
    assert_int_equal(count, 0);
    gbxi_store_reader_close(reader);
}

static void what_was_offered_and_never_taken_is_lost_when_the_process_is_killed(void **state)
{
    const gbxi_run_info *runs;
    gbxi_store_reader *reader;
    pid_t child = fork();
    size_t count;
    int status;

    if (child == 0) {
        gbxi_store *store = NULL;
        gbx_sink sink;

        if (gbxi_store_open(&(gbxi_store_options){.directory = *state}, &store, NULL) != GBX_ERR_OK)
            _exit(1);
        sink = gbxi_store_sink(store);
        for (int i = 0; i != 37; ++i)
            sink.offered(sink.context);
        sink.missed(sink.context);
        kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    for (int i = 0; i != 2; ++i) {
        reader = read_store(*state, &runs, &count);
        assert_int_equal(runs[0].state, GBXI_RUN_BROKEN_OFF);
        assert_int_equal(runs[0].lost_count, 38);
        gbxi_store_reader_close(reader);
        close_store(open_store(&(gbxi_store_options){.directory = *state}));
    }
}

int main(void)
{
#define IN_A_STORE(test) cmocka_unit_test_setup_teardown(test, begin_store, end_store)
    const struct CMUnitTest tests[] = {
        IN_A_STORE(a_large_run_ends_and_another_begins),
        IN_A_STORE(an_old_run_ends_with_the_next_second),
        IN_A_STORE(a_run_whose_file_is_removed_is_replaced_and_that_is_told),
        IN_A_STORE(a_run_with_too_many_different_frames_ends),
        IN_A_STORE(old_runs_are_removed_when_another_begins),
        IN_A_STORE(a_run_that_is_damaged_while_it_is_written_is_left_for_another),
        IN_A_STORE(two_processes_write_one_store_at_the_same_time),
        IN_A_STORE(requests_count_exactly_while_runs_follow_each_other),
        IN_A_STORE(a_writer_that_is_killed_leaves_a_prefix_and_the_rest_is_counted),
        IN_A_STORE(a_run_that_was_killed_while_it_was_made_is_removed),
        IN_A_STORE(what_was_offered_and_never_taken_is_lost_when_the_process_is_killed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
