/* SPDX-License-Identifier: MIT */
/* Owns decoding trace_config: one table states what is allowed, and one loop applies it. */
#include "schemas/trace_config.h"
#include "schemas/refusal.h"
#include "schemas/trace_config_fields.h"
#include <assert.h>
#include <string.h>

#define CONFIG_KEY GBXI_TRACE_CONFIG_KEY

#define FORMAT_NAME(constant, number, name) #name,
#define FORMAT_NUMBER(constant, number, name) number,
#define NAME(constant, name) name,
#define CALL_TREE_NAME(constant, number, name) [number] = name,
/* Between the numbers of these formats may be those of formats that are only for files. */
static const char *const format_names[] = {GBX_FORMATS(FORMAT_NAME) NULL};
static const uint32_t format_numbers[] = {GBX_FORMATS(FORMAT_NUMBER)};
static const char *const output_names[] = {GBXI_TRACE_OUTPUTS(NAME) NULL};
static const char *const call_tree_names[] = {GBX_CALL_TREES(CALL_TREE_NAME) NULL};

#define NS_PER_MS 1e6

enum { NAME_BYTES_MAX = sizeof(((gbxi_trace_config *)0)->name) - 1 };

#define AT(member) offsetof(gbxi_trace_config, member)
const gbxi_field gbxi_trace_config_fields[GBXI_TRACE_CONFIG_FIELD_COUNT] = {
    {"capture_traces", GBXI_FIELD_BOOL, AT(capture_traces), 0, 0, 0, NULL, NULL},
    {"trace_format", GBXI_FIELD_NAME, AT(trace_format), 0, 0, 0, format_names, format_numbers},
    {"trace_output", GBXI_FIELD_NAME, AT(trace_output), 0, 0, GBXI_TRACE_OUTPUT_BOTH, output_names, NULL},
    {"call_tree", GBXI_FIELD_NAME, AT(call_tree), 0, 0, GBX_CALL_TREE_NESTED, call_tree_names, NULL},
    {"name", GBXI_FIELD_STRING, AT(name), 1, NAME_BYTES_MAX, 0, NULL, NULL},
    {"max_spans", GBXI_FIELD_UINT32, AT(max_spans), 1, 5000000, 500000, NULL, NULL},
    {"max_depth", GBXI_FIELD_UINT32, AT(max_depth), 1, 2000, 1000, NULL, NULL},
    {"min_duration_ns", GBXI_FIELD_UINT64, AT(min_duration_ns), 0, UINT64_MAX, 0, NULL, NULL},
    {"top_n", GBXI_FIELD_UINT32, AT(top_n), 1, 1000, 10, NULL, NULL},
    {"slow_threshold_ms", GBXI_FIELD_NUMBER, AT(slow_threshold_ms), 0, UINT64_MAX, 0, NULL, NULL},
};

static_assert(sizeof(gbx_format) == sizeof(uint32_t), "enums are stored as uint32_t");
static_assert(sizeof(gbxi_trace_output) == sizeof(uint32_t), "enums are stored as uint32_t");
static_assert(sizeof(gbx_call_tree) == sizeof(uint32_t), "enums are stored as uint32_t");

static void store(gbxi_trace_config *config, const gbxi_field *field, uint64_t value)
{
    char *at = (char *)config + field->offset;
    uint32_t narrow = (uint32_t)value;
    bool truth = value != 0;

    switch (field->kind) {
    case GBXI_FIELD_BOOL:
        memcpy(at, &truth, sizeof(truth));
        break;
    case GBXI_FIELD_UINT32:
    case GBXI_FIELD_NAME:
        memcpy(at, &narrow, sizeof(narrow));
        break;
    case GBXI_FIELD_UINT64:
        memcpy(at, &value, sizeof(value));
        break;
    case GBXI_FIELD_NUMBER:
    case GBXI_FIELD_STRING:
        break; /* stored by their own functions; their fallback is that of a zeroed struct */
    }
}

static gbx_err take_bool(gbxi_json_value value, const gbxi_field *field, gbxi_trace_config *config)
{
    bool truth;

    if (!gbxi_json_bool(value, &truth))
        return GBX_ERR_TYPE;
    store(config, field, truth);
    return GBX_ERR_OK;
}

