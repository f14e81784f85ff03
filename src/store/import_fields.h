/* SPDX-License-Identifier: MIT */
/* Reads members of a JSON document that must be there and of their type. The first fault stays: after it, every value
 * is 0 or empty. */
#ifndef GBX_STORE_IMPORT_FIELDS_H
#define GBX_STORE_IMPORT_FIELDS_H

#include "json/reader.h"

/* Caller's memory. Borrows the error. Begin with the pointer of the object that is read. */
typedef struct gbxi_fields {
    gbx_error *error;
    gbx_err err;
    gbxi_json_pointer at;
} gbxi_fields;

/* States that the member `name` (NULL: what is read now) is at fault. */
void gbxi_fields_refuse(gbxi_fields *fields, const char *name, const char *what);
void gbxi_fields_refuse_memory(gbxi_fields *fields);

/* A member of an object that has this type. */
gbxi_json_value gbxi_fields_of(gbxi_fields *fields, gbxi_json_value object, const char *name, gbxi_json_type type);
uint64_t gbxi_fields_uint(gbxi_fields *fields, gbxi_json_value object, const char *name, uint64_t max);
gbxi_view gbxi_fields_text(gbxi_fields *fields, gbxi_json_value object, const char *name);
bool gbxi_fields_bool(gbxi_fields *fields, gbxi_json_value object, const char *name);

/* A number that is not negative. */
double gbxi_fields_real(gbxi_fields *fields, gbxi_json_value object, const char *name);

/* A text or null: false for null. */
bool gbxi_fields_text_or_null(gbxi_fields *fields, gbxi_json_value object, const char *name, gbxi_view *text);

/* Exact milliseconds as nanoseconds. */
uint64_t gbxi_fields_ms(gbxi_fields *fields, gbxi_json_value object, const char *name);

/* An instant by RFC 3339 in UTC with nine decimals, as nanoseconds of Unix time. */
int64_t gbxi_fields_instant(gbxi_fields *fields, gbxi_json_value object, const char *name);

#endif
