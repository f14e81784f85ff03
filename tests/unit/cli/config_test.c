/* SPDX-License-Identifier: MIT */
/* The syntax of configuration files: the settings of each line, and the line that an error names. */
#define _GNU_SOURCE
#include "cli/config.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

/* What was taken, as "LINE NAME=VALUE;" each. */
struct taken {
    char text[1024];
};

static gbx_err take_setting(void *context, unsigned line, const char *name, const char *value, gbx_error *error)
{
    struct taken *taken = context;
    size_t length = strlen(taken->text);

    if (strcmp(name, "bad") == 0)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "bad is bad");
    snprintf(taken->text + length, sizeof(taken->text) - length, "%u %s=%s;", line, name, value);
    return GBX_ERR_OK;
}

/* Parses a copy of exactly its size, so that a sanitizer sees what is read behind it. */
static gbx_err parse_text(const char *text, size_t length, struct taken *taken, gbx_error *error)
{
    char *copy = malloc(length + 1);
    gbx_err err;

    memcpy(copy, text, length);
    taken->text[0] = '\0';
    err = gbxi_config_parse(copy, length, "f", take_setting, taken, error);
    free(copy);
    return err;
}

static void a_line_is_empty_a_comment_or_a_setting(void **state)
{
    static const struct {
        const char *text, *taken;
    } cases[] = {
        {"", ""},
        {"\n", ""},
        {"# a = b\n  # c = d\n\t\n", ""},
        {"a = b", "1 a=b;"},
        {"a = b\n", "1 a=b;"},
        {"\n\na=b\n", "3 a=b;"},
        {" \ta\t=\tb c \t\n", "1 a=b c;"},
        {"a = b\r\nc = d\r\n", "1 a=b;2 c=d;"},
        {"\xef\xbb\xbf"
         "a = b\n",
         "1 a=b;"},
        {"a = b # comment\n", "1 a=b;"},
        {"a = b#c\n", "1 a=b#c;"},
        {"a = # nothing\n", "1 a=;"},
        {"a =# nothing\n", "1 a=# nothing;"},
        {"a =\n", "1 a=;"},
        {"a = b = c\n", "1 a=b = c;"},
        {"a = 1\na = 2\n", "1 a=1;2 a=2;"},
        {"a = \"b\"\n", "1 a=b;"},
        {"a = \" b # c \" # comment\n", "1 a= b # c ;"},
        {"a = \"b\"#comment\n", "1 a=b;"},
        {"a = \"\\\"\\\\\"\n", "1 a=\"\\;"},
        {"a = \"\"\n", "1 a=;"},
        {"a = b\"c\"\n", "1 a=b\"c\";"},
        {"a = \\\n", "1 a=\\;"},
        {"--a = b\n", "1 --a=b;"},
        {"a = \xff\n", "1 a=\xff;"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        gbx_error error = {0};
        struct taken taken;

        assert_int_equal(parse_text(cases[i].text, strlen(cases[i].text), &taken, &error), GBX_ERR_OK);
        assert_string_equal(taken.text, cases[i].taken);
    }
}

static void what_is_wrong_is_blamed_on_its_line(void **state)
{
#define TEXT(literal) literal, sizeof(literal) - 1
    static const struct {
        const char *text;
        size_t length;
        const char *sentence;
    } cases[] = {
        {TEXT("a"), "f:1: missing '=' after 'a'"},
        {TEXT("a = b\nc d = e\n"), "f:2: missing '=' after 'c'"},
        {TEXT("[serve]\n"), "f:1: missing '=' after '[serve]'"},
        {TEXT("= b\n"), "f:1: missing option name before '='"},
        {TEXT("a = \"b\n"), "f:1: missing closing quote"},
        {TEXT("a = \"b\\\""), "f:1: missing closing quote"},
        {TEXT("a = \"b\\"), "f:1: in quotes, a backslash may only precede a quote or another backslash"},
        {TEXT("a = \"\\n\"\n"), "f:1: in quotes, a backslash may only precede a quote or another backslash"},
        {TEXT("a = \"b\" c\n"), "f:1: unexpected text after the closing quote"},
        {TEXT("a = b\0c\n"), "f:1: the line contains a NUL byte (0x00)"},
        {TEXT("a = b\n\0"), "f:2: the line contains a NUL byte (0x00)"},
        {TEXT("# \0\n"), "f:1: the line contains a NUL byte (0x00)"},
        {TEXT("a = b\rc\n"), "f:1: the line contains a control character (0x0d)"},
        {TEXT("a = \x7f\n"), "f:1: the line contains a control character (0x7f)"},
        {TEXT("\xff\xfe"
              "a\0 \0"),
         "f:1: the line contains a NUL byte (0x00)"},
        {TEXT("a = b\n\n\nbad = 1\nc"), "f:4: bad is bad"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        gbx_error error = {0};
        struct taken taken;
        gbx_err err = parse_text(cases[i].text, cases[i].length, &taken, &error);

        assert_true(err == GBX_ERR_SYNTAX || err == GBX_ERR_ARGUMENT);
        assert_int_equal(error.code, err);
        assert_string_equal(error.text, cases[i].sentence);
    }
}

static void a_line_has_its_limit(void **state)
{
    static char text[GBXI_CONFIG_LINE_BYTES_MAX + 2];
    gbx_error error = {0};
    struct taken taken;

    (void)state;
    memset(text, 'x', sizeof(text));
    memcpy(text, "a = b # ", 8);
    text[GBXI_CONFIG_LINE_BYTES_MAX] = '\n';
    assert_int_equal(parse_text(text, sizeof(text) - 1, &taken, &error), GBX_ERR_OK);
    assert_string_equal(taken.text, "1 a=b;");
    text[GBXI_CONFIG_LINE_BYTES_MAX] = 'x';
    assert_int_equal(parse_text(text, sizeof(text) - 1, &taken, &error), GBX_ERR_SYNTAX);
    assert_string_equal(error.text, "f:1: a line may have at most 16384 bytes");
}

static void a_value_that_is_written_is_read_again(void **state)
{
    static const char *const values[] = {"a",   "a b", " a",   "a ",     "#a",      "a #b", "a#b", "\"",
                                         "a\"", "\\",  "\"\\", "\" #\\", "\\\" # ", "",     " ",   "a = b"};

    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        char *line = NULL, expected[64];
        size_t length;
        gbx_error error = {0};
        struct taken taken;
        FILE *out = open_memstream(&line, &length);

        fputs("v = ", out);
        gbxi_config_write_value(out, values[i]);
        fputs("   # from here\n", out);
        fclose(out);
        assert_int_equal(parse_text(line, length, &taken, &error), GBX_ERR_OK);
        snprintf(expected, sizeof(expected), "1 v=%s;", values[i]);
        assert_string_equal(taken.text, expected);
        free(line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_empty_a_comment_or_a_setting),
        cmocka_unit_test(what_is_wrong_is_blamed_on_its_line),
        cmocka_unit_test(a_line_has_its_limit),
        cmocka_unit_test(a_value_that_is_written_is_read_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
