/* SPDX-License-Identifier: MIT */
/* Runs that are written: what is in them, what is committed when, and what is counted when something cannot be stored.
 */
#define _GNU_SOURCE
#include "base/atomic.h"
#include "store/frame_names.h"
#include "store/run.h"
#include "store/run_rows.h"
#include "storing.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define FRAMES_WITHOUT_A_ROW "SELECT count(*) FROM trace_frames WHERE frame NOT IN (SELECT id FROM frames)"

static bool no_events; /* no trace can be stored, and the group is lost with the next one */

gbx_err __real_gbxi_run_rows_put_events(gbxi_run_rows *rows, uint64_t number, const void *events, size_t events_bytes,
                                        gbx_error *error);
gbx_err __wrap_gbxi_run_rows_put_events(gbxi_run_rows *rows, uint64_t number, const void *events, size_t events_bytes,
                                        gbx_error *error);
gbx_err __wrap_gbxi_run_rows_put_events(gbxi_run_rows *rows, uint64_t number, const void *events, size_t events_bytes,
                                        gbx_error *error)
{
    if (no_events)
        return gbx_error_set(error, GBX_ERR_IO, NULL, "no events");
    return __real_gbxi_run_rows_put_events(rows, number, events, events_bytes, error);
}

static int begin_store(void **state)
{
    no_events = false;
    *state = storing_begin();
    return 0;
}

static int end_store(void **state)
{
    storing_end(*state);
    return 0;
}

/* Opens a run, and gives the path of its database. */
static gbxi_run *open_run(const char *directory, char **path)
{
    gbx_error error;
    gbxi_run *run;

    assert_int_equal(gbxi_run_create(directory, "test", "", &run, &error), GBX_ERR_OK);
    *path = storing_path(directory, gbxi_run_id(run), ".db");
    return run;
}

static void a_run_says_who_exports_its_traces(void **state)
{
    char *path;
    gbx_error error;
    gbxi_run *run;

    assert_int_equal(gbxi_run_create(*state, "test", "otlp", &run, &error), GBX_ERR_OK);
    path = storing_path(*state, gbxi_run_id(run), ".db");
    assert_int_equal(gbxi_run_close(run, &error), GBX_ERR_OK);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM run WHERE exported='otlp'"), 1);
    free(path);
    run = open_run(*state, &path);
    assert_int_equal(gbxi_run_close(run, &error), GBX_ERR_OK);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM run WHERE exported=''"), 1);
    free(path);
}

static void a_closed_run_is_one_file_with_its_traces_frames_and_events(void **state)
{
    char id[GBXI_RUN_ID_SIZE], *path;
    struct stat status;

    storing_run(*state, &(stored_case){.frames = 2}, 5, id);
    assert_int_equal(storing_entries(*state), 1);
    path = storing_path(*state, id, ".db");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM traces"), 5);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM frames"), 3);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM trace_frames"), 15);
    assert_int_equal(storing_number(path, "SELECT sum(self_ns) FROM trace_frames WHERE trace=3"), 1000000);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM events WHERE length(bytes)=29 AND trace<6"), 5);
    assert_int_equal(storing_number(path, "SELECT closed FROM run"), 1);
    assert_int_equal(storing_number(path, "SELECT trace_count FROM run"), 5);
    assert_int_equal(storing_number(path, "SELECT ended_unix_ns>=started_unix_ns FROM run"), 1);
    free(path);
}

static void a_trace_says_how_it_went(void **state)
{
    stored_case failed = {.error = "no row", .status = 200, .reasons = GBX_KEEP_FAILED | GBX_KEEP_SLOW, .id = 0xab};
    char id[GBXI_RUN_ID_SIZE], *path;

    storing_run(*state, &failed, 1, id);
    path = storing_path(*state, id, ".db");
    assert_int_equal(storing_number(path, "SELECT 1 FROM traces WHERE error='no row' AND error_span='step 0' AND failed"
                                          " AND reasons=3 AND status=200 AND method='GET' AND path='/items/7' AND"
                                          " route='/items/{id}' AND name='GET /items/7' AND duration_ns=1000000 AND"
                                          " span_count=4 AND thread_count=1 AND cpu_ns=500000 AND price_ns=82 AND"
                                          " trace_id=x'abababababababababababababababab'"),
                     1);
    assert_int_equal(storing_number(path, "SELECT failed_count FROM run"), 1);
    free(path);
}

