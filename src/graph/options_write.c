/* SPDX-License-Identifier: MIT */
/* Owns writing options into an answer and describing them as a schema. */
#include "graph/options.h"
#include "json/copy.h"
#include <stdio.h>
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

/* Options in progress. The path is that of the group being written, with a dot behind each name. */
typedef struct writing {
    const gbxi_option_change *changes;
    gbxi_json_writer *out;
    size_t length;
    char path[128];
} writing;

/* The default of a row: the changed one or its own. */
static const char *default_of(const writing *w, const gbxi_option *row)
{
    for (const gbxi_option_change *change = w->changes; change != NULL && change->path != NULL; change++)
        if (strncmp(change->path, w->path, w->length) == 0 && strcmp(change->path + w->length, row->name) == 0)
            return change->fallback;
    return row->fallback;
}

/* Whether a change gives a default to an option of the group. */
static bool is_changed_within(const writing *w, const gbxi_option *group)
{
    size_t length = strlen(group->name);

    for (const gbxi_option_change *change = w->changes; change != NULL && change->path != NULL; change++)
        if (change->fallback != NULL && strncmp(change->path, w->path, w->length) == 0 &&
            strncmp(change->path + w->length, group->name, length) == 0 && change->path[w->length + length] == '.')
            return true;
    return false;
}

static void write_options(writing *w, const gbxi_option *table, gbxi_json_value given);

static void write_option_group(writing *w, const gbxi_option *group, gbxi_json_value value)
{
    size_t before = w->length;

    if (!is_shown(group, value) && !is_changed_within(w, group))
        return;
    w->length += (size_t)snprintf(w->path + before, sizeof(w->path) - before, "%s.", group->name);
    gbxi_json_key_n(w->out, group->name, strlen(group->name));
    gbxi_json_object_begin(w->out);
    write_options(w, group->members, value);
    gbxi_json_object_end(w->out);
    w->length = before;
}

static void write_one_option(writing *w, const gbxi_option *row, gbxi_json_value value)
{
    const char *fallback = default_of(w, row);
    bool given = gbxi_json_typeof(value) != GBXI_JSON_ABSENT;

    if (!given && fallback == NULL)
        return;
    gbxi_json_key_n(w->out, row->name, strlen(row->name));
    if (given)
        gbxi_json_copy(w->out, value);
    else
        gbxi_json_raw(w->out, fallback, strlen(fallback));
}

static void write_options(writing *w, const gbxi_option *table, gbxi_json_value given)
{
    for (const gbxi_option *row = table; row != NULL && row->name != NULL; row++) {
        gbxi_json_value value = gbxi_json_member(given, row->name);

        if (row->kind == GBXI_OPTION_KIND_GROUP)
            write_option_group(w, row, value);
        else
            write_one_option(w, row, value);
    }
}

void gbxi_options_write(const gbxi_option *table, gbxi_json_value given, gbxi_json_writer *out)
{
    gbxi_options_write_but(table, given, NULL, out);
}

void gbxi_options_write_but(const gbxi_option *table, gbxi_json_value given, const gbxi_option_change *changes,
                            gbxi_json_writer *out)
{
    writing w = {.changes = changes, .out = out};

    write_options(&w, table, given);
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
