/* SPDX-License-Identifier: MIT */
/* Random captures as documents and as bodies of OTLP: gbx-otlp-bodies COUNT writes for each capture the full document,
 * the bodies as protobuf, an empty piece, the bodies as JSON, and an empty piece. Before each piece is its length. */
#define _GNU_SOURCE
#include "document.h"
#include "otlp/body.h"
#include "trace/trace.h"
#include <glassbox/recorder.h>
#include <stdio.h>
#include <stdlib.h>

enum { STEPS_MAX = 150, OPEN_MAX = 40, SITE_COUNT = 4 };

static const gbx_site sites[SITE_COUNT] = {
    {"alpha", "alpha", "src/alpha.c", 7, {0}},
    {"beta \xff", "beta", "src/b\xe9ta.c", 1, {0}},
    {"gamma", "gamma", "", 0, {0}},
    {"SELECT", "delta", "/usr/include/delta.h", 4000000000u, {0}},
};

/* A capture that is made by chance. */
typedef struct program {
    recording r;
    uint64_t random;
    bool on_thread;
} program;

static uint32_t chance(program *p, uint32_t limit)
{
    p->random = p->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(p->random >> 33) % limit;
}

/* Bytes that are often no UTF-8. */
static const char *text_by_chance(program *p)
{
    static const unsigned char bytes[] = {'a',  ' ',  '"',  '\\', '\n', 1,    0x7f, 0x80,
                                          0xbf, 0xc3, 0xe2, 0x82, 0xac, 0xed, 0xf0, 0xff};
    static char text[64];
    size_t length = chance(p, sizeof(text));

    for (size_t i = 0; i < length; i++)
        text[i] = (char)bytes[chance(p, sizeof(bytes))];
    text[length] = '\0';
    return text;
}

static void note_by_chance(program *p)
{
    static const double reals[] = {0, -0.5, 1e300, 5e-324, 1.0 / 3, 12345678901234567.0};
    static const char *const keys[] = {"text",    "key \xff",       "thread.name",     "db.statement",
                                       "db.rows", "db.system.name", "code.line.number"};

    switch (chance(p, 4)) {
    case 0:
        gbxi_note_int("int", chance(p, 2) == 0 ? (int64_t)p->random : -(int64_t)chance(p, 9));
        break;
    case 1:
        gbxi_note_double("real", reals[chance(p, sizeof(reals) / sizeof(*reals))]);
        break;
    default:
        gbxi_note_str(keys[chance(p, sizeof(keys) / sizeof(*keys))], text_by_chance(p));
    }
}

static void enter_by_chance(program *p)
{
    uint32_t site = chance(p, SITE_COUNT);
    char name[80];

    if (p->r.depth >= OPEN_MAX)
        return;
    if (chance(p, 3) != 0) {
        recording_enter(&p->r, &sites[site]);
        return;
    }
    snprintf(name, sizeof(name), "%u %s", site, text_by_chance(p));
    recording_enter_named(&p->r, &sites[site], name);
}

static void steps_by_chance(recording *r, void *argument);

static void step_by_chance(program *p, uint32_t base)
{
    uint32_t what = chance(p, 100);

    if (what < 30) {
        enter_by_chance(p);
    } else if (what < 58) {
        if (p->r.depth > base)
            recording_exit(&p->r);
    } else if (what < 75) {
        note_by_chance(p);
    } else if (what == 75) {
        gbxi_span_fail(text_by_chance(p));
    } else if (what == 76 && !p->on_thread) {
        p->on_thread = true;
        recording_on_thread(&p->r, "worker", 200 + chance(p, 9), p->r.now_ns / 2, steps_by_chance, p);
        p->on_thread = false;
    } else {
        recording_pass(&p->r, chance(p, 5) == 0 ? chance(p, 1000000) : chance(p, 200));
    }
}

static void steps_by_chance(recording *r, void *argument)
{
    program *p = argument;
    uint32_t base = r->depth;

    for (uint32_t steps = chance(p, STEPS_MAX); steps > 0; steps--)
        step_by_chance(p, base);
}

static gbx_capture *capture_by_chance(uint64_t seed)
{
    static program p;
    gbx_capture_options options = {.size = sizeof(options), .name = "GET /random", .trace_id = {7}};

    p.random = seed;
    for (size_t i = 0; i < sizeof(options.trace_id); i++)
        options.trace_id[i] = (uint8_t)(1 + chance(&p, 255));
    if (chance(&p, 2) == 0)
        for (size_t i = 0; i < sizeof(options.parent_span_id); i++)
            options.parent_span_id[i] = (uint8_t)chance(&p, 256);
    if (chance(&p, 4) == 0)
        options.max_spans = 1 + chance(&p, 40);
    recording_begin(&p.r, &options);
    steps_by_chance(&p.r, &p);
    return recording_finish(&p.r);
}

static void print_piece(const void *bytes, size_t length)
{
    printf("%zu\n", length);
    fwrite(bytes, 1, length, stdout);
}

static void print_bodies(gbxi_otlp_form form, const gbxi_otlp_resource *resource, const gbxi_trace *trace,
                         uint64_t number)
{
    const gbxi_otlp_request request = {"GET", "/random/7", "/random/{id}", number % 3 == 0 ? 500 : 200, GBX_KEEP_ASKED};
    gbxi_otlp_body *body = gbxi_otlp_body_new(form, resource);
    size_t max_bytes = number % 5 == 0 ? 2000 : 1 << 20, next = 0, length;
    const void *bytes;
    bool done = false;

    while (!done) {
        if (body == NULL || gbxi_otlp_body_add(body, trace, &request, max_bytes, &next, &done, NULL) != GBX_ERR_OK ||
            gbxi_otlp_body_end(body, &bytes, &length, NULL) != GBX_ERR_OK)
            abort();
        print_piece(bytes, length);
        gbxi_otlp_body_begin(body);
    }
    print_piece("", 0);
    gbxi_otlp_body_free(body);
}

static void print_capture(const gbxi_otlp_resource *resource, uint64_t number)
{
    gbx_capture *capture = capture_by_chance(number);
    gbxi_trace *trace = gbxi_trace_new(capture, &(gbxi_trace_options){0});
    size_t length;
    char *full = document_of(capture, GBX_FORMAT_FULL, NULL, &length);

    print_piece(full, length);
    print_bodies(GBXI_OTLP_PROTOBUF, resource, trace, number);
    print_bodies(GBXI_OTLP_JSON, resource, trace, number);
    free(full);
    gbxi_trace_free(trace);
    gbx_capture_unref(capture);
}

int main(int argc, char **argv)
{
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    gbxi_otlp_resource *resource = gbxi_otlp_resource_new("shop", "deployment.environment.name=test%20bench", NULL);

    if (resource == NULL)
        return 1;
    for (uint64_t i = 0; i < count; i++)
        print_capture(resource, i);
    gbxi_otlp_resource_free(resource);
    return ferror(stdout) != 0;
}
