/* SPDX-License-Identifier: MIT */
/* The file of acknowledged findings: what is put comes back, and what is wrong in it is told and not lost. */
#define _GNU_SOURCE
#include "findings/acknowledged.h"
#include "storing.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SIGNATURE_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SIGNATURE_AB "abbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define SIGNATURE_OTHER "Abbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define DAY_2026_12_01_NS (INT64_C(1796083200) * 1000000000)

enum { PROCESSES = 4, PUTS_EACH = 8 };

static char *directory;
static gbxi_acknowledgements all;
static gbx_error error;

static int begin(void **state)
{
    (void)state;
    directory = storing_begin();
    return mkdir(directory, 0700) != 0 && access(directory, F_OK) != 0;
}

static int end(void **state)
{
    (void)state;
    gbxi_acknowledgements_fini(&all);
    storing_end(directory);
    return 0;
}

static void put(const char *signature, const char *because, const char *until)
{
    gbxi_acknowledgement one = {.because = (char *)(uintptr_t)because,
                                .sentence = (char *)(uintptr_t) "a \"b\"\n",
                                .rule = (char *)(uintptr_t) "error"};

    snprintf(one.signature, sizeof(one.signature), "%s", signature);
    snprintf(one.until, sizeof(one.until), "%s", until);
    assert_int_equal(gbxi_acknowledgements_put(directory, &one, &error), GBX_ERR_OK);
}

static void read_all(size_t count)
{
    gbxi_acknowledgements_fini(&all);
    assert_int_equal(gbxi_acknowledgements_read(directory, &all, &error), GBX_ERR_OK);
    assert_int_equal(all.count, count);
}

static void write_file(const char *text)
{
    char *path = storing_path(directory, "acknowledged", ".json");
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    free(path);
}

static void has_none_without_a_file(void **state)
{
    (void)state;
    read_all(0);
    assert_null(gbxi_acknowledgements_find(&all, SIGNATURE_A, 0));
}

static void gives_back_what_was_put(void **state)
{
    const gbxi_acknowledgement *one;

    (void)state;
    put(SIGNATURE_AB, "small \xc3\xa9", "");
    put(SIGNATURE_A, "old", "2026-12-01");
    put(SIGNATURE_A, "new", "2026-12-01");
    read_all(2);
    assert_non_null(one = gbxi_acknowledgements_find(&all, SIGNATURE_A, DAY_2026_12_01_NS - 1));
    assert_string_equal(one->because, "new");
    assert_string_equal(one->sentence, "a \"b\"\n");
    assert_string_equal(one->rule, "error");
    assert_null(gbxi_acknowledgements_find(&all, SIGNATURE_A, DAY_2026_12_01_NS));
    assert_non_null(gbxi_acknowledgements_find(&all, SIGNATURE_AB, INT64_MAX));
}

static void drops_the_one_that_begins_so(void **state)
{
    (void)state;
    put(SIGNATURE_A, "one", "");
    put(SIGNATURE_AB, "two", "");
    assert_int_equal(gbxi_acknowledgements_drop(directory, "a", &error), GBX_ERR_CONFLICT);
    assert_int_equal(gbxi_acknowledgements_drop(directory, "b", &error), GBX_ERR_UNKNOWN);
    assert_int_equal(gbxi_acknowledgements_drop(directory, "ab", &error), GBX_ERR_OK);
    read_all(1);
    assert_string_equal(all.at[0].signature, SIGNATURE_A);
}

static void finds_in_a_file_that_people_have_sorted_otherwise(void **state)
{
    (void)state;
    write_file("{\"acknowledged\": [{\"signature\": \"" SIGNATURE_AB
               "\", \"rule\": \"\", \"finding\": \"\", \"because\": \"\", \"until\": null},"
               "{\"signature\": \"" SIGNATURE_A
               "\", \"rule\": \"\", \"finding\": \"\", \"because\": \"\", \"until\": null}]}");
    assert_int_equal(gbxi_acknowledgements_drop(directory, SIGNATURE_AB, &error), GBX_ERR_OK);
    read_all(1);
}

