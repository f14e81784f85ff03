/* SPDX-License-Identifier: MIT */
/* The kinds of values: reading, storing and writing each. */
#include "cli/value.h"
#include "base/time.h"
#include "cli/size.h"
#include <stdio.h>
#include <string.h>

enum { SHOWN_MAX = 80 }; /* maximum number of bytes of a value that an error repeats */

static bool switch_parse(const char *text, uint64_t min, uint64_t max, uint64_t *number)
{
    (void)min;
    (void)max;
    *number = strcmp(text, "on") == 0;
    return *number == 1 || strcmp(text, "off") == 0;
}

static void switch_write(uint64_t number, char *text)
{
    strcpy(text, number != 0 ? "on" : "off");
}

static void number_write(uint64_t number, char *text)
{
    snprintf(text, GBXI_VALUE_TEXT_SIZE, "%llu", (unsigned long long)number);
}

/* Writes the number in the largest unit that divides it. */
static void unit_write(uint64_t number, const char *letters, const uint64_t *factors, size_t count, char *text)
{
    for (size_t i = 0; i < count; i++)
        if (number != 0 && number % factors[i] == 0) {
            snprintf(text, GBXI_VALUE_TEXT_SIZE, "%llu%c", (unsigned long long)(number / factors[i]), letters[i]);
            return;
        }
    number_write(number, text);
}

static void size_write(uint64_t number, char *text)
{
    static const uint64_t factors[] = {(uint64_t)1 << 30, (uint64_t)1 << 20, (uint64_t)1 << 10};

    unit_write(number, "GMK", factors, 3, text);
}

static void duration_write(uint64_t number, char *text)
{
    static const uint64_t factors[] = {86400, 3600, 60, 1};

    unit_write(number, "dhms", factors, 4, text);
}

static void time_write(uint64_t number, char *text)
{
    static const struct {
        uint64_t ns;
        const char *name;
    } units[] = {{GBXI_NS_PER_S, "s"}, {GBXI_NS_PER_MS, "ms"}, {1000, "us"}, {1, "ns"}};
    size_t unit = 0;

    while (number % units[unit].ns != 0 || (number == 0 && units[unit].ns != 1))
        unit++;
    snprintf(text, GBXI_VALUE_TEXT_SIZE, "%llu%s", (unsigned long long)(number / units[unit].ns), units[unit].name);
}

/* Reading and writing the kinds that are stored as numbers. The other kinds are texts. */
static const struct kind {
    bool (*parse)(const char *text, uint64_t min, uint64_t max, uint64_t *number);
    void (*write)(uint64_t number, char *text);
    const char *noun; /* description of valid values, for errors */
    size_t bytes;     /* size of the field */
} kinds[] = {
    [GBXI_KIND_FLAG] = {switch_parse, switch_write, "on or off", sizeof(bool)},
    [GBXI_KIND_SWITCH] = {switch_parse, switch_write, "on or off", sizeof(bool)},
    [GBXI_KIND_NUMBER] = {gbxi_number_parse, number_write, "a number", sizeof(uint32_t)},
    [GBXI_KIND_SECONDS] = {gbxi_number_parse, number_write, "a number of seconds", sizeof(uint32_t)},
    [GBXI_KIND_SIZE] = {gbxi_size_parse, size_write, "a number of bytes, optionally with K, M or G,", sizeof(size_t)},
    [GBXI_KIND_DURATION] = {gbxi_duration_parse, duration_write, "a duration such as 30s, 10m, 12h or 7d,",
                            sizeof(uint64_t)},
    [GBXI_KIND_TIME] = {gbxi_time_parse, time_write, "a time such as 250us, 100ms or 2s,", sizeof(uint64_t)},
    [GBXI_KIND_CHOICE] = {NULL, NULL, NULL, 0},
    [GBXI_KIND_LIST] = {NULL, NULL, NULL, 0},
};

static void number_store(size_t bytes, uint64_t number, void *field)
{
    if (bytes == sizeof(bool))
        *(bool *)field = number != 0;
    else if (bytes == sizeof(uint32_t))
        *(uint32_t *)field = (uint32_t)number;
    else
        *(uint64_t *)field = number;
}

static uint64_t number_load(size_t bytes, const void *field)
{
    if (bytes == sizeof(bool))
        return *(const bool *)field;
    return bytes == sizeof(uint32_t) ? *(const uint32_t *)field : *(const uint64_t *)field;
}

_Static_assert(sizeof(size_t) == sizeof(uint64_t) || sizeof(size_t) == sizeof(uint32_t), "a size is stored as one");

void gbxi_value_number_text(gbxi_cli_option_kind kind, uint64_t number, char text[static GBXI_VALUE_TEXT_SIZE])
{
    kinds[kind].write(number, text);
}

