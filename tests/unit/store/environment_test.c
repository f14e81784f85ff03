/* SPDX-License-Identifier: MIT */
/* Recorders with a store: added by a program, or asked for by the environment. */
#define _GNU_SOURCE
#include "store/query.h"
#include "storing.h"
#include <errno.h>
#include <glassbox/store.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char *directory, *store;

static int set_up(void **state)
{
    (void)state;
    directory = storing_begin();
    store = storing_path(directory, "store", "");
    unsetenv("GLASSBOX_STORE");
    unsetenv("GLASSBOX_KEEP");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(store);
    storing_end(directory);
    unsetenv("GLASSBOX_STORE");
    unsetenv("GLASSBOX_KEEP");
    return gbx_capture_live_count() == 0 ? 0 : -1;
}

/* Offers a capture of no spans. Returns the reasons to keep it. */
static uint32_t offer_one(gbx_recorder *recorder)
{
    const gbx_request request = {.size = sizeof(request), .method = "GET", .path = "/a", .route = "/a", .status = 500};
    gbx_capture *capture = gbx_capture_new(NULL);
    uint32_t reasons;

    gbx_capture_finish(capture);
    reasons = gbx_recorder_offer(recorder, capture, &request);
    gbx_capture_unref(capture);
    return reasons;
}

static void without_the_variable_there_is_no_recorder(void **state)
{
    gbx_recorder *recorder = (gbx_recorder *)&directory;
    gbx_error error = {0};

    (void)state;
    assert_int_equal(gbx_recorder_open_environment(&recorder, &error), GBX_ERR_OK);
    assert_null(recorder);
    setenv("GLASSBOX_STORE", "", 1);
    assert_int_equal(gbx_recorder_open_environment(&recorder, &error), GBX_ERR_OK);
    assert_null(recorder);
    assert_null(gbx_recorder_from_environment());
}

static void the_variables_give_the_store_and_the_rules(void **state)
{
    gbx_recorder *recorder;

    (void)state;
    setenv("GLASSBOX_STORE", store, 1);
    setenv("GLASSBOX_KEEP", "errors", 1);
    assert_non_null(recorder = gbx_recorder_from_environment());
    assert_int_equal(offer_one(recorder), GBX_KEEP_FAILED);
    gbx_recorder_unref(recorder);
    assert_int_equal(storing_entries(store), 2); /* the catalog, and the run: closed, it is one file */
}

static void without_rules_those_of_the_documentation_apply(void **state)
{
    gbx_recorder *recorder;

    (void)state;
    setenv("GLASSBOX_STORE", store, 1);
    assert_non_null(recorder = gbx_recorder_from_environment());
    assert_int_equal(offer_one(recorder), GBX_KEEP_FAILED | GBX_KEEP_SAMPLED | GBX_KEEP_FIRST);
    gbx_recorder_unref(recorder);
}

static void what_is_wrong_is_told_with_the_name_of_its_variable(void **state)
{
    gbx_recorder *recorder;
    gbx_error error = {0};

    (void)state;
    setenv("GLASSBOX_STORE", store, 1);
    setenv("GLASSBOX_KEEP", "erors", 1);
    assert_int_equal(gbx_recorder_open_environment(&recorder, &error), GBX_ERR_SYNTAX);
    assert_null(recorder);
    assert_memory_equal(error.text, "GLASSBOX_KEEP: 'erors'", 22);
    unsetenv("GLASSBOX_KEEP");
    setenv("GLASSBOX_STORE", "/nowhere/at/all", 1);
    assert_int_not_equal(gbx_recorder_open_environment(&recorder, &error), GBX_ERR_OK);
    assert_null(recorder);
    assert_memory_equal(error.text, "GLASSBOX_STORE: ", 16);
    assert_non_null(strstr(error.text, "/nowhere/at/all"));
    assert_null(gbx_recorder_from_environment());
}

static void options_of_another_version_are_refused(void **state)
{
    struct {
        gbx_store_options options;
        uint64_t unknown;
    } later = {.options = {.size = sizeof(later), .directory = store}, .unknown = 1};
    gbx_recorder *recorder = gbx_recorder_new(NULL);
    gbx_error error = {0};

    (void)state;
    assert_int_equal(gbx_recorder_add_store(recorder, &later.options, &error), GBX_ERR_ARGUMENT);
    gbx_recorder_unref(recorder);
}

