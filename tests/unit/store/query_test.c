/* SPDX-License-Identifier: MIT */
/* Reading a store: runs and traces by the names that people give them, captures restored, and damage that is said. */
#define _GNU_SOURCE
#include "reading.h"
#include <glassbox/read.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *refuse(reading *r, const char *name, gbx_err expected)
{
    static gbx_error error;
    gbxi_run_info info;

    assert_int_equal(gbxi_store_resolve(r->reader, name, &info, &error), expected);
    return error.text;
}

static void a_run_says_how_its_traces_went(void **state)
{
    reading *r = *state;
    gbxi_run_info info;

    reading_write_run(r->directory, reading_three, 3);
    reading_open(r);
    info = reading_resolve(r, "latest");
    assert_int_equal(info.state, GBXI_RUN_CLOSED);
    assert_string_equal(gbxi_run_state_text(info.state), "closed");
    assert_int_equal(info.trace_count, 3);
    assert_int_equal(info.failed_count, 2);
    assert_int_equal(info.lost_count, 0);
    assert_int_equal(info.slowest_ns, 9000000);
    assert_int_equal(info.total_ns, 15000000);
    assert_true(info.p50_ns >= 4000000 && info.p50_ns < 4130000);
    assert_int_equal(info.p99_ns, 9000000);
    assert_string_equal(info.program, "test");
    assert_string_equal(info.fault, "");
    assert_true(info.bytes > 4096);
    assert_string_equal(r->told, "");
    reading_open(r);
    assert_string_equal(r->told, "");
    assert_int_equal(reading_resolve(r, NULL).p50_ns, info.p50_ns);
}

static void runs_are_found_by_what_people_call_them(void **state)
{
    reading *r = *state;

    reading_plant(r->directory, "20260101-000000-aaaa1111");
    reading_plant(r->directory, "20260102-000000-aaaa2222");
    reading_plant(r->directory, "20260103-000000-bbbb3333");
    reading_plant(r->directory, "20260103-000001-cccc4444");
    reading_open(r);
    assert_string_equal(reading_resolve(r, "latest").id, "20260103-000001-cccc4444");
    assert_string_equal(reading_resolve(r, "latest~1").id, "20260103-000000-bbbb3333");
    assert_string_equal(reading_resolve(r, "latest~3").id, "20260101-000000-aaaa1111");
    assert_string_equal(reading_resolve(r, "20260102").id, "20260102-000000-aaaa2222");
    assert_string_equal(reading_resolve(r, "bbbb").id, "20260103-000000-bbbb3333");
    assert_string_equal(reading_resolve(r, "20260101-000000-aaaa1111").id, "20260101-000000-aaaa1111");
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
    assert_non_null(strstr(refuse(r, "latest~4", GBX_ERR_UNKNOWN), " has 4 runs, up to 'latest~3'"));
    assert_string_equal(refuse(r, "bbb", GBX_ERR_UNKNOWN), "no run 'bbb': did you mean 'bbbb3333'?");
    assert_string_equal(refuse(r, "2", GBX_ERR_UNKNOWN), "no run '2': the newest is '20260103-000001-cccc4444'");
    assert_non_null(strstr(refuse(r, "latest~x", GBX_ERR_UNKNOWN), "no run 'latest~x'"));
}

static void a_store_without_runs_says_so(void **state)
{
    reading *r = *state;
    gbxi_store_reader *reader;
    gbx_error error;
    size_t count;

    reading_open(r);
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

static void only_an_id_opens_a_run(void **state)
{
    static const char *const wrong[] = {"latest", "../20260101-000000-aaaaaaaa", ""};
    reading *r = *state;
    gbxi_stored_run *run;
    gbx_error error;

    reading_open(r);
    for (size_t i = 0; i != sizeof(wrong) / sizeof(*wrong); ++i) {
        assert_int_equal(gbxi_stored_run_open(r->reader, wrong[i], &run, &error), GBX_ERR_UNKNOWN);
        assert_non_null(strstr(error.text, "is not the id of a run"));
        assert_null(run);
    }
    assert_int_equal(gbxi_stored_run_open(r->reader, "20260101-000000-aaaaaaaa", &run, &error), GBX_ERR_IO);
    assert_string_equal(error.text, "run 20260101-000000-aaaaaaaa: No such file or directory");
}

static void traces_are_selected_and_ordered(void **state)
{
    reading *r = *state;
    gbxi_stored_run *run;

    reading_write_run(r->directory, reading_three, 3);
    reading_open(r);
    run = reading_open_run(r, NULL);
    assert_string_equal(select_traces(run, (gbxi_trace_query){0}), "1 2 3 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.order = GBXI_TRACES_SLOWEST}), "2 3 1 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.order = GBXI_TRACES_NEWEST, .limit = 2}), "3 2 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.after_number = 1}), "2 3 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.failed_only = true}), "2 3 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.min_duration_ns = 4000000}), "2 3 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.route = "/other"}), "2 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.route = "/o*r"}), "2 ");
    assert_string_equal(select_traces(run, (gbxi_trace_query){.route = "/o*e"}), "");
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

