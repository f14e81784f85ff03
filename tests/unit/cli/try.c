/* SPDX-License-Identifier: MIT */
/* Owns the command, the files and the command lines for the tests of settings. */
#define _GNU_SOURCE
#include "try.h"
#include "cli/manual.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct values {
    const char *name;
    uint32_t count;
    bool loud, quiet;
    gbxi_value_list words;
    const char *left, *right;
};

static const gbxi_cli_option rows[] = {
    {"name", GBXI_TEXT(struct values, name), .max = 20, .value = "NAME", .text = "nobody", .help = "A name."},
    {"count", GBXI_NUMBER(struct values, count), .min = 1, .max = 99, .value = "N", .number = 7, .help = "A count."},
    {"loud", GBXI_FLAG(struct values, loud), .excludes = "quiet", .help = "Loud."},
    {"quiet", GBXI_FLAG(struct values, quiet), .help = "Quiet."},
    {"word", GBXI_LIST(struct values, words), .max = 3, .value = "WORD", .unset = "none", .help = "Words."},
    {"left", GBXI_FILE(struct values, left), .max = 20, .value = "FILE", .unset = "none", .needs = "right",
     .help = "Left."},
    {"right", GBXI_FILE(struct values, right), .max = 20, .value = "FILE", .unset = "none", .needs = "left",
     .help = "Right."},
};

static int run_nothing(const void *values)
{
    (void)values;
    return 0;
}

static const gbxi_command command = {.name = "try",
                                     .summary = "Try",
                                     .synopsis = {"[OPTION...]"},
                                     .description = "Tries.",
                                     GBXI_COMMAND_OPTIONS(rows, struct values),
                                     .configurable = true,
                                     .run = run_nothing};

static char directory[] = "/tmp/glassbox-settings-XXXXXX";
char try_file[64];

int try_set_up(void **state)
{
    (void)state;
    strcpy(directory + strlen(directory) - 6, "XXXXXX");
    if (mkdtemp(directory) == NULL)
        return -1;
    snprintf(try_file, sizeof(try_file), "%s/conf", directory);
    return 0;
}

int try_tear_down(void **state)
{
    (void)state;
    unlink(try_file);
    return rmdir(directory);
}

void try_write_file(const void *text, size_t length)
{
    FILE *out = fopen(try_file, "w");

    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, length, out), length);
    assert_int_equal(fclose(out), 0);
}

enum { WORDS_MAX = 16 };

/* Divides a line into words; an "@" in one stands for the file. The words stay until the second call after. */
static char **words_of(const char *line)
{
    static char store[2][WORDS_MAX][256];
    static char *pointers[2][WORDS_MAX + 1];
    static int turn;
    char copy[512], *next = copy, *word;
    int count = 0;

    turn = 1 - turn;
    snprintf(copy, sizeof(copy), "%s", line);
    while ((word = strsep(&next, " ")) != NULL && count < WORDS_MAX) {
        char *at = strchr(word, '@');

        if (at != NULL)
            snprintf(store[turn][count], sizeof(store[turn][count]), "%.*s%s", (int)(at - word), word, try_file);
        else
            snprintf(store[turn][count], sizeof(store[turn][count]), "%s", word);
        pointers[turn][count] = store[turn][count];
        count += word[0] != '\0';
    }
    pointers[turn][count] = NULL;
    return pointers[turn];
}

gbx_err try_read(gbxi_settings *settings, const char *line, const char *environment, gbx_error *error)
{
    char **argv = words_of(line), **variables = words_of(environment);
    int argc = 0;

    while (argv[argc] != NULL)
        argc++;
    memset(settings, 0xa5, sizeof(*settings));
    return gbxi_settings_read(settings, &command, argc, argv, variables, error);
}

/* What the three sources come to, as --print-config shows it; or the error. */
const char *try_outcome(const char *line, const char *environment)
{
    static char text[4096];
    gbxi_settings settings;
    gbx_error error = {0};
    char *shown = NULL;
    size_t length = 0;

    if (try_read(&settings, line, environment, &error) == GBX_ERR_OK) {
        FILE *out = open_memstream(&shown, &length);

        gbxi_settings_print(out, &settings, words_of(environment));
        fclose(out);
        snprintf(text, sizeof(text), "%s", shown);
        free(shown);
    } else {
        snprintf(text, sizeof(text), "%s", error.text);
    }
    gbxi_settings_fini(&settings);
    return text;
}

void try_shows(const char *line, const char *environment, const char *expected)
{
    const char *text = try_outcome(line, environment), *at = strstr(text, expected);
    size_t length = strlen(expected);

    if (at == NULL || (at != text && at[-1] != '\n') || at[length] != '\n')
        fail_msg("%s | %s: %s", line, environment, text);
}
