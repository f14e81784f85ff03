/* SPDX-License-Identifier: MIT */
/* Any bytes of a run or of the catalog may be wrong, and any part of a file may be missing: nothing crashes or hangs,
 * the other runs are read, and a catalog that is found to be damaged is made again. */
#define _GNU_SOURCE
#include "reading.h"
#include <glassbox/read.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ROUNDS = 250, FLIPS_MAX = 40 };

/* The bytes of a file as they were. */
typedef struct original {
    char *path;
    unsigned char *bytes;
    size_t length;
} original;

static uint64_t random_state = 20261129;

static size_t random_below(size_t limit)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(random_state >> 33) % limit;
}

static void read_original(original *o)
{
    FILE *file = fopen(o->path, "r");

    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    o->length = (size_t)ftell(file);
    rewind(file);
    o->bytes = malloc(o->length);
    assert_int_equal(fread(o->bytes, 1, o->length, file), o->length);
    fclose(file);
}

/* Writes the file with some bytes changed, or without its end. */
static void write_damaged(const original *o)
{
    unsigned char *bytes = malloc(o->length);
    size_t length = random_below(4) == 0 ? random_below(o->length) : o->length;
    FILE *file = fopen(o->path, "w");

    memcpy(bytes, o->bytes, o->length);
    for (size_t i = random_below(FLIPS_MAX); i != 0; --i)
        bytes[random_below(o->length)] = (unsigned char)random_below(256);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    free(bytes);
}

static void write_whole(const original *o)
{
    FILE *file = fopen(o->path, "w");

    assert_int_equal(fwrite(o->bytes, 1, o->length, file), o->length);
    assert_int_equal(fclose(file), 0);
}

static bool restore_each(void *context, const gbxi_stored_trace *trace)
{
    gbxi_stored_run *run = context;
    gbx_capture *capture;

    if (gbxi_stored_restore(run, trace->number, &capture, NULL) == GBX_ERR_OK)
        gbx_capture_unref(capture);
    return true;
}

static bool look_at_frame(void *context, const gbxi_stored_frame *frame)
{
    *(size_t *)context += strlen(frame->name) + strlen(frame->file);
    return true;
}

/* Reads all that can be read of a run. */
static void read_all(gbxi_store_reader *reader, const char *id)
{
    gbxi_stored_trace trace;
    gbxi_stored_run *run;
    size_t length = 0;

    if (gbxi_stored_run_open(reader, id, &run, NULL) != GBX_ERR_OK)
        return;
    if (gbxi_stored_traces(run, &(gbxi_trace_query){.order = GBXI_TRACES_SLOWEST}, restore_each, run, NULL) ==
            GBX_ERR_OK &&
        gbxi_stored_find(run, NULL, &trace, NULL) == GBX_ERR_OK)
        length += strlen(trace.path);
    for (uint64_t number = 0; number != 3; ++number)
        if (gbxi_stored_frames(run, number, GBXI_FRAMES_BY_TOTAL, 0, look_at_frame, &length, NULL) != GBX_ERR_OK)
            break;
    gbxi_stored_run_close(run);
}

static void check_other_run(reading *r)
{
    gbxi_run_info info;
    gbx_error error;

    assert_int_equal(gbxi_store_resolve(r->reader, "20260101-000000-aaaaaaaa", &info, &error), GBX_ERR_OK);
    assert_int_equal(info.trace_count, 1);
    assert_string_equal(info.fault, "");
}

static void a_damaged_run_harms_nothing_else(void **state)
{
    reading *r = *state;
    char id[GBXI_RUN_ID_SIZE];
    original run = {NULL, NULL, 0};

    reading_plant(r->directory, "20260101-000000-aaaaaaaa");
    reading_write_run(r->directory, reading_three, 3);
    reading_open(r);
    strcpy(id, reading_resolve(r, "latest").id);
    run.path = storing_path(r->directory, id, ".db");
    read_original(&run);
    for (int i = 0; i != ROUNDS; ++i) {
        write_damaged(&run);
        reading_open(r);
        check_other_run(r);
        read_all(r->reader, id);
    }
    write_whole(&run);
    reading_open(r);
    check_other_run(r);
    assert_int_equal(reading_resolve(r, "latest").trace_count, 3);
    assert_string_equal(reading_resolve(r, "latest").fault, "");
    free(run.bytes);
    free(run.path);
}

static void a_damaged_catalog_hides_no_run(void **state)
{
    reading *r = *state;
    original catalog = {NULL, NULL, 0};
    size_t count;

    reading_plant(r->directory, "20260101-000000-aaaaaaaa");
    reading_write_run(r->directory, reading_three, 3);
    reading_open(r);
    gbxi_store_reader_close(r->reader);
    r->reader = NULL;
    catalog.path = storing_path(r->directory, "catalog", ".db");
    read_original(&catalog);
    for (int i = 0; i != ROUNDS; ++i) {
        write_damaged(&catalog);
        reading_open(r);
        gbxi_store_runs(r->reader, &count);
        assert_int_equal(count, 2);
        read_all(r->reader, reading_resolve(r, "latest").id);
        gbxi_store_reader_close(r->reader);
        r->reader = NULL;
    }
    free(catalog.bytes);
    free(catalog.path);
}

static int choose_memory(void **state)
{
    (void)state;
    if (access("/dev/shm", W_OK) == 0) /* hundreds of stores are damaged, and each waits for its disk */
        setenv("TMPDIR", "/dev/shm", 0);
    return 0;
}

int main(void)
{
#define READING(test) cmocka_unit_test_setup_teardown(test, reading_begin, reading_end)
    const struct CMUnitTest tests[] = {
        READING(a_damaged_run_harms_nothing_else),
        READING(a_damaged_catalog_hides_no_run),
    };

    return cmocka_run_group_tests(tests, choose_memory, NULL);
}
