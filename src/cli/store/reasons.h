/* SPDX-License-Identifier: MIT */
/* Why a trace was kept, in words. */
#ifndef GBX_CLI_STORE_REASONS_H
#define GBX_CLI_STORE_REASONS_H

#include <glassbox/recorder.h>
#include <string.h>

/* Use the result inside the call that prints it. */
typedef struct gbxi_reasons_text {
    char text[64];
} gbxi_reasons_text;

/* The reasons as in "slow, first". */
static inline gbxi_reasons_text gbxi_reasons(uint32_t reasons)
{
    gbxi_reasons_text result = {""};

#define APPEND_REASON(constant, number, name)                                                                          \
    if ((reasons & GBX_KEEP_##constant) != 0)                                                                          \
        strcat(strcat(result.text, result.text[0] != '\0' ? ", " : ""), name);
    GBX_KEEP_REASONS(APPEND_REASON)
#undef APPEND_REASON
    return result;
}

#endif
