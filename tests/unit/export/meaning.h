/* SPDX-License-Identifier: MIT */
/* Checks that the documents of one capture are correct, each by itself and all together.
 *
 * Being JSON is the least of it: calls are balanced and in order, times add up, counts are those of what is there, and
 * what one document says the others say too. Used by unit tests and by the fuzz target. */
#ifndef GBX_TESTS_MEANING_H
#define GBX_TESTS_MEANING_H

#include <glassbox/export.h>
#include <stddef.h>

/* Exports a finished capture in all formats, reading `piece` bytes at a time, and checks the documents. NULL when they
 * hold, else a sentence that says what does not; static, overwritten by the next call. */
const char *meaning_check(gbx_capture *capture, const gbx_export_options *options, size_t piece);

/* The documents of one capture, by format; terminated. Those for other tools may be missing. */
typedef struct meaning_texts {
    char *at[GBX_FORMAT_PPROF + 1];
    size_t lengths[GBX_FORMAT_PPROF + 1];
} meaning_texts;

/* The same for documents at hand. */
const char *meaning_check_texts(const meaning_texts *texts);

#endif
