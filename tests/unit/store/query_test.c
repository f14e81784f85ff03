/* SPDX-License-Identifier: MIT */
/* Reading a store: runs and traces by the names that people give them, captures restored, and damage that is said. */
#define _GNU_SOURCE
#include "store/query.h"
#include "store/store.h"
#include "storing.h"
#include <fcntl.h>
#include <glassbox/read.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A store that is read, and what its reader was told. */
typedef struct reading {
    char *directory;
    gbxi_store_reader *reader;
    char told[400];
} reading;

static void hear(void *context, const char *text)
{
    reading *r = context;

    strncat(r->told, text, sizeof(r->told) - strlen(r->told) - 2);
    strcat(r->told, ";");
}

static int begin_reading(void **state)
{
    reading *r = calloc(1, sizeof(*r));

    r->directory = storing_begin();
    *state = r;
    return 0;
}

static int end_reading(void **state)
{
    reading *r = *state;

    gbxi_store_reader_close(r->reader);
    storing_end(r->directory);
    free(r);
    return 0;
}

/* Opens the store anew. */
static void open_store(reading *r)
{
    gbxi_store_notices notices = {hear, r};
    gbx_error error;

    gbxi_store_reader_close(r->reader);
    r->told[0] = '\0';
    assert_int_equal(gbxi_store_reader_open(r->directory, &notices, &r->reader, &error), GBX_ERR_OK);
}

/* Opens a store to write, and stores such captures through its sink, as the recorder does. */
static gbxi_store *write_store(const char *directory, const stored_case *cases, size_t count)
{
    gbxi_store_options options = {.directory = directory, .program = "test"};
    gbxi_store *store;
    gbx_error error;
    gbx_sink sink;

    assert_int_equal(gbxi_store_open(&options, &store, &error), GBX_ERR_OK);
    sink = gbxi_store_sink(store);
    for (size_t i = 0; i != count; ++i) {
        stored_sample sample;

        stored_sample_make(&sample, &cases[i]);
        sink.offered(sink.context);
        assert_int_equal(sink.take(sink.context, &sample.recording, &error), GBX_ERR_OK);
        stored_sample_free(&sample);
    }
    assert_int_equal(sink.flush(sink.context, &error), GBX_ERR_OK);
    return store;
}

static void write_run(const char *directory, const stored_case *cases, size_t count)
{
    gbx_error error;

    assert_int_equal(gbxi_store_close(write_store(directory, cases, count), &error), GBX_ERR_OK);
}

static gbxi_run_info resolve(reading *r, const char *name)
{
    gbxi_run_info info;
    gbx_error error;

    assert_int_equal(gbxi_store_resolve(r->reader, name, &info, &error), GBX_ERR_OK);
    return info;
}

static const char *refuse(reading *r, const char *name, gbx_err expected)
{
    static gbx_error error;
    gbxi_run_info info;

    assert_int_equal(gbxi_store_resolve(r->reader, name, &info, &error), expected);
    return error.text;
}

static gbxi_stored_run *open_run(reading *r, const char *name)
{
    gbxi_run_info info = resolve(r, name);
    gbxi_stored_run *run;
    gbx_error error;

    assert_int_equal(gbxi_stored_run_open(r->reader, info.id, &run, &error), GBX_ERR_OK);
    return run;
}

static const stored_case three[] = {
    {.duration_ns = 2000000, .id = 0x11},
    {.duration_ns = 9000000, .id = 0x12, .status = 503, .reasons = GBX_KEEP_FAILED | GBX_KEEP_SLOW, .route = "/other"},
    {.duration_ns = 4000000, .id = 0x22, .error = "no row", .reasons = GBX_KEEP_FAILED, .method = "POST"},
};

