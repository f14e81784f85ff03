/* SPDX-License-Identifier: MIT */
/* Owns the alternation of subject and reference and the JSON that the programs print. */
#define _GNU_SOURCE
#include "bench.h"
#include "json/writer.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 15, ROUNDS_MAX = 1000 };

static gbx_json_buffer buffer;
static gbx_json_writer out;

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

    return by > 1 && count / by != 0 ? count / by : count;
}

void bench_begin(const char *promise)
{
    gbx_json_writer_init_buffer(&out, &buffer);
    gbx_json_object_begin(&out);
    gbx_json_key(&out, "promise");
    gbx_json_string_z(&out, promise);
    gbx_json_key(&out, "rows");
    gbx_json_array_begin(&out);
}

static void write_samples(const char *key, const char *name, const double *samples, size_t count)
{
    gbx_json_key(&out, key);
    gbx_json_object_begin(&out);
    gbx_json_key(&out, "name");
    gbx_json_string_z(&out, name);
    gbx_json_key(&out, "samples");
    gbx_json_array_begin(&out);
    for (size_t i = 0; i != count; ++i)
        gbx_json_real(&out, samples[i]);
    gbx_json_array_end(&out);
    gbx_json_object_end(&out);
}

static void write_limit(const bench_row *row)
{
    gbx_json_key(&out, "limit");
    gbx_json_object_begin(&out);
    gbx_json_key(&out, "of");
    gbx_json_string_z(&out, row->limit_of);
    gbx_json_key(&out, row->at_most != 0 ? "at_most" : "at_least");
    gbx_json_real(&out, row->at_most != 0 ? row->at_most : row->at_least);
    gbx_json_key(&out, "every_round");
    gbx_json_boolean(&out, row->every_round);
    gbx_json_object_end(&out);
}

void bench_add(const bench_row *row, const double *samples, const double *reference_samples, size_t count)
{
    gbx_json_object_begin(&out);
    gbx_json_key(&out, "what");
    gbx_json_string_z(&out, row->what);
    gbx_json_key(&out, "unit");
    gbx_json_string_z(&out, row->unit);
    write_samples("subject", row->subject_name, samples, count);
    if (reference_samples != NULL)
        write_samples("reference", row->reference_name, reference_samples, count);
    if (row->limit_of != NULL)
        write_limit(row);
    gbx_json_object_end(&out);
}

void bench_compare(const bench_row *row)
{
    static double samples[ROUNDS_MAX], reference_samples[ROUNDS_MAX];
    size_t rounds = bench_scale(row->rounds != 0 ? (size_t)row->rounds : ROUNDS);

    row->subject(row->context);
    for (size_t i = 0; i != rounds; ++i) {
        if (row->reference != NULL)
            reference_samples[i] = row->reference(row->context);
        samples[i] = row->subject(row->context);
    }
    bench_add(row, samples, row->reference != NULL ? reference_samples : NULL, rounds);
}

int bench_end(void)
{
    gbx_json_array_end(&out);
    gbx_json_object_end(&out);
    if (gbx_json_writer_finish(&out) != GBX_ERR_OK) {
        fprintf(stderr, "bench: out of memory\n");
        return EXIT_FAILURE;
    }
    fwrite(buffer.bytes, 1, buffer.length, stdout);
    putchar('\n');
    gbx_json_buffer_fini(&buffer);
    return EXIT_SUCCESS;
}