static void a_trace_of_another_run_is_refused_with_the_name_of_that_run(void **state)
{
    reading *r = *state;
    gbxi_stored_trace trace;
    gbxi_stored_run *run;
    gbx_error error;
    char id[GBXI_RUN_ID_SIZE], expected[160];

    reading_write_run(r->directory, reading_three, 3);
    reading_open(r);
    snprintf(id, sizeof(id), "%s", reading_resolve(r, NULL).id);
    reading_plant(r->directory, "20990101-000000-aaaaaaaa");
    assert_int_equal(gbxi_store_reader_refresh(r->reader, &error), GBX_ERR_OK);
    run = reading_open_run(r, "20990101");
    snprintf(expected, sizeof(expected), "run 20990101-000000-aaaaaaaa: there is no trace 22222222; it is in run %s",
             id);
    assert_int_equal(gbxi_stored_find(run, "22222222", &trace, &error), GBX_ERR_UNKNOWN);
    assert_string_equal(error.text, expected);
    assert_int_equal(gbxi_stored_find(run, "2222222f", &trace, &error), GBX_ERR_UNKNOWN);
    assert_string_equal(error.text, "run 20990101-000000-aaaaaaaa: there is no trace 2222222f");
    gbxi_stored_run_close(run);
}

static void traces_are_found_by_what_people_call_them(void **state)
{
    reading *r = *state;
    gbxi_stored_trace trace;
    gbxi_stored_run *run;
    gbx_error error;
    char id[] = "22222222222222222222222222222222";

    reading_write_run(r->directory, reading_three, 3);
    reading_open(r);
    run = reading_open_run(r, NULL);
    assert_int_equal(find(run, NULL), 2);
    assert_int_equal(find(run, "#3"), 3);
    assert_int_equal(find(run, "1"), 1);
    assert_int_equal(find(run, "1111"), 1);
    assert_int_equal(find(run, "12121"), 2);
    assert_int_equal(find(run, id), 3);
    assert_int_equal(gbxi_stored_find(run, "#4", &trace, &error), GBX_ERR_UNKNOWN);
    assert_non_null(strstr(error.text, "there is no trace #4; the last is #3"));
    assert_int_equal(gbxi_stored_find(run, "abcd", &trace, &error), GBX_ERR_UNKNOWN);
    assert_non_null(strstr(error.text, "there is no trace abcd"));
    assert_int_equal(gbxi_stored_find(run, "last", &trace, &error), GBX_ERR_ARGUMENT);
    assert_int_equal(gbxi_stored_find(run, "ab", &trace, &error), GBX_ERR_ARGUMENT);
    assert_int_equal(gbxi_stored_find(run, "", &trace, &error), GBX_ERR_ARGUMENT);
    assert_int_equal(gbxi_stored_find(run, "#", &trace, &error), GBX_ERR_ARGUMENT);
    gbxi_stored_run_close(run);
}

/* The trace with number 1112 has another id than the one whose id begins with 1111. */
static void digits_are_a_number_before_they_are_an_id(void **state)
{
    enum { MANY = 1112 };
    static stored_case many[MANY];
    reading *r = *state;
    gbxi_stored_run *run;

    for (size_t i = 0; i < MANY; i++)
        many[i] = (stored_case){.id = i == 5 ? 0x11 : i == 6 ? 0x99 : 0xee, .frames = 1};
    reading_write_run(r->directory, many, MANY);
    reading_open(r);
    run = reading_open_run(r, NULL);
    assert_int_equal(find(run, "1111"), 1111);
    assert_int_equal(find(run, "11111"), 6); /* there are not so many */
    assert_int_equal(find(run, "9999"), 7);
    assert_int_equal(find(run, "#1112"), 1112);
    gbxi_stored_run_close(run);
}

