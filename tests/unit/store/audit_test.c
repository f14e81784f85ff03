/* SPDX-License-Identifier: MIT */
/* Who did what: records are stored together, found by time, key and action, in pages, and forgotten when there are too
 * many. */
#define _GNU_SOURCE
#include "base/time.h"
#include "store/audit.h"
#include "store/beside.h"
#include "storing.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char listed[8192]; /* the records of a list, "ID action result key subject" each */
static uint64_t last_id;
static size_t listed_count;

static bool list_one(void *context, const gbxi_audit_record *record)
{
    size_t length = strlen(listed);

    (void)context;
    last_id = record->id;
    listed_count++;
    snprintf(listed + length, sizeof(listed) - length, "%llu %s %s %s %s\n", (unsigned long long)record->id,
             gbxi_audit_action_name(record->action), gbxi_audit_result_name(record->result), record->key,
             record->subject);
    return true;
}

static bool stop_at_first(void *context, const gbxi_audit_record *record)
{
    (void)list_one(context, record);
    return false;
}

static const char *list(gbxi_audit *audit, gbxi_audit_filter filter)
{
    gbx_error error;

    listed[0] = '\0';
    listed_count = 0;
    assert_int_equal(gbxi_audit_list(audit, &filter, list_one, NULL, &error), GBX_ERR_OK);
    return listed;
}

static gbxi_audit *open_audit(const char *directory)
{
    gbxi_audit *audit;
    gbx_error error;

    assert_int_equal(gbxi_audit_open(directory, &audit, &error), GBX_ERR_OK);
    return audit;
}

static gbxi_audit_record make(int64_t at_unix_ns, gbxi_audit_action action, gbxi_audit_result result, const char *key,
                              const char *subject)
{
    gbxi_audit_record record;

    gbxi_audit_record_make(&record, action, result, key, subject);
    record.at_unix_ns = at_unix_ns;
    return record;
}

static void add(gbxi_audit *audit, const gbxi_audit_record *records, size_t count)
{
    gbx_error error;

    assert_int_equal(gbxi_audit_add(audit, records, count, &error), GBX_ERR_OK);
}

static void add_four(gbxi_audit *audit)
{
    const gbxi_audit_record records[] = {
        make(100, GBXI_AUDIT_CAPTURE, GBXI_AUDIT_IS_DONE, "k1", "/graph"),
        make(200, GBXI_AUDIT_REPLAY, GBXI_AUDIT_IS_REFUSED, "k2", "7"),
        make(300, GBXI_AUDIT_CAPTURE, GBXI_AUDIT_IS_FAILED, "k2", "/graph"),
        make(400, GBXI_AUDIT_SWITCH, GBXI_AUDIT_IS_DONE, "", "off"),
    };

    add(audit, records, 4);
}

static void records_are_found_by_what_is_asked(void **state)
{
    gbxi_audit *audit = open_audit(*state);

    add_four(audit);
    gbxi_audit_close(audit);
    audit = open_audit(*state);
    assert_string_equal(list(audit, (gbxi_audit_filter){0}), "4 switch done  off\n3 capture failed k2 /graph\n"
                                                             "2 replay refused k2 7\n1 capture done k1 /graph\n");
    assert_string_equal(list(audit, (gbxi_audit_filter){.key = "k1"}), "1 capture done k1 /graph\n");
    assert_string_equal(list(audit, (gbxi_audit_filter){.key = ""}), "4 switch done  off\n");
    assert_string_equal(list(audit, (gbxi_audit_filter){.action = GBXI_AUDIT_CAPTURE + 1, .key = "k2"}),
                        "3 capture failed k2 /graph\n");
    assert_string_equal(list(audit, (gbxi_audit_filter){.since_unix_ns = 200, .until_unix_ns = 300}),
                        "2 replay refused k2 7\n");
    assert_string_equal(list(audit, (gbxi_audit_filter){.before_id = 3, .limit = 1}), "2 replay refused k2 7\n");
    assert_string_equal(list(audit, (gbxi_audit_filter){.before_id = 1}), "");
    gbxi_audit_close(audit);
}

static void a_list_ends_when_its_user_says_so(void **state)
{
    gbxi_audit *audit = open_audit(NULL);
    gbx_error error;

    (void)state;
    add_four(audit);
    listed[0] = '\0';
    assert_int_equal(gbxi_audit_list(audit, &(gbxi_audit_filter){0}, stop_at_first, NULL, &error), GBX_ERR_OK);
    assert_string_equal(listed, "4 switch done  off\n");
    gbxi_audit_close(audit);
}

