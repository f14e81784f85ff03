/* SPDX-License-Identifier: MIT */
/* Exporters when memory runs out, and the little memory that they use. */
#include "document.h"
#include "scarce_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static recording r;

static const gbx_export_options flat = {.size = sizeof(flat), .call_tree = GBX_CALL_TREE_FLAT};

/* Full documents with both kinds of call trees, and one of each other format. */
static const struct {
    gbx_format format;
    const gbx_export_options *options;
} documents[] = {{GBX_FORMAT_FULL, NULL},       {GBX_FORMAT_FULL, &flat},  {GBX_FORMAT_SUMMARY, NULL},
                 {GBX_FORMAT_SPEEDSCOPE, NULL}, {GBX_FORMAT_FOLDED, NULL}, {GBX_FORMAT_CHROME, NULL},
                 {GBX_FORMAT_PPROF, NULL}};
enum {
    DOCUMENTS = sizeof(documents) / sizeof(documents[0]),
    MANY_CALLS = 200000,
    ALLOWED_BYTES = 1 << 17,
    ZLIB_BYTES = 300000
};

static void every_failing_allocation_gives_no_exporter_and_no_leak(void **state)
{
    gbx_capture *capture = document_record_request(&r);
    long blocks = scarce_memory_blocks();

    (void)state;
    for (size_t i = 0; i < DOCUMENTS; ++i) {
        gbx_exporter *exporter = NULL;
        size_t failures = 0;
        for (; exporter == NULL; ++failures) {
            scarce_memory_begin(failures);
            exporter = gbx_exporter_new(capture, documents[i].format, documents[i].options);
            assert_int_equal(scarce_memory_end(), exporter == NULL);
            if (exporter == NULL)
                assert_int_equal(scarce_memory_blocks(), blocks);
        }
        assert_true(failures > 5);
        gbx_exporter_free(exporter);
        assert_int_equal(scarce_memory_blocks(), blocks);
    }
    gbx_capture_unref(capture);
}

/* Reads until the end or an error. */
static ptrdiff_t read_on(gbx_exporter *exporter)
{
    char buffer[16];
    ptrdiff_t got;

    while ((got = gbx_exporter_read(exporter, buffer, sizeof(buffer))) > 0)
        continue;
    return got;
}

/* Reads all documents with less memory than they need, which is `grants_least` allocations of a full one. */
static void check_reading(gbx_capture *capture, size_t grants_least)
{
    long blocks = scarce_memory_blocks();
    char byte;

    for (size_t i = 0; i < DOCUMENTS; ++i)
        for (size_t grants = 0;; ++grants) {
            gbx_exporter *exporter = gbx_exporter_new(capture, documents[i].format, documents[i].options);
            ptrdiff_t last;
            bool refused;
            assert_non_null(exporter);
            scarce_memory_begin(grants);
            last = read_on(exporter);
            refused = scarce_memory_end();
            assert_int_equal(last, refused ? -1 : 0);
            assert_int_equal(gbx_exporter_error(exporter), refused ? GBX_ERR_NO_MEMORY : GBX_ERR_OK);
            assert_int_equal(gbx_exporter_read(exporter, &byte, 1), last);
            assert_int_equal(gbx_exporter_error(exporter), refused ? GBX_ERR_NO_MEMORY : GBX_ERR_OK);
            gbx_exporter_free(exporter);
            assert_int_equal(scarce_memory_blocks(), blocks);
            if (!refused) {
                assert_true(
                    grants >=
                    (documents[i].format == GBX_FORMAT_FULL ? grants_least : documents[i].format != GBX_FORMAT_FOLDED));
                break;
            }
        }
    gbx_capture_unref(capture);
}

/* Small buffers need the spill, and notes need their stack: without either the read fails, and goes on failing. */
static void memory_that_runs_out_while_reading_is_an_error_for_good(void **state)
{
    (void)state;
    check_reading(document_record_request(&r), 3);
}

/* The trace's own, and those of one call: where both are, the first to fail hides that the other does. */
static void either_kind_of_notes_that_finds_no_memory_is_an_error(void **state)
{
    static const gbx_site site = {"query", "query", "src/query.c", 1, {0}};

    (void)state;
    recording_begin(&r, NULL);
    gbxi_note_int("rows", 1);
    check_reading(recording_finish(&r), 3);
    recording_begin(&r, NULL);
    recording_enter(&r, &site);
    gbxi_note_int("rows", 1);
    recording_exit(&r);
    check_reading(recording_finish(&r), 3);
}

static void a_large_trace_streams_through_little_memory(void **state)
{
    static const gbx_site site = {"leaf", "leaf", "src/leaf.c", 1, {0}};
    static char buffer[8192];
    gbx_capture *capture;

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < MANY_CALLS; ++i)
        recording_call(&r, &site, (uint64_t)i % 5);
    capture = recording_finish(&r);
    for (size_t i = 0; i < DOCUMENTS; ++i) {
        size_t percentiles = documents[i].format == GBX_FORMAT_SUMMARY ? MANY_CALLS * sizeof(uint64_t) : 0;
        size_t rows = documents[i].options == &flat ? MANY_CALLS * 2 * sizeof(uint64_t) : 0;
        size_t packing = documents[i].format == GBX_FORMAT_PPROF ? ZLIB_BYTES : 0;
        size_t before = scarce_memory_bytes();
        gbx_exporter *exporter;
        scarce_memory_reset_peak();
        exporter = gbx_exporter_new(capture, documents[i].format, documents[i].options);
        assert_non_null(exporter);
        while (gbx_exporter_read(exporter, buffer, sizeof(buffer)) > 0)
            continue;
        assert_in_range(scarce_memory_peak_bytes() - before, 1, ALLOWED_BYTES + percentiles + rows + packing);
        gbx_exporter_free(exporter);
    }
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failing_allocation_gives_no_exporter_and_no_leak),
        cmocka_unit_test(memory_that_runs_out_while_reading_is_an_error_for_good),
        cmocka_unit_test(either_kind_of_notes_that_finds_no_memory_is_an_error),
        cmocka_unit_test(a_large_trace_streams_through_little_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
