/* SPDX-License-Identifier: MIT */
/* A second check of text that the fast parser refused. The fast parser does not report the position, so this one finds
 * it. It also accepts integers of more than 64 bits, which RFC 8259 allows and the fast parser does not. */
#ifndef GBX_JSON_CHECK_H
#define GBX_JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gbxi_json_check {
    const char *fault; /* the end of an error message, such as "expected a colon"; NULL if the text is well-formed */
    bool at_end;       /* the text ends too early */
    bool beyond;       /* the text is well-formed, but a number is beyond the range of a double */
    size_t line;       /* line of the fault or of the first such number, from 1 */
    size_t column;     /* its column in code points, from 1 */
    size_t wide_count; /* number of integers of more than 64 bits before the fault */
} gbxi_json_check;

/* Checks text against RFC 8259 in one pass. More than 1,025 levels are a fault too. Cost: linear; no memory. */
void gbxi_json_check_text(const char *text, size_t length, gbxi_json_check *check);

/* Copies well-formed text and puts each integer of more than 64 bits in quotes. Writes length + 2 * wide_count bytes to
 * `out`, and to `places`, for each of those integers, the number of strings before it (names and earlier integers
 * included). */
void gbxi_json_quote_wide(const char *text, size_t length, char *out, size_t *places);

#ifdef __cplusplus
}
#endif

#endif
