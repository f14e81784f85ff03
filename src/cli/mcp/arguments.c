/* SPDX-License-Identifier: MIT */
/* Reads the arguments of tools, and describes them. */
#include "cli/mcp/arguments.h"
#include "base/suggest.h"
#include "cli/option_facts.h"
#include "cli/value.h"
#include "json/quote.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* The name of an argument: that of the row, with _ for each -. */
static const char *argument_name(const gbxi_cli_option *row, char name[static GBXI_NAME_SIZE])
{
    snprintf(name, GBXI_NAME_SIZE, "%s", row->name);
    for (char *at = name; *at != '\0'; at++)
        if (*at == '-')
            *at = '_';
    return name;
}

static bool is_flag(const gbxi_cli_option *row)
{
    return row->kind == GBXI_KIND_FLAG || row->kind == GBXI_KIND_SWITCH;
}

static bool is_integer(const gbxi_cli_option *row)
{
    return row->kind == GBXI_KIND_NUMBER || row->kind == GBXI_KIND_SECONDS;
}

static const char *argument_type(const gbxi_cli_option *row)
{
    return is_flag(row) ? "boolean" : is_integer(row) ? "integer" : "string";
}

static void write_bounds(gbxi_json_writer *writer, const gbxi_cli_option *row)
{
    if (is_integer(row)) {
        gbxi_json_key(writer, "minimum");
        gbxi_json_uint(writer, row->min);
        gbxi_json_key(writer, "maximum");
        gbxi_json_uint(writer, row->max);
    } else if (row->kind == GBXI_KIND_CHOICE) {
        gbxi_json_key(writer, "enum");
        gbxi_json_array_begin(writer);
        for (size_t i = 0; row->choices[i] != NULL; i++)
            gbxi_json_string_z(writer, row->choices[i]);
        gbxi_json_array_end(writer);
    } else if (row->kind == GBXI_KIND_TEXT) {
        gbxi_json_key(writer, "minLength");
        gbxi_json_uint(writer, 1);
        gbxi_json_key(writer, "maxLength");
        gbxi_json_uint(writer, row->max);
    }
}

static void write_argument(gbxi_json_writer *writer, const gbxi_cli_option *row)
{
    char facts[GBXI_FACTS_SIZE], text[512], name[GBXI_NAME_SIZE];

    gbxi_cli_option_facts(row, facts);
    snprintf(text, sizeof(text), facts[0] != '\0' ? "%s (%s)" : "%s", row->help, facts);
    gbxi_json_key_n(writer, argument_name(row, name), strlen(row->name));
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "type");
    gbxi_json_string_z(writer, argument_type(row));
    gbxi_json_key(writer, "description");
    gbxi_json_string_z(writer, text);
    write_bounds(writer, row);
    gbxi_json_object_end(writer);
}

static void write_required(gbxi_json_writer *writer, const gbxi_mcp_tool *tool)
{
    char name[GBXI_NAME_SIZE];

    gbxi_json_key(writer, "required");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < tool->argument_count; i++)
        if (tool->arguments[i].required)
            gbxi_json_string_z(writer, argument_name(&tool->arguments[i], name));
    gbxi_json_array_end(writer);
}

void gbxi_mcp_arguments_schema(gbxi_json_writer *writer, const gbxi_mcp_tool *tool)
{
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "type");
    gbxi_json_string_z(writer, "object");
    gbxi_json_key(writer, "properties");
    gbxi_json_object_begin(writer);
    for (size_t i = 0; i < tool->argument_count; i++)
        write_argument(writer, &tool->arguments[i]);
    gbxi_json_object_end(writer);
    write_required(writer, tool);
    gbxi_json_key(writer, "additionalProperties");
    gbxi_json_boolean(writer, false);
    gbxi_json_object_end(writer);
}

static size_t find_argument(const gbxi_mcp_tool *tool, gbxi_json_string key)
{
    char name[GBXI_NAME_SIZE];

    for (size_t i = 0; i < tool->argument_count; i++)
        if (gbxi_view_is(key, argument_name(&tool->arguments[i], name)))
            return i;
    return SIZE_MAX;
}

static gbx_err refuse_argument(const gbxi_mcp_tool *tool, gbxi_json_string key, gbx_error *error)
{
    const gbxi_quote written = gbxi_quoted(key);
    gbxi_suggestion suggestion = gbxi_suggestion_for(written.text);
    char names[GBXI_MCP_ARGUMENTS_MAX][GBXI_NAME_SIZE];

    for (size_t i = 0; i < tool->argument_count; i++)
        gbxi_suggestion_offer(&suggestion, argument_name(&tool->arguments[i], names[i]));
    if (suggestion.nearest != NULL)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s has no argument '%s'; did you mean '%s'?", tool->name,
                             written.text, suggestion.nearest);
    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s has no argument '%s'; tools/list describes those it has",
                         tool->name, written.text);
}

