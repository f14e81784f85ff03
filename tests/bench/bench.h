/* SPDX-License-Identifier: MIT */
/* Shared by the benchmark programs: measures a subject and its reference in turns and prints the samples as JSON.
 *
 *     bench_begin("P2");
 *     bench_compare(&(bench_row){.what = "span, on", .unit = "ns", .subject = run_span, .reference = run_tsc, ...});
 *     return bench_end();                          // prints {"promise": "P2", "rows": [...]} on stdout
 *
 * Medians, spreads, ratios and the verdict are the report's (report.js): programs only measure. */
#ifndef GBX_TESTS_BENCH_H
#define GBX_TESTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One measurement; returns the quantity in the row's unit. */
typedef double (*bench_run)(void *context);

typedef struct bench_row {
    const char *what;
    const char *unit;
    const char *subject_name;
    const char *reference_name; /* NULL without a reference */
    bench_run subject;
    bench_run reference;
    void *context;
    int rounds;           /* 0: 15 */
    const char *limit_of; /* "ratio", "difference" or "subject"; NULL: no promise, for information */
    double at_most;
    double at_least;  /* used when at_most is 0 */
    bool every_round; /* the limit holds for each round, not only for their median */
} bench_row;

void bench_begin(const char *promise);
/* Runs subject and reference in turns, `rounds` times. If there are several rounds, the subject runs once before them.
 */
void bench_compare(const bench_row *row);
/* Adds a row whose samples the program took itself; reference_samples may be NULL. */
void bench_add(const bench_row *row, const double *samples, const double *reference_samples, size_t count);
/* Prints everything; the program's exit status. */
int bench_end(void);

/* CLOCK_MONOTONIC. */
uint64_t bench_now_ns(void);

/* The count divided by GLASSBOX_BENCH_DIVISOR, at least 1: the smoke test makes the programs short with it. */
size_t bench_scale(size_t count);

#endif
