/* SPDX-License-Identifier: MIT */
/* Owns writing options into an answer and describing them as a schema. */
#include "graph/options.h"
#include "json/copy.h"
#include <string.h>

/* Whether the option or one of its members has a value or a default. */
static bool is_shown(const gbxi_option *option, gbxi_json_value value)
{
    if (gbxi_json_typeof(value) != GBXI_JSON_ABSENT || option->fallback != NULL)
        return true;
    for (const gbxi_option *row = option->members; row != NULL && row->name != NULL; row++)
        if (is_shown(row, (gbxi_json_value){0}))
            return true;
    return false;
}

/* What follows `name` in a path: the path below a group, an empty text for the option itself, or NULL if the path leads
 * elsewhere. */
static const char *path_below(const char *path, const char *name)
{
    size_t length = strlen(name);

    if (path == NULL || strncmp(path, name, length) != 0 || (path[length] != '.' && path[length] != '\0'))
        return NULL;
    return path + length + (path[length] == '.');
}

void gbxi_options_write(const gbxi_option *table, gbxi_json_value given, gbxi_json_writer *out)
{
    gbxi_options_write_but(table, given, NULL, NULL, out);
}

void gbxi_options_write_but(const gbxi_option *table, gbxi_json_value given, const char *path, const char *fallback,
                            gbxi_json_writer *out)
{
    for (const gbxi_option *row = table; row != NULL && row->name != NULL; row++) {
        gbxi_json_value value = gbxi_json_member(given, row->name);
        const char *below = path_below(path, row->name);
        const char *own = below != NULL && below[0] == '\0' ? fallback : row->fallback;

        if (!is_shown(row, value))
            continue;
        gbxi_json_key_n(out, row->name, strlen(row->name));
        if (row->kind == GBXI_OPTION_KIND_GROUP) {
            gbxi_json_object_begin(out);
            gbxi_options_write_but(row->members, value, below, fallback, out);
            gbxi_json_object_end(out);
        } else if (gbxi_json_typeof(value) != GBXI_JSON_ABSENT) {
            gbxi_json_copy(out, value);
        } else {
            gbxi_json_raw(out, own, strlen(own));
        }
    }
}

static void describe_type(const char *type, gbxi_json_writer *out)
{
    gbxi_json_key(out, "type");
    gbxi_json_string_z(out, type);
}

static void describe_range(const gbxi_option *option, const char *min, const char *max, gbxi_json_writer *out)
{
    gbxi_json_key_n(out, min, strlen(min));
    gbxi_json_real(out, option->min);
    gbxi_json_key_n(out, max, strlen(max));
    gbxi_json_real(out, option->max);
}

static void describe_choices(const gbxi_option *option, gbxi_json_writer *out)
{
    gbxi_json_key(out, "enum");
    gbxi_json_array_begin(out);
    for (const char *const *choice = option->choices; *choice != NULL; choice++)
        gbxi_json_string_z(out, *choice);
    gbxi_json_array_end(out);
}

static void describe_list(const gbxi_option *option, const char *items, gbxi_json_writer *out)
{
    describe_type("array", out);
    gbxi_json_key(out, "items");
    gbxi_json_raw(out, items, strlen(items));
    describe_range(option, "minItems", "maxItems", out);
}

static void describe_members(const gbxi_option *table, gbxi_json_writer *out);

static void describe_kind(const gbxi_option *option, gbxi_json_writer *out)
{
    switch (option->kind) {
    case GBXI_OPTION_KIND_BOOL:
        describe_type("boolean", out);
        break;
    case GBXI_OPTION_KIND_INTEGER:
        describe_type("integer", out);
        describe_range(option, "minimum", "maximum", out);
        break;
    case GBXI_OPTION_KIND_NUMBER:
        describe_type("number", out);
        describe_range(option, "minimum", "maximum", out);
        break;
    case GBXI_OPTION_KIND_TEXT: /* min and max count bytes, which JSON Schema cannot express */
        describe_type("string", out);
        break;
    case GBXI_OPTION_KIND_COLOUR:
        describe_type("string", out);
        gbxi_json_key(out, "pattern");
        gbxi_json_string_z(out, "^#[0-9A-Fa-f]{6}$");
        break;
    case GBXI_OPTION_KIND_CHOICE:
        describe_choices(option, out);
        break;
    case GBXI_OPTION_KIND_TEXTS:
        describe_list(option, "{\"type\":\"string\"}", out);
        break;
    case GBXI_OPTION_KIND_IDS:
        describe_list(option, "{\"type\":[\"string\",\"number\"]}", out);
        break;
    case GBXI_OPTION_KIND_GROUP:
        describe_members(option->members, out);
        break;
    }
}

static void describe_members(const gbxi_option *table, gbxi_json_writer *out)
{
    describe_type("object", out);
    gbxi_json_key(out, "additionalProperties");
    gbxi_json_boolean(out, false);
    gbxi_json_key(out, "properties");
    gbxi_json_object_begin(out);
    for (const gbxi_option *row = table; row != NULL && row->name != NULL; row++) {
        gbxi_json_key_n(out, row->name, strlen(row->name));
        gbxi_json_object_begin(out);
        gbxi_json_key(out, "description");
        gbxi_json_string_z(out, row->description);
        describe_kind(row, out);
        if (row->fallback != NULL) {
            gbxi_json_key(out, "default");
            gbxi_json_raw(out, row->fallback, strlen(row->fallback));
        }
        gbxi_json_object_end(out);
    }
    gbxi_json_object_end(out);
}

void gbxi_options_describe(const gbxi_option *table, gbxi_json_writer *out)
{
    gbxi_json_object_begin(out);
    describe_members(table, out);
    gbxi_json_object_end(out);
}
