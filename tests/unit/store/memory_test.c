/* SPDX-License-Identifier: MIT */
/* The store without memory: whatever allocation fails, ours or SQLite's, it is said, nothing leaks, and what was stored
 * stays. */
#define _GNU_SOURCE
#include "reading.h"
#include "scarce_memory.h"
#include "store/run.h"
#include <malloc.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Functions of libc that allocate take the memory of the test, too. */
char *__wrap_strdup(const char *text);
int __wrap_asprintf(char **text, const char *format, ...);
int __wrap___asprintf_chk(char **text, int flag, const char *format, ...);

char *__wrap_strdup(const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *copy = malloc(bytes);

    return copy != NULL ? memcpy(copy, text, bytes) : NULL;
}

static int print_text(char **text, const char *format, va_list arguments)
{
    va_list again;
    int length;

    va_copy(again, arguments);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    *text = malloc((size_t)length + 1);
    return *text != NULL ? vsnprintf(*text, (size_t)length + 1, format, arguments) : -1;
}

int __wrap_asprintf(char **text, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = print_text(text, format, arguments);
    va_end(arguments);
    return length;
}

int __wrap___asprintf_chk(char **text, int flag, const char *format, ...)
{
    va_list arguments;
    int length;

    (void)flag;
    va_start(arguments, format);
    length = print_text(text, format, arguments);
    va_end(arguments);
    return length;
}

static void *sqlite_malloc(int bytes)
{
    return malloc((size_t)bytes);
}

static void *sqlite_realloc(void *memory, int bytes)
{
    return realloc(memory, (size_t)bytes);
}

static int sqlite_size(void *memory)
{
    return (int)malloc_usable_size(memory);
}

static int sqlite_roundup(int bytes)
{
    return (bytes + 7) & ~7;
}

static int sqlite_nothing(void *context)
{
    (void)context;
    return SQLITE_OK;
}

static void sqlite_end(void *context)
{
    (void)context;
}

