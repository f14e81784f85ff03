/* SPDX-License-Identifier: MIT */
/* Loops that differ only in their body, to measure the cost of a span. */
#ifndef GBX_TESTS_BENCH_LOOPS_H
#define GBX_TESTS_BENCH_LOOPS_H

#include <stddef.h>

void loop_empty(size_t count);    /* nothing but the loop, which the compiler may not drop */
void loop_span(size_t count);     /* the same with GBX_SPAN_NAMED */
void loop_disabled(size_t count); /* the same compiled with GBX_DISABLE */

/* The same with GBX_SPAN_FMT. */
void loop_format_number(size_t count);   /* "%d" */
void loop_format_text(size_t count);     /* "%s" */
void loop_format_words(size_t count);    /* "link(%s)" */
void loop_format_variable(size_t count); /* the same, but the format is not a literal */

#endif
