/* SPDX-License-Identifier: MIT */
/* Makes stores, and looks at them without the code that is tested. */
#define _GNU_SOURCE
#include "storing.h"
#include "recording.h"
#include "store/directory.h"
#include <dirent.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

char *storing_begin(void)
{
    const char *place = getenv("TMPDIR");
    char *directory;

    assert_true(asprintf(&directory, "%s/glassbox-store-XXXXXX", place != NULL ? place : "/tmp") > 0);
    assert_non_null(mkdtemp(directory));
    return directory;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

void storing_end(char *directory)
{
    assert_int_equal(nftw(directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
    free(directory);
}

size_t storing_entries(const char *directory)
{
    DIR *folder = opendir(directory);
    size_t count = 0;

    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

char *storing_path(const char *directory, const char *name, const char *suffix)
{
    char *path = gbxi_directory_path(directory, name, suffix);

    assert_non_null(path);
    return path;
}

static uint32_t or_default(uint32_t number, uint32_t otherwise)
{
    return number != 0 ? number : otherwise;
}

void stored_sample_make(stored_sample *sample, const stored_case *what)
{
    static const gbx_site outer = {"handle", "handle", "src/handler.c", 10, {0}};
    static const gbx_site inner = {"step", "step", "src/steps.c", 20, {0}};
    recording *r = malloc(sizeof(*r));
    gbx_capture_options options = {.size = sizeof(options), .name = "GET /items/7"};
    uint32_t frames = or_default(what->frames, 3);
    uint64_t duration_ns = what->duration_ns != 0 ? what->duration_ns : 1000000;
    char name[32];

    assert_non_null(r);
    memset(options.trace_id, what->id, sizeof(options.trace_id));
    memset(options.parent_span_id, what->parent, sizeof(options.parent_span_id));
    options.trace_flags = what->parent;
    recording_begin(r, &options);
    recording_enter(r, &outer);
    for (uint32_t i = 0; i != frames; ++i) {
        snprintf(name, sizeof(name), "step %u", what->first + i);
        recording_enter_named(r, &inner, name);
        recording_pass(r, duration_ns / (frames + 1));
        if (i == 0 && what->error != NULL)
            gbx_span_fail(what->error);
        recording_exit(r);
    }
    recording_pass(r, duration_ns - frames * (duration_ns / (frames + 1)));
    recording_exit(r);
    sample->capture = recording_finish(r);
    free(r);
    sample->trace = gbxi_trace_new(sample->capture, &(gbxi_trace_options){0});
    assert_non_null(sample->trace);
    sample->recording = (gbx_recording){.size = sizeof(sample->recording),
                                        .capture = sample->capture,
                                        .method = what->method != NULL ? what->method : "GET",
                                        .path = what->path != NULL ? what->path : "/items/7",
                                        .route = what->route != NULL ? what->route : "/items/{id}",
                                        .status = or_default(what->status, 200),
                                        .reasons = or_default(what->reasons, GBX_KEEP_SAMPLED)};
}

void stored_sample_free(stored_sample *sample)
{
    gbxi_trace_free(sample->trace);
    gbx_capture_unref(sample->capture);
}

gbx_err storing_put(gbxi_run *run, const stored_case *what, size_t count, gbx_error *error)
{
    stored_sample sample;
    gbx_err err = GBX_ERR_OK;

    stored_sample_make(&sample, what);
    for (size_t i = 0; i != count; ++i)
        err = gbxi_run_put(run, &sample.recording, sample.trace, STORED_EVENTS, sizeof(STORED_EVENTS), error);
    stored_sample_free(&sample);
    return err;
}

void storing_run(const char *directory, const stored_case *what, size_t count, char id[GBXI_RUN_ID_SIZE])
{
    gbx_error error = {0};
    gbxi_run *run;

    assert_int_equal(gbxi_run_create(directory, "test", "", &run, &error), GBX_ERR_OK);
    assert_int_equal(storing_put(run, what, count, &error), GBX_ERR_OK);
    memcpy(id, gbxi_run_id(run), GBXI_RUN_ID_SIZE);
    assert_int_equal(gbxi_run_close(run, &error), GBX_ERR_OK);
}

void storing_limit_files(rlim_t bytes)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

int64_t storing_number(const char *path, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = -1;
    sqlite3 *database;

    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return number;
}

void storing_change(const char *path, const char *sql)
{
    sqlite3 *database;

    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}
