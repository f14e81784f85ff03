/* SPDX-License-Identifier: MIT */
/* Owns the walk over a value that is written again. */
#include "json/copy.h"

static bool is_among(gbx_json_string key, const char *const *names)
{
    for (; *names != NULL; ++names)
        if (strlen(*names) == key.length && memcmp(*names, key.at, key.length) == 0)
            return true;
    return false;
}

void gbx_json_copy_members(gbx_json_writer *writer, gbx_json_value object, const char *const *but)
{
    gbx_json_iterator each = gbx_json_each(object);

    while (gbx_json_next(&each)) {
        if (is_among(each.key, but))
            continue;
        gbx_json_key_n(writer, each.key.at, each.key.length);
        gbx_json_copy(writer, each.value);
    }
}

static void copy_array(gbx_json_writer *writer, gbx_json_value array)
{
    gbx_json_iterator each = gbx_json_each(array);

    gbx_json_array_begin(writer);
    while (gbx_json_next(&each))
        gbx_json_copy(writer, each.value);
    gbx_json_array_end(writer);
}

static void copy_object(gbx_json_writer *writer, gbx_json_value object)
{
    static const char *const none[] = {NULL};

    gbx_json_object_begin(writer);
    gbx_json_copy_members(writer, object, none);
    gbx_json_object_end(writer);
}

static void copy_integer(gbx_json_writer *writer, gbx_json_value value)
{
    int64_t negative;
    uint64_t large;

    if (gbx_json_int64(value, &negative))
        gbx_json_int(writer, negative);
    else if (gbx_json_uint64(value, &large))
        gbx_json_uint(writer, large);
}

static void copy_string(gbx_json_writer *writer, gbx_json_value value)
{
    gbx_json_string text = {0};

    if (gbx_json_str(value, &text))
        gbx_json_string_n(writer, text.at, text.length);
}

void gbx_json_copy(gbx_json_writer *writer, gbx_json_value value)
{
    bool truth = false;
    double real = 0;

    switch (gbx_json_typeof(value)) {
    case GBX_JSON_ABSENT:
    case GBX_JSON_NULL:
        gbx_json_null(writer);
        break;
    case GBX_JSON_BOOL:
        gbx_json_bool(value, &truth);
        gbx_json_boolean(writer, truth);
        break;
    case GBX_JSON_INTEGER:
        copy_integer(writer, value);
        break;
    case GBX_JSON_DOUBLE:
        gbx_json_double(value, &real);
        gbx_json_real(writer, real);
        break;
    case GBX_JSON_STRING:
        copy_string(writer, value);
        break;
    case GBX_JSON_ARRAY:
        copy_array(writer, value);
        break;
    case GBX_JSON_OBJECT:
        copy_object(writer, value);
        break;
    }
}
