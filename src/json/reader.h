/* SPDX-License-Identifier: MIT */
/* Strict JSON reading (RFC 8259, UTF-8 checked): simdjson behind a small C face.
 *
 * Usage: gbx_json_parse, walk the values, gbx_json_free. Values and the strings in them are borrowed from the document.
 * Thread: a document belongs to one thread at a time. */
#ifndef GBX_JSON_READER_H
#define GBX_JSON_READER_H

#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gbx_json_document gbx_json_document;

/* A value in a document; copy it freely. A zeroed one is "absent" and has the type GBX_JSON_ABSENT. */
typedef struct gbx_json_value {
    const void *tape;
    size_t at;
} gbx_json_value;

typedef enum gbx_json_type {
    GBX_JSON_ABSENT = 0,
    GBX_JSON_NULL,
    GBX_JSON_BOOL,
    GBX_JSON_INTEGER, /* fits int64_t or uint64_t */
    GBX_JSON_DOUBLE,
    GBX_JSON_STRING,
    GBX_JSON_ARRAY,
    GBX_JSON_OBJECT
} gbx_json_type;

/* A string with its length; may hold NUL bytes. */
typedef struct gbx_json_string {
    const char *at;
    size_t length;
} gbx_json_string;

/* Parses `text` (copied; needs no padding). Integers beyond 64 bits become doubles, as in JavaScript. Errors: SYNTAX
 * with a sentence that says what and where (line, column); LIMIT past 1,024 levels (an empty container one deeper
 * passes), 4 GiB or the range of a double; NO_MEMORY. `error` may be NULL. Owns: the caller, until gbx_json_free. */
GBX_MUST_USE gbx_err gbx_json_parse(const char *text, size_t length, gbx_json_document **document, gbx_error *error);
void gbx_json_free(gbx_json_document *document); /* NULL is allowed */

gbx_json_value gbx_json_root(const gbx_json_document *document);
gbx_json_type gbx_json_typeof(gbx_json_value value);
const char *gbx_json_type_name(gbx_json_type type); /* "object", "string", ...; for messages */

/* Each returns false, and leaves `out` alone, when the value is of another type or does not fit exactly. */
bool gbx_json_bool(gbx_json_value value, bool *out);
bool gbx_json_int64(gbx_json_value value, int64_t *out);
bool gbx_json_uint64(gbx_json_value value, uint64_t *out);
bool gbx_json_double(gbx_json_value value, double *out); /* integers too */
bool gbx_json_str(gbx_json_value value, gbx_json_string *out);

/* The first member of that name, or absent (also when `object` is not an object). Cost: linear in the members. */
gbx_json_value gbx_json_member(gbx_json_value object, const char *name);
/* Members of an object, elements of an array; 0 for anything else. Cost: constant up to 16 M, else linear. */
size_t gbx_json_count(gbx_json_value value);

/* Iteration over an object or an array: gbx_json_each, then gbx_json_next until it says false. */
typedef struct gbx_json_iterator {
    const void *tape;
    size_t at;
    size_t end;
    size_t index;         /* of the current value, from 0 */
    gbx_json_string key;  /* of the current value, in an object */
    gbx_json_value value; /* the current value */
    bool object;
    bool started;
} gbx_json_iterator;
gbx_json_iterator gbx_json_each(gbx_json_value container);
bool gbx_json_next(gbx_json_iterator *iterator);

/* A JSON Pointer (RFC 6901) under construction, for error messages: push on the way down, pop on the way up. A path
 * that outgrows the buffer ends in "/..." and still pops correctly. Zeroed is the empty pointer. */
typedef struct gbx_json_pointer {
    char text[192];
    size_t length; /* of what the whole pointer would be, which may exceed the buffer */
} gbx_json_pointer;
/* Each push returns the length before it, which pop takes to go back there. */
size_t gbx_json_pointer_push(gbx_json_pointer *pointer, const char *key, size_t key_length);
size_t gbx_json_pointer_push_index(gbx_json_pointer *pointer, size_t index);
void gbx_json_pointer_pop(gbx_json_pointer *pointer, size_t length_before);

#ifdef __cplusplus
}
#endif

#endif
