/* SPDX-License-Identifier: MIT */
/* Strict JSON reading (RFC 8259, UTF-8 checked): simdjson behind a small C face.
 *
 * Usage: gbxi_json_parse, walk the values, gbxi_json_free. Values and the strings in them are borrowed from the
 * document. Thread: a document belongs to one thread at a time. */
#ifndef GBX_JSON_READER_H
#define GBX_JSON_READER_H

#include "base/view.h"
#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gbxi_json_document gbxi_json_document;

/* A value in a document; copy it freely. A zeroed one is "absent" and has the type GBXI_JSON_ABSENT. */
typedef struct gbxi_json_value {
    const void *tape;
    size_t at;
} gbxi_json_value;

typedef enum gbxi_json_type {
    GBXI_JSON_ABSENT = 0,
    GBXI_JSON_NULL,
    GBXI_JSON_BOOL,
    GBXI_JSON_INTEGER, /* fits int64_t or uint64_t */
    GBXI_JSON_DOUBLE,
    GBXI_JSON_STRING,
    GBXI_JSON_ARRAY,
    GBXI_JSON_OBJECT
} gbxi_json_type;

/* A string's bytes, decoded; may hold NUL. */
typedef gbxi_view gbxi_json_string;

/* Parses `text` (copied; needs no padding). Integers beyond 64 bits become doubles, as in JavaScript. Errors: SYNTAX
 * with a sentence that says what and where (line, column); LIMIT past 1,024 levels (an empty container one deeper
 * passes), 4 GiB or the range of a double; NO_MEMORY. `error` may be NULL. Owns: the caller, until gbxi_json_free. */
GBX_MUST_USE gbx_err gbxi_json_parse(const char *text, size_t length, gbxi_json_document **document, gbx_error *error);
void gbxi_json_free(gbxi_json_document *document); /* NULL is allowed */

gbxi_json_value gbxi_json_root(const gbxi_json_document *document);
gbxi_json_type gbxi_json_typeof(gbxi_json_value value);
const char *gbxi_json_type_name(gbxi_json_type type); /* "object", "string", ...; for messages */

/* Each returns false, and leaves `out` alone, when the value is of another type or does not fit exactly. */
bool gbxi_json_bool(gbxi_json_value value, bool *out);
bool gbxi_json_int64(gbxi_json_value value, int64_t *out);
bool gbxi_json_uint64(gbxi_json_value value, uint64_t *out);
bool gbxi_json_double(gbxi_json_value value, double *out); /* integers too */
bool gbxi_json_str(gbxi_json_value value, gbxi_json_string *out);

/* The first member of that name, or absent (also when `object` is not an object). Cost: linear in the members. */
gbxi_json_value gbxi_json_member(gbxi_json_value object, const char *name);
/* Members of an object, elements of an array; 0 for anything else. Cost: constant up to 16 M, else linear. */
size_t gbxi_json_count(gbxi_json_value value);

/* Iteration over an object or an array: gbxi_json_each, then gbxi_json_next until it says false. */
typedef struct gbxi_json_iterator {
    const void *tape;
    size_t at;
    size_t end;
    size_t index;          /* of the current value, from 0 */
    gbxi_json_string key;  /* of the current value, in an object */
    gbxi_json_value value; /* the current value */
    bool object;
    bool started;
} gbxi_json_iterator;
gbxi_json_iterator gbxi_json_each(gbxi_json_value container);
bool gbxi_json_next(gbxi_json_iterator *iterator);

/* A JSON Pointer (RFC 6901) under construction, for error messages: push on the way down, pop on the way up. A path
 * that outgrows the buffer ends in "/..." and still pops correctly. Zeroed is the empty pointer. */
typedef struct gbxi_json_pointer {
    char text[192];
    size_t length; /* of what the whole pointer would be, which may exceed the buffer */
} gbxi_json_pointer;
/* Each push returns the length before it, which pop takes to go back there. */
size_t gbxi_json_pointer_push(gbxi_json_pointer *pointer, const char *key, size_t key_length);
size_t gbxi_json_pointer_push_index(gbxi_json_pointer *pointer, size_t index);
void gbxi_json_pointer_pop(gbxi_json_pointer *pointer, size_t length_before);

#ifdef __cplusplus
}
#endif

#endif
