/* SPDX-License-Identifier: MIT */
/* Strict JSON parsing (RFC 8259, UTF-8 checked): a small C interface to simdjson.
 *
 * Usage: gbxi_json_parse, read the values, gbxi_json_free. Values and their strings are borrowed from the document.
 * Thread: a document belongs to one thread at a time. */
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

/* A value in a document. May be copied freely. A zeroed value is absent and has the type GBXI_JSON_ABSENT. */
typedef struct gbxi_json_value {
    const void *tape;
    size_t at;
} gbxi_json_value;

typedef enum gbxi_json_type {
    GBXI_JSON_ABSENT = 0,
    GBXI_JSON_NULL,
    GBXI_JSON_BOOL,
    GBXI_JSON_INTEGER, /* fits int64_t or uint64_t */
    GBXI_JSON_DOUBLE,  /* any other number, so also an integer of more than 64 bits */
    GBXI_JSON_STRING,
    GBXI_JSON_ARRAY,
    GBXI_JSON_OBJECT
} gbxi_json_type;

/* The decoded bytes of a string. May contain NUL. */
typedef gbxi_view gbxi_json_string;

/* Parses `text`, which is copied and needs no padding. Integers of more than 64 bits keep their digits, whatever their
 * number, and have the type GBXI_JSON_DOUBLE.
 * Errors: SYNTAX with a message that gives the problem, line and column; LIMIT above 1,024 levels (an empty container
 * may be one level deeper), above 4 GiB or beyond the range of a double; NO_MEMORY. `error` may be NULL. Owns: the
 * caller, until gbxi_json_free. Cost: linear, about 1 ms for 1 MB, and it cannot be stopped. Memory: up to 19 bytes for
 * each byte of text while it parses and 12 in the document, counted in the thread's account (base/account.h), if it is
 * in one; gbxi_json_free must be called in the same account. */
GBX_MUST_USE gbx_err gbxi_json_parse(const char *text, size_t length, gbxi_json_document **document, gbx_error *error);
void gbxi_json_free(gbxi_json_document *document); /* accepts NULL */

gbxi_json_value gbxi_json_root(const gbxi_json_document *document);
gbxi_json_type gbxi_json_typeof(gbxi_json_value value);
const char *gbxi_json_type_name(gbxi_json_type type); /* for messages: "object", "string", ... */

/* Each returns false and leaves `out` unchanged if the value has another type or does not fit exactly. */
bool gbxi_json_bool(gbxi_json_value value, bool *out);
bool gbxi_json_int64(gbxi_json_value value, int64_t *out);
bool gbxi_json_uint64(gbxi_json_value value, uint64_t *out);
/* Also reads integers. One of more than 64 bits gives the nearest double, or the largest one if it is larger. */
bool gbxi_json_double(gbxi_json_value value, double *out);
/* The digits, with a minus sign if there is one, of an integer of more than 64 bits. */
bool gbxi_json_wide(gbxi_json_value value, gbxi_json_string *out);
bool gbxi_json_str(gbxi_json_value value, gbxi_json_string *out);

/* The first member with that name; absent if there is none or `object` is not an object. Cost: linear in the
 * members. */
gbxi_json_value gbxi_json_member(gbxi_json_value object, const char *name);
/* The number of members of an object or elements of an array; 0 for any other type. Cost: constant up to 16 M, then
 * linear. */
size_t gbxi_json_count(gbxi_json_value value);

/* Iterates over an object or an array: call gbxi_json_each, then gbxi_json_next until it returns false. */
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

/* Builds a JSON Pointer (RFC 6901) for error messages: push on the way down, pop on the way up. A path longer than the
 * buffer ends with "/..." and still pops correctly. A zeroed struct is the empty pointer. */
typedef struct gbxi_json_pointer {
    char text[192];
    size_t length; /* length of the whole pointer, which may exceed the buffer */
} gbxi_json_pointer;
/* Each push returns the previous length. Pass it to pop to undo the push. */
size_t gbxi_json_pointer_push(gbxi_json_pointer *pointer, const char *key, size_t key_length);
size_t gbxi_json_pointer_push_index(gbxi_json_pointer *pointer, size_t index);
void gbxi_json_pointer_pop(gbxi_json_pointer *pointer, size_t length_before);

#ifdef __cplusplus
}
#endif

#endif
