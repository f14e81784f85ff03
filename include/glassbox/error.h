/* SPDX-License-Identifier: MIT */
/* The error codes, and the error record that parsers and decoders fill when they refuse their input. */
#ifndef GLASSBOX_ERROR_H
#define GLASSBOX_ERROR_H

#include <glassbox/api.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(name, number, text): every code with its description. Numbers are never reused. */
#define GBX_ERROR_CODES(X)                                                                                             \
    X(OK, 0, "success")                                                                                                \
    X(NO_MEMORY, 1, "out of memory")                                                                                   \
    X(LIMIT, 2, "a limit was reached")                                                                                 \
    X(ARGUMENT, 3, "an argument is not valid")                                                                         \
    X(SYNTAX, 4, "not well-formed")                                                                                    \
    X(TYPE, 5, "a value has the wrong type")                                                                           \
    X(RANGE, 6, "a value is out of range")                                                                             \
    X(MISSING, 7, "a required value is missing")                                                                       \
    X(UNKNOWN, 8, "a name is not known")                                                                               \
    X(CONFLICT, 9, "two values contradict each other")                                                                 \
    X(STATE, 10, "not possible in this state")                                                                         \
    X(IO, 11, "input or output failed")

typedef enum gbx_err {
#define GBXI_ERROR_ENUM(name, number, text) GBX_ERR_##name = number,
    GBX_ERROR_CODES(GBXI_ERROR_ENUM)
#undef GBXI_ERROR_ENUM
} gbx_err;

/* Describes an error and its location. Parsers and decoders fill it in addition to the code that they return; callbacks
 * of the host fill it too. A zeroed struct holds no error. The struct has the same size and layout in all versions,
 * because either the program or the library may be older and either may allocate it. */
typedef struct gbx_error {
    gbx_err code;
    uint32_t reserved[7]; /* zero; room for later versions */
    char pointer[192];    /* JSON Pointer (RFC 6901) to the faulty value; "" is the whole document */
    char text[320];       /* one sentence for a person; always terminated */
} gbx_error;

/* The description of a code: a static string, never NULL. Thread: any. */
GBX_API const char *gbx_err_text(gbx_err code);

/* Fills `error` and returns `code`, so that a decoder can end with `return gbx_error_set(...)`. `error` may be NULL. A
 * NULL `pointer` stands for the whole document. Text that is too long is cut. Thread: any. */
GBX_API gbx_err gbx_error_set(gbx_error *error, gbx_err code, const char *pointer, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#ifdef __cplusplus
}
#endif

#endif
