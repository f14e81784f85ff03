/* SPDX-License-Identifier: MIT */
/* Stores on file systems that are full, or that cannot be written. */
#define _GNU_SOURCE
#include "reading.h"
#include "store/run.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void put_text(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);

    if (file != -1 && write(file, text, strlen(text)) < 0)
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    if (file != -1)
        close(file);
}

/* Mounts are this process's own from now on. Returns whether it may mount anything. */
static bool may_mount(void)
{
    char map[64];
    bool is_root = geteuid() == 0;

    snprintf(map, sizeof(map), "0 %d 1", (int)geteuid());
    if (unshare(is_root ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return false;
    if (!is_root) {
        put_text("/proc/self/setgroups", "deny");
        put_text("/proc/self/uid_map", map);
    }
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static int begin_mount(void **state)
{
    reading *r;

    if (reading_begin(state) != 0)
        return 1;
    r = *state;
    return mount("glassbox", r->directory, "tmpfs", 0, "size=1m");
}

static int end_mount(void **state)
{
    reading *r = *state;

    gbxi_store_reader_close(r->reader);
    r->reader = NULL;
    if (umount2(r->directory, MNT_DETACH) != 0)
        return 1;
    return reading_end(state);
}

static void make_read_only(const reading *r)
{
    assert_int_equal(mount(NULL, r->directory, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
}

/* Fills the file system to its last byte. */
static char *fill_up(const char *directory)
{
    static const char zeros[4096];
    char *path = storing_path(directory, "filler", "");
    int file = open(path, O_WRONLY | O_CREAT, 0600);

    while (write(file, zeros, sizeof(zeros)) > 0)
        continue;
    assert_int_equal(errno, ENOSPC);
    close(file);
    return path;
}

static size_t take_until_full(gbxi_store *store, gbx_error *error)
{
    gbx_sink sink = gbxi_store_sink(store);
    stored_sample sample;
    size_t count = 0;
    gbx_err err;

    stored_sample_make(&sample, &(stored_case){.frames = 100});
    do {
        sink.offered(sink.context);
        count++;
        err = sink.take(sink.context, &sample.recording, error);
    } while (err == GBX_ERR_OK);
    stored_sample_free(&sample);
    return count;
}

static void what_a_full_disk_has_no_room_for_is_lost_and_counted_and_the_rest_stays(void **state)
{
    reading *r = *state;
    gbxi_store *store = reading_write_store(r->directory, reading_three, 3);
    size_t taken = 3, failures = 0;
    gbx_error error;
    gbxi_run_info info;
    char *expected;

    assert_true(asprintf(&expected, "run %s: the disk is full", gbxi_store_run_id(store)) > 0);
    for (; failures != 3; ++failures) {
        taken += take_until_full(store, &error);
        assert_string_equal(error.text, expected);
    }
    /* There is room again as soon as somebody makes some. */
    assert_int_equal(mount(NULL, r->directory, NULL, MS_REMOUNT, "size=4m"), 0);
    reading_open(r);
    assert_int_equal(reading_resolve(r, NULL).state, GBXI_RUN_WRITING);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
    reading_open(r);
    info = reading_resolve(r, NULL);
    assert_int_equal(info.state, GBXI_RUN_CLOSED);
    assert_true(info.trace_count >= 3);
    assert_true(info.lost_count >= failures);
    assert_int_equal(info.trace_count + info.lost_count, taken);
    free(expected);
}

static void a_run_that_cannot_be_ended_on_a_full_disk_broke_off_with_its_counts(void **state)
{
    reading *r = *state;
    gbxi_store *store = reading_write_store(r->directory, reading_three, 3);
    gbx_sink sink = gbxi_store_sink(store);
    stored_sample sample;
    gbxi_run_info info;
    gbx_error error;
    gbx_err err;
    char *filler;

    stored_sample_make(&sample, &(stored_case){.frames = 500});
    for (int i = 0; i != 5; ++i) {
        sink.offered(sink.context);
        assert_int_equal(sink.take(sink.context, &sample.recording, &error), GBX_ERR_OK);
    }
    stored_sample_free(&sample);
    filler = fill_up(r->directory);
    err = gbxi_store_close(store, &error);
    reading_open(r);
    info = reading_resolve(r, NULL);
    assert_int_equal(info.trace_count + info.lost_count, 8);
    assert_true(info.trace_count == 8 || err == GBX_ERR_IO);
    assert_int_equal(unlink(filler), 0);
    free(filler);
}

static void no_store_is_opened_on_a_full_disk_and_what_is_there_is_read(void **state)
{
    reading *r = *state;
    gbxi_store_options options = {.directory = r->directory};
    gbxi_store *store;
    gbx_error error;
    char *filler;

    reading_write_run(r->directory, reading_three, 3);
    filler = fill_up(r->directory);
    assert_int_equal(gbxi_store_open(&options, &store, &error), GBX_ERR_IO);
    assert_non_null(strstr(error.text, "No space left on device"));
    assert_null(store);
    assert_int_equal(storing_entries(r->directory), 3);
    reading_open(r);
    assert_int_equal(reading_resolve(r, NULL).trace_count, 3);
    assert_non_null(strstr(r->told, "it is made in memory"));
    free(filler);
}

static void check_restored(reading *r)
{
    gbxi_stored_run *run = reading_open_run(r, NULL);
    gbx_capture *capture;
    gbx_error error;

    assert_int_equal(gbxi_stored_restore(run, 2, &capture, &error), GBX_ERR_OK);
    gbx_capture_unref(capture);
    gbxi_stored_run_close(run);
}

static void a_store_that_cannot_be_written_is_read(void **state)
{
    reading *r = *state;
    gbxi_store_options options = {.directory = r->directory};
    gbxi_store *store;
    gbx_error error;

    reading_write_run(r->directory, reading_three, 3);
    make_read_only(r);
    reading_open(r);
    assert_int_equal(reading_resolve(r, NULL).trace_count, 3);
    assert_string_equal(r->told, "");
    check_restored(r);
    assert_int_equal(gbxi_store_open(&options, &store, &error), GBX_ERR_IO);
    assert_non_null(strstr(error.text, "Read-only file system"));
}

static void a_store_with_a_catalog_that_cannot_be_written_is_read(void **state)
{
    reading *r = *state;

    reading_write_run(r->directory, reading_three, 2);
    reading_open(r);
    gbxi_store_reader_close(r->reader);
    r->reader = NULL;
    reading_write_run(r->directory, reading_three, 3);
    make_read_only(r);
    reading_open(r);
    assert_int_equal(reading_resolve(r, "latest").trace_count, 3);
    assert_int_equal(reading_resolve(r, "latest~1").trace_count, 2);
    check_restored(r);
}

static void a_run_that_broke_off_is_read_where_nothing_can_be_written(void **state)
{
    reading *r = *state;
    pid_t child = fork();
    gbxi_run_info info;
    int status;

    if (child == 0) {
        gbx_sink sink = gbxi_store_sink(reading_write_store(r->directory, reading_three, 3));

        sink.offered(sink.context);
        kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    make_read_only(r);
    reading_open(r);
    info = reading_resolve(r, NULL);
    assert_string_equal(info.fault, "");
    assert_int_equal(info.state, GBXI_RUN_BROKEN_OFF);
    assert_int_equal(info.trace_count, 3);
    assert_int_equal(info.lost_count, 1);
    check_restored(r);
}

int main(void)
{
#define MOUNTED(test) cmocka_unit_test_setup_teardown(test, begin_mount, end_mount)
    const struct CMUnitTest tests[] = {
        MOUNTED(what_a_full_disk_has_no_room_for_is_lost_and_counted_and_the_rest_stays),
        MOUNTED(a_run_that_cannot_be_ended_on_a_full_disk_broke_off_with_its_counts),
        MOUNTED(no_store_is_opened_on_a_full_disk_and_what_is_there_is_read),
        MOUNTED(a_store_that_cannot_be_written_is_read),
        MOUNTED(a_store_with_a_catalog_that_cannot_be_written_is_read),
        MOUNTED(a_run_that_broke_off_is_read_where_nothing_can_be_written),
    };

    if (!may_mount()) { /* unit/store/run has a limit of the size of files in place of a full disk */
        printf("skipped: this process may not mount a file system (%s)\n", strerror(errno));
        return EXIT_SUCCESS;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
