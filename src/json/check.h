/* SPDX-License-Identifier: MIT */
/* A second look at text that the fast parser refused, which does not say where: finds the place, and mends the one
 * thing that RFC 8259 allows and it does not, integers of more than 64 bits. */
#ifndef GBX_JSON_CHECK_H
#define GBX_JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gbxi_json_check {
    const char *fault; /* the end of a sentence: "a colon expected"; NULL when the text is well-formed */
    bool at_end;       /* the fault is that the text ends here */
    size_t line;       /* of the fault, from 1 */
    size_t column;     /* in code points, from 1 */
    size_t wide_count; /* integers beyond 64 bits, up to the fault */
} gbxi_json_check;

/* Checks text against RFC 8259 in one pass; more than 1,025 levels are a fault too. Cost: linear, no memory. */
void gbxi_json_check_text(const char *text, size_t length, gbxi_json_check *check);

/* Copies well-formed text, and makes each integer beyond 64 bits a double by appending "e0": `out` has room for length
 * + 2 * wide_count bytes, which is also what is written. */
void gbxi_json_widen(const char *text, size_t length, char *out);

#ifdef __cplusplus
}
#endif

#endif
