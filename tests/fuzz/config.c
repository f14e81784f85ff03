/* SPDX-License-Identifier: MIT */
/* Any configuration file: the settings of glassbox serve, printed as a file, give the same settings again; errors
 * name the line. */
#define _GNU_SOURCE
#include "cli/config.h"
#include "cli/manual.h"
#include "cli/settings_read.h"
#include "cli/value.h"
#include "fuzz.h"
#include <stdio.h>
#include <string.h>

static char *environment[] = {NULL};

static gbx_err set_option(void *context, unsigned line, const char *name, const char *value, gbx_error *error)
{
    gbxi_settings *settings = context;
    size_t index = gbxi_settings_find(settings, name, strlen(name));

    FUZZ_CHECK(name[0] != '\0' && strpbrk(name, " \t=") == NULL);
    if (index == SIZE_MAX)
        return gbxi_settings_refuse_name(settings, name, "", error);
    return gbxi_settings_set(settings, index, GBXI_FROM_FILE, line, value, name, error);
}

static void start_settings(gbxi_settings *settings)
{
    static char serve[] = "serve";
    char *argv[] = {serve, NULL};
    gbx_error error = {0};

    FUZZ_CHECK(gbxi_settings_read(settings, &gbxi_command_serve, 1, argv, environment, &error) == GBX_ERR_OK);
    settings->common.config = "f"; /* which --print-config names */
}

/* Sets what a copy of the text says; the copy lives as long as the settings. */
static gbx_err read_file(gbxi_settings *settings, const void *text, size_t size, gbx_error *error)
{
    char *copy;

    start_settings(settings);
    copy = gbxi_settings_keep(settings, size);
    FUZZ_CHECK(copy != NULL);
    memcpy(copy, text, size);
    return gbxi_config_parse(copy, size, "f", set_option, settings, error);
}

static void check_same_list(const gbxi_value_list *a, const gbxi_value_list *b)
{
    FUZZ_CHECK(a->count == b->count);
    for (size_t i = 0; i < a->count; i++)
        FUZZ_CHECK(strcmp(a->items[i], b->items[i]) == 0);
}

static void check_same(const gbxi_settings *a, const gbxi_settings *b)
{
    const gbxi_cli_option *option;

    for (size_t i = 0; (option = gbxi_command_option(a->command, i)) != NULL; i++) {
        char a_number[GBXI_VALUE_TEXT_SIZE], b_number[GBXI_VALUE_TEXT_SIZE];
        const char *a_text, *b_text;

        if (option->kind == GBXI_KIND_LIST) {
            check_same_list(gbxi_settings_field(a, i), gbxi_settings_field(b, i));
            continue;
        }
        if (option->scope != GBXI_SCOPE_EVERYWHERE)
            continue;
        a_text = gbxi_value_text(option, gbxi_settings_field(a, i), a_number);
        b_text = gbxi_value_text(option, gbxi_settings_field(b, i), b_number);
        FUZZ_CHECK((a_text == NULL) == (b_text == NULL));
        FUZZ_CHECK(a_text == NULL || strcmp(a_text, b_text) == 0);
    }
}

static void check_printed(const gbxi_settings *settings)
{
    gbxi_settings again;
    gbx_error error = {0};
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);

    FUZZ_CHECK(out != NULL);
    gbxi_settings_print(out, settings, environment);
    FUZZ_CHECK(fclose(out) == 0);
    FUZZ_CHECK(read_file(&again, text, length, &error) == GBX_ERR_OK);
    check_same(settings, &again);
    gbxi_settings_fini(&again);
    free(text);
}

static void check_refusal(const gbx_error *error, gbx_err err)
{
    FUZZ_CHECK(error->code == err && (err == GBX_ERR_SYNTAX || err == GBX_ERR_ARGUMENT));
    FUZZ_CHECK(memchr(error->text, '\0', sizeof(error->text)) != NULL);
    FUZZ_CHECK(strncmp(error->text, "f:", 2) == 0 && error->text[2] >= '1' && error->text[2] <= '9');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gbxi_settings settings;
    gbx_error error = {0};
    gbx_err err = read_file(&settings, data, size, &error);

    if (err == GBX_ERR_OK)
        check_printed(&settings);
    else
        check_refusal(&error, err);
    gbxi_settings_fini(&settings);
    return 0;
}
