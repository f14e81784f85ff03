/* SPDX-License-Identifier: MIT */
/* Checks the members of documents. */
#define _GNU_SOURCE
#include "store/import_fields.h"
#include "base/time.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define FIELD_NS_MAX 1e18

enum { INSTANT_BYTES = 30, INSTANT_DECIMALS_AT = 20, YEAR_FIRST = 1678, YEAR_LAST = 2261 };

void gbxi_fields_refuse(gbxi_fields *fields, const char *name, const char *what)
{
    if (fields->err != GBX_ERR_OK)
        return;
    fields->err = gbx_error_set(fields->error, GBX_ERR_SYNTAX, NULL, "%s%s%s %s", fields->at.text,
                                name != NULL ? "/" : "", name != NULL ? name : "", what);
}

void gbxi_fields_refuse_memory(gbxi_fields *fields)
{
    if (fields->err == GBX_ERR_OK)
        fields->err = gbx_error_set(fields->error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
}

static void refuse_field_type(gbxi_fields *fields, gbxi_json_value value, const char *name, const char *wanted)
{
    char what[96];

    snprintf(what, sizeof(what), "must be %s, and is %s", wanted, gbxi_json_type_name(gbxi_json_typeof(value)));
    gbxi_fields_refuse(fields, name, gbxi_json_typeof(value) == GBXI_JSON_ABSENT ? "is missing" : what);
}

gbxi_json_value gbxi_fields_of(gbxi_fields *fields, gbxi_json_value object, const char *name, gbxi_json_type type)
{
    gbxi_json_value value = gbxi_json_member(object, name);

    if (gbxi_json_typeof(value) == type)
        return value;
    refuse_field_type(fields, value, name, gbxi_json_type_name(type));
    return (gbxi_json_value){0};
}

uint64_t gbxi_fields_uint(gbxi_fields *fields, gbxi_json_value object, const char *name, uint64_t max)
{
    gbxi_json_value value = gbxi_json_member(object, name);
    uint64_t number = 0;

    if (gbxi_json_uint64(value, &number) && number <= max)
        return number;
    if (gbxi_json_typeof(value) == GBXI_JSON_INTEGER)
        gbxi_fields_refuse(fields, name, "is out of range");
    else
        refuse_field_type(fields, value, name, gbxi_json_type_name(GBXI_JSON_INTEGER));
    return 0;
}

gbxi_view gbxi_fields_text(gbxi_fields *fields, gbxi_json_value object, const char *name)
{
    gbxi_json_value value = gbxi_json_member(object, name);
    gbxi_view text = {"", 0};

    if (!gbxi_json_str(value, &text))
        refuse_field_type(fields, value, name, gbxi_json_type_name(GBXI_JSON_STRING));
    return text;
}

bool gbxi_fields_bool(gbxi_fields *fields, gbxi_json_value object, const char *name)
{
    gbxi_json_value value = gbxi_json_member(object, name);
    bool truth = false;

    if (!gbxi_json_bool(value, &truth))
        refuse_field_type(fields, value, name, gbxi_json_type_name(GBXI_JSON_BOOL));
    return truth;
}

double gbxi_fields_real(gbxi_fields *fields, gbxi_json_value object, const char *name)
{
    gbxi_json_value value = gbxi_json_member(object, name);
    double number = 0;

    if (gbxi_json_double(value, &number) && number >= 0)
        return number;
    if (gbxi_json_typeof(value) == GBXI_JSON_INTEGER || gbxi_json_typeof(value) == GBXI_JSON_DOUBLE)
        gbxi_fields_refuse(fields, name, "must not be negative");
    else
        refuse_field_type(fields, value, name, "a number");
    return 0;
}

bool gbxi_fields_text_or_null(gbxi_fields *fields, gbxi_json_value object, const char *name, gbxi_view *text)
{
    gbxi_json_value value = gbxi_json_member(object, name);

    *text = (gbxi_view){"", 0};
    if (gbxi_json_typeof(value) == GBXI_JSON_NULL || gbxi_json_str(value, text))
        return gbxi_json_typeof(value) == GBXI_JSON_STRING;
    refuse_field_type(fields, value, name, "a string or null");
    return false;
}

uint64_t gbxi_fields_ms(gbxi_fields *fields, gbxi_json_value object, const char *name)
{
    double ns = gbxi_fields_real(fields, object, name) * (double)GBXI_NS_PER_MS;

    if (ns < FIELD_NS_MAX)
        return (uint64_t)(ns + 0.5);
    gbxi_fields_refuse(fields, name, "is out of range");
    return 0;
}

static bool has_shape(gbxi_view text)
{
    static const char shape[] = "0000-00-00T00:00:00.000000000Z";

    if (text.length != INSTANT_BYTES)
        return false;
    for (size_t i = 0; i < INSTANT_BYTES; i++)
        if (shape[i] == '0' ? text.at[i] < '0' || text.at[i] > '9' : text.at[i] != shape[i])
            return false;
    return true;
}

static int digits_of(const char *at, size_t count)
{
    int number = 0;

    for (size_t i = 0; i < count; i++)
        number = number * 10 + (at[i] - '0');
    return number;
}

int64_t gbxi_fields_instant(gbxi_fields *fields, gbxi_json_value object, const char *name)
{
    gbxi_view text = gbxi_fields_text(fields, object, name);
    struct tm parts = {0};

    if (fields->err == GBX_ERR_OK && has_shape(text)) {
        parts = (struct tm){.tm_year = digits_of(text.at, 4) - 1900,
                            .tm_mon = digits_of(text.at + 5, 2) - 1,
                            .tm_mday = digits_of(text.at + 8, 2),
                            .tm_hour = digits_of(text.at + 11, 2),
                            .tm_min = digits_of(text.at + 14, 2),
                            .tm_sec = digits_of(text.at + 17, 2)};
        if (parts.tm_year + 1900 >= YEAR_FIRST && parts.tm_year + 1900 <= YEAR_LAST)
            return (int64_t)timegm(&parts) * (int64_t)GBXI_NS_PER_S + digits_of(text.at + INSTANT_DECIMALS_AT, 9);
    }
    gbxi_fields_refuse(fields, name, "is no instant in UTC with nine decimals");
    return 0;
}
