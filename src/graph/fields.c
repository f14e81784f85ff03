/* SPDX-License-Identifier: MIT */
/* Owns checking for unknown and repeated members. */
#include "graph/fields.h"
#include "json/quote.h"
#include <stdio.h>
#include <string.h>

gbxi_json_pointer gbxi_pointer_to(const gbxi_json_pointer *parent, const char *key)
{
    gbxi_json_pointer pointer = {0};

    if (parent != NULL)
        pointer = *parent;
    gbxi_json_pointer_push(&pointer, key, strlen(key));
    return pointer;
}

void gbxi_fields_list_names(const char *const *names, char *text, size_t capacity)
{
    size_t used = 0;

    for (size_t i = 0; names[i] != NULL && used < capacity; i++)
        used += (size_t)snprintf(text + used, capacity - used, "%s%s", i > 0 ? ", " : "", names[i]);
}

static gbx_err refuse_unknown_field(gbxi_json_string key, const gbxi_json_pointer *parent, const char *const *known,
                                    gbx_error *error)
{
    gbxi_json_pointer pointer = *parent;
    char names[200] = "";

    gbxi_json_pointer_push(&pointer, key.at, key.length);
    gbxi_fields_list_names(known, names, sizeof(names));
    return gbx_error_set(error, GBX_ERR_UNKNOWN, pointer.text, "unknown field \"%s\"%s%s", gbxi_quoted(key).text,
                         names[0] != '\0' ? "; known: " : "", names);
}

static gbx_err refuse_repeated_field(gbxi_json_string key, const gbxi_json_pointer *parent, gbx_error *error)
{
    gbxi_json_pointer pointer = *parent;

    gbxi_json_pointer_push(&pointer, key.at, key.length);
    return gbx_error_set(error, GBX_ERR_CONFLICT, pointer.text, "the field \"%s\" is given twice",
                         gbxi_quoted(key).text);
}

gbx_err gbxi_fields_check(gbxi_json_value object, const gbxi_json_pointer *pointer, const char *const *known,
                          gbx_error *error)
{
    gbxi_json_iterator each = gbxi_json_each(object);
    uint64_t seen = 0; /* one bit for each known name */

    if (gbxi_json_typeof(object) != GBXI_JSON_OBJECT)
        return gbx_error_set(error, GBX_ERR_TYPE, pointer->text, "expected an object, not %s",
                             gbxi_json_type_name(gbxi_json_typeof(object)));
    while (gbxi_json_next(&each)) {
        size_t i = 0;

        while (known[i] != NULL && !gbxi_view_is(each.key, known[i]))
            i++;
        if (known[i] == NULL)
            return refuse_unknown_field(each.key, pointer, known, error);
        if ((seen & (UINT64_C(1) << i)) != 0)
            return refuse_repeated_field(each.key, pointer, error);
        seen |= UINT64_C(1) << i;
    }
    return GBX_ERR_OK;
}
