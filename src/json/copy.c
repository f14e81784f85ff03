/* SPDX-License-Identifier: MIT */
/* Owns copying a parsed value to a writer. */
#include "json/copy.h"
#include "base/account.h"

void gbxi_json_copy_members(gbxi_json_writer *writer, gbxi_json_value object, const char *const *but)
{
    gbxi_json_iterator each = gbxi_json_each(object);

    while (gbxi_json_next(&each) && gbxi_account_goes_on(each.index)) {
        if (gbxi_view_is_among(each.key, but))
            continue;
        gbxi_json_key_n(writer, each.key.at, each.key.length);
        gbxi_json_copy(writer, each.value);
    }
}

static void json_copy_array(gbxi_json_writer *writer, gbxi_json_value array)
{
    gbxi_json_iterator each = gbxi_json_each(array);

    gbxi_json_array_begin(writer);
    while (gbxi_json_next(&each) && gbxi_account_goes_on(each.index))
        gbxi_json_copy(writer, each.value);
    gbxi_json_array_end(writer);
}

static void json_copy_object(gbxi_json_writer *writer, gbxi_json_value object)
{
    static const char *const none[] = {NULL};

    gbxi_json_object_begin(writer);
    gbxi_json_copy_members(writer, object, none);
    gbxi_json_object_end(writer);
}

static void json_copy_integer(gbxi_json_writer *writer, gbxi_json_value value)
{
    int64_t negative;
    uint64_t large;

    if (gbxi_json_int64(value, &negative))
        gbxi_json_int(writer, negative);
    else if (gbxi_json_uint64(value, &large))
        gbxi_json_uint(writer, large);
}

/* An integer of more than 64 bits is copied digit by digit. */
static void json_copy_double(gbxi_json_writer *writer, gbxi_json_value value)
{
    gbxi_json_string digits;
    double real = 0;

    if (gbxi_json_wide(value, &digits)) {
        gbxi_json_raw(writer, digits.at, digits.length);
        return;
    }
    gbxi_json_double(value, &real);
    gbxi_json_real(writer, real);
}

static void json_copy_string(gbxi_json_writer *writer, gbxi_json_value value)
{
    gbxi_json_string text = {0};

    if (gbxi_json_str(value, &text))
        gbxi_json_string_n(writer, text.at, text.length);
}

void gbxi_json_copy(gbxi_json_writer *writer, gbxi_json_value value)
{
    bool truth = false;

    switch (gbxi_json_typeof(value)) {
    case GBXI_JSON_ABSENT:
    case GBXI_JSON_NULL:
        gbxi_json_null(writer);
        break;
    case GBXI_JSON_BOOL:
        gbxi_json_bool(value, &truth);
        gbxi_json_boolean(writer, truth);
        break;
    case GBXI_JSON_INTEGER:
        json_copy_integer(writer, value);
        break;
    case GBXI_JSON_DOUBLE:
        json_copy_double(writer, value);
        break;
    case GBXI_JSON_STRING:
        json_copy_string(writer, value);
        break;
    case GBXI_JSON_ARRAY:
        json_copy_array(writer, value);
        break;
    case GBXI_JSON_OBJECT:
        json_copy_object(writer, value);
        break;
    }
}
