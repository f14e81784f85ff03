/* SPDX-License-Identifier: MIT */
/* What a trace has had since layout 2 comes back, and runs of earlier layouts are read. */
#define _GNU_SOURCE
#include "reading.h"
#include "store/pack.h"
#include "store/pack_code.h"
#include <glassbox/read.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include <cmocka.h>

static void the_parent_of_a_trace_comes_back(void **state)
{
    static const stored_case cases[] = {{0}, {.parent = 0x81}};
    static const uint8_t parents[][8] = {{0}, {0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81}};
    reading *r = *state;
    gbxi_stored_trace trace;
    gbxi_stored_run *run;
    gbx_error error;

    reading_write_run(r->directory, cases, 2);
    reading_open(r);
    run = reading_open_run(r, NULL);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(gbxi_stored_find(run, i == 0 ? "#1" : "#2", &trace, &error), GBX_ERR_OK);
        assert_memory_equal(trace.parent_span_id, parents[i], sizeof(parents[i]));
        assert_int_equal(trace.trace_flags, parents[i][0]);
    }
    gbxi_stored_run_close(run);
}

/* Writes a run as the version before has left it. */
static void plant_version_1(const char *directory, const char *id)
{
    static char sql[8192];
    FILE *file = fopen("fixtures/stores/run-version-1.sql", "r");
    char *path = storing_path(directory, id, ".db");

    assert_non_null(file);
    sql[fread(sql, 1, sizeof(sql) - 1, file)] = '\0';
    fclose(file);
    storing_change(path, sql);
    free(path);
}

static void a_run_of_version_1_is_read(void **state)
{
    static const char id[] = "20261130-044802-249b055e";
    reading *r = *state;
    gbxi_stored_trace trace;
    gbxi_stored_run *run;
    gbx_capture *capture;
    gbx_error error;

    plant_version_1(r->directory, id);
    reading_open(r);
    assert_int_equal(reading_resolve(r, "latest").trace_count, 2);
    run = reading_open_run(r, id);
    assert_int_equal(gbxi_stored_find(run, "41a90083", &trace, &error), GBX_ERR_OK);
    assert_string_equal(trace.path, "/graph");
    assert_int_equal(trace.status, 404);
    assert_int_equal(trace.parent_span_id[0], 0);
    assert_int_equal(gbxi_stored_restore(run, trace.number, &capture, &error), GBX_ERR_OK);
    assert_int_equal(gbx_capture_duration_ns(capture), 1902397);
    gbx_capture_unref(capture);
    gbxi_stored_run_close(run);
}

static void a_parent_that_is_not_whole_is_refused(void **state)
{
    enum { HEAD_BYTES = 31, PARENT_BYTES = 9, REST_BYTES = 3 };
    static const unsigned char raw[HEAD_BYTES + PARENT_BYTES + REST_BYTES] = {GBXI_PACK_VERSION_PARENT};
    char packed[256];
    gbx_error error;

    (void)state;
    for (size_t length = 0; length <= sizeof(raw); length++) {
        size_t packed_length = ZSTD_compress(packed, sizeof(packed), raw, length, 1);
        gbx_capture *capture = NULL;

        assert_int_equal(gbxi_unpack(packed, packed_length, &capture, &error),
                         length == sizeof(raw) ? GBX_ERR_OK : GBX_ERR_SYNTAX); /* there are no frames, and no lanes */
        gbx_capture_unref(capture);
    }
}

int main(void)
{
#define READING(name) cmocka_unit_test_setup_teardown(name, reading_begin, reading_end)
    const struct CMUnitTest tests[] = {
        READING(the_parent_of_a_trace_comes_back),
        READING(a_run_of_version_1_is_read),
        cmocka_unit_test(a_parent_that_is_not_whole_is_refused),
    };
#undef READING

    return cmocka_run_group_tests(tests, NULL, NULL);
}
