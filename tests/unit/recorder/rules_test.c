/* SPDX-License-Identifier: MIT */
/* Rules as people write them: every form, every limit, and every refusal. */
#include <glassbox/recorder.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MS UINT64_C(1000000)

typedef struct rules_row {
    const char *text;
    uint64_t slower_than_ns;
    uint32_t one_in;
    bool failed, first;
} rules_row;

static void reads_every_form(void **state)
{
    static const rules_row rows[] = {
        {"none", 0, 0, false, false},
        {"errors", 0, 0, true, false},
        {"first", 0, 0, false, true},
        {"all", 0, 1, false, false},
        {"1/1", 0, 1, false, false},
        {"1/1000", 0, 1000, false, false},
        {"1/0010", 0, 10, false, false},
        {"1/4294967295", 0, UINT32_MAX, false, false},
        {"slow=1us", 1000, 0, false, false},
        {"slow=100ms", 100 * MS, 0, false, false},
        {"slow=0100ms", 100 * MS, 0, false, false},
        {"slow=2s", 2000 * MS, 0, false, false},
        {"slow=86400s", 86400 * 1000 * MS, 0, false, false},
        {"slow=86400000ms", 86400 * 1000 * MS, 0, false, false},
        {"slow=86400000000us", 86400 * 1000 * MS, 0, false, false},
        {"slow=100ms,errors,1/1000,first", 100 * MS, 1000, true, true},
        {" slow=1ms, errors , first ", MS, 0, true, true},
        {"first,1/2,errors,slow=1s", 1000 * MS, 2, true, true},
        {"errors,errors,first,first", 0, 0, true, true},
        {"slow=1ms,1/2,slow=2ms,1/3", MS, 2, false, false}, /* the one that keeps more counts */
        {"slow=2ms,all,slow=1ms,1/3", MS, 1, false, false},
        {"1/3,all", 0, 1, false, false},
        {"1/7,all", 0, 1, false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        gbx_recorder_options options = {.size = sizeof(options), .slower_than_ns = 5, .one_in = 6, .failed = true};
        gbx_error error = {0};

        if (gbx_recorder_rules_read(rows[i].text, &options, &error) != GBX_ERR_OK)
            fail_msg("%s: %s", rows[i].text, error.text);
        if (options.slower_than_ns != rows[i].slower_than_ns || options.one_in != rows[i].one_in ||
            options.failed != rows[i].failed || options.first != rows[i].first)
            fail_msg("%s is read as something else", rows[i].text);
        assert_int_equal(error.code, GBX_ERR_OK);
    }
}

/* The text, and the part of it that is said to be no rule. */
typedef struct refusal_row {
    const char *text, *quoted;
} refusal_row;

static void check_refusal(const char *text, const char *sentence)
{
    const gbx_recorder_options before = {
        .size = sizeof(before), .slower_than_ns = 7, .one_in = 8, .failed = true, .queue_captures = 9};
    gbx_recorder_options options = before;
    gbx_error error = {0};

    assert_int_equal(gbx_recorder_rules_read(text, &options, &error), GBX_ERR_SYNTAX);
    assert_int_equal(error.code, GBX_ERR_SYNTAX);
    assert_string_equal(error.text, sentence);
    assert_string_equal(error.pointer, "");
    assert_memory_equal(&options, &before, sizeof(options));
    assert_int_equal(gbx_recorder_rules_read(text, &options, NULL), GBX_ERR_SYNTAX);
    assert_memory_equal(&options, &before, sizeof(options));
}

static void quotes_what_is_no_rule_and_changes_nothing(void **state)
{
    static const refusal_row rows[] = {
        {"", ""},
        {",", ""},
        {"errors,", ""},
        {",errors", ""},
        {"errors,,first", ""},
        {"first,teapot,1/0", "teapot"},
        {"first, teapot ,1/0", "teapot"},
        {" ", ""},
        {"err ors", "err ors"},
        {"Errors", "Errors"},
        {"error", "error"},
        {"errorss", "errorss"},
        {"1", "1"},
        {"1/", "1/"},
        {"1/0", "1/0"},
        {"2/3", "2/3"},
        {"1/-1", "1/-1"},
        {"1/+1", "1/+1"},
        {"1/ 1", "1/ 1"},
        {"1/1.5", "1/1.5"},
        {"1/1x", "1/1x"},
        {"1/4294967296", "1/4294967296"},
        {"1/99999999999999999999", "1/99999999999999999999"},
        {"slow", "slow"},
        {"slow=", "slow="},
        {"slow=ms", "slow=ms"},
        {"slow=s", "slow=s"},
        {"slow=100", "slow=100"},
        {"slow=100m", "slow=100m"},
        {"slow=100MS", "slow=100MS"},
        {"slow=100ns", "slow=100ns"},
        {"slow=1 s", "slow=1 s"},
        {"slow=1.5s", "slow=1.5s"},
        {"slow=-1s", "slow=-1s"},
        {"slow=0s", "slow=0s"},
        {"slow=000us", "slow=000us"},
        {"slow=86401s", "slow=86401s"},
        {"slow=86400001ms", "slow=86400001ms"},
        {"slow=86400000001us", "slow=86400000001us"},
        {"slow=18446744073709551617us", "slow=18446744073709551617us"},
        {"slow:100ms", "slow:100ms"},
        /* 40 bytes are quoted, or one character less. */
        {"0123456789012345678901234567890123456789x,y", "0123456789012345678901234567890123456789"},
        {"012345678901234567890123456789012345678\303\244", "012345678901234567890123456789012345678"},
    };
    char sentence[256];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        snprintf(sentence, sizeof(sentence), "'%s' is not a rule: slow=100ms, errors, 1/1000, all, first and none are",
                 rows[i].quoted);
        check_refusal(rows[i].text, sentence);
    }
}

static void none_stands_alone(void **state)
{
    static const char *const texts[] = {"none,none", "none,errors", "errors,none", "slow=1s,none,first", "all,none"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        check_refusal(texts[i], "'none' excludes every other rule");
}

static void leaves_other_members_alone(void **state)
{
    gbx_recorder_options options = {.size = sizeof(options), .queue_captures = 9, .max_captures = 8, .queue_bytes = 7};

    (void)state;
    assert_int_equal(gbx_recorder_rules_read("all", &options, NULL), GBX_ERR_OK);
    assert_int_equal(options.size, sizeof(options));
    assert_int_equal(options.queue_captures, 9);
    assert_int_equal(options.max_captures, 8);
    assert_int_equal(options.queue_bytes, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form),
        cmocka_unit_test(quotes_what_is_no_rule_and_changes_nothing),
        cmocka_unit_test(none_stands_alone),
        cmocka_unit_test(leaves_other_members_alone),
    };

    return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
