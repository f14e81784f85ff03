/* SPDX-License-Identifier: MIT */
/* Error codes, and the error record that describes refused input. */
#ifndef GLASSBOX_ERROR_H
#define GLASSBOX_ERROR_H

#include <glassbox/api.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(name, number, text): all error codes with their descriptions. Numbers are never reused. */
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

/* Describes what is wrong, and where. Parsers, decoders and callbacks of the host fill it and return the code as well.
 * A zeroed record means no error. The layout is the same in all versions, because either side may allocate it. */
typedef struct gbx_error {
    gbx_err code;
    uint32_t reserved[7]; /* zero; room for later versions */
    char pointer[192];    /* JSON Pointer (RFC 6901) to the wrong value; "" means the whole document */
    char text[320];       /* one sentence for people; always terminated */
} gbx_error;

/* The description of a code: a static string, never NULL. Thread: any. */
GBX_API const char *gbx_err_text(gbx_err code);

/* Fills `error`, which may be NULL, and returns `code`, so that a decoder can end with `return gbx_error_set(...)`. A
 * NULL `pointer` means the whole document. Texts that are too long are cut. Thread: any. */
GBX_API gbx_err gbx_error_set(gbx_error *error, gbx_err code, const char *pointer, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#ifdef __cplusplus
}
#endif

#endif
