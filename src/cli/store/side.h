/* SPDX-License-Identifier: MIT */
/* What a person compares: a run, one trace of it, or those traces of it that a query selects.
 *
 *     latest~1                              a run, by any of its names; empty before # and ? is the latest
 *     latest#12                             a trace by its number, or by the beginning of its id
 *     0a6cb5c0a1c94af59ab79d8e6bd1f1e5      a trace by its whole id
 *     latest?route=/items/%2A&failed=on     traces: fields as the options of glassbox list, %XX for any byte */
#ifndef GBX_CLI_STORE_SIDE_H
#define GBX_CLI_STORE_SIDE_H

#include "cli/store/chosen.h"
#include "findings/compare/comparison.h"

enum { GBXI_SIDE_NAME_MAX = 8191, GBXI_SIDE_ROUTE_MAX = 4095, GBXI_SIDE_METHOD_MAX = 31 };

/* The parts of such a text. Caller's memory; not moved, because the query refers to the texts. */
typedef struct gbxi_side {
    char run[GBXI_TRACE_NAME_MAX + 1];   /* "": the latest, or that of a whole trace id */
    char trace[GBXI_TRACE_NAME_MAX + 1]; /* "": none */
    char route[GBXI_SIDE_ROUTE_MAX + 1];
    char method[GBXI_SIDE_METHOD_MAX + 1];
    gbxi_trace_query query;
} gbxi_side;

/* Reads the parts of `text`. Fields that tell an age count from `now_unix_ns`. Errors: ARGUMENT, with what is wrong. */
GBX_MUST_USE gbx_err gbxi_side_parse(gbxi_side *side, const char *text, int64_t now_unix_ns, gbx_error *error);

/* Finds the run, opens it in `chosen`, whose reader is open, and makes `compared` the side of a comparison that `text`
 * names. All of them, and `text`, must outlive it. Errors: those of gbxi_side_parse and of the store. */
GBX_MUST_USE gbx_err gbxi_side_open(gbxi_side *side, gbxi_chosen *chosen, const char *text, int64_t now_unix_ns,
                                    gbxi_compare_side *compared, gbx_error *error);

/* Both sides, which have one reader. Zeroed, except for the commands of `chosen`. Not moved: they refer to each other.
 */
typedef struct gbxi_sides {
    gbxi_chosen chosen[GBXI_COMPARE_HALVES];
    gbxi_side named[GBXI_COMPARE_HALVES];
    gbxi_compare_side at[GBXI_COMPARE_HALVES];
} gbxi_sides;

/* Opens the store and both sides. The texts must outlive them. Owns: the caller, until gbxi_sides_close, also after an
 * error. Errors: those of gbxi_side_open. */
GBX_MUST_USE gbx_err gbxi_sides_open(gbxi_sides *sides, const char *store, const char *before, const char *after,
                                     gbx_error *error);
void gbxi_sides_close(gbxi_sides *sides);

#endif
