/* SPDX-License-Identifier: MIT */
/* Values of every kind: conversion from text to field and back, and refusals. */
#include "cli/option_facts.h"
#include "cli/value.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

struct fields {
    bool flag, on;
    const char *text, *file;
    uint32_t number, seconds;
    size_t size;
    uint64_t duration, time;
    uint32_t choice;
    gbxi_value_list list;
};

static const gbxi_cli_option flag = {"flag", GBXI_FLAG(struct fields, flag), .help = ""};
static const gbxi_cli_option on = {"switch", GBXI_SWITCH(struct fields, on), .number = true};
static const gbxi_cli_option text = {"text", GBXI_TEXT(struct fields, text), .max = 5, .text = "here"};
static const gbxi_cli_option file = {"file", GBXI_FILE(struct fields, file), .max = 5, .unset = "none"};
static const gbxi_cli_option number = {"number", GBXI_NUMBER(struct fields, number), .min = 2, .max = UINT32_MAX,
                                       .number = 3};
static const gbxi_cli_option seconds = {"seconds", GBXI_SECONDS(struct fields, seconds), .min = 0, .max = 60,
                                        .number = 4};
static const gbxi_cli_option size = {"size", GBXI_SIZE(struct fields, size), .min = 1, .max = SIZE_MAX, .number = 1536};
static const gbxi_cli_option bounded = {"bounded", GBXI_SIZE(struct fields, size), .min = 1024, .max = 1 << 20};
static const gbxi_cli_option duration = {"duration", GBXI_DURATION(struct fields, duration), .min = 1, .max = 86400,
                                         .number = 90};
static const gbxi_cli_option list = {"list", GBXI_LIST(struct fields, list), .max = 2, .unset = "none"};

static const gbxi_cli_option some_time = {"time", GBXI_TIME(struct fields, time), .min = 1000, .max = 5000000000,
                                          .number = 2500000};
static const char *const fruits[] = {"apple", "pear", "fig", NULL};
static const gbxi_cli_option choice = {"choice", GBXI_CHOICE(struct fields, choice), .choices = fruits, .number = 1};

static const gbxi_cli_option needed = {"needed", GBXI_CHOICE(struct fields, choice), .choices = fruits,
                                       .required = true};

static void *field_in(struct fields *fields, const gbxi_cli_option *option)
{
    return (char *)fields + option->offset;
}

