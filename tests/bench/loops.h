/* SPDX-License-Identifier: MIT */
/* The loops whose cost is the cost of a span: alike but for what is in them. */
#ifndef GBX_TESTS_BENCH_LOOPS_H
#define GBX_TESTS_BENCH_LOOPS_H

#include <stddef.h>

void loop_empty(size_t count);    /* nothing but the loop, which the compiler may not drop */
void loop_span(size_t count);     /* the same with GBX_SPAN_NAMED */
void loop_disabled(size_t count); /* the same compiled with GBX_DISABLE */

#endif