#define TWICE(first, second)                                                                                           \
    "{\"acknowledged\": [{\"signature\": \"" SIGNATURE_A                                                               \
    "\", \"rule\": \"\", \"finding\": \"\", \"because\": \"\", \"until\": " first "}, {\"signature\": \"" SIGNATURE_A  \
    "\", \"rule\": \"\", \"finding\": \"\", \"because\": \"\", \"until\": " second "}]}"

static void honours_either_of_two_with_one_signature(void **state)
{
    static const char *const texts[] = {TWICE("null", "\"2026-12-01\""), TWICE("\"2026-12-01\"", "null")};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        write_file(texts[i]);
        read_all(2);
        assert_non_null(gbxi_acknowledgements_find(&all, SIGNATURE_A, DAY_2026_12_01_NS));
    }
}

static void refuses_a_file_that_is_something_else_and_leaves_it(void **state)
{
    static const char *const texts[] = {
        "",
        "{",
        "[]",
        "{\"acknowledged\": {}}",
        "{\"acknowledged\": [7]}",
        "{\"acknowledged\": [{\"signature\": \"a\", \"rule\": \"\", \"finding\": \"\", \"because\": \"\", \"until\": "
        "null}]}",
        "{\"acknowledged\": [{\"signature\": \"" SIGNATURE_A
        "\", \"rule\": \"\", \"finding\": \"\", \"because\": \"\", \"until\": \"2026-02-30\"}]}",
        "{\"acknowledged\": [{\"signature\": \"" SIGNATURE_A
        "\", \"rule\": \"\", \"finding\": \"\", \"until\": null}]}",
        "{\"acknowledged\": [{\"signature\": \"" SIGNATURE_A
        "\", \"rule\": \"\", \"finding\": \"\", \"because\": \"a\\u0000b\", \"until\": null}]}",
        "{\"acknowledged\": [{\"signature\": \"" SIGNATURE_OTHER
        "\", \"rule\": \"\", \"finding\": \"\", \"because\": \"\", \"until\": null}]}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        write_file(texts[i]);
        assert_int_equal(gbxi_acknowledgements_read(directory, &all, &error), GBX_ERR_SYNTAX);
        assert_int_equal(all.count, 0);
        assert_non_null(strstr(error.text, "acknowledged.json: "));
        assert_int_equal(gbxi_acknowledgements_drop(directory, "a", &error), GBX_ERR_SYNTAX);
    }
    assert_int_equal(storing_entries(directory), 1);
}