static void a_closed_recorder_takes_no_store(void **state)
{
    const gbx_store_options options = {.size = sizeof(options), .directory = store};
    gbx_recorder *recorder = gbx_recorder_new(NULL);
    gbx_error error = {0};

    (void)state;
    gbx_recorder_close(recorder, 0);
    assert_int_equal(gbx_recorder_add_store(recorder, &options, &error), GBX_ERR_STATE);
    assert_memory_equal(error.text, "the recorder takes no store", 27);
    gbx_recorder_unref(recorder);
}

/* Opens a store, which removes what is too much, and closes it. */
static void record_nothing(const gbx_store_options *options)
{
    gbx_recorder *recorder = gbx_recorder_new(NULL);
    gbx_error error = {0};

    assert_int_equal(gbx_recorder_add_store(recorder, options, &error), GBX_ERR_OK);
    gbx_recorder_unref(recorder);
}

static void check_program(const char *program, const char *expected)
{
    const gbx_store_options options = {.size = sizeof(options), .directory = store, .program = program};
    gbx_recorder *recorder = gbx_recorder_new(NULL);
    gbxi_store_reader *reader;
    gbxi_run_info info;
    gbx_error error;

    assert_int_equal(gbx_recorder_add_store(recorder, &options, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_store_reader_open(store, NULL, &reader, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_store_resolve(reader, "latest", &info, &error), GBX_ERR_OK);
    assert_string_equal(info.program, expected);
    gbxi_store_reader_close(reader);
    gbx_recorder_unref(recorder);
    storing_end(store);
    store = storing_path(directory, "store", "");
}

static void a_program_without_a_name_is_called_as_its_executable(void **state)
{
    (void)state;
    check_program(NULL, program_invocation_short_name);
    check_program("service", "service");
}

/* A program that was compiled before there were exporters has other bytes there. */
static void the_exporter_is_known_to_programs_that_know_of_it(void **state)
{
    const size_t sizes[] = {offsetof(gbx_store_options, exporter), sizeof(gbx_store_options)};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const gbx_store_options options = {.size = sizes[i], .directory = store, .exporter = "otlp"};
        gbx_recorder *recorder = gbx_recorder_new(NULL);
        gbxi_store_reader *reader;
        gbxi_run_info info;
        gbx_error error;
        char *path;

        assert_int_equal(gbx_recorder_add_store(recorder, &options, &error), GBX_ERR_OK);
        assert_int_equal(gbxi_store_reader_open(store, NULL, &reader, &error), GBX_ERR_OK);
        assert_int_equal(gbxi_store_resolve(reader, "latest", &info, &error), GBX_ERR_OK);
        path = storing_path(store, info.id, ".db");
        assert_int_equal(storing_number(path, "SELECT count(*) FROM run WHERE exported='otlp'"), i);
        free(path);
        gbxi_store_reader_close(reader);
        gbx_recorder_unref(recorder);
        storing_end(store);
        store = storing_path(directory, "store", "");
    }
}

static void without_a_limit_of_bytes_it_is_a_gibibyte_and_with_the_largest_one_there_is_none(void **state)
{
    gbx_store_options options = {.size = sizeof(options), .directory = store, .keep_bytes = UINT64_MAX};
    char *path = storing_path(store, "20260101-000000-aaaaaaaa", ".db");

    (void)state;
    assert_int_equal(mkdir(store, 0700), 0);
    fclose(fopen(path, "w"));
    assert_int_equal(truncate(path, INT64_C(1) << 30), 0);
    record_nothing(&options);
    assert_int_equal(access(path, F_OK), 0);
    options.keep_bytes = INT64_C(2) << 30;
    record_nothing(&options);
    assert_int_equal(access(path, F_OK), 0);
    options.keep_bytes = 0;
    record_nothing(&options);
    assert_int_equal(access(path, F_OK), -1);
    free(path);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(without_the_variable_there_is_no_recorder),
        TEST(the_exporter_is_known_to_programs_that_know_of_it),
        TEST(the_variables_give_the_store_and_the_rules),
        TEST(without_rules_those_of_the_documentation_apply),
        TEST(what_is_wrong_is_told_with_the_name_of_its_variable),
        TEST(options_of_another_version_are_refused),
        TEST(a_closed_recorder_takes_no_store),
        TEST(a_program_without_a_name_is_called_as_its_executable),
        TEST(without_a_limit_of_bytes_it_is_a_gibibyte_and_with_the_largest_one_there_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
