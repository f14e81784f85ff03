/* SPDX-License-Identifier: MIT */
/* Reading exporters piece by piece and side by side, and when an exporter cannot be created. */
#include "document.h"
#include "export/format.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const gbx_format formats[] = {GBX_FORMAT_FULL,   GBX_FORMAT_SUMMARY, GBX_FORMAT_SPEEDSCOPE,
                                     GBX_FORMAT_FOLDED, GBX_FORMAT_CHROME,  GBX_FORMAT_PPROF};
enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

static recording r;

static void the_size_of_the_pieces_does_not_matter(void **state)
{
    static const size_t pieces[] = {1, 2, 3, 7, 57, 63, 64, 65, 500, 1 << 20};
    gbx_capture *capture = document_record_request(&r);

    (void)state;
    for (size_t i = 0; i < FORMATS; ++i) {
        size_t expected_length;
        char *expected = document_of(capture, formats[i], NULL, &expected_length);
        for (size_t n = 0; n < sizeof(pieces) / sizeof(pieces[0]); ++n) {
            gbx_exporter *exporter = gbx_exporter_new(capture, formats[i], NULL);
            size_t length;
            char *text = document_read(exporter, pieces[n], &length);
            assert_int_equal(length, expected_length);
            assert_memory_equal(text, expected, length);
            gbx_exporter_free(exporter);
            free(text);
        }
        free(expected);
    }
    gbx_capture_unref(capture);
}

/* Every read but the last fills its buffer: what a socket sends never comes in dribbles. */
static void reads_fill_their_buffer(void **state)
{
    gbx_capture *capture = document_record_request(&r);

    (void)state;
    for (size_t i = 0; i < FORMATS; ++i) {
        gbx_exporter *exporter = gbx_exporter_new(capture, formats[i], NULL);
        char buffer[100];
        ptrdiff_t got;

        assert_non_null(exporter);
        while ((got = gbx_exporter_read(exporter, buffer, sizeof(buffer))) == sizeof(buffer))
            continue;
        assert_in_range(got, 0, sizeof(buffer) - 1);
        assert_int_equal(gbx_exporter_read(exporter, buffer, sizeof(buffer)), 0);
        gbx_exporter_free(exporter);
    }
    gbx_capture_unref(capture);
}

static void exporters_of_one_capture_do_not_meet(void **state)
{
    gbx_capture *capture = document_record_request(&r);
    gbx_exporter *exporters[FORMATS * 2];
    char *texts[FORMATS * 2];
    size_t lengths[FORMATS * 2] = {0};
    size_t running = FORMATS * 2;

    (void)state;
    for (size_t i = 0; i < FORMATS * 2; ++i) {
        exporters[i] = gbx_exporter_new(capture, formats[i % FORMATS], NULL);
        texts[i] = malloc(1 << 16);
        assert_non_null(exporters[i]);
        assert_non_null(texts[i]);
    }
    while (running > 0) {
        running = 0;
        for (size_t i = 0; i < FORMATS * 2; ++i) {
            ptrdiff_t got = gbx_exporter_read(exporters[i], texts[i] + lengths[i], 5 + i);
            assert_in_range(got, 0, 5 + i);
            lengths[i] += (size_t)got;
            running += got > 0;
        }
    }
    for (size_t i = 0; i < FORMATS * 2; ++i) {
        size_t expected_length;
        char *expected = document_of(capture, formats[i % FORMATS], NULL, &expected_length);
        assert_int_equal(lengths[i], expected_length);
        assert_memory_equal(texts[i], expected, expected_length);
        gbx_exporter_free(exporters[i]);
        free(texts[i]);
        free(expected);
    }
    gbx_capture_unref(capture);
}

/* What one thread of exporters_run_on_any_threads reads. */
typedef struct reading {
    gbx_capture *capture;
    gbx_format format;
    char *text;
    size_t length;
} reading;

static void *read_document(void *argument)
{
    reading *one = argument;

    one->text = document_of(one->capture, one->format, NULL, &one->length);
    return NULL;
}

static void exporters_run_on_any_threads(void **state)
{
    gbx_capture *capture = document_record_request(&r);
    reading readings[FORMATS * 2];
    pthread_t threads[FORMATS * 2];

    (void)state;
    for (size_t i = 0; i < FORMATS * 2; ++i) {
        readings[i] = (reading){.capture = capture, .format = formats[i % FORMATS]};
        assert_int_equal(pthread_create(&threads[i], NULL, read_document, &readings[i]), 0);
    }
    for (size_t i = 0; i < FORMATS * 2; ++i)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (size_t i = 0; i < FORMATS * 2; ++i) {
        assert_int_equal(readings[i].length, readings[i % FORMATS].length);
        assert_memory_equal(readings[i].text, readings[i % FORMATS].text, readings[i].length);
    }
    for (size_t i = 0; i < FORMATS * 2; ++i)
        free(readings[i].text);
    gbx_capture_unref(capture);
}