static gbx_err refuse_number(const gbxi_cli_option *option, const char *text, const char *subject, gbx_error *error)
{
    const char *noun = kinds[option->kind].noun;
    char min[GBXI_VALUE_TEXT_SIZE], max[GBXI_VALUE_TEXT_SIZE];

    kinds[option->kind].write(option->min, min);
    kinds[option->kind].write(option->max, max);
    if (kinds[option->kind].parse == switch_parse)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s takes %s, not '%.*s'", subject, noun, SHOWN_MAX, text);
    if (option->max == SIZE_MAX)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s takes %s from %s, not '%.*s'", subject, noun, min,
                             SHOWN_MAX, text);
    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s takes %s from %s to %s, not '%.*s'", subject, noun, min,
                         max, SHOWN_MAX, text);
}

static bool has_control_character(const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return true;
    return false;
}

/* Checks the rules for all texts, so that any text can be written in a configuration file, and that of the option. */
static gbx_err value_text_check(const gbxi_cli_option *option, const char *text, uint64_t max, const char *subject,
                                gbx_error *error)
{
    gbx_error refused = {0};

    if (text[0] == '\0')
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s must not be empty", subject);
    if (strlen(text) > max)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s must not be longer than %llu bytes", subject,
                             (unsigned long long)max);
    if (has_control_character(text))
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s must not contain control characters", subject);
    if (option->accepts != NULL && !option->accepts(text))
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s takes %s, not '%.*s'", subject, option->accepted,
                             SHOWN_MAX, text);
    if (option->check != NULL && option->check(text, &refused) != GBX_ERR_OK)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s: %s", subject, refused.text);
    return GBX_ERR_OK;
}

void gbxi_value_choices_text(const gbxi_cli_option *option, char *text, size_t size)
{
    size_t length = 0;

    text[0] = '\0';
    for (const char *const *name = option->choices; *name != NULL && length < size; name++)
        length += (size_t)snprintf(text + length, size - length, "%s%s",
                                   name == option->choices ? ""
                                   : name[1] == NULL       ? " or "
                                                           : ", ",
                                   *name);
}

static gbx_err refuse_choice(const gbxi_cli_option *option, const char *text, const char *subject, gbx_error *error)
{
    char names[GBXI_CHOICES_SIZE];

    gbxi_value_choices_text(option, names, sizeof(names));
    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s takes %s, not '%.*s'", subject, names, SHOWN_MAX, text);
}

static gbx_err choice_store(const gbxi_cli_option *option, const char *text, const char *subject, uint32_t *field,
                            gbx_error *error)
{
    for (uint32_t i = 0; option->choices[i] != NULL; i++)
        if (strcmp(option->choices[i], text) == 0) {
            *field = i;
            return GBX_ERR_OK;
        }
    return refuse_choice(option, text, subject, error);
}

static gbx_err list_store(const gbxi_cli_option *option, const char *text, const char *subject, gbxi_value_list *list,
                          gbx_error *error)
{
    gbx_err err =
        value_text_check(option, text, option->text_max != 0 ? option->text_max : GBXI_LIST_TEXT_MAX, subject, error);

    if (err != GBX_ERR_OK)
        return err;
    if (list->count == option->max)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s may be given at most %llu times", subject,
                             (unsigned long long)option->max);
    list->items[list->count++] = text;
    list->items[list->count] = NULL;
    return GBX_ERR_OK;
}

gbx_err gbxi_value_store(const gbxi_cli_option *option, const char *text, const char *subject, void *field,
                         gbx_error *error)
{
    const struct kind *kind = &kinds[option->kind];
    uint64_t number;
    gbx_err err;

    if (option->kind == GBXI_KIND_LIST)
        return list_store(option, text, subject, field, error);
    if (option->kind == GBXI_KIND_CHOICE)
        return choice_store(option, text, subject, field, error);
    if (kind->parse == NULL) {
        if ((err = value_text_check(option, text, option->max, subject, error)) == GBX_ERR_OK)
            *(const char **)field = text;
        return err;
    }
    if (!kind->parse(text, option->min, option->max, &number))
        return refuse_number(option, text, subject, error);
    number_store(kind->bytes, number, field);
    return GBX_ERR_OK;
}

void gbxi_value_store_default(const gbxi_cli_option *option, void *field)
{
    if (kinds[option->kind].parse != NULL)
        number_store(kinds[option->kind].bytes, option->number, field);
    else if (option->kind == GBXI_KIND_CHOICE)
        *(uint32_t *)field = (uint32_t)option->number;
    else if (option->kind != GBXI_KIND_LIST)
        *(const char **)field = option->text;
}

const char *gbxi_value_text(const gbxi_cli_option *option, const void *field, char text[static GBXI_VALUE_TEXT_SIZE])
{
    const struct kind *kind = &kinds[option->kind];

    if (option->kind == GBXI_KIND_CHOICE)
        return option->choices[*(const uint32_t *)field];
    if (kind->parse == NULL)
        return *(const char *const *)field;
    gbxi_value_number_text(option->kind, number_load(kind->bytes, field), text);
    return text;
}
