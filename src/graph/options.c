/* SPDX-License-Identifier: MIT */
/* Owns checking and reading options. */
#include "graph/options.h"
#include "graph/fields.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static gbx_err refuse_type(const gbxi_option *option, gbxi_json_value value, const char *wanted,
                           const gbxi_json_pointer *at, gbx_error *error)
{
    return gbx_error_set(error, GBX_ERR_TYPE, at->text, "%s must be %s, not %s", option->name, wanted,
                         gbxi_json_type_name(gbxi_json_typeof(value)));
}

static gbx_err refuse_range(const gbxi_option *option, const char *what, const gbxi_json_pointer *at, gbx_error *error)
{
    return gbx_error_set(error, GBX_ERR_RANGE, at->text, "%s %s from %.15g to %.15g", option->name, what, option->min,
                         option->max);
}

static gbx_err check_integer(const gbxi_option *option, gbxi_json_value value, const gbxi_json_pointer *at,
                             gbx_error *error)
{
    double real = 0;

    if (gbxi_json_typeof(value) != GBXI_JSON_INTEGER && gbxi_json_typeof(value) != GBXI_JSON_DOUBLE)
        return refuse_type(option, value, "an integer", at, error);
    if (!gbxi_json_double(value, &real) || real < option->min || real > option->max || real != (double)(int64_t)real)
        return refuse_range(option, "must be an integer", at, error);
    return GBX_ERR_OK;
}

static gbx_err check_number(const gbxi_option *option, gbxi_json_value value, const gbxi_json_pointer *at,
                            gbx_error *error)
{
    double real;

    if (!gbxi_json_double(value, &real))
        return refuse_type(option, value, "a number", at, error);
    return real >= option->min && real <= option->max ? GBX_ERR_OK
                                                      : refuse_range(option, "must be a number", at, error);
}

static gbx_err check_text(const gbxi_option *option, gbxi_json_value value, const gbxi_json_pointer *at,
                          gbx_error *error)
{
    gbxi_json_string text;

    if (!gbxi_json_str(value, &text))
        return refuse_type(option, value, "a string", at, error);
    if ((double)text.length < option->min || (double)text.length > option->max)
        return refuse_range(option, "must have a length in bytes", at, error);
    return GBX_ERR_OK;
}

/* "#rrggbb" is the only colour syntax that Graphviz, browsers and all the libraries read alike. */
static gbx_err check_colour(const gbxi_option *option, gbxi_json_value value, const gbxi_json_pointer *at,
                            gbx_error *error)
{
    enum { LENGTH = 7 };
    gbxi_json_string text;
    bool good;

    if (!gbxi_json_str(value, &text))
        return refuse_type(option, value, "a string", at, error);
    good = text.length == LENGTH && text.at[0] == '#';
    for (size_t i = 1; good && i < LENGTH; i++)
        good = text.at[i] != '\0' && strchr("0123456789abcdefABCDEF", text.at[i]) != NULL;
    if (good)
        return GBX_ERR_OK;
    return gbx_error_set(error, GBX_ERR_RANGE, at->text, "%s must be a colour such as \"#1f77b4\"", option->name);
}

static gbx_err check_choice(const gbxi_option *option, gbxi_json_value value, const gbxi_json_pointer *at,
                            gbx_error *error)
{
    char known[200] = "";
    gbxi_json_string text;

    if (!gbxi_json_str(value, &text))
        return refuse_type(option, value, "a string", at, error);
    if (gbxi_view_is_among(text, option->choices))
        return GBX_ERR_OK;
    gbxi_fields_list_names(option->choices, known, sizeof(known));
    return gbx_error_set(error, GBX_ERR_RANGE, at->text, "%s must be one of: %s", option->name, known);
}

/* TEXTS and IDS. An id may be a number. */
static gbx_err check_list(const gbxi_option *option, gbxi_json_value value, const gbxi_json_pointer *at,
                          gbx_error *error)
{
    bool ids = option->kind == GBXI_OPTION_KIND_IDS;
    gbxi_json_iterator each = gbxi_json_each(value);
    size_t count = gbxi_json_count(value);

    if (gbxi_json_typeof(value) != GBXI_JSON_ARRAY)
        return refuse_type(option, value, ids ? "an array of ids" : "an array of strings", at, error);
    if ((double)count < option->min || (double)count > option->max)
        return refuse_range(option, ids ? "must have a number of ids" : "must have a number of strings", at, error);
    while (gbxi_json_next(&each)) {
        gbxi_json_type type = gbxi_json_typeof(each.value);
        gbxi_json_pointer here = *at;

        if (type == GBXI_JSON_STRING || (ids && (type == GBXI_JSON_INTEGER || type == GBXI_JSON_DOUBLE)))
            continue;
        gbxi_json_pointer_push_index(&here, each.index);
        return gbx_error_set(error, GBX_ERR_TYPE, here.text,
                             ids ? "an id must be a string or a number, not %s" : "expected a string, not %s",
                             gbxi_json_type_name(type));
    }
    return GBX_ERR_OK;
}