static void the_folder_is_the_owners_alone(void **state)
{
    char *directory = storing_path(*state, "store", ""), *path;
    struct stat status;
    gbx_error error;

    assert_int_equal(gbxi_run_close(open_run(directory, &path), &error), GBX_ERR_OK);
    assert_int_equal(stat(directory, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    free(path);
    free(directory);
}

static void what_is_committed_can_be_read_while_the_run_is_written(void **state)
{
    gbx_error error;
    char *path;
    gbxi_run *run = open_run(*state, &path);

    assert_int_equal(storing_put(run, &(stored_case){0}, 7, &error), GBX_ERR_OK);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM traces"), 0);
    assert_int_equal(gbxi_run_commit(run, &error), GBX_ERR_OK);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM traces"), 7);
    assert_int_equal(storing_put(run, &(stored_case){0}, GBXI_RUN_GROUP, &error), GBX_ERR_OK);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM traces"), 7 + GBXI_RUN_GROUP);
    assert_true(gbxi_run_bytes(run) >= 4096);
    assert_int_equal(gbxi_run_close(run, &error), GBX_ERR_OK);
    free(path);
}

static void a_second_of_the_process_has_one_row(void **state)
{
    gbxi_process_row row = {.at_unix_s = 17, .cpu_ns = 1, .rss_bytes = 2, .live_captures = 5};
    gbx_error error;
    char *path;
    gbxi_run *run = open_run(*state, &path);

    assert_int_equal(storing_put(run, &(stored_case){0}, 1, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_run_sample(run, &row, &error), GBX_ERR_OK);
    row.cpu_ns = 9;
    assert_int_equal(gbxi_run_sample(run, &row, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_run_close(run, &error), GBX_ERR_OK);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM process"), 1);
    assert_int_equal(storing_number(path, "SELECT cpu_ns FROM process WHERE at_unix_s=17 AND database_ns>0"), 9);
    free(path);
}

static void a_trace_with_many_frames_keeps_those_with_the_most_time(void **state)
{
    char id[GBXI_RUN_ID_SIZE], *path;

    storing_run(*state, &(stored_case){.frames = GBXI_RUN_TRACE_FRAMES + 200}, 2, id);
    path = storing_path(*state, id, ".db");
    assert_int_equal(storing_number(path, "SELECT count(*) FROM trace_frames WHERE trace=2"), GBXI_RUN_TRACE_FRAMES);
    assert_int_equal(storing_number(path, "SELECT left_out FROM traces WHERE number=2"), 201);
    assert_int_equal(
        storing_number(path, "SELECT count(*) FROM trace_frames JOIN frames ON frame=id WHERE name='handle'"), 2);
    free(path);
}

static void a_group_for_which_the_disk_is_full_is_lost_and_counted_and_the_next_one_stored(void **state)
{
    gbx_error error;
    char *path, *expected;
    gbxi_run *run = open_run(*state, &path);

    assert_int_equal(storing_put(run, &(stored_case){.frames = 5}, 3, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_run_commit(run, &error), GBX_ERR_OK);
    storing_limit_files(16384);
    assert_int_equal(storing_put(run, &(stored_case){.frames = 900}, 20, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_run_commit(run, &error), GBX_ERR_IO);
    storing_limit_files(RLIM_INFINITY);
    assert_true(asprintf(&expected, "run %s: the disk is full", gbxi_run_id(run)) > 0);
    assert_string_equal(error.text, expected);
    assert_int_equal(storing_put(run, &(stored_case){.frames = 900}, 2, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_live_read(gbxi_run_live(run)).failed, 20);
    assert_int_equal(gbxi_live_read(gbxi_run_live(run)).kept, 25);
    assert_int_equal(gbxi_run_close(run, &error), GBX_ERR_OK);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM traces"), 5);
    assert_int_equal(storing_number(path, "SELECT max(number) FROM traces"), 5);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM frames"), 901);
    assert_int_equal(storing_number(path, "SELECT unstored_count FROM run"), 20);
    assert_int_equal(storing_number(path, FRAMES_WITHOUT_A_ROW), 0);
    free(expected);
    free(path);
}

/* The WAL has room for the row that says how the run ended, but not for the traces. */
static void a_run_whose_last_group_is_lost_ends_in_order_all_the_same(void **state)
{
    gbx_error error;
    struct stat status;
    char *path, *wal;
    gbxi_run *run = open_run(*state, &path);

    assert_int_equal(storing_put(run, &(stored_case){0}, 3, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_run_commit(run, &error), GBX_ERR_OK);
    wal = storing_path(*state, gbxi_run_id(run), ".db-wal");
    assert_int_equal(stat(wal, &status), 0);
    assert_int_equal(storing_put(run, &(stored_case){.frames = 900}, 10, &error), GBX_ERR_OK);
    storing_limit_files((rlim_t)status.st_size + 8 * GBXI_DATABASE_PAGE_BYTES);
    assert_int_equal(gbxi_run_close(run, &error), GBX_ERR_IO);
    storing_limit_files(RLIM_INFINITY);
    assert_non_null(strstr(error.text, ": the disk is full"));
    assert_int_equal(storing_entries(*state), 1);
    assert_int_equal(storing_number(path, "SELECT closed FROM run"), GBXI_RUN_END_CLOSED);
    assert_int_equal(storing_number(path, "SELECT unstored_count FROM run"), 10);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM traces"), 3);
    free(wal);
    free(path);
}

static void a_group_that_is_lost_leaves_nothing_to_the_next_one(void **state)
{
    gbx_error error;
    char *path;
    gbxi_run *run = open_run(*state, &path);

    assert_int_equal(storing_put(run, &(stored_case){.frames = 3}, 1, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_run_commit(run, &error), GBX_ERR_OK);
    assert_int_equal(storing_put(run, &(stored_case){.frames = 5, .first = 100}, 1, &error), GBX_ERR_OK);
    no_events = true;
    assert_int_equal(storing_put(run, &(stored_case){.frames = 5, .first = 100}, 1, &error), GBX_ERR_IO);
    no_events = false;
    /* The same frames come again in another order, so that they get other numbers. */
    assert_int_equal(storing_put(run, &(stored_case){.frames = 5, .first = 102}, 1, &error), GBX_ERR_OK);
    assert_int_equal(storing_put(run, &(stored_case){.frames = 5, .first = 100}, 1, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_run_close(run, &error), GBX_ERR_OK);
    assert_int_equal(storing_number(path, "SELECT unstored_count FROM run"), 2);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM traces"), 3);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM trace_frames"), 4 + 6 + 6);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM frames"), 1 + 3 + 7);
    assert_int_equal(storing_number(path, FRAMES_WITHOUT_A_ROW), 0);
    free(path);
}

static void a_trace_with_too_many_new_frames_leaves_none_of_them(void **state)
{
    enum { FULL = 111 };
    gbx_error error;
    char *path;
    gbxi_run *run = open_run(*state, &path);

    for (uint32_t i = 0; i < FULL; i++)
        assert_int_equal(storing_put(run, &(stored_case){.frames = 900, .first = 900 * i}, 1, &error), GBX_ERR_OK);
    assert_int_equal(storing_put(run, &(stored_case){.frames = 900, .first = 900 * FULL}, 1, &error), GBX_ERR_LIMIT);
    assert_int_equal(storing_put(run, &(stored_case){.frames = 40, .first = 900 * FULL + 50}, 1, &error), GBX_ERR_OK);
    assert_int_equal(storing_put(run, &(stored_case){.frames = 40, .first = 900 * FULL}, 1, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_run_close(run, &error), GBX_ERR_OK);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM frames"), 1 + 900 * FULL + 80);
    assert_int_equal(storing_number(path, FRAMES_WITHOUT_A_ROW), 0);
    free(path);
}

static void frames_that_are_forgotten_give_their_room_back(void **state)
{
    char *text = calloc(1, GBXI_FRAME_NAMES_BYTES_MAX);
    gbxi_frame_name large = {.name = {text, GBXI_FRAME_NAMES_BYTES_MAX}}, small = {.name = {"a", 1}};
    gbxi_frame_names names = {.key = 1};
    bool full;

    (void)state;
    assert_int_equal(gbxi_frame_names_intern(&names, &large, &full), 1);
    assert_int_equal(gbxi_frame_names_intern(&names, &small, &full), 0);
    assert_true(full);
    gbxi_frame_names_cut(&names, 0);
    assert_int_equal(gbxi_frame_names_intern(&names, &small, &full), 1);
    assert_int_equal(gbxi_frame_names_intern(&names, &small, &full), 1);
    gbxi_frame_names_fini(&names);
    free(text);
}

static void traces_with_many_frames_are_committed_before_the_group_is_full(void **state)
{
    enum { ENOUGH = GBXI_RUN_GROUP_FRAMES / 901 + 1 }; /* 900 frames, and the outermost */
    gbx_error error;
    char *path;
    gbxi_run *run = open_run(*state, &path);

    assert_int_equal(storing_put(run, &(stored_case){.frames = 900}, ENOUGH - 1, &error), GBX_ERR_OK);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM traces"), 0);
    assert_int_equal(storing_put(run, &(stored_case){.frames = 900}, 1, &error), GBX_ERR_OK);
    assert_int_equal(storing_number(path, "SELECT count(*) FROM traces"), ENOUGH);
    assert_int_equal(gbxi_run_close(run, &error), GBX_ERR_OK);
    free(path);
}

static void what_finds_traces_fast_is_made_when_the_run_ends(void **state)
{
    static const char indexes[] = "SELECT count(*) FROM sqlite_schema WHERE type='index' AND tbl_name='traces'";
    gbx_error error;
    char *path;
    gbxi_run *run = open_run(*state, &path);

    assert_int_equal(storing_put(run, &(stored_case){0}, 1, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_run_commit(run, &error), GBX_ERR_OK);
    assert_int_equal(storing_number(path, indexes), 0);
    assert_int_equal(gbxi_run_close(run, &error), GBX_ERR_OK);
    assert_int_equal(storing_number(path, indexes), 2);
    free(path);
}

static void captures_that_found_no_room_in_the_queue_are_counted(void **state)
{
    gbx_error error;
    char *path;
    gbxi_run *run = open_run(*state, &path);

    gbxi_add_relaxed(&gbxi_run_live(run)->page->missed, 12);
    assert_int_equal(gbxi_run_close(run, &error), GBX_ERR_OK);
    assert_int_equal(storing_number(path, "SELECT missed_count FROM run"), 12);
    free(path);
}

static void a_run_that_cannot_be_made_leaves_no_file(void **state)
{
    char *nowhere = storing_path(*state, "no/such", ""), *file = storing_path(*state, "file", "");
    gbx_error error;
    gbxi_run *run;
    FILE *made;

    assert_int_equal(gbxi_run_create(nowhere, "test", "", &run, &error), GBX_ERR_MISSING);
    assert_non_null(strstr(error.text, "No such file or directory"));
    assert_null(run);
    assert_non_null(made = fopen(file, "w"));
    fclose(made);
    assert_int_equal(gbxi_run_create(file, "test", "", &run, &error), GBX_ERR_STATE);
    assert_non_null(strstr(error.text, "it is no folder"));
    storing_limit_files(4096);
    assert_int_equal(gbxi_run_create(*state, "test", "", &run, &error), GBX_ERR_IO);
    storing_limit_files(RLIM_INFINITY);
    assert_non_null(strstr(error.text, "the disk is full"));
    assert_int_equal(storing_entries(*state), 1);
    free(nowhere);
    free(file);
}

int main(void)
{
#define IN_A_STORE(test) cmocka_unit_test_setup_teardown(test, begin_store, end_store)
    const struct CMUnitTest tests[] = {
        IN_A_STORE(a_run_says_who_exports_its_traces),
        IN_A_STORE(a_closed_run_is_one_file_with_its_traces_frames_and_events),
        IN_A_STORE(a_trace_says_how_it_went),
        IN_A_STORE(the_folder_is_the_owners_alone),
        IN_A_STORE(what_is_committed_can_be_read_while_the_run_is_written),
        IN_A_STORE(a_second_of_the_process_has_one_row),
        IN_A_STORE(a_trace_with_many_frames_keeps_those_with_the_most_time),
        IN_A_STORE(a_group_for_which_the_disk_is_full_is_lost_and_counted_and_the_next_one_stored),
        IN_A_STORE(a_run_whose_last_group_is_lost_ends_in_order_all_the_same),
        IN_A_STORE(a_group_that_is_lost_leaves_nothing_to_the_next_one),
        IN_A_STORE(a_trace_with_too_many_new_frames_leaves_none_of_them),
        cmocka_unit_test(frames_that_are_forgotten_give_their_room_back),
        IN_A_STORE(traces_with_many_frames_are_committed_before_the_group_is_full),
        IN_A_STORE(what_finds_traces_fast_is_made_when_the_run_ends),
        IN_A_STORE(captures_that_found_no_room_in_the_queue_are_counted),
        IN_A_STORE(a_run_that_cannot_be_made_leaves_no_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
