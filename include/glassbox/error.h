/* SPDX-License-Identifier: MIT */
/* The error codes of every room, and the record a parser or decoder fills when it refuses its input. */
#ifndef GLASSBOX_ERROR_H
#define GLASSBOX_ERROR_H

#include <glassbox/api.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(name, text): every code with the sentence that describes it. The first one is success and is 0. */
#define GBX_ERROR_CODES(X)                                                                                             \
    X(OK, "success")                                                                                                   \
    X(NO_MEMORY, "out of memory")                                                                                      \
    X(LIMIT, "a limit was reached")                                                                                    \
    X(ARGUMENT, "an argument is not valid")                                                                            \
    X(SYNTAX, "not well-formed")                                                                                       \
    X(TYPE, "a value has the wrong type")                                                                              \
    X(RANGE, "a value is out of range")                                                                                \
    X(MISSING, "a required value is missing")                                                                          \
    X(UNKNOWN, "a name is not known")                                                                                  \
    X(CONFLICT, "two values contradict each other")                                                                    \
    X(STATE, "not possible in this state")                                                                             \
    X(IO, "input or output failed")

typedef enum gbx_err {
#define GBXI_ERROR_ENUM(name, text) GBX_ERR_##name,
    GBX_ERROR_CODES(GBXI_ERROR_ENUM)
#undef GBXI_ERROR_ENUM
} gbx_err;

/* What went wrong and where: filled by parsers and decoders beside the code they return. */
typedef struct gbx_error {
    gbx_err code;
    char pointer[192]; /* JSON Pointer (RFC 6901) to the culprit; "" is the whole document */
    char text[320];    /* one sentence for a person; always terminated */
} gbx_error;

/* The sentence for a code; a static string, never NULL. Thread: any. */
static inline const char *gbx_err_text(gbx_err code)
{
    switch (code) {
#define GBXI_ERROR_CASE(name, text)                                                                                    \
    case GBX_ERR_##name:                                                                                               \
        return text;
        GBX_ERROR_CODES(GBXI_ERROR_CASE)
#undef GBXI_ERROR_CASE
    }
    return "unknown error";
}

/* Fills `error` (which may be NULL) and returns `code`, so that a decoder can end with `return gbx_error_set(...)`.
 * `pointer` may be NULL for the whole document. Overlong text is cut. Thread: any. */
__attribute__((format(printf, 4, 5))) static inline gbx_err gbx_error_set(gbx_error *error, gbx_err code,
                                                                          const char *pointer, const char *format, ...)
{
    va_list args;

    if (error == NULL)
        return code;
    error->code = code;
    snprintf(error->pointer, sizeof(error->pointer), "%s", pointer != NULL ? pointer : "");
    va_start(args, format);
    vsnprintf(error->text, sizeof(error->text), format, args);
    va_end(args);
    return code;
}

#ifdef __cplusplus
}
#endif

#endif
