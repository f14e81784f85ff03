/* SPDX-License-Identifier: MIT */
/* Owns the span programs. Their sites are created at run time, so there can be any number of them. */
#include "programs.h"
#include "bench.h"
#include <glassbox/span.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAME_BYTES = 40 };

static double record_ns;

static void fail(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(EXIT_FAILURE);
}

static gbx_site *make_sites(size_t count)
{
    gbx_site *sites = aligned_alloc(16, count * sizeof(*sites));
    char *names = malloc(count * NAME_BYTES);

    if (sites == NULL || names == NULL)
        fail("out of memory");
    for (size_t i = 0; i != count; ++i) {
        snprintf(names + NAME_BYTES * i, NAME_BYTES, "function_%zu", i);
        sites[i] = (gbx_site){names + NAME_BYTES * i, names + NAME_BYTES * i, "bench.c", (uint32_t)i + 1, {0}};
    }
    return sites;
}

static void begin_formatted(gbx_span *span, size_t number)
{
    static const gbx_site site = {"formatted", "formatted", "bench.c", 1, {0}};

    gbxi_span_begin_format(span, &site, "paragraph(%zu)", number);
}

/* Chains of nested spans, `depth` deep, one after the other, going round the sites. */
static void nest(const program *shape, const gbx_site *sites, size_t spans)
{
    static __thread gbx_span open[2048];
    size_t site = 0;

    while (spans != 0) {
        size_t levels = spans < shape->depth ? spans : shape->depth;
        for (size_t i = 0; i != levels; ++i) {
            if (shape->formatted)
                begin_formatted(&open[i], site);
            else
                gbxi_span_begin(&open[i], &sites[site]);
            site = site + 1 == shape->frames ? 0 : site + 1;
        }
        for (size_t i = levels; i != 0; --i)
            gbxi_span_end(&open[i - 1]);
        spans -= levels;
    }
}

typedef struct player {
    const program *shape;
    const gbx_site *sites;
    gbx_capture *capture;
    double ns;
} player;

static void *play(void *memory)
{
    player *self = memory;
    size_t lanes = self->shape->lanes != 0 ? self->shape->lanes : 1;
    gbx_scope scope = gbx_capture_enter(self->capture);
    static const gbx_site parent = {"parent", "parent", "bench.c", 1000000, {0}};
    uint64_t begin = bench_now_ns();
    gbx_span span;

    if (self->shape->fan_out)
        gbxi_span_begin(&span, &parent);
    nest(self->shape, self->sites, self->shape->spans / lanes);
    if (self->shape->fan_out)
        gbxi_span_end(&span);
    self->ns = (double)(bench_now_ns() - begin);
    gbx_capture_leave(scope);
    return NULL;
}

/* Lanes are filled one after the other: two cores would only measure each other. */
static void play_lanes(player *self, size_t lanes)
{
    pthread_t thread;

    record_ns = 0;
    for (size_t i = 0; i != lanes; ++i) {
        if (pthread_create(&thread, NULL, play, self) != 0)
            fail("cannot make a thread");
        pthread_join(thread, NULL);
        record_ns += self->ns;
    }
}

/* The sites' names are read by exports later on: they are kept for the life of the process, one set per size. */
gbx_capture *program_play(const program *shape)
{
    static gbx_site *sites;
    static size_t site_count;
    player self = {shape, NULL, NULL, 0};

    if (site_count < shape->frames)
        sites = make_sites(site_count = shape->frames);
    self.sites = sites;
    self.capture = gbx_capture_new(
        &(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_spans = 5000000, .max_depth = 2000});
    if (self.capture == NULL)
        fail("out of memory");
    if (shape->lanes > 1) {
        play_lanes(&self, shape->lanes);
    } else {
        play(&self);
        record_ns = self.ns;
    }
    return self.capture;
}

gbx_capture *program_record(const program *shape)
{
    gbx_capture *capture = program_play(shape);

    gbx_capture_finish(capture);
    return capture;
}

double program_record_ns(void)
{
    return record_ns;
}

size_t program_export(gbx_capture *capture, gbx_format format)
{
    static char buffer[65536];
    gbx_exporter *exporter = gbx_exporter_new(capture, format, NULL);
    size_t total = 0;
    ptrdiff_t got;

    if (exporter == NULL)
        fail("no exporter");
    while ((got = gbx_exporter_read(exporter, buffer, sizeof(buffer))) > 0)
        total += (size_t)got;
    if (got < 0)
        fail("the export failed");
    gbx_exporter_free(exporter);
    return total;
}
