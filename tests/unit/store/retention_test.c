/* SPDX-License-Identifier: MIT */
/* What is removed from a store, and what never is. */
#define _GNU_SOURCE
#include "store/retention.h"
#include "storing.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static int begin_store(void **state)
{
    *state = storing_begin();
    return 0;
}

static int end_store(void **state)
{
    storing_end(*state);
    return 0;
}

/* Makes an empty run with this id, of `bytes` bytes, last written in that second. */
static void plant_file(const char *directory, const char *id, off_t bytes, time_t written_s)
{
    struct timespec times[] = {{written_s, 0}, {written_s, 0}};
    char *path = storing_path(directory, id, ".db");
    int file = open(path, O_WRONLY | O_CREAT, 0600);

    assert_int_equal(ftruncate(file, bytes), 0);
    assert_int_equal(futimens(file, times), 0);
    close(file);
    free(path);
}

/* Which runs are removed, by the first letters of their tails. */
static const char *remove_runs(const char *directory, gbxi_retention keep, bool dry_run)
{
    static char letters[16];
    gbxi_removed_run *removed;
    gbx_error error;
    size_t count;

    assert_int_equal(gbxi_retention_apply(directory, &keep, dry_run, &removed, &count, &error), GBX_ERR_OK);
    memset(letters, 0, sizeof(letters));
    for (size_t i = 0; i != count; ++i)
        letters[i] = removed[i].id[GBXI_RUN_ID_TAIL];
    free(removed);
    return letters;
}

static void plant_four(const char *directory)
{
    time_t now_s = time(NULL);

    plant_file(directory, "20260101-000000-a0000000", 1000, now_s - 4000);
    plant_file(directory, "20260102-000000-b0000000", 1000, now_s - 3000);
    plant_file(directory, "20260103-000000-c0000000", 1000, now_s - 2000);
    plant_file(directory, "20260104-000000-d0000000", 1000, now_s - 1000);
}

static void retention_removes_the_oldest_by_number_size_and_age(void **state)
{
    static const struct {
        gbxi_retention keep;
        const char *removed;
    } table[] = {
        {{0}, ""},
        {{.keep_runs = 4}, ""},
        {{.keep_runs = 3}, "a"},
        {{.keep_runs = 1}, "abc"},
        {{.keep_bytes = 4000}, ""},
        {{.keep_bytes = 3999}, "a"},
        {{.keep_bytes = 1}, "abc"}, /* the newest stays */
        {{.keep_age_ns = UINT64_C(2500) * 1000000000}, "ab"},
        {{.keep_age_ns = UINT64_C(500) * 1000000000}, "abcd"},
        {{.keep_runs = 3, .keep_bytes = 2000}, "ab"},
    };

    plant_four(*state);
    for (size_t i = 0; i != sizeof(table) / sizeof(*table); ++i)
        assert_string_equal(remove_runs(*state, table[i].keep, true), table[i].removed);
    assert_int_equal(storing_entries(*state), 4);
    assert_string_equal(remove_runs(*state, (gbxi_retention){.keep_runs = 2}, false), "ab");
    assert_int_equal(storing_entries(*state), 2);
}

static const char *unlinked_last; /* the end of the name of that file */

int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_unlink(const char *path)
{
    int failure = __real_unlink(path);

    if (failure == 0)
        unlinked_last = strstr(path, ".live") != NULL ? ".live" : strstr(path, ".db-") != NULL ? ".db-" : ".db";
    return failure;
}

/* Whoever is killed meanwhile leaves a run to remove, and no files that belong to none. */
static void retention_removes_the_database_of_a_run_last(void **state)
{
    static const char *const suffixes[] = {"-wal", "-shm", "-journal"};
    char *path;

    plant_four(*state);
    for (size_t i = 0; i < 3; i++) {
        path = storing_path(*state, "20260101-000000-a0000000.db", suffixes[i]);
        fclose(fopen(path, "w"));
        free(path);
    }
    path = storing_path(*state, "20260101-000000-a0000000", ".live");
    fclose(fopen(path, "w"));
    free(path);
    assert_string_equal(remove_runs(*state, (gbxi_retention){.keep_runs = 3}, false), "a");
    assert_int_equal(storing_entries(*state), 3);
    assert_string_equal(unlinked_last, ".db");
}

static void retention_leaves_a_run_that_is_being_written(void **state)
{
    char *from, *to, *id;
    gbxi_run *run;
    gbxi_removed_run *removed;
    gbx_error error;
    size_t count;

    assert_int_equal(gbxi_run_create(*state, "test", "", &run, &error), GBX_ERR_OK);
    id = strdup(gbxi_run_id(run));
    /* It looks like the oldest. */
    plant_file(*state, "20990101-000000-f0000000", 1000, time(NULL));
    from = storing_path(*state, id, ".live");
    to = storing_path(*state, id, ".db");
    assert_int_equal(gbxi_retention_apply(*state, &(gbxi_retention){.keep_runs = 1}, false, &removed, &count, &error),
                     GBX_ERR_OK);
    assert_int_equal(count, 0);
    assert_int_equal(access(from, F_OK) | access(to, F_OK), 0);
    free(removed);
    assert_int_equal(gbxi_run_close(run, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_retention_apply(*state, &(gbxi_retention){.keep_runs = 1}, false, &removed, &count, &error),
                     GBX_ERR_OK);
    assert_int_equal(count, 1);
    assert_string_equal(removed[0].id, id);
    assert_true(removed[0].bytes > 4096);
    assert_int_equal(storing_entries(*state), 1);
    free(removed);
    free(from);
    free(to);
    free(id);
}

static void a_store_that_is_not_there_cannot_be_pruned(void **state)
{
    gbxi_removed_run *removed;
    gbx_error error;
    size_t count;

    (void)state;
    assert_int_equal(gbxi_retention_apply("/no/such", &(gbxi_retention){0}, false, &removed, &count, &error),
                     GBX_ERR_MISSING);
    assert_string_equal(error.text, "store /no/such: No such file or directory");
    free(removed);
}

int main(void)
{
#define IN_A_STORE(test) cmocka_unit_test_setup_teardown(test, begin_store, end_store)
    const struct CMUnitTest tests[] = {
        IN_A_STORE(retention_removes_the_oldest_by_number_size_and_age),
        IN_A_STORE(retention_leaves_a_run_that_is_being_written),
        IN_A_STORE(retention_removes_the_database_of_a_run_last),
        cmocka_unit_test(a_store_that_is_not_there_cannot_be_pruned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