static void an_exporter_keeps_its_capture(void **state)
{
    gbx_capture *capture = document_record_request(&r);
    size_t before = gbx_capture_live_count();
    gbx_exporter *exporter = gbx_exporter_new(capture, GBX_FORMAT_SUMMARY, NULL);
    size_t length;

    (void)state;
    gbx_capture_unref(capture);
    assert_int_equal(gbx_capture_live_count(), before);
    free(document_read(exporter, 64, &length));
    gbx_exporter_free(exporter);
    assert_int_equal(gbx_capture_live_count(), before - 1);
}

static void an_exporter_may_be_freed_at_any_point(void **state)
{
    gbx_capture *capture = document_record_request(&r);
    char buffer[256];

    (void)state;
    for (size_t i = 0; i < FORMATS; ++i)
        for (size_t taken = 0; taken < sizeof(buffer); taken += 51) {
            gbx_exporter *exporter = gbx_exporter_new(capture, formats[i], NULL);
            assert_non_null(exporter);
            if (taken > 0)
                assert_int_equal(gbx_exporter_read(exporter, buffer, taken), taken);
            gbx_exporter_free(exporter);
        }
    gbx_exporter_free(NULL);
    gbx_capture_unref(capture);
}

static void there_is_none_for_an_unfinished_capture_or_an_unknown_format(void **state)
{
    gbx_capture *capture = gbx_capture_new(NULL);

    (void)state;
    assert_non_null(capture);
    assert_null(gbx_exporter_new(capture, GBX_FORMAT_SUMMARY, NULL));
    gbx_capture_finish(capture);
    assert_null(gbx_exporter_new(capture, (gbx_format)FORMATS, NULL));
    assert_null(gbx_exporter_new(capture, (gbx_format)-1, NULL));
    assert_null(gbx_exporter_new(NULL, GBX_FORMAT_SUMMARY, NULL));
    gbx_capture_unref(capture);
}

/* Other tools choose by it how to read a file. */
static void every_format_has_an_ending_for_its_files(void **state)
{
    static const char *const endings[FORMATS] = {"full.json",          "summary.json", "speedscope.json",
                                                 "collapsedstack.txt", "trace.json",   "pb.gz"};

    (void)state;
    for (size_t i = 0; i < FORMATS; ++i)
        assert_string_equal(gbxi_format_ending(formats[i]), endings[i]);
    assert_null(gbxi_format_ending((gbx_format)FORMATS));
}

static void there_is_none_for_options_that_are_not_known(void **state)
{
    gbx_capture *capture = document_record_request(&r);
    gbx_export_options options = {.size = sizeof(options), .call_tree = (gbx_call_tree)(GBX_CALL_TREE_NONE + 1)};

    (void)state;
    for (gbx_format format = GBX_FORMAT_FULL; format <= GBX_FORMAT_PPROF; format++)
        assert_null(gbx_exporter_new(capture, format, &options));
    options.call_tree = (gbx_call_tree)-1;
    assert_null(gbx_exporter_new(capture, GBX_FORMAT_FULL, &options));
    gbx_capture_unref(capture);
}

static void reading_into_nothing_is_an_error_that_passes(void **state)
{
    gbx_capture *capture = document_record_request(&r);
    gbx_exporter *exporter = gbx_exporter_new(capture, GBX_FORMAT_SUMMARY, NULL);
    char first;

    (void)state;
    assert_non_null(exporter);
    assert_int_equal(gbx_exporter_read(exporter, &first, 0), -1);
    assert_int_equal(gbx_exporter_error(exporter), GBX_ERR_ARGUMENT);
    assert_int_equal(gbx_exporter_read(exporter, &first, 1), 1);
    assert_int_equal(gbx_exporter_error(exporter), GBX_ERR_OK);
    assert_int_equal(first, '{');
    gbx_exporter_free(exporter);
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_size_of_the_pieces_does_not_matter),
        cmocka_unit_test(reads_fill_their_buffer),
        cmocka_unit_test(exporters_of_one_capture_do_not_meet),
        cmocka_unit_test(exporters_run_on_any_threads),
        cmocka_unit_test(an_exporter_keeps_its_capture),
        cmocka_unit_test(an_exporter_may_be_freed_at_any_point),
        cmocka_unit_test(there_is_none_for_an_unfinished_capture_or_an_unknown_format),
        cmocka_unit_test(every_format_has_an_ending_for_its_files),
        cmocka_unit_test(there_is_none_for_options_that_are_not_known),
        cmocka_unit_test(reading_into_nothing_is_an_error_that_passes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