/* SQLite takes the memory of the test. */
static int lend_memory(void **state)
{
    static const sqlite3_mem_methods methods = {sqlite_malloc,  free,           sqlite_realloc, sqlite_size,
                                                sqlite_roundup, sqlite_nothing, sqlite_end,     NULL};

    (void)state;
    if (access("/dev/shm", W_OK) == 0) /* hundreds of stores are made, and each waits for its disk */
        setenv("TMPDIR", "/dev/shm", 0);
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

/* Stores the sample. `*stored` says whether it is certain to be there. */
static gbx_err store_once(const char *directory, const stored_sample *sample, bool *stored)
{
    gbxi_store_options options = {.directory = directory, .program = "test"};
    gbx_error error = {0};
    gbxi_store *store;
    gbx_sink sink;
    gbx_err err = gbxi_store_open(&options, &store, &error), second, last;

    *stored = false;
    if (err != GBX_ERR_OK) {
        assert_true(error.text[0] != '\0');
        return err;
    }
    sink = gbxi_store_sink(store);
    err = sink.take(sink.context, &sample->recording, &error);
    second = sink.flush(sink.context, &error);
    *stored = err == GBX_ERR_OK && second == GBX_ERR_OK;
    last = gbxi_store_close(store, &error);
    return err != GBX_ERR_OK ? err : second != GBX_ERR_OK ? second : last;
}

static bool count_traces(void *context, const gbxi_stored_trace *trace)
{
    (void)trace;
    ++*(int *)context;
    return true;
}

static bool count_frames(void *context, const gbxi_stored_frame *frame)
{
    (void)frame;
    ++*(int *)context;
    return true;
}

static gbx_err read_run(gbxi_stored_run *run, gbx_error *error)
{
    gbx_capture *capture = NULL;
    gbxi_stored_trace trace;
    int traces = 0, frames = 0;
    gbx_err err;

    if ((err = gbxi_stored_traces(run, NULL, count_traces, &traces, error)) != GBX_ERR_OK ||
        (err = gbxi_stored_find(run, NULL, &trace, error)) != GBX_ERR_OK ||
        (err = gbxi_stored_find(run, "1111", &trace, error)) != GBX_ERR_OK ||
        (err = gbxi_stored_frames(run, 1, GBXI_FRAMES_BY_SELF, 0, count_frames, &frames, error)) != GBX_ERR_OK ||
        (err = gbxi_stored_frames(run, 0, GBXI_FRAMES_BY_SELF, 0, count_frames, &frames, error)) != GBX_ERR_OK)
        return err;
    err = gbxi_stored_restore(run, 1, &capture, error);
    gbx_capture_unref(capture);
    assert_true(err != GBX_ERR_OK || traces == 3);
    assert_true(err != GBX_ERR_OK || frames == 8);
    return err;
}

static gbx_err read_once(const char *directory, gbx_error *error)
{
    gbxi_store_reader *reader;
    gbxi_stored_run *run;
    gbxi_run_info info;
    gbx_err err = gbxi_store_reader_open(directory, NULL, &reader, error);

    if (err != GBX_ERR_OK)
        return err;
    if ((err = gbxi_store_resolve(reader, "latest", &info, error)) == GBX_ERR_OK &&
        (err = gbxi_stored_run_open(reader, info.id, &run, error)) == GBX_ERR_OK) {
        err = read_run(run, error);
        gbxi_stored_run_close(run);
    }
    gbxi_store_reader_close(reader);
    return err;
}

/* SQLite keeps some memory until it is told to end. */
static long blocks_now(void)
{
    sqlite3_shutdown();
    return scarce_memory_blocks();
}

static void a_store_is_written_or_says_that_memory_is_short(void **state)
{
    stored_sample sample;
    bool stored = false;
    long before;

    (void)state;
    stored_sample_make(&sample, &reading_three[0]);
    before = blocks_now();
    for (size_t grants = 0; !stored; grants += grants < 40 ? 1 : 7) {
        char *directory = storing_begin();
        gbxi_store_reader *reader;
        size_t count;
        gbx_err err;

        assert_in_range(grants, 0, 20000);
        scarce_memory_begin(grants);
        err = store_once(directory, &sample, &stored);
        if (!scarce_memory_end())
            assert_int_equal(err, GBX_ERR_OK);
        assert_int_equal(blocks_now(), before + 1); /* the directory's name */
        if (stored) {
            const gbxi_run_info *runs;

            assert_int_equal(gbxi_store_reader_open(directory, NULL, &reader, NULL), GBX_ERR_OK);
            runs = gbxi_store_runs(reader, &count);
            assert_int_equal(count, 1);
            assert_int_equal(runs[0].trace_count, 1);
            gbxi_store_reader_close(reader);
        }
        storing_end(directory);
    }
    stored_sample_free(&sample);
}

static void a_store_is_read_or_says_that_memory_is_short(void **state)
{
    char *directory = storing_begin(), *catalog = storing_path(directory, "catalog", ".db");
    gbx_err err = GBX_ERR_NO_MEMORY;
    long before;

    (void)state;
    reading_write_run(directory, reading_three, 3);
    before = blocks_now();
    for (size_t grants = 0; err != GBX_ERR_OK; grants += grants < 40 ? 1 : 7) {
        gbx_error error = {0};

        assert_in_range(grants, 0, 20000);
        (void)remove(catalog);
        scarce_memory_begin(grants);
        err = read_once(directory, &error);
        if (!scarce_memory_end())
            assert_int_equal(err, GBX_ERR_OK);
        else
            assert_true(err == GBX_ERR_OK || error.text[0] != '\0');
        assert_int_equal(blocks_now(), before);
    }
    free(catalog);
    storing_end(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_is_written_or_says_that_memory_is_short),
        cmocka_unit_test(a_store_is_read_or_says_that_memory_is_short),
    };

    return cmocka_run_group_tests(tests, lend_memory, NULL);
}
