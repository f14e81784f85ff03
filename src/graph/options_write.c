/* SPDX-License-Identifier: MIT */
/* Owns how options are written: into an answer, and as the schema that tells of them. */
#include "graph/options.h"
#include "json/copy.h"
#include <string.h>

/* Whether there is anything to write of it. */
static bool is_shown(const gbx__option *option, gbx_json_value value)
{
    if (gbx_json_typeof(value) != GBX_JSON_ABSENT || option->fallback != NULL)
        return true;
    for (const gbx__option *row = option->members; row != NULL && row->name != NULL; ++row)
        if (is_shown(row, (gbx_json_value){0}))
            return true;
    return false;
}

void gbx__options_write(const gbx__option *table, gbx_json_value given, gbx_json_writer *out)
{
    for (const gbx__option *row = table; row != NULL && row->name != NULL; ++row) {
        gbx_json_value value = gbx_json_member(given, row->name);

        if (!is_shown(row, value))
            continue;
        gbx_json_key_n(out, row->name, strlen(row->name));
        if (row->kind == GBX__OPTION_KIND_GROUP) {
            gbx_json_object_begin(out);
            gbx__options_write(row->members, value, out);
            gbx_json_object_end(out);
        } else if (gbx_json_typeof(value) != GBX_JSON_ABSENT) {
            gbx_json_copy(out, value);
        } else {
            gbx_json_raw(out, row->fallback, strlen(row->fallback));
        }
    }
}

static void describe_type(const char *type, gbx_json_writer *out)
{
    gbx_json_key(out, "type");
    gbx_json_string_z(out, type);
}

static void describe_range(const gbx__option *option, const char *min, const char *max, gbx_json_writer *out)
{
    gbx_json_key_n(out, min, strlen(min));
    gbx_json_real(out, option->min);
    gbx_json_key_n(out, max, strlen(max));
    gbx_json_real(out, option->max);
}

static void describe_choices(const gbx__option *option, gbx_json_writer *out)
{
    gbx_json_key(out, "enum");
    gbx_json_array_begin(out);
    for (const char *const *choice = option->choices; *choice != NULL; ++choice)
        gbx_json_string_z(out, *choice);
    gbx_json_array_end(out);
}

static void describe_list(const gbx__option *option, const char *items, gbx_json_writer *out)
{
    describe_type("array", out);
    gbx_json_key(out, "items");
    gbx_json_raw(out, items, strlen(items));
    describe_range(option, "minItems", "maxItems", out);
}

static void describe_members(const gbx__option *table, gbx_json_writer *out);

static void describe_kind(const gbx__option *option, gbx_json_writer *out)
{
    switch (option->kind) {
    case GBX__OPTION_KIND_BOOL:
        describe_type("boolean", out);
        break;
    case GBX__OPTION_KIND_INTEGER:
        describe_type("integer", out);
        describe_range(option, "minimum", "maximum", out);
        break;
    case GBX__OPTION_KIND_NUMBER:
        describe_type("number", out);
        describe_range(option, "minimum", "maximum", out);
        break;
    case GBX__OPTION_KIND_TEXT: /* its bounds are bytes, which a schema cannot say */
        describe_type("string", out);
        break;
    case GBX__OPTION_KIND_COLOUR:
        describe_type("string", out);
        gbx_json_key(out, "pattern");
        gbx_json_string_z(out, "^#[0-9A-Fa-f]{6}$");
        break;
    case GBX__OPTION_KIND_CHOICE:
        describe_choices(option, out);
        break;
    case GBX__OPTION_KIND_TEXTS:
        describe_list(option, "{\"type\":\"string\"}", out);
        break;
    case GBX__OPTION_KIND_IDS:
        describe_list(option, "{\"type\":[\"string\",\"number\"]}", out);
        break;
    case GBX__OPTION_KIND_GROUP:
        describe_members(option->members, out);
        break;
    }
}

static void describe_members(const gbx__option *table, gbx_json_writer *out)
{
    describe_type("object", out);
    gbx_json_key(out, "additionalProperties");
    gbx_json_boolean(out, false);
    gbx_json_key(out, "properties");
    gbx_json_object_begin(out);
    for (const gbx__option *row = table; row != NULL && row->name != NULL; ++row) {
        gbx_json_key_n(out, row->name, strlen(row->name));
        gbx_json_object_begin(out);
        gbx_json_key(out, "description");
        gbx_json_string_z(out, row->description);
        describe_kind(row, out);
        if (row->fallback != NULL) {
            gbx_json_key(out, "default");
            gbx_json_raw(out, row->fallback, strlen(row->fallback));
        }
        gbx_json_object_end(out);
    }
    gbx_json_object_end(out);
}

void gbx__options_describe(const gbx__option *table, gbx_json_writer *out)
{
    gbx_json_object_begin(out);
    describe_members(table, out);
    gbx_json_object_end(out);
}
