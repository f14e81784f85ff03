/* SPDX-License-Identifier: MIT */
/* Owns the messages of error codes and filling errors. */
#include "base/cut.h"
#include <glassbox/error.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* Caller and library may have been compiled with different versions: this layout is final. */
_Static_assert(sizeof(gbx_error) == 544 && offsetof(gbx_error, pointer) == 32 && offsetof(gbx_error, text) == 224,
               "gbx_error is part of the binary interface");

const char *gbx_err_text(gbx_err code)
{
    switch (code) {
#define TEXT_CASE(name, number, text)                                                                                  \
    case GBX_ERR_##name:                                                                                               \
        return text;
        GBX_ERROR_CODES(TEXT_CASE)
#undef TEXT_CASE
    }
    return "unknown error";
}

gbx_err gbx_error_set(gbx_error *error, gbx_err code, const char *pointer, const char *format, ...)
{
    va_list args;
    int wanted;

    if (error == NULL)
        return code;
    error->code = code;
    snprintf(error->pointer, sizeof(error->pointer), "%s", pointer != NULL ? pointer : "");
    va_start(args, format);
    wanted = vsnprintf(error->text, sizeof(error->text), format, args);
    va_end(args);
    gbxi_cut_printed(error->text, wanted, sizeof(error->text));
    return code;
}