static void a_run_says_how_its_traces_went(void **state)
{
    reading *r = *state;
    gbxi_run_info info;

    write_run(r->directory, three, 3);
    open_store(r);
    info = resolve(r, "latest");
    assert_int_equal(info.state, GBXI_RUN_CLOSED);
    assert_string_equal(gbxi_run_state_text(info.state), "closed");
    assert_int_equal(info.trace_count, 3);
    assert_int_equal(info.failed_count, 2);
    assert_int_equal(info.lost_count, 0);
    assert_int_equal(info.slowest_ns, 9000000);
    assert_int_equal(info.total_ns, 15000000);
    assert_true(info.p50_ns >= 4000000 && info.p50_ns < 4130000);
    assert_true(info.p99_ns >= 9000000 && info.p99_ns < 9290000);
    assert_string_equal(info.program, "test");
    assert_string_equal(info.fault, "");
    assert_true(info.bytes > 4096);
    assert_string_equal(r->told, "the catalog is missing, and is made from the runs;");
    open_store(r);
    assert_string_equal(r->told, "");
    assert_int_equal(resolve(r, NULL).p50_ns, info.p50_ns);
}

/* Plants a run, and gives it another id. */
static void plant(const char *directory, const char *id)
{
    char made[GBXI_RUN_ID_SIZE], *from, *to;

    storing_run(directory, &(stored_case){0}, 1, made);
    from = storing_path(directory, made, ".db");
    to = storing_path(directory, id, ".db");
    assert_int_equal(rename(from, to), 0);
    free(from);
    free(to);
}

static void runs_are_found_by_what_people_call_them(void **state)
{
    reading *r = *state;

    plant(r->directory, "20260101-000000-aaaa1111");
    plant(r->directory, "20260102-000000-aaaa2222");
    plant(r->directory, "20260103-000000-bbbb3333");
    plant(r->directory, "20260103-000001-cccc4444");
    open_store(r);
    assert_string_equal(resolve(r, "latest").id, "20260103-000001-cccc4444");
    assert_string_equal(resolve(r, "latest~1").id, "20260103-000000-bbbb3333");
    assert_string_equal(resolve(r, "latest~3").id, "20260101-000000-aaaa1111");
    assert_string_equal(resolve(r, "20260102").id, "20260102-000000-aaaa2222");
    assert_string_equal(resolve(r, "bb").id, "20260103-000000-bbbb3333");
    assert_string_equal(resolve(r, "20260101-000000-aaaa1111").id, "20260101-000000-aaaa1111");
    assert_string_equal(refuse(r, "20260103", GBX_ERR_CONFLICT),
                        "several runs begin with '20260103': '20260103-000001-cccc4444', '20260103-000000-bbbb3333'");
    assert_string_equal(refuse(r, "2026", GBX_ERR_CONFLICT),
                        "several runs begin with '2026': '20260103-000001-cccc4444', '20260103-000000-bbbb3333', "
                        "'20260102-000000-aaaa2222', and others");
    assert_string_equal(refuse(r, "20260101-000000-aaaa1112", GBX_ERR_UNKNOWN),
                        "no run '20260101-000000-aaaa1112': did you mean '20260101-000000-aaaa1111'?");
    assert_string_equal(refuse(r, "bbbb333x", GBX_ERR_UNKNOWN), "no run 'bbbb333x': did you mean 'bbbb3333'?");
    assert_string_equal(refuse(r, "yesterday", GBX_ERR_UNKNOWN),
                        "no run 'yesterday': the newest is '20260103-000001-cccc4444'");
    assert_string_equal(refuse(r, "", GBX_ERR_UNKNOWN), "no run '': the newest is '20260103-000001-cccc4444'");
    assert_non_null(strstr(refuse(r, "latest~4", GBX_ERR_UNKNOWN), "it has 4 runs: the oldest is 'latest~3'"));
    assert_non_null(strstr(refuse(r, "latest~x", GBX_ERR_UNKNOWN), "no run 'latest~x'"));
}

