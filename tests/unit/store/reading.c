/* SPDX-License-Identifier: MIT */
/* Stores that tests read. */
#define _GNU_SOURCE
#include "reading.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const stored_case reading_three[] = {
    {.duration_ns = 2000000, .id = 0x11},
    {.duration_ns = 9000000, .id = 0x12, .status = 503, .reasons = GBX_KEEP_FAILED | GBX_KEEP_SLOW, .route = "/other"},
    {.duration_ns = 4000000, .id = 0x22, .error = "no row", .reasons = GBX_KEEP_FAILED, .method = "POST"},
};

static void hear(void *context, const char *text)
{
    reading *r = context;

    strncat(r->told, text, sizeof(r->told) - strlen(r->told) - 2);
    strcat(r->told, ";");
}

int reading_begin(void **state)
{
    reading *r = calloc(1, sizeof(*r));

    r->directory = storing_begin();
    *state = r;
    return 0;
}

int reading_end(void **state)
{
    reading *r = *state;

    gbxi_store_reader_close(r->reader);
    storing_end(r->directory);
    free(r);
    return 0;
}

/* Opens the store anew. */
void reading_open(reading *r)
{
    gbxi_store_notices notices = {hear, r};
    gbx_error error;

    gbxi_store_reader_close(r->reader);
    r->told[0] = '\0';
    assert_int_equal(gbxi_store_reader_open(r->directory, &notices, &r->reader, &error), GBX_ERR_OK);
}

/* Opens a store to write, and stores such captures through its sink, as the recorder does. */
gbxi_store *reading_write_store(const char *directory, const stored_case *cases, size_t count)
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

void reading_write_run(const char *directory, const stored_case *cases, size_t count)
{
    gbx_error error;

    assert_int_equal(gbxi_store_close(reading_write_store(directory, cases, count), &error), GBX_ERR_OK);
}

gbxi_run_info reading_resolve(reading *r, const char *name)
{
    gbxi_run_info info;
    gbx_error error;

    assert_int_equal(gbxi_store_resolve(r->reader, name, &info, &error), GBX_ERR_OK);
    return info;
}

gbxi_stored_run *reading_open_run(reading *r, const char *name)
{
    gbxi_run_info info = reading_resolve(r, name);
    gbxi_stored_run *run;
    gbx_error error;

    assert_int_equal(gbxi_stored_run_open(r->reader, info.id, &run, &error), GBX_ERR_OK);
    return run;
}

/* Plants a run, and gives it another id. */
void reading_plant(const char *directory, const char *id)
{
    char made[GBXI_RUN_ID_SIZE], *from, *to;

    storing_run(directory, &(stored_case){0}, 1, made);
    from = storing_path(directory, made, ".db");
    to = storing_path(directory, id, ".db");
    assert_int_equal(rename(from, to), 0);
    free(from);
    free(to);
}

void reading_write_file(const char *directory, const char *name, const void *bytes, size_t length)
{
    char *path = storing_path(directory, name, "");
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    free(path);
}
