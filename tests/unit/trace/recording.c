/* SPDX-License-Identifier: MIT */
/* Hand-made captures for the tests of the rooms that read captures. */
#define _GNU_SOURCE
#include "recording.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

enum { MAIN_THREAD_ID = 100 };

static __thread uint32_t thread_id_here;

/* What a thread of recording_on_thread is given. */
typedef struct errand {
    recording *r;
    const char *name;
    uint32_t thread_id;
    void (*work)(recording *r, void *argument);
    void *argument;
} errand;

static uint64_t now_ns(void *context)
{
    return RECORDING_START_NS + ((recording *)context)->now_ns;
}

static int64_t unix_ns(void *context)
{
    return RECORDING_UNIX_NS + (int64_t)((recording *)context)->now_ns;
}

/* A thread is on the CPU half of the time. */
static uint64_t cpu_ns(void *context)
{
    return ((recording *)context)->now_ns / 2;
}

static uint32_t thread_id(void *context)
{
    (void)context;
    return thread_id_here;
}

void recording_begin_outside(recording *r, const gbx_capture_options *options)
{
    gbx_capture_options own = options != NULL ? *options : (gbx_capture_options){.size = sizeof(gbx_capture_options)};

    memset(r, 0, sizeof(*r));
    r->clock = (gbx_clock){.size = sizeof(gbx_clock),
                           .now_ns = now_ns,
                           .unix_ns = unix_ns,
                           .cpu_ns = cpu_ns,
                           .thread_id = thread_id,
                           .span_cost_ns = RECORDING_SPAN_COST_NS,
                           .context = r};
    own.clock = &r->clock;
    r->capture = gbx_capture_new(&own);
    assert(r->capture != NULL);
}

void recording_begin(recording *r, const gbx_capture_options *options)
{
    recording_begin_outside(r, options);
    thread_id_here = MAIN_THREAD_ID;
    r->scope = gbx_capture_enter(r->capture);
}

gbx_capture *recording_finish(recording *r)
{
    if (r->scope.serial != 0)
        gbx_capture_leave(r->scope);
    gbx_capture_finish(r->capture);
    return r->capture;
}

void recording_pass(recording *r, uint64_t ns)
{
    r->now_ns += ns;
}

static gbx_span *push(recording *r)
{
    assert(r->depth < RECORDING_DEPTH_MAX);
    return &r->spans[RECORDING_DEPTH_MAX - ++r->depth];
}

void recording_enter(recording *r, const gbx_site *site)
{
    gbxi_span_begin(push(r), site);
}

void recording_enter_named(recording *r, const gbx_site *site, const char *name)
{
    gbxi_span_begin_text(push(r), site, 1, "%s", name);
}

void recording_enter_formatted(recording *r, const gbx_site *site, unsigned which, int number, const char *text)
{
    switch (which % 6) {
    case 0:
        gbxi_span_begin_text(push(r), site, 1, "%d", number);
        break;
    case 1:
        gbxi_span_begin_text(push(r), site, 1, "link(%s, %d)", text, number);
        break;
    case 2:
        gbxi_span_begin_text(push(r), site, 1, "%*s%%%#x", number % 2000, text, (unsigned)number);
        break;
    case 3:
        gbxi_span_begin_text(push(r), site, 1, "%.*s%c%-12hd", number % 20, text, number, (short)number);
        break;
    case 4:
        gbxi_span_begin_text(push(r), site, 1, "%g of %s", (double)number, text);
        break;
    default:
        gbxi_span_begin_format(push(r), site, "%s at once %d", text, number);
        break;
    }
}

void recording_exit(recording *r)
{
    assert(r->depth > 0);
    gbxi_span_end(&r->spans[RECORDING_DEPTH_MAX - r->depth--]);
}

void recording_call(recording *r, const gbx_site *site, uint64_t ns)
{
    recording_enter(r, site);
    recording_pass(r, ns);
    recording_exit(r);
}

static void *run_errand(void *argument)
{
    errand *e = argument;
    gbx_scope scope;

    pthread_setname_np(pthread_self(), e->name);
    thread_id_here = e->thread_id;
    scope = gbx_capture_enter(e->r->capture);
    e->work(e->r, e->argument);
    gbx_capture_leave(scope);
    return NULL;
}

void recording_on_thread(recording *r, const char *name, uint32_t thread, uint64_t at_ns,
                         void (*work)(recording *r, void *argument), void *argument)
{
    errand e = {r, name, thread, work, argument};
    uint64_t before_ns = r->now_ns;
    uint32_t depth = r->depth;
    pthread_t handle;
    int failed;

    r->now_ns = at_ns;
    failed = pthread_create(&handle, NULL, run_errand, &e);
    assert(!failed);
    (void)failed;
    pthread_join(handle, NULL);
    r->depth = depth;
    if (r->now_ns < before_ns)
        r->now_ns = before_ns;
}