/* Reads a number as a double, rounded if necessary. Returns false if the value is not a number. */
static bool number_of(gbxi_json_value value, double *number)
{
    int64_t negative;
    uint64_t natural;

    if (gbxi_json_double(value, number))
        return true;
    if (gbxi_json_uint64(value, &natural))
        *number = (double)natural;
    else if (gbxi_json_int64(value, &negative))
        *number = (double)negative;
    else
        return false;
    return true;
}

static gbx_err take_integer(gbxi_json_value value, const gbxi_field *field, gbxi_trace_config *config)
{
    uint64_t integer;
    double number;

    if (!gbxi_json_uint64(value, &integer)) {
        /* The remaining cases: a negative number, a number with a fraction or an exponent, or no number. */
        if (!number_of(value, &number))
            return GBX_ERR_TYPE;
        if (number < 0)
            return GBX_ERR_RANGE;
        integer = number < 0x1p64 ? (uint64_t)number : UINT64_MAX;
        if (number < 0x1p64 && (double)integer != number)
            return GBX_ERR_TYPE;
    }
    if (integer < field->min || integer > field->max)
        return GBX_ERR_RANGE;
    store(config, field, integer);
    return GBX_ERR_OK;
}

static gbx_err take_number(gbxi_json_value value, const gbxi_field *field, gbxi_trace_config *config)
{
    double number;

    if (!number_of(value, &number))
        return GBX_ERR_TYPE;
    if (number < 0)
        return GBX_ERR_RANGE;
    memcpy((char *)config + field->offset, &number, sizeof(number));
    return GBX_ERR_OK;
}

static gbx_err take_string(gbxi_json_value value, const gbxi_field *field, gbxi_trace_config *config)
{
    gbxi_json_string text;
    char *at = (char *)config + field->offset;

    if (!gbxi_json_str(value, &text))
        return GBX_ERR_TYPE;
    if (text.length < field->min || text.length > field->max || memchr(text.at, '\0', text.length) != NULL)
        return GBX_ERR_RANGE;
    memcpy(at, text.at, text.length); /* the rest is zero */
    return GBX_ERR_OK;
}

static gbx_err take_name(gbxi_json_value value, const gbxi_field *field, gbxi_trace_config *config)
{
    gbxi_json_string text;

    if (!gbxi_json_str(value, &text))
        return GBX_ERR_TYPE;
    for (size_t i = 0; field->names[i] != NULL; i++) {
        if (strlen(field->names[i]) == text.length && memcmp(field->names[i], text.at, text.length) == 0) {
            store(config, field, field->numbers != NULL ? field->numbers[i] : i);
            return GBX_ERR_OK;
        }
    }
    return GBX_ERR_RANGE;
}

static gbx_err take_field(gbxi_json_value value, const gbxi_field *field, gbxi_trace_config *config)
{
    switch (field->kind) {
    case GBXI_FIELD_BOOL:
        return take_bool(value, field, config);
    case GBXI_FIELD_UINT32:
    case GBXI_FIELD_UINT64:
        return take_integer(value, field, config);
    case GBXI_FIELD_NUMBER:
        return take_number(value, field, config);
    case GBXI_FIELD_STRING:
        return take_string(value, field, config);
    case GBXI_FIELD_NAME:
        return take_name(value, field, config);
    }
    return GBX_ERR_STATE;
}

static const gbxi_field *find_field(gbxi_json_string name, size_t *index)
{
    for (*index = 0; *index < GBXI_TRACE_CONFIG_FIELD_COUNT; (*index)++) {
        const gbxi_field *field = &gbxi_trace_config_fields[*index];
        if (strlen(field->name) == name.length && memcmp(field->name, name.at, name.length) == 0)
            return field;
    }
    return NULL;
}