static void several_traces_with_the_same_beginning_are_named(void **state)
{
    const stored_case same[] = {{.id = 0x33}, {.id = 0x33}};
    reading *r = *state;
    gbxi_stored_trace trace;
    gbxi_stored_run *run;
    gbx_error error;

    reading_write_run(r->directory, same, 2);
    reading_open(r);
    run = reading_open_run(r, NULL);
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

    reading_write_run(r->directory, reading_three, 3);
    reading_open(r);
    run = reading_open_run(r, NULL);
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

    reading_write_run(r->directory, cases, 2);
    reading_open(r);
    run = reading_open_run(r, NULL);
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
    gbxi_store *store = reading_write_store(r->directory, reading_three, 2);
    gbxi_run_info info;
    gbx_sink sink = gbxi_store_sink(store);
    stored_sample sample;
    gbxi_stored_run *run;
    gbx_error error;

    reading_open(r);
    info = reading_resolve(r, NULL);
    assert_int_equal(info.state, GBXI_RUN_WRITING);
    assert_int_equal(info.trace_count, 2);
    run = reading_open_run(r, NULL);
    assert_string_equal(select_traces(run, (gbxi_trace_query){0}), "1 2 ");
    stored_sample_make(&sample, &reading_three[2]);
    assert_int_equal(sink.take(sink.context, &sample.recording, &error), GBX_ERR_OK);
    assert_string_equal(select_traces(run, (gbxi_trace_query){.after_number = 2}), "");
    assert_int_equal(sink.flush(sink.context, &error), GBX_ERR_OK);
    assert_string_equal(select_traces(run, (gbxi_trace_query){.after_number = 2}), "3 ");
    assert_int_equal(gbxi_store_reader_refresh(r->reader, &error), GBX_ERR_OK);
    info = reading_resolve(r, NULL);
    assert_int_equal(info.trace_count, 3);
    assert_int_equal(info.failed_count, 2);
    assert_string_equal(select_frames(run, 0, GBXI_FRAMES_BY_TOTAL, 1), "handle:3:3 ");
    gbxi_stored_run_close(run);
    stored_sample_free(&sample);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
    reading_open(r);
    assert_int_equal(reading_resolve(r, NULL).state, GBXI_RUN_CLOSED);
    assert_int_equal(reading_resolve(r, NULL).trace_count, 3);
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
    gbxi_store *store = reading_write_store(r->directory, reading_three, 1);
    gbx_sink sink = gbxi_store_sink(store);
    gbxi_stored_run *run;
    gbx_error error;
    int seconds = 0;

    assert_int_equal(sink.tick(sink.context, &now, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
    reading_open(r);
    run = reading_open_run(r, NULL);
    assert_int_equal(gbxi_stored_process(run, count_second, &seconds, &error), GBX_ERR_OK);
    assert_int_equal(seconds, 1);
    gbxi_stored_run_close(run);
}

static void damaged_events_are_said_and_the_other_traces_read(void **state)
{
    reading *r = *state;
    gbxi_stored_run *run;
    gbx_capture *capture;
    gbx_error error;
    char *path;

    reading_write_run(r->directory, reading_three, 3);
    reading_open(r);
    path = storing_path(r->directory, reading_resolve(r, NULL).id, ".db");
    storing_change(path, "UPDATE events SET bytes=x'0102030405' WHERE trace=2");
    free(path);
    run = reading_open_run(r, NULL);
    assert_int_equal(gbxi_stored_restore(run, 2, &capture, &error), GBX_ERR_SYNTAX);
    assert_non_null(strstr(error.text, ": trace #2: "));
    assert_int_equal(gbxi_stored_restore(run, 3, &capture, &error), GBX_ERR_OK);
    gbx_capture_unref(capture);
    gbxi_stored_run_close(run);
}

int main(void)
{
#define READING(test) cmocka_unit_test_setup_teardown(test, reading_begin, reading_end)
    const struct CMUnitTest tests[] = {
        READING(a_run_says_how_its_traces_went),
        READING(runs_are_found_by_what_people_call_them),
        READING(a_store_without_runs_says_so),
        READING(only_an_id_opens_a_run),
        READING(traces_are_selected_and_ordered),
        READING(a_trace_of_another_run_is_refused_with_the_name_of_that_run),
        READING(traces_are_found_by_what_people_call_them),
        READING(digits_are_a_number_before_they_are_an_id),
        READING(several_traces_with_the_same_beginning_are_named),
        READING(a_trace_comes_back_with_all_that_is_known_of_it),
        READING(frames_are_summed_up_over_a_run_and_told_for_a_trace),
        READING(a_run_that_is_being_written_shows_what_is_committed),
        READING(the_seconds_of_the_process_are_told),
        READING(damaged_events_are_said_and_the_other_traces_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