static void a_store_without_runs_says_so(void **state)
{
    reading *r = *state;
    gbxi_store_reader *reader;
    gbx_error error;
    size_t count;

    open_store(r);
    gbxi_store_runs(r->reader, &count);
    assert_int_equal(count, 0);
    assert_non_null(strstr(refuse(r, "latest", GBX_ERR_UNKNOWN), "it has no runs"));
    assert_non_null(strstr(refuse(r, "abc", GBX_ERR_UNKNOWN), "it has no runs"));
    assert_int_equal(gbxi_store_reader_open("/no/such/store", NULL, &reader, &error), GBX_ERR_MISSING);
    assert_string_equal(error.text, "store /no/such/store: No such file or directory");
    assert_null(reader);
}

/* Appends the number of each trace to a text. */
static bool note_number(void *context, const gbxi_stored_trace *trace)
{
    char *text = context;

    sprintf(text + strlen(text), "%d ", (int)trace->number);
    return true;
}

static const char *select_traces(gbxi_stored_run *run, gbxi_trace_query query)
{
    static char numbers[100];
    gbx_error error;

    numbers[0] = '\0';
    assert_int_equal(gbxi_stored_traces(run, &query, note_number, numbers, &error), GBX_ERR_OK);
    return numbers;
}

static void traces_are_selected_and_ordered(void **state)
{
    reading *r = *state;
    gbxi_stored_run *run;

    write_run(r->directory, three, 3);
    open_store(r);
    run = open_run(r, NULL);
    assert_string_equal(select_traces(run, (gbxi_trace_query){0}), "1 2 3 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.order = GBXI_TRACES_SLOWEST}), "2 3 1 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.order = GBXI_TRACES_NEWEST, .limit = 2}), "3 2 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.after_number = 1}), "2 3 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.failed_only = true}), "2 3 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.min_duration_ns = 4000000}), "2 3 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.route = "/other"}), "2 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.method = "POST"}), "3 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.reasons = GBX_KEEP_SLOW | GBX_KEEP_SAMPLED}), "1 2 ");
    assert_string_equal(
        select_traces(run, (gbxi_trace_query){.order = GBXI_TRACES_SLOWEST, .after_number = 2, .method = "GET"}), "");
    gbxi_stored_run_close(run);
}

static uint64_t find(gbxi_stored_run *run, const char *name)
{
    gbxi_stored_trace trace;
    gbx_error error;

    assert_int_equal(gbxi_stored_find(run, name, &trace, &error), GBX_ERR_OK);
    return trace.number;
}

static void traces_are_found_by_what_people_call_them(void **state)
{
    reading *r = *state;
    gbxi_stored_trace trace;
    gbxi_stored_run *run;
    gbx_error error;
    char id[] = "22222222222222222222222222222222";

    write_run(r->directory, three, 3);
    open_store(r);
    run = open_run(r, NULL);
    assert_int_equal(find(run, NULL), 2);
    assert_int_equal(find(run, "#3"), 3);
    assert_int_equal(find(run, "1"), 1);
    assert_int_equal(find(run, "1111"), 1);
    assert_int_equal(find(run, "12121"), 2);
    assert_int_equal(find(run, id), 3);
    assert_int_equal(gbxi_stored_find(run, "#4", &trace, &error), GBX_ERR_UNKNOWN);
    assert_non_null(strstr(error.text, "there is no trace #4"));
    assert_int_equal(gbxi_stored_find(run, "abcd", &trace, &error), GBX_ERR_UNKNOWN);
    assert_non_null(strstr(error.text, "there is no trace abcd"));
    assert_int_equal(gbxi_stored_find(run, "last", &trace, &error), GBX_ERR_SYNTAX);
    assert_int_equal(gbxi_stored_find(run, "ab", &trace, &error), GBX_ERR_SYNTAX);
    assert_int_equal(gbxi_stored_find(run, "", &trace, &error), GBX_ERR_SYNTAX);
    assert_int_equal(gbxi_stored_find(run, "#", &trace, &error), GBX_ERR_SYNTAX);
    gbxi_stored_run_close(run);
}