static void too_many_records_push_out_the_oldest(void **state)
{
    enum { EXTRA = 500, TOGETHER = 20100 };
    gbxi_audit *audit = open_audit(NULL);
    gbxi_audit_record *records = calloc(TOGETHER, sizeof(*records));

    (void)state;
    assert_non_null(records);
    for (int i = 0; i < TOGETHER; i++)
        records[i] = make(i, GBXI_AUDIT_READ, GBXI_AUDIT_IS_DONE, "k", "t");
    for (int i = 0; i < 5; i++)
        add(audit, records, TOGETHER);
    (void)list(audit, (gbxi_audit_filter){0});
    assert_int_equal(listed_count, GBXI_AUDIT_RECORDS_MAX);
    assert_int_equal(last_id, EXTRA + 1);
    free(records);
    gbxi_audit_close(audit);
}

static void long_texts_are_cut_at_a_whole_character(void **state)
{
    char key[GBXI_AUDIT_KEY_BYTES + 2];
    gbxi_audit_record record;

    (void)state;
    memset(key, 'k', sizeof(key));
    memcpy(key + GBXI_AUDIT_KEY_BYTES - 2, "\303\244", 3);
    gbxi_audit_record_make(&record, GBXI_AUDIT_READ, GBXI_AUDIT_IS_DONE, key, "");
    assert_int_equal(strlen(record.key), GBXI_AUDIT_KEY_BYTES - 2);
    assert_true(record.at_unix_ns > 0);
}

/* A limit on the size of files is what a full disk is. */
static void what_cannot_be_stored_is_told_and_leaves_nothing(void **state)
{
    gbxi_audit *audit = open_audit(*state);
    gbxi_audit_record record = make(1, GBXI_AUDIT_READ, GBXI_AUDIT_IS_DONE, "k", "t");
    gbx_error error;

    storing_limit_files(4096);
    assert_int_equal(gbxi_audit_add(audit, &record, 1, &error), GBX_ERR_IO);
    assert_non_null(strstr(error.text, "audit: "));
    storing_limit_files(RLIM_INFINITY);
    assert_string_equal(list(audit, (gbxi_audit_filter){0}), "");
    add_four(audit);
    (void)list(audit, (gbxi_audit_filter){0});
    assert_int_equal(listed_count, 4);
    gbxi_audit_close(audit);
}

static void two_processes_write_one_file(void **state)
{
    gbxi_audit *one = open_audit(*state), *two = open_audit(*state);

    add_four(one);
    add_four(two);
    (void)list(one, (gbxi_audit_filter){0});
    assert_int_equal(listed_count, 8);
    gbxi_audit_close(one);
    gbxi_audit_close(two);
}

static void the_file_is_its_owners_alone_and_no_other_is_taken_for_it(void **state)
{
    char *path = storing_path(*state, "audit", ".db");
    gbxi_database *database;
    struct stat status;
    gbxi_audit *audit;
    gbx_error error;

    assert_int_equal(gbxi_beside_open(*state, &gbxi_layout_audit, GBXI_BESIDE_WATCH, &database, &error),
                     GBX_ERR_MISSING);
    assert_non_null(strstr(error.text, "it has no audit"));
    assert_null(database);
    gbxi_audit_close(open_audit(*state));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(gbxi_beside_open(*state, &gbxi_layout_audit, GBXI_BESIDE_WATCH, &database, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_database_execute(database, "PRAGMA application_id=7", &error), GBX_ERR_OK);
    gbxi_database_close(database);
    assert_int_equal(gbxi_audit_open(*state, &audit, &error), GBX_ERR_UNKNOWN);
    assert_string_equal(error.text, "audit: it is no audit, but another database");
    assert_null(audit);
    free(path);
}

/* A process that is killed while it makes the file leaves one without tables. */
static void a_file_without_tables_gets_them(void **state)
{
    char *path = storing_path(*state, "audit", ".db");
    gbxi_audit *audit;

    assert_int_equal(truncate(path, 0), -1);
    fclose(fopen(path, "w"));
    audit = open_audit(*state);
    add_four(audit);
    gbxi_audit_close(audit);
    free(path);
}

static void actions_have_names(void **state)
{
    gbxi_audit_action action;

    (void)state;
    assert_true(gbxi_audit_action_read("switch", &action));
    assert_int_equal(action, GBXI_AUDIT_SWITCH);
    assert_false(gbxi_audit_action_read("Switch", &action));
    assert_false(gbxi_audit_action_read("", &action));
}

static int begin(void **state)
{
    *state = storing_begin();
    return 0;
}

static int end(void **state)
{
    storing_limit_files(RLIM_INFINITY);
    storing_end(*state);
    return 0;
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(records_are_found_by_what_is_asked),
        TEST(a_list_ends_when_its_user_says_so),
        TEST(too_many_records_push_out_the_oldest),
        TEST(long_texts_are_cut_at_a_whole_character),
        TEST(what_cannot_be_stored_is_told_and_leaves_nothing),
        TEST(two_processes_write_one_file),
        TEST(the_file_is_its_owners_alone_and_no_other_is_taken_for_it),
        TEST(a_file_without_tables_gets_them),
        TEST(actions_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