/* `pointer` is that of the config. */
static gbx_err decode_field(const gbxi_json_iterator *member, gbxi_json_pointer pointer, unsigned *seen,
                            gbxi_trace_config *config, gbx_error *error)
{
    size_t index;
    const gbxi_field *field = find_field(member->key, &index);
    gbx_format suffix = config->trace_format;
    gbx_err err;

    gbxi_json_pointer_push(&pointer, member->key.at, member->key.length);
    if (field == NULL)
        return gbxi_refuse_unknown(member->key, pointer.text, error);
    if ((*seen & 1u << index) != 0)
        return gbxi_refuse_duplicate(field->name, pointer.text, error);
    *seen |= 1u << index;
    err = take_field(member->value, field, config);
    if (err != GBX_ERR_OK)
        return gbxi_refuse_value(field, member->value, err, pointer.text, error);
    if (config->trace_format != suffix)
        return gbx_error_set(error, GBX_ERR_CONFLICT, pointer.text,
                             "trace_format is \"%s\", but the request was sent to the route of \"%s\"",
                             gbx_format_name(config->trace_format), gbx_format_name(suffix));
    return GBX_ERR_OK;
}

/* Finds the member trace_config of the body, which may be absent. More than one is an error. */
static gbx_err find_config(gbxi_json_value body, gbxi_json_value *value, gbx_error *error)
{
    gbxi_json_iterator each = gbxi_json_each(body);

    *value = (gbxi_json_value){0};
    while (gbxi_json_next(&each)) {
        if (each.key.length != strlen(CONFIG_KEY) || memcmp(each.key.at, CONFIG_KEY, each.key.length) != 0)
            continue;
        if (value->tape != NULL)
            return gbxi_refuse_duplicate(CONFIG_KEY, "/" CONFIG_KEY, error);
        *value = each.value;
    }
    return GBX_ERR_OK;
}

/* `pointer` is that of `value`. */
static gbx_err decode_fields(gbxi_json_value value, gbxi_json_pointer pointer, gbxi_trace_config *config,
                             gbx_error *error)
{
    gbxi_json_iterator each = gbxi_json_each(value);
    unsigned seen = 0;
    gbx_err err = GBX_ERR_OK;

    if (gbxi_json_typeof(value) != GBXI_JSON_OBJECT)
        return gbxi_refuse_type(CONFIG_KEY, gbxi_json_typeof(value), pointer.text, error);
    while (err == GBX_ERR_OK && gbxi_json_next(&each))
        err = decode_field(&each, pointer, &seen, config, error);
    return err;
}

void gbxi_trace_config_init(gbxi_trace_config *config, gbx_format suffix)
{
    *config = (gbxi_trace_config){0};
    for (size_t i = 0; i < GBXI_TRACE_CONFIG_FIELD_COUNT; i++)
        store(config, &gbxi_trace_config_fields[i], gbxi_trace_config_fields[i].fallback);
    config->trace_format = suffix;
}

uint64_t gbxi_trace_config_least_ns(const gbxi_trace_config *config)
{
    double ns = config->slow_threshold_ms * NS_PER_MS;

    if (!(ns < 0x1p64))
        return UINT64_MAX;
    return (uint64_t)ns + ((double)(uint64_t)ns < ns); /* a whole duration is less than both, or than neither */
}

gbx_err gbxi_trace_config_decode(gbxi_json_value body, gbx_format suffix, gbxi_trace_config *config, gbx_error *error)
{
    gbxi_json_type body_type = gbxi_json_typeof(body);
    gbxi_json_pointer pointer = {0};
    gbxi_json_value value;
    gbx_err err;

    gbxi_trace_config_init(config, suffix);
    if (body_type != GBXI_JSON_OBJECT)
        return gbxi_refuse_type("the request body", body_type, "", error);
    err = find_config(body, &value, error);
    if (err != GBX_ERR_OK || value.tape == NULL)
        return err;
    gbxi_json_pointer_push(&pointer, CONFIG_KEY, strlen(CONFIG_KEY));
    return decode_fields(value, pointer, config, error);
}

gbx_err gbxi_trace_config_decode_alone(gbxi_json_value value, gbx_format suffix, gbxi_trace_config *config,
                                       gbx_error *error)
{
    gbxi_trace_config_init(config, suffix);
    return decode_fields(value, (gbxi_json_pointer){0}, config, error);
}
