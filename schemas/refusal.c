/* SPDX-License-Identifier: MIT */
/* Owns the messages of refused requests. */
#include "schemas/refusal.h"
#include "json/number.h"
#include "json/quote.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct phrase {
    char text[200];
} phrase;

static phrase quoted(gbxi_json_string text)
{
    phrase out;

    snprintf(out.text, sizeof(out.text), "\"%s\"", gbxi_quoted(text).text);
    return out;
}

static phrase type_phrase(gbxi_json_type type)
{
    static const char *const phrases[] = {"nothing",  "null",     "a boolean", "an integer",
                                          "a number", "a string", "an array",  "an object"};
    phrase out;

    snprintf(out.text, sizeof(out.text), "%s", phrases[type]);
    return out;
}

static phrase integer_phrase(gbxi_json_value value)
{
    phrase out = {""};
    int64_t negative;
    uint64_t natural;

    if (gbxi_json_uint64(value, &natural))
        snprintf(out.text, sizeof(out.text), "%" PRIu64, natural);
    else if (gbxi_json_int64(value, &negative))
        snprintf(out.text, sizeof(out.text), "%" PRId64, negative);
    return out;
}

/* Not by printf, which depends on the host's locale. */
static phrase double_phrase(gbxi_json_value value)
{
    phrase out = {""};
    gbxi_json_string digits;
    double number = 0;

    if (gbxi_json_wide(value, &digits))
        snprintf(out.text, sizeof(out.text), "%s", gbxi_quoted(digits).text);
    else if (gbxi_json_double(value, &number))
        out.text[gbxi_json_real_text(number, out.text)] = '\0';
    return out;
}

static phrase given_phrase(gbxi_json_value value)
{
    gbxi_json_type type = gbxi_json_typeof(value);
    gbxi_json_string text;
    bool truth;

    if (type == GBXI_JSON_INTEGER)
        return integer_phrase(value);
    if (type == GBXI_JSON_DOUBLE)
        return double_phrase(value);
    if (gbxi_json_str(value, &text))
        return quoted(text);
    if (gbxi_json_bool(value, &truth))
        return truth ? (phrase){"true"} : (phrase){"false"};
    return type_phrase(type);
}

static phrase names_phrase(const gbxi_field *field)
{
    phrase out = {"one of"};
    size_t length = strlen(out.text);

    for (size_t i = 0; field->names[i] != NULL && length < sizeof(out.text); i++)
        length += (size_t)snprintf(out.text + length, sizeof(out.text) - length, "%s \"%s\"", i > 0 ? "," : "",
                                   field->names[i]);
    return out;
}

static phrase allowed_phrase(const gbxi_field *field)
{
    phrase out = {""};

    switch (field->kind) {
    case GBXI_FIELD_BOOL:
        return (phrase){"true or false"};
    case GBXI_FIELD_NUMBER:
        return (phrase){"a number of 0 or more"};
    case GBXI_FIELD_NAME:
        return names_phrase(field);
    case GBXI_FIELD_STRING:
        snprintf(out.text, sizeof(out.text), "a string of %" PRIu64 " to %" PRIu64 " bytes without NUL", field->min,
                 field->max);
        break;
    case GBXI_FIELD_UINT32:
    case GBXI_FIELD_UINT64:
        if (field->max == UINT64_MAX)
            snprintf(out.text, sizeof(out.text), "an integer of %" PRIu64 " or more", field->min);
        else
            snprintf(out.text, sizeof(out.text), "an integer from %" PRIu64 " to %" PRIu64, field->min, field->max);
        break;
    }
    return out;
}

gbx_err gbxi_refuse_value(const gbxi_field *field, gbxi_json_value value, gbx_err code, const char *pointer,
                          gbx_error *error)
{
    gbxi_json_string text;

    if (field->kind == GBXI_FIELD_STRING && gbxi_json_str(value, &text))
        return gbx_error_set(error, code, pointer, "%s must be %s, got %zu bytes", field->name,
                             allowed_phrase(field).text, text.length);
    return gbx_error_set(error, code, pointer, "%s must be %s, got %s", field->name, allowed_phrase(field).text,
                         given_phrase(value).text);
}

gbx_err gbxi_refuse_unknown(gbxi_json_string name, const char *pointer, gbx_error *error)
{
    phrase known = {""};
    size_t length = 0;

    for (size_t i = 0; i < GBXI_TRACE_CONFIG_FIELD_COUNT && length < sizeof(known.text); i++)
        length += (size_t)snprintf(known.text + length, sizeof(known.text) - length, "%s%s", i > 0 ? ", " : "",
                                   gbxi_trace_config_fields[i].name);
    return gbx_error_set(error, GBX_ERR_UNKNOWN, pointer, "trace_config has no field %s; its fields are %s",
                         quoted(name).text, known.text);
}

gbx_err gbxi_refuse_duplicate(const char *name, const char *pointer, gbx_error *error)
{
    return gbx_error_set(error, GBX_ERR_CONFLICT, pointer, "%s is given more than once", name);
}

gbx_err gbxi_refuse_type(const char *what, gbxi_json_type given, const char *pointer, gbx_error *error)
{
    return gbx_error_set(error, GBX_ERR_TYPE, pointer, "%s must be an object, got %s", what, type_phrase(given).text);
}