static void several_traces_with_the_same_beginning_are_named(void **state)
{
    const stored_case same[] = {{.id = 0x33}, {.id = 0x33}};
    reading *r = *state;
    gbxi_stored_trace trace;
    gbxi_stored_run *run;
    gbx_error error;

    write_run(r->directory, same, 2);
    open_store(r);
    run = open_run(r, NULL);
    assert_int_equal(gbxi_stored_find(run, "3333", &trace, &error), GBX_ERR_CONFLICT);
    assert_non_null(strstr(error.text, "several traces begin with 3333, such as #1 and #2"));
    gbxi_stored_run_close(run);
}

static void a_trace_comes_back_with_all_that_is_known_of_it(void **state)
{
    reading *r = *state;
    gbxi_stored_trace trace;
    gbxi_stored_run *run;
    gbx_capture_facts facts;
    gbx_capture *capture;
    gbx_error error;

    write_run(r->directory, three, 3);
    open_store(r);
    run = open_run(r, NULL);
    assert_int_equal(gbxi_stored_find(run, "#3", &trace, &error), GBX_ERR_OK);
    assert_string_equal(trace.method, "POST");
    assert_string_equal(trace.path, "/items/7");
    assert_string_equal(trace.error, "no row");
    assert_string_equal(trace.error_span, "step 0");
    assert_int_equal(trace.thread_count, 1);
    assert_int_equal(trace.span_count, 4);
    assert_true(trace.memory_bytes > 0);
    assert_int_equal(gbxi_stored_restore(run, trace.number, &capture, &error), GBX_ERR_OK);
    assert_int_equal(gbx_capture_facts_get(capture, &facts, sizeof(facts)), GBX_ERR_OK);
    assert_int_equal(facts.duration_ns, 4000000);
    assert_memory_equal(facts.trace_id, trace.trace_id, sizeof(trace.trace_id));
    gbx_capture_unref(capture);
    assert_int_equal(gbxi_stored_restore(run, 4, &capture, &error), GBX_ERR_UNKNOWN);
    assert_null(capture);
    gbxi_stored_run_close(run);
}

/* Appends name, calls and traces of each frame to a text. */
static bool note_frame(void *context, const gbxi_stored_frame *frame)
{
    char *text = context;

    sprintf(text + strlen(text), "%s:%d:%d ", frame->name, (int)frame->calls, (int)frame->trace_count);
    return true;
}

static const char *select_frames(gbxi_stored_run *run, uint64_t number, gbxi_frame_order order, uint64_t limit)
{
    static char frames[400];
    gbx_error error;

    frames[0] = '\0';
    assert_int_equal(gbxi_stored_frames(run, number, order, limit, note_frame, frames, &error), GBX_ERR_OK);
    return frames;
}

static void frames_are_summed_up_over_a_run_and_told_for_a_trace(void **state)
{
    const stored_case cases[] = {{.frames = 1, .duration_ns = 1000}, {.frames = 2, .duration_ns = 3000}};
    reading *r = *state;
    gbxi_stored_run *run;

    write_run(r->directory, cases, 2);
    open_store(r);
    run = open_run(r, NULL);
    assert_string_equal(select_frames(run, 0, GBXI_FRAMES_BY_TOTAL, 0), "handle:2:2 step 0:2:2 step 1:1:1 ");
    assert_string_equal(select_frames(run, 0, GBXI_FRAMES_BY_CALLS, 2), "handle:2:2 step 0:2:2 ");
    assert_string_equal(select_frames(run, 1, GBXI_FRAMES_BY_TOTAL, 0), "handle:1:1 step 0:1:1 ");
    assert_string_equal(select_frames(run, 2, GBXI_FRAMES_BY_SELF, 1), "handle:1:1 ");
    assert_string_equal(select_frames(run, 9, GBXI_FRAMES_BY_SELF, 0), "");
    gbxi_stored_run_close(run);
}

