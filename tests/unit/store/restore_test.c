/* SPDX-License-Identifier: MIT */
/* What comes out of a store is what went in: documents byte for byte, and frames as the trace counts them. */
#define _GNU_SOURCE
#include "document.h"
#include "reading.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static recording r;

/* Stores a capture as the recorder does, and restores it. */
static gbx_capture *through_a_store(reading *reads, gbx_capture *capture, const char *source_root)
{
    gbxi_store_options options = {.directory = reads->directory};
    gbx_recording recorded = {.size = sizeof(recorded),
                              .capture = capture,
                              .method = "POST",
                              .path = "/",
                              .route = "/",
                              .source_root = source_root,
                              .reasons = GBX_KEEP_ASKED};
    gbx_capture *restored = NULL;
    gbxi_stored_trace trace;
    gbxi_stored_run *run;
    gbxi_store *store;
    gbx_error error;
    gbx_sink sink;

    assert_int_equal(gbxi_store_open(&options, &store, &error), GBX_ERR_OK);
    sink = gbxi_store_sink(store);
    assert_int_equal(sink.take(sink.context, &recorded, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_store_close(store, &error), GBX_ERR_OK);
    reading_open(reads);
    run = reading_open_run(reads, "latest");
    assert_int_equal(gbxi_stored_find(run, NULL, &trace, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_stored_restore(run, trace.number, &restored, &error), GBX_ERR_OK);
    gbxi_stored_run_close(run);
    return restored;
}

static void check_documents(gbx_capture *capture, gbx_capture *restored, const gbx_export_options *options)
{
    static const gbx_format formats[] = {GBX_FORMAT_FULL, GBX_FORMAT_SUMMARY, GBX_FORMAT_SPEEDSCOPE};

    for (size_t i = 0; i != sizeof(formats) / sizeof(*formats); ++i) {
        size_t length, stored_length;
        char *document = document_of(capture, formats[i], options, &length);
        char *stored = document_of(restored, formats[i], NULL, &stored_length);

        assert_int_equal(length, stored_length);
        assert_memory_equal(document, stored, length);
        free(document);
        free(stored);
    }
}

static void check_capture(reading *reads, gbx_capture *capture)
{
    gbx_capture *restored = through_a_store(reads, capture, "");

    check_documents(capture, restored, NULL);
    gbx_capture_unref(restored);
    gbx_capture_unref(capture);
}

static void documents_come_back_byte_for_byte(void **state)
{
    check_capture(*state, document_record_request(&r));
    check_capture(*state, document_record_truncated(&r));
    check_capture(*state, document_record_unentered(&r));
}

static void files_are_relative_to_the_root_of_the_source(void **state)
{
    gbx_export_options options = {.size = sizeof(options), .source_root = "src"};
    gbx_capture *capture = document_record_request(&r);
    gbx_capture *restored = through_a_store(*state, capture, "src");

    check_documents(capture, restored, &options);
    gbx_capture_unref(restored);
    gbx_capture_unref(capture);
}

/* The frames that are told, and the trace that they should be those of. */
typedef struct telling {
    const gbxi_trace *trace;
    uint32_t count;
} telling;

static bool check_frame(void *context, const gbxi_stored_frame *told)
{
    telling *t = context;
    const gbxi_frame *known = NULL;

    for (uint32_t i = 0; i != t->trace->frames.count; ++i) {
        const gbxi_frame *each = &t->trace->frames.at[i];

        if (each->name_length == strlen(told->name) && memcmp(each->name, told->name, each->name_length) == 0 &&
            strcmp(each->file, told->file) == 0 && each->line == told->line)
            known = each;
    }
    assert_non_null(known);
    assert_int_equal(told->calls, known->calls);
    assert_int_equal(told->total_ns, known->total_ns);
    assert_int_equal(told->self_ns, known->self_ns);
    assert_int_equal(told->min_ns, known->min_ns);
    assert_int_equal(told->max_ns, known->max_ns);
    assert_int_equal(told->trace_count, 1);
    t->count++;
    return true;
}

static void frames_are_those_of_the_trace(void **state)
{
    gbx_capture *capture = document_record_request(&r);
    gbx_capture *restored = through_a_store(*state, capture, "");
    gbxi_trace *trace = gbxi_trace_new(capture, &(gbxi_trace_options){0});
    gbxi_stored_run *run = reading_open_run(*state, "latest");
    gbx_error error;

    for (uint64_t number = 0; number != 2; ++number) {
        telling t = {trace, 0};

        assert_int_equal(gbxi_stored_frames(run, number, GBXI_FRAMES_BY_TOTAL, 0, check_frame, &t, &error), GBX_ERR_OK);
        assert_int_equal(t.count, trace->frame_count);
    }
    gbxi_stored_run_close(run);
    gbxi_trace_free(trace);
    gbx_capture_unref(restored);
    gbx_capture_unref(capture);
}

static bool check_merged(void *context, const gbxi_stored_frame *told)
{
    assert_string_equal(told->file, "src/a.c");
    assert_int_equal(told->calls, 3);
    assert_int_equal(told->total_ns, 600);
    assert_int_equal(told->min_ns, 100);
    assert_int_equal(told->max_ns, 300);
    ++*(size_t *)context;
    return true;
}

/* Two files of one name, of which one is named with the root of the source: they become one frame. */
static void frames_that_become_one_are_added_up(void **state)
{
    static const gbx_site with_root = {"work", "work", "/tree/src/a.c", 3, {0}};
    static const gbx_site without = {"work", "work", "src/a.c", 3, {0}};
    gbxi_stored_run *run;
    gbx_capture *restored, *capture;
    size_t count = 0;
    gbx_error error;

    recording_begin(&r, NULL);
    recording_call(&r, &with_root, 300);
    recording_call(&r, &without, 200);
    recording_call(&r, &without, 100);
    capture = recording_finish(&r);
    restored = through_a_store(*state, capture, "/tree");
    run = reading_open_run(*state, "latest");
    assert_int_equal(gbxi_stored_frames(run, 1, GBXI_FRAMES_BY_TOTAL, 0, check_merged, &count, &error), GBX_ERR_OK);
    assert_int_equal(count, 1);
    gbxi_stored_run_close(run);
    gbx_capture_unref(restored);
    gbx_capture_unref(capture);
}

int main(void)
{
#define READING(test) cmocka_unit_test_setup_teardown(test, reading_begin, reading_end)
    const struct CMUnitTest tests[] = {
        READING(documents_come_back_byte_for_byte),
        READING(files_are_relative_to_the_root_of_the_source),
        READING(frames_are_those_of_the_trace),
        READING(frames_that_become_one_are_added_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