static void what_is_stored_comes_back_as_text(void **state)
{
    static const struct {
        const gbxi_cli_option *option;
        const char *written, *shown;
    } cases[] = {
        {&flag, "on", "on"},
        {&flag, "off", "off"},
        {&on, "on", "on"},
        {&on, "off", "off"},
        {&text, "abc d", "abc d"},
        {&text, "\xc3\xa4", "\xc3\xa4"},
        {&file, "/x", "/x"},
        {&number, "2", "2"},
        {&number, "4294967295", "4294967295"},
        {&number, "007", "7"},
        {&seconds, "0", "0"},
        {&seconds, "60", "60"},
        {&size, "1", "1"},
        {&size, "1023", "1023"},
        {&size, "2048", "2K"},
        {&size, "1024M", "1G"},
        {&size, "1025K", "1025K"},
        {&duration, "60s", "1m"},
        {&duration, "24h", "1d"},
        {&duration, "61s", "61s"},
        {&some_time, "1us", "1us"},
        {&some_time, "1500us", "1500us"},
        {&some_time, "2000ms", "2s"},
        {&some_time, "1001ns", "1001ns"},
        {&choice, "apple", "apple"},
        {&choice, "fig", "fig"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char shown[GBXI_VALUE_TEXT_SIZE];
        gbx_error error = {0};
        struct fields fields;
        void *field = field_in(&fields, cases[i].option);

        memset(&fields, 0, sizeof(fields));
        assert_int_equal(gbxi_value_store(cases[i].option, cases[i].written, "x", field, &error), GBX_ERR_OK);
        assert_string_equal(gbxi_value_text(cases[i].option, field, shown), cases[i].shown);
    }
}

static void defaults_are_those_of_the_row(void **state)
{
    static const struct {
        const gbxi_cli_option *option;
        const char *shown;
    } cases[] = {{&flag, "off"},  {&on, "on"},     {&text, "here"},    {&file, NULL},          {&number, "3"},
                 {&seconds, "4"}, {&size, "1536"}, {&duration, "90s"}, {&some_time, "2500us"}, {&choice, "pear"}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char shown[GBXI_VALUE_TEXT_SIZE];
        const char *value;
        struct fields fields;

        memset(&fields, 0xff, sizeof(fields));
        gbxi_value_store_default(cases[i].option, field_in(&fields, cases[i].option));
        value = gbxi_value_text(cases[i].option, field_in(&fields, cases[i].option), shown);
        if (cases[i].shown == NULL)
            assert_null(value);
        else
            assert_string_equal(value, cases[i].shown);
    }
}

static void what_is_refused_names_option_and_range_and_leaves_the_field_alone(void **state)
{
    static const struct {
        const gbxi_cli_option *option;
        const char *written, *sentence;
    } cases[] = {
        {&flag, "", "it takes on or off, not ''"},
        {&flag, "yes", "it takes on or off, not 'yes'"},
        {&on, "ON", "it takes on or off, not 'ON'"},
        {&text, "", "it must not be empty"},
        {&text, "123456", "it must not be longer than 5 bytes"},
        {&text, "a\tb", "it must not contain control characters"},
        {&file, "a\x7f", "it must not contain control characters"},
        {&file, "", "it must not be empty"},
        {&number, "", "it takes a number from 2 to 4294967295, not ''"},
        {&number, "1", "it takes a number from 2 to 4294967295, not '1'"},
        {&number, "4294967296", "it takes a number from 2 to 4294967295, not '4294967296'"},
        {&seconds, "61", "it takes a number of seconds from 0 to 60, not '61'"},
        {&size, "", "it takes a number of bytes, optionally with K, M or G, from 1, not ''"},
        {&bounded, "1M1", "it takes a number of bytes, optionally with K, M or G, from 1K to 1M, not '1M1'"},
        {&duration, "2d", "it takes a duration such as 30s, 10m, 12h or 7d, from 1s to 1d, not '2d'"},
        {&some_time, "5001ms", "it takes a time such as 250us, 100ms or 2s, from 1us to 5s, not '5001ms'"},
        {&some_time, "10", "it takes a time such as 250us, 100ms or 2s, from 1us to 5s, not '10'"},
        {&choice, "figs", "it takes apple, pear or fig, not 'figs'"},
        {&choice, "", "it takes apple, pear or fig, not ''"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        gbx_error error = {0};
        struct fields fields, before;
        void *field = field_in(&fields, cases[i].option);

        memset(&fields, 0x5a, sizeof(fields));
        memcpy(&before, &fields, sizeof(fields));
        assert_int_equal(gbxi_value_store(cases[i].option, cases[i].written, "it", field, &error), GBX_ERR_ARGUMENT);
        assert_string_equal(error.text, cases[i].sentence);
        assert_memory_equal(&fields, &before, sizeof(fields));
    }
}

static void an_error_repeats_no_more_of_a_value_than_a_line_has_room_for(void **state)
{
    char long_value[5000];
    gbx_error error = {0};
    uint32_t field = 0;

    (void)state;
    memset(long_value, '9', sizeof(long_value));
    long_value[sizeof(long_value) - 1] = '\0';
    assert_int_equal(gbxi_value_store(&number, long_value, "it", &field, &error), GBX_ERR_ARGUMENT);
    assert_true(strlen(error.text) < 200);
    assert_string_equal(error.text + strlen(error.text) - 2, "9'");
}

static void a_list_takes_as_many_as_its_row_says(void **state)
{
    gbxi_value_list field = {.count = 0};
    gbx_error error = {0};

    (void)state;
    assert_int_equal(gbxi_value_store(&list, "a", "it", &field, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_value_store(&list, "", "it", &field, &error), GBX_ERR_ARGUMENT);
    assert_string_equal(error.text, "it must not be empty");
    assert_int_equal(gbxi_value_store(&list, "b", "it", &field, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_value_store(&list, "c", "it", &field, &error), GBX_ERR_ARGUMENT);
    assert_string_equal(error.text, "it may be given at most 2 times");
    assert_int_equal(field.count, 2);
    assert_string_equal(field.items[0], "a");
    assert_string_equal(field.items[1], "b");
    assert_null(field.items[2]);
}

static void facts_tell_range_and_default(void **state)
{
    static const struct {
        const gbxi_cli_option *option;
        const char *facts;
    } cases[] = {{&flag, ""},
                 {&on, "default: on"},
                 {&text, "default: here"},
                 {&file, "default: none"},
                 {&number, "2 to 4294967295; default: 3"},
                 {&size, "a number of bytes from 1, optionally with K, M or G; default: 1536"},
                 {&duration, "1s to 1d; default: 90s"},
                 {&some_time, "1us to 5s; default: 2500us"},
                 {&choice, "apple, pear or fig; default: pear"},
                 {&needed, "apple, pear or fig"},
                 {&list, "may be given up to 2 times; default: none"}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char facts[GBXI_FACTS_SIZE];

        gbxi_cli_option_facts(cases[i].option, facts);
        assert_string_equal(facts, cases[i].facts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_stored_comes_back_as_text),
        cmocka_unit_test(defaults_are_those_of_the_row),
        cmocka_unit_test(what_is_refused_names_option_and_range_and_leaves_the_field_alone),
        cmocka_unit_test(an_error_repeats_no_more_of_a_value_than_a_line_has_room_for),
        cmocka_unit_test(a_list_takes_as_many_as_its_row_says),
        cmocka_unit_test(facts_tell_range_and_default),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