static gbx_err refuse_argument_type(const gbxi_cli_option *row, gbxi_json_value value, gbx_error *error)
{
    char name[GBXI_NAME_SIZE];

    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s must be of type %s, not %s", argument_name(row, name),
                         argument_type(row), gbxi_json_type_name(gbxi_json_typeof(value)));
}

/* A text with a NUL would end there. */
static bool argument_has_nul(gbxi_json_value value)
{
    gbxi_json_string text = {0};

    return gbxi_json_str(value, &text) && text.length > 0 && memchr(text.at, '\0', text.length) != NULL;
}

static char *copied_text(const char *text, size_t length)
{
    char *copy = malloc(length + 1);

    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

/* The value as the text that a command line would have: also of numbers and flags in quotes, which models write. */
static char *argument_text(gbxi_json_value value)
{
    gbxi_json_string text = {0};
    char digits[GBXI_JSON_DIGITS_MAX + 1] = "";
    bool truth = false;
    uint64_t number = 0;
    int64_t below_zero = 0;

    if (gbxi_json_str(value, &text))
        return copied_text(text.at, text.length);
    if (gbxi_json_bool(value, &truth))
        return truth ? copied_text("on", 2) : copied_text("off", 3);
    if (gbxi_json_uint64(value, &number))
        snprintf(digits, sizeof(digits), "%" PRIu64, number);
    else if (gbxi_json_int64(value, &below_zero))
        snprintf(digits, sizeof(digits), "%" PRId64, below_zero);
    return copied_text(digits, strlen(digits));
}

/* Whether a row takes a value of that type. */
static bool takes_type(const gbxi_cli_option *row, gbxi_json_value value)
{
    gbxi_json_type type = gbxi_json_typeof(value);

    return type == GBXI_JSON_STRING || (type == GBXI_JSON_BOOL && is_flag(row)) ||
           (type == GBXI_JSON_INTEGER && !is_flag(row));
}

static gbx_err read_argument(gbxi_mcp_arguments *arguments, const gbxi_mcp_tool *tool, size_t index,
                             gbxi_json_value value, gbx_error *error)
{
    const gbxi_cli_option *row = &tool->arguments[index];
    char name[GBXI_NAME_SIZE], *text;

    if (gbxi_json_typeof(value) == GBXI_JSON_NULL)
        return GBX_ERR_OK;
    if (arguments->texts[index] != NULL)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s is given twice", argument_name(row, name));
    if (!takes_type(row, value))
        return refuse_argument_type(row, value, error);
    if (argument_has_nul(value))
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s must not contain NUL", argument_name(row, name));
    if ((text = argument_text(value)) == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    arguments->texts[index] = text;
    if (is_flag(row))
        text = strcmp(text, "true") == 0 ? "on" : strcmp(text, "false") == 0 ? "off" : text;
    return gbxi_value_store(row, text, argument_name(row, name), arguments->values + row->offset, error);
}

static gbx_err check_required(const gbxi_mcp_arguments *arguments, const gbxi_mcp_tool *tool, gbx_error *error)
{
    char name[GBXI_NAME_SIZE];

    for (size_t i = 0; i < tool->argument_count; i++)
        if (tool->arguments[i].required && arguments->texts[i] == NULL)
            return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s is missing",
                                 argument_name(&tool->arguments[i], name));
    return GBX_ERR_OK;
}

gbx_err gbxi_mcp_arguments_read(gbxi_mcp_arguments *arguments, const gbxi_mcp_tool *tool, gbxi_json_value object,
                                gbx_error *error)
{
    gbxi_json_iterator each = gbxi_json_each(object);
    gbx_err err = GBX_ERR_OK;

    *arguments = (gbxi_mcp_arguments){0};
    for (size_t i = 0; i < tool->argument_count; i++)
        gbxi_value_store_default(&tool->arguments[i], arguments->values + tool->arguments[i].offset);
    while (err == GBX_ERR_OK && gbxi_json_next(&each)) {
        size_t index = find_argument(tool, each.key);

        err = index == SIZE_MAX ? refuse_argument(tool, each.key, error)
                                : read_argument(arguments, tool, index, each.value, error);
    }
    return err == GBX_ERR_OK ? check_required(arguments, tool, error) : err;
}

void gbxi_mcp_arguments_fini(gbxi_mcp_arguments *arguments)
{
    for (size_t i = 0; i < GBXI_MCP_ARGUMENTS_MAX; i++)
        free(arguments->texts[i]);
}
