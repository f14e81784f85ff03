/* SPDX-License-Identifier: MIT */
/* Owns the alternating measurement of subject and reference, and the JSON output of the benchmark programs. */
#define _GNU_SOURCE
#include "bench.h"
#include "json/writer.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 15, ROUNDS_MAX = 1000 };

static gbxi_json_buffer buffer;
static gbxi_json_writer out;

uint64_t bench_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

size_t bench_scale(size_t count)
{
    const char *divisor = getenv("GLASSBOX_BENCH_DIVISOR");
    size_t by = divisor != NULL ? strtoul(divisor, NULL, 10) : 1;

    if (by <= 1)
        return count;
    return count >= by ? count / by : 1;
}

void bench_begin(const char *promise)
{
    gbxi_json_writer_init_buffer(&out, &buffer);
    gbxi_json_object_begin(&out);
    gbxi_json_key(&out, "promise");
    gbxi_json_string_z(&out, promise);
    gbxi_json_key(&out, "rows");
    gbxi_json_array_begin(&out);
}

static void write_samples(const char *key, const char *name, const double *samples, size_t count)
{
    gbxi_json_key(&out, key);
    gbxi_json_object_begin(&out);
    gbxi_json_key(&out, "name");
    gbxi_json_string_z(&out, name);
    gbxi_json_key(&out, "samples");
    gbxi_json_array_begin(&out);
    for (size_t i = 0; i != count; ++i)
        gbxi_json_real(&out, samples[i]);
    gbxi_json_array_end(&out);
    gbxi_json_object_end(&out);
}

static void write_limit(const bench_row *row)
{
    gbxi_json_key(&out, "limit");
    gbxi_json_object_begin(&out);
    gbxi_json_key(&out, "of");
    gbxi_json_string_z(&out, row->limit_of);
    gbxi_json_key(&out, row->at_most != 0 ? "at_most" : "at_least");
    gbxi_json_real(&out, row->at_most != 0 ? row->at_most : row->at_least);
    gbxi_json_key(&out, "every_round");
    gbxi_json_boolean(&out, row->every_round);
    gbxi_json_object_end(&out);
}

void bench_add(const bench_row *row, const double *samples, const double *reference_samples, size_t count)
{
    gbxi_json_object_begin(&out);
    gbxi_json_key(&out, "what");
    gbxi_json_string_z(&out, row->what);
    gbxi_json_key(&out, "unit");
    gbxi_json_string_z(&out, row->unit);
    write_samples("subject", row->subject_name, samples, count);
    if (reference_samples != NULL)
        write_samples("reference", row->reference_name, reference_samples, count);
    if (row->limit_of != NULL)
        write_limit(row);
    gbxi_json_object_end(&out);
}

void bench_compare(const bench_row *row)
{
    static double samples[ROUNDS_MAX], reference_samples[ROUNDS_MAX];
    size_t rounds = bench_scale(row->rounds != 0 ? (size_t)row->rounds : ROUNDS);

    if (rounds > 1)
        row->subject(row->context); /* warms up */
    for (size_t i = 0; i != rounds; ++i) {
        if (row->reference != NULL)
            reference_samples[i] = row->reference(row->context);
        samples[i] = row->subject(row->context);
    }
    bench_add(row, samples, row->reference != NULL ? reference_samples : NULL, rounds);
}

int bench_end(void)
{
    gbxi_json_array_end(&out);
    gbxi_json_object_end(&out);
    if (gbxi_json_writer_finish(&out) != GBX_ERR_OK) {
        fprintf(stderr, "bench: out of memory\n");
        return EXIT_FAILURE;
    }
    fwrite(buffer.bytes, 1, buffer.length, stdout);
    putchar('\n');
    gbxi_json_buffer_fini(&buffer);
    return EXIT_SUCCESS;
}