static void a_run_that_is_being_written_shows_what_is_committed(void **state)
{
    reading *r = *state;
    gbxi_store *store = write_store(r->directory, three, 2);
    gbxi_run_info info;
    gbx_sink sink = gbxi_store_sink(store);
    stored_sample sample;
    gbxi_stored_run *run;
    gbx_error error;

    open_store(r);
    info = resolve(r, NULL);
    assert_int_equal(info.state, GBXI_RUN_WRITING);
    assert_int_equal(info.trace_count, 2);
    run = open_run(r, NULL);
    assert_string_equal(select_traces(run, (gbxi_trace_query){0}), "1 2 ");
    stored_sample_make(&sample, &three[2]);
    assert_int_equal(sink.take(sink.context, &sample.recording, &error), GBX_ERR_OK);
    assert_string_equal(select_traces(run, (gbxi_trace_query){.after_number = 2}), "");
    assert_int_equal(sink.flush(sink.context, &error), GBX_ERR_OK);
    assert_string_equal(select_traces(run, (gbxi_trace_query){.after_number = 2}), "3 ");
    assert_int_equal(gbxi_store_reader_refresh(r->reader, &error), GBX_ERR_OK);
    info = resolve(r, NULL);
    assert_int_equal(info.trace_count, 3);
    assert_int_equal(info.failed_count, 2);
    assert_string_equal(select_frames(run, 0, GBXI_FRAMES_BY_TOTAL, 1), "handle:3:3 ");
    gbxi_stored_run_close(run);
    stored_sample_free(&sample);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
    open_store(r);
    assert_int_equal(resolve(r, NULL).state, GBXI_RUN_CLOSED);
    assert_int_equal(resolve(r, NULL).trace_count, 3);
}

static bool count_second(void *context, const gbxi_process_row *row)
{
    assert_true(row->rss_bytes > 0);
    assert_int_equal(row->loop_lag_ns, 77);
    assert_int_equal(row->worker_queue, 3);
    ++*(int *)context;
    return true;
}