static void writes_where_a_symbolic_link_leads(void **state)
{
    char *link = storing_path(directory, "acknowledged", ".json"), *file = storing_path(directory, "kept", ".json");
    struct stat status;

    (void)state;
    put(SIGNATURE_A, "one", "");
    assert_int_equal(rename(link, file), 0);
    assert_int_equal(symlink(file, link), 0);
    put(SIGNATURE_AB, "two", "");
    assert_int_equal(lstat(link, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    read_all(2);
    assert_int_equal(unlink(file), 0);
    put(SIGNATURE_A, "one", "");
    read_all(1);
    free(link);
    free(file);
}

static void refuses_one_that_would_make_the_file_unreadable(void **state)
{
    char *sentence = calloc(1, (4 << 20) - 200);
    gbxi_acknowledgement one = {.because = (char *)(uintptr_t) "b", .rule = (char *)(uintptr_t) "error"};

    (void)state;
    assert_non_null(sentence);
    memset(sentence, 's', (4 << 20) - 201);
    put(SIGNATURE_A, "one", "");
    one.sentence = sentence;
    snprintf(one.signature, sizeof(one.signature), SIGNATURE_AB);
    assert_int_equal(gbxi_acknowledgements_put(directory, &one, &error), GBX_ERR_LIMIT);
    assert_non_null(strstr(error.text, "acknowledged.json would be larger than 4 MiB"));
    read_all(1);
    free(sentence);
}

static void knows_dates(void **state)
{
    static const char *const good[] = {"1970-01-01", "2028-02-29", "9999-12-31"};
    static const char *const bad[] = {"",           "2026-2-1",    "2026-02-29", "2026-13-01", "2026-00-10",
                                      "1969-12-31", "2026-01-01x", "2026/01/01", "tomorrow"};

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(gbxi_date_is_valid(good[i]));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(gbxi_date_is_valid(bad[i]));
}

static void says_what_is_wrong_with_the_folder(void **state)
{
    gbxi_acknowledgement one = {.signature = SIGNATURE_A,
                                .because = (char *)(uintptr_t) "x",
                                .sentence = (char *)(uintptr_t) "",
                                .rule = (char *)(uintptr_t) ""};

    (void)state;
    assert_int_equal(gbxi_acknowledgements_put("/nowhere/at/all", &one, &error), GBX_ERR_IO);
    assert_non_null(strstr(error.text, "/nowhere/at/all: No such file"));
}

static void refuses_a_folder_that_cannot_be_looked_into(void **state)
{
    (void)state;
    assert_int_equal(gbxi_acknowledgements_read("/dev/null", &all, &error), GBX_ERR_IO);
    assert_non_null(strstr(error.text, "Not a directory"));
}

static gbx_err put_one(const char *signature)
{
    gbxi_acknowledgement one = {
        .because = (char *)(uintptr_t) "x", .sentence = (char *)(uintptr_t) "", .rule = (char *)(uintptr_t) ""};

    snprintf(one.signature, sizeof(one.signature), "%s", signature);
    return gbxi_acknowledgements_put(directory, &one, &error);
}

static void leaves_nothing_beside_the_file_if_it_cannot_be_written(void **state)
{
    struct rlimit old, none;

    (void)state;
    put(SIGNATURE_A, "old", "");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    none = (struct rlimit){0, old.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    assert_int_equal(put_one(SIGNATURE_AB), GBX_ERR_IO);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_non_null(strstr(error.text, "File too large"));
    assert_int_equal(storing_entries(directory), 1);
    read_all(1);
}

static void does_not_write_through_a_link(void **state)
{
    char *target = storing_path(directory, "other", ""), *beside = storing_path(directory, "acknowledged", ".json.new");
    struct stat status;

    (void)state;
    assert_int_equal(symlink(target, beside), 0);
    assert_int_equal(put_one(SIGNATURE_A), GBX_ERR_IO);
    assert_int_not_equal(stat(target, &status), 0);
    assert_int_equal(put_one(SIGNATURE_A), GBX_ERR_OK);
    free(target);
    free(beside);
}

/* Each process puts signatures of its own. */
static void put_many(unsigned process)
{
    char signature[GBXI_SIGNATURE_SIZE];

    for (unsigned i = 0; i < PUTS_EACH; i++) {
        snprintf(signature, sizeof(signature), "%064x", process * PUTS_EACH + i);
        if (put_one(signature) != GBX_ERR_OK)
            _exit(1);
    }
    _exit(0);
}

static void keeps_what_several_processes_put_at_once(void **state)
{
    pid_t children[PROCESSES];
    int status;

    (void)state;
    for (unsigned i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        assert_int_not_equal(children[i], -1);
        if (children[i] == 0)
            put_many(i);
    }
    for (unsigned i = 0; i < PROCESSES; i++) {
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    read_all(PROCESSES * PUTS_EACH);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(has_none_without_a_file),
        TEST(gives_back_what_was_put),
        TEST(drops_the_one_that_begins_so),
        TEST(finds_in_a_file_that_people_have_sorted_otherwise),
        TEST(honours_either_of_two_with_one_signature),
        TEST(refuses_a_file_that_is_something_else_and_leaves_it),
        TEST(writes_where_a_symbolic_link_leads),
        TEST(refuses_one_that_would_make_the_file_unreadable),
        TEST(says_what_is_wrong_with_the_folder),
        TEST(refuses_a_folder_that_cannot_be_looked_into),
        TEST(leaves_nothing_beside_the_file_if_it_cannot_be_written),
        TEST(does_not_write_through_a_link),
        TEST(keeps_what_several_processes_put_at_once),
        cmocka_unit_test(knows_dates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