static gbx_err check_value(const gbxi_option *option, gbxi_json_value value, const gbxi_json_pointer *at,
                           gbx_error *error)
{
    switch (option->kind) {
    case GBXI_OPTION_KIND_BOOL:
        return gbxi_json_typeof(value) == GBXI_JSON_BOOL ? GBX_ERR_OK
                                                         : refuse_type(option, value, "true or false", at, error);
    case GBXI_OPTION_KIND_INTEGER:
        return check_integer(option, value, at, error);
    case GBXI_OPTION_KIND_NUMBER:
        return check_number(option, value, at, error);
    case GBXI_OPTION_KIND_TEXT:
        return check_text(option, value, at, error);
    case GBXI_OPTION_KIND_COLOUR:
        return check_colour(option, value, at, error);
    case GBXI_OPTION_KIND_CHOICE:
        return check_choice(option, value, at, error);
    case GBXI_OPTION_KIND_TEXTS:
    case GBXI_OPTION_KIND_IDS:
        return check_list(option, value, at, error);
    case GBXI_OPTION_KIND_GROUP:
        return gbxi_options_check(option->members, value, at, error);
    }
    return GBX_ERR_STATE;
}

gbx_err gbxi_options_check(const gbxi_option *table, gbxi_json_value given, const gbxi_json_pointer *at,
                           gbx_error *error)
{
    const char *known[GBXI_OPTION_ROWS_MAX + 1] = {NULL};
    size_t count = 0;
    gbx_err err;

    if (gbxi_json_typeof(given) == GBXI_JSON_ABSENT)
        return GBX_ERR_OK;
    for (const gbxi_option *row = table; row != NULL && row->name != NULL; row++) {
        assert(count < GBXI_OPTION_ROWS_MAX);
        known[count++] = row->name;
    }
    if ((err = gbxi_fields_check(given, at, known, error)) != GBX_ERR_OK)
        return err;
    for (size_t i = 0; i < count && err == GBX_ERR_OK; i++) {
        gbxi_json_value value = gbxi_json_member(given, known[i]);
        gbxi_json_pointer here = gbxi_pointer_to(at, known[i]);

        if (gbxi_json_typeof(value) != GBXI_JSON_ABSENT)
            err = check_value(&table[i], value, &here, error);
    }
    return err;
}

static const gbxi_option *row_of(const gbxi_option *table, const char *name)
{
    while (table->name != NULL && strcmp(table->name, name) != 0)
        ++table;
    assert(table->name != NULL && (table->fallback != NULL || table->kind == GBXI_OPTION_KIND_TEXT));
    return table;
}

bool gbxi_option_bool(const gbxi_option *table, gbxi_json_value given, const char *name)
{
    bool value = row_of(table, name)->fallback[0] == 't';

    gbxi_json_bool(gbxi_json_member(given, name), &value);
    return value;
}

bool gbxi_option_given_uint(gbxi_json_value given, const char *name, uint64_t *value)
{
    double real;

    if (!gbxi_json_double(gbxi_json_member(given, name), &real))
        return false;
    *value = (uint64_t)real;
    return true;
}

uint64_t gbxi_option_uint(const gbxi_option *table, gbxi_json_value given, const char *name)
{
    uint64_t value = strtoull(row_of(table, name)->fallback, NULL, 10);

    (void)gbxi_option_given_uint(given, name, &value);
    return value;
}

gbxi_json_string gbxi_option_text(const gbxi_option *table, gbxi_json_value given, const char *name)
{
    const char *fallback = row_of(table, name)->fallback;
    gbxi_json_string value = {"", 0};

    if (fallback != NULL) /* a quoted JSON string without escapes */
        value = (gbxi_json_string){fallback + 1, strlen(fallback) - 2};
    gbxi_json_str(gbxi_json_member(given, name), &value);
    return value;
}

size_t gbxi_option_choice(const gbxi_option *table, gbxi_json_value given, const char *name)
{
    const char *const *choices = row_of(table, name)->choices;
    gbxi_json_string value = gbxi_option_text(table, given, name);
    size_t i = 0;

    while (choices[i + 1] != NULL && !gbxi_view_is(value, choices[i]))
        ++i;
    return i;
}