static void the_seconds_of_the_process_are_told(void **state)
{
    gbx_process_state now = {.size = sizeof(now), .loop_lag_ns = 77, .worker_queue = 3};
    reading *r = *state;
    gbxi_store *store = write_store(r->directory, three, 1);
    gbx_sink sink = gbxi_store_sink(store);
    gbxi_stored_run *run;
    gbx_error error;
    int seconds = 0;

    assert_int_equal(sink.tick(sink.context, &now, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
    open_store(r);
    run = open_run(r, NULL);
    assert_int_equal(gbxi_stored_process(run, count_second, &seconds, &error), GBX_ERR_OK);
    assert_int_equal(seconds, 1);
    gbxi_stored_run_close(run);
}

static void write_file(const char *directory, const char *name, const void *bytes, size_t length)
{
    char *path = storing_path(directory, name, "");
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    free(path);
}

static void what_is_no_run_is_listed_with_its_fault_and_hides_no_other(void **state)
{
    reading *r = *state;
    gbxi_stored_run *run;
    gbx_error error;
    char *path;

    plant(r->directory, "20260101-000000-aaaaaaaa");
    plant(r->directory, "20260105-000000-eeeeeeee");
    write_file(r->directory, "20260102-000000-bbbbbbbb.db", "", 0);
    write_file(r->directory, "20260103-000000-cccccccc.db", "a text that is named like a run, and longer than a header",
               56);
    path = storing_path(r->directory, "20260104-000000-dddddddd", ".db");
    storing_change(path, "PRAGMA application_id=1195530322;PRAGMA user_version=99;CREATE TABLE run(id)");
    free(path);
    open_store(r);
    assert_int_equal(resolve(r, "a").trace_count, 1);
    assert_int_equal(resolve(r, "e").trace_count, 1);
    assert_string_equal(resolve(r, "b").fault, "it is no run, but another database");
    assert_string_equal(resolve(r, "c").fault, "it is not a database");
    assert_string_equal(resolve(r, "d").fault,
                        "its layout is version 99, and this program knows version 1: a newer glassbox can read it");
    assert_int_equal(resolve(r, "d").started_unix_ns, INT64_C(1767484800000000000));
    assert_int_equal(gbxi_stored_run_open(r->reader, resolve(r, "d").id, &run, &error), GBX_ERR_UNKNOWN);
    assert_null(run);
}

static void a_run_damaged_in_its_middle_or_cut_off_says_so_and_hides_no_other(void **state)
{
    reading *r = *state;
    char id[GBXI_RUN_ID_SIZE], *path;
    unsigned char garbage[4096 * 6];
    struct stat status;
    int file;

    plant(r->directory, "20260101-000000-aaaaaaaa");
    storing_run(r->directory, &(stored_case){.frames = 200}, 60, id);
    path = storing_path(r->directory, id, ".db");
    assert_int_equal(stat(path, &status), 0);
    memset(garbage, 0xa5, sizeof(garbage));
    file = open(path, O_WRONLY);
    assert_int_equal(pwrite(file, garbage, sizeof(garbage), 4096 * 20), sizeof(garbage));
    close(file);
    open_store(r);
    assert_string_equal(resolve(r, id).fault, "the database is damaged");
    assert_int_equal(resolve(r, "a").trace_count, 1);
    assert_int_equal(truncate(path, status.st_size / 2), 0);
    open_store(r);
    assert_string_equal(resolve(r, id).fault, "the database is damaged");
    assert_int_equal(resolve(r, "a").trace_count, 1);
    free(path);
}

static void damaged_events_are_said_and_the_other_traces_read(void **state)
{
    reading *r = *state;
    gbxi_stored_run *run;
    gbx_capture *capture;
    gbx_error error;
    char *path;

    write_run(r->directory, three, 3);
    open_store(r);
    path = storing_path(r->directory, resolve(r, NULL).id, ".db");
    storing_change(path, "UPDATE events SET bytes=x'0102030405' WHERE trace=2");
    free(path);
    run = open_run(r, NULL);
    assert_int_equal(gbxi_stored_restore(run, 2, &capture, &error), GBX_ERR_SYNTAX);
    assert_non_null(strstr(error.text, ": trace #2: "));
    assert_int_equal(gbxi_stored_restore(run, 3, &capture, &error), GBX_ERR_OK);
    gbx_capture_unref(capture);
    gbxi_stored_run_close(run);
}

static void a_catalog_that_is_deleted_or_damaged_is_made_again_and_says_so(void **state)
{
    static const char *const damages[] = {"", "no database at all, but a text", NULL};
    reading *r = *state;
    char *path = storing_path(r->directory, "catalog", ".db");

    write_run(r->directory, three, 3);
    open_store(r);
    gbxi_store_reader_close(r->reader);
    r->reader = NULL;
    assert_int_equal(unlink(path), 0);
    open_store(r);
    assert_string_equal(r->told, "the catalog is missing, and is made from the runs;");
    assert_int_equal(resolve(r, NULL).trace_count, 3);
    for (size_t i = 0; damages[i] != NULL; ++i) {
        gbxi_store_reader_close(r->reader);
        r->reader = NULL;
        write_file(r->directory, "catalog.db", damages[i], strlen(damages[i]));
        open_store(r);
        assert_non_null(strstr(r->told, "catalog: it is "));
        assert_non_null(strstr(r->told, ": it is made again;"));
        assert_int_equal(resolve(r, NULL).trace_count, 3);
        assert_int_equal(storing_number(path, "SELECT count(*) FROM traces"), 3);
    }
    free(path);
}

static void a_catalog_of_another_version_or_with_wrong_rows_is_made_again(void **state)
{
    static const char *const changes[] = {
        "PRAGMA user_version=7", "UPDATE runs SET durations=x'99'", "UPDATE runs SET state=12", "DROP TABLE rollups",
        "DELETE FROM runs",
    };
    reading *r = *state;
    char *path = storing_path(r->directory, "catalog", ".db");

    write_run(r->directory, three, 3);
    for (size_t i = 0; i != sizeof(changes) / sizeof(*changes); ++i) {
        open_store(r);
        gbxi_store_reader_close(r->reader);
        r->reader = NULL;
        storing_change(path, changes[i]);
        open_store(r);
        assert_non_null(strstr(r->told, ": it is made again;"));
        assert_int_equal(resolve(r, NULL).trace_count, 3);
        assert_int_equal(storing_number(path, "SELECT count(*) FROM rollups"), 3);
    }
    free(path);
}

static void runs_that_are_gone_leave_the_catalog(void **state)
{
    reading *r = *state;
    char *path = storing_path(r->directory, "20260102-000000-bbbbbbbb", ".db");
    char *catalog = storing_path(r->directory, "catalog", ".db");
    size_t count;

    plant(r->directory, "20260101-000000-aaaaaaaa");
    plant(r->directory, "20260102-000000-bbbbbbbb");
    plant(r->directory, "20260103-000000-cccccccc");
    open_store(r);
    assert_int_equal(unlink(path), 0);
    open_store(r);
    gbxi_store_runs(r->reader, &count);
    assert_int_equal(count, 2);
    assert_int_equal(storing_number(catalog, "SELECT count(*) FROM traces"), 2);
    assert_int_equal(storing_number(catalog, "SELECT count(*) FROM frames"), 8);
    free(catalog);
    free(path);
}

static void rollups_hold_the_requests_of_each_minute_and_route(void **state)
{
    reading *r = *state;
    char *catalog = storing_path(r->directory, "catalog", ".db");

    write_run(r->directory, three, 3);
    open_store(r);
    assert_int_equal(storing_number(catalog, "SELECT count(*) FROM rollups"), 3);
    assert_int_equal(storing_number(catalog, "SELECT sum(count) FROM rollups"), 3);
    assert_int_equal(storing_number(catalog, "SELECT 1 FROM rollups WHERE route='/other' AND failed=1 AND"
                                             " sum_ns=9000000 AND minute=1754400000/60"),
                     1);
    free(catalog);
}

int main(void)
{
#define READING(test) cmocka_unit_test_setup_teardown(test, begin_reading, end_reading)
    const struct CMUnitTest tests[] = {
        READING(a_run_says_how_its_traces_went),
        READING(runs_are_found_by_what_people_call_them),
        READING(a_store_without_runs_says_so),
        READING(traces_are_selected_and_ordered),
        READING(traces_are_found_by_what_people_call_them),
        READING(several_traces_with_the_same_beginning_are_named),
        READING(a_trace_comes_back_with_all_that_is_known_of_it),
        READING(frames_are_summed_up_over_a_run_and_told_for_a_trace),
        READING(a_run_that_is_being_written_shows_what_is_committed),
        READING(the_seconds_of_the_process_are_told),
        READING(what_is_no_run_is_listed_with_its_fault_and_hides_no_other),
        READING(a_run_damaged_in_its_middle_or_cut_off_says_so_and_hides_no_other),
        READING(damaged_events_are_said_and_the_other_traces_read),
        READING(a_catalog_that_is_deleted_or_damaged_is_made_again_and_says_so),
        READING(a_catalog_of_another_version_or_with_wrong_rows_is_made_again),
        READING(runs_that_are_gone_leave_the_catalog),
        READING(rollups_hold_the_requests_of_each_minute_and_route),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
