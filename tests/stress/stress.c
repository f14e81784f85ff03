/* SPDX-License-Identifier: MIT */
/* A stress test of captures: stress [SECONDS [SEED]]. Eight threads create, enter, nest, hand over, finish, export
 * and abort 200 captures. They check that no capture contains a foreign span and that every lost span is counted. */
#define _GNU_SOURCE
#include "capture/pool.h"
#include "json/reader.h"
#include <glassbox/export.h>
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS = 8, REQUESTS = 200, QUEUE = 512, SECONDS_DEFAULT = 3 };

/* A request: its capture, the name its spans carry, and what was asked of it. Freed by the last one who uses it. */
typedef struct request {
    gbx_capture *capture;
    char name[32];
    atomic_uint references;
    atomic_uint inside;  /* threads that work in it now, or have it queued */
    atomic_ullong begun; /* spans begun in it */
    atomic_uint refused; /* entries that got no lane because they came after the finish */
} request;

/* Work carried from one thread to another. */
typedef struct job {
    request *request;
    gbx_capture *carried;
} job;

static struct {
    pthread_mutex_t lock; /* guards the slots and the queue */
    request *slots[REQUESTS];
    job queue[QUEUE];
    size_t queued;
} shared = {.lock = PTHREAD_MUTEX_INITIALIZER};

static atomic_ullong serials, finished, aborted, handed_over, exported_bytes, dropped;
static time_t deadline;

__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("stress: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    abort();
}

/* xorshift64*: https://www.jstatsoft.org/article/view/v008i14 and its multiplication step. */
static uint32_t random_below(uint64_t *state, uint32_t bound)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)((*state * 2685821657736338717u) >> 33) % bound;
}

static request *request_new(uint64_t *seed)
{
    request *made = calloc(1, sizeof(*made));
    gbx_capture_options options = {.size = sizeof(options),
                                   .name = made->name,
                                   .max_spans = 1 + random_below(seed, 3000),
                                   .max_depth = 1 + random_below(seed, 60)};

    snprintf(made->name, sizeof(made->name), "request %llu", atomic_fetch_add(&serials, 1));
    made->references = 1;
    if ((made->capture = gbx_capture_new(&options)) == NULL)
        fail("no memory for a capture");
    return made;
}

static void request_unref(request *old)
{
    if (atomic_fetch_sub(&old->references, 1) != 1)
        return;
    gbx_capture_unref(old->capture);
    free(old);
}

/* The request in a random slot, with a reference, counted as being worked in; made if there is none. */
static request *pick(uint64_t *seed)
{
    size_t slot = random_below(seed, REQUESTS);
    request *picked;

    pthread_mutex_lock(&shared.lock);
    if (shared.slots[slot] == NULL)
        shared.slots[slot] = request_new(seed);
    picked = shared.slots[slot];
    atomic_fetch_add(&picked->references, 1);
    atomic_fetch_add(&picked->inside, 1);
    pthread_mutex_unlock(&shared.lock);
    return picked;
}

static void done(request *picked)
{
    atomic_fetch_sub(&picked->inside, 1);
    request_unref(picked);
}

static void work_in(request *mine, uint64_t *seed, uint32_t depth);

/* A nested capture in the middle of the work: another request's, entered and left while this one's spans are open. */
static void nest(uint64_t *seed)
{
    request *other = pick(seed);

    {
        GBX_ENTER(other->capture);
        work_in(other, seed, 3);
    }
    done(other);
}

/* Spans that carry the request's name, at random depths; counted only where the thread has a lane. */
static void work_in(request *mine, uint64_t *seed, uint32_t depth)
{
    GBX_SPAN_FMT("%s", mine->name);

    if (gbx_capture_current() != NULL)
        atomic_fetch_add(&mine->begun, 1);
    else
        atomic_fetch_add(&mine->refused, 1);
    gbx_note_int("depth", depth);
    if (random_below(seed, 50) == 0)
        gbx_span_fail("chance");
    if (random_below(seed, 100) == 0)
        nest(seed);
    for (uint32_t i = random_below(seed, 3); depth != 0 && i != 0; --i)
        work_in(mine, seed, depth - 1);
}

static void enter(uint64_t *seed)
{
    request *mine = pick(seed);

    {
        GBX_ENTER(mine->capture);
        for (uint32_t i = random_below(seed, 20); i != 0; --i)
            work_in(mine, seed, random_below(seed, 70));
    }
    done(mine);
}

/* Queues work that goes on in the capture; whoever takes it from the queue resumes it. */
static void hand_over(uint64_t *seed)
{
    request *mine = pick(seed);
    job made = {mine, NULL};
    int queued;

    {
        GBX_ENTER(mine->capture);
        work_in(mine, seed, 2);
        made.carried = gbx_capture_carry();
    }
    pthread_mutex_lock(&shared.lock);
    if ((queued = shared.queued != QUEUE))
        shared.queue[shared.queued++] = made;
    pthread_mutex_unlock(&shared.lock);
    if (!queued) {
        gbx_capture_unref(made.carried);
        done(mine);
    }
}

static int go_on(uint64_t *seed)
{
    job taken = {NULL, NULL};

    pthread_mutex_lock(&shared.lock);
    if (shared.queued != 0)
        taken = shared.queue[--shared.queued];
    pthread_mutex_unlock(&shared.lock);
    if (taken.request == NULL)
        return 0;
    {
        GBX_RESUME(taken.carried);
        work_in(taken.request, seed, 5);
    }
    atomic_fetch_add(&handed_over, 1);
    done(taken.request);
    return 1;
}

static unsigned long long check_lane(const request *mine, size_t lane)
{
    gbx_reader reader;
    gbx_record record;
    unsigned long long spans = 0;
    long open = 0;

    for (gbx_reader_init(&reader, mine->capture, lane); gbx_reader_next(&reader, &record);) {
        if (record.kind == GBX_RECORD_EXIT && --open < 0)
            fail("%s: an exit without an enter", mine->name);
        if (record.kind != GBX_RECORD_ENTER)
            continue;
        ++open;
        ++spans;
        if (gbx_record_is_formatted(&record) && (gbx_record_name_length(&record) != strlen(mine->name) ||
                                                 memcmp(record.name, mine->name, gbx_record_name_length(&record)) != 0))
            fail("%s holds a foreign span: %.*s", mine->name, (int)gbx_record_name_length(&record), record.name);
    }
    if (open != 0)
        fail("%s: %ld spans left open", mine->name, open);
    return spans;
}

/* `quiet`: nobody worked in it when it was finished, so that every span must be there or be counted. */
static void check(const request *mine, int quiet)
{
    gbx_capture_facts facts;
    unsigned long long spans = 0;

    gbx_capture_facts_get(mine->capture, &facts, sizeof(facts));
    for (size_t i = 0; i != facts.lane_count; ++i) {
        gbx_lane_facts lane;

        spans += check_lane(mine, i);
        gbx_lane_facts_get(mine->capture, i, &lane, sizeof(lane));
        if (lane.inside_ns > facts.duration_ns)
            fail("%s: a thread was busy for %llu ns of %llu", mine->name, (unsigned long long)lane.inside_ns,
                 (unsigned long long)facts.duration_ns);
        if (lane.cpu_ns > lane.inside_ns)
            fail("%s: a thread ran for %llu ns of %llu inside", mine->name, (unsigned long long)lane.cpu_ns,
                 (unsigned long long)lane.inside_ns);
    }
    if (quiet && spans + facts.dropped_spans != atomic_load(&mine->begun))
        fail("%s: %llu spans and %llu dropped, but %llu begun", mine->name, spans,
             (unsigned long long)facts.dropped_spans, atomic_load(&mine->begun));
    atomic_fetch_add(&dropped, facts.dropped_spans);
}

static void export(const request *mine, uint64_t *seed)
{
    gbx_exporter *exporter = gbx_exporter_new(mine->capture, (gbx_format)random_below(seed, 3), NULL);
    gbxi_json_document *document;
    gbx_error error;
    size_t capacity = 1 << 24, length = 0;
    char *text = malloc(capacity);
    ptrdiff_t got;

    if (exporter == NULL || text == NULL)
        fail("no memory for an export");
    while ((got = gbx_exporter_read(exporter, text + length, 1 + random_below(seed, 5000))) > 0)
        if ((length += (size_t)got) > capacity - 5000)
            fail("%s: a document over 16 MiB", mine->name);
    if (got < 0)
        fail("%s: the export failed", mine->name);
    if (gbxi_json_parse(text, length, &document, &error) != GBX_ERR_OK)
        fail("%s: not JSON: %s", mine->name, error.text);
    gbxi_json_free(document);
    gbx_exporter_free(exporter);
    free(text);
    atomic_fetch_add(&exported_bytes, length);
}

/* Takes a request out of its slot and ends it, sometimes while others still work in it, sometimes without finishing. */
static void end(uint64_t *seed)
{
    size_t slot = random_below(seed, REQUESTS);
    request *mine;
    int quiet;

    pthread_mutex_lock(&shared.lock);
    mine = shared.slots[slot];
    shared.slots[slot] = NULL;
    quiet = mine != NULL && atomic_load(&mine->inside) == 0;
    pthread_mutex_unlock(&shared.lock);
    if (mine == NULL)
        return;
    if (random_below(seed, 4) == 0) {
        atomic_fetch_add(&aborted, 1);
    } else {
        gbx_capture_finish(mine->capture);
        check(mine, quiet);
        export(mine, seed);
        atomic_fetch_add(&finished, 1);
    }
    request_unref(mine);
}

static void *run(void *number)
{
    uint64_t seed = *(uint64_t *)number;

    while (time(NULL) < deadline) {
        uint32_t what = random_below(&seed, 10);
        if (what < 5)
            enter(&seed);
        else if (what < 7)
            hand_over(&seed);
        else if (what < 9)
            go_on(&seed);
        else
            end(&seed);
    }
    return NULL;
}

static void drain(void)
{
    uint64_t seed = 1;

    while (go_on(&seed))
        ;
    for (size_t i = 0; i != REQUESTS; ++i)
        if (shared.slots[i] != NULL)
            request_unref(shared.slots[i]);
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    uint64_t seeds[THREADS];

    deadline = time(NULL) + (argc > 1 ? atol(argv[1]) : SECONDS_DEFAULT);
    for (size_t i = 0; i != THREADS; ++i) {
        seeds[i] = (argc > 2 ? strtoull(argv[2], NULL, 10) : 1) * 1000 + i + 1;
        if (pthread_create(&threads[i], NULL, run, &seeds[i]) != 0)
            fail("cannot make a thread");
    }
    for (size_t i = 0; i != THREADS; ++i)
        pthread_join(threads[i], NULL);
    drain();
    if (gbx_capture_live_count() != 0 || gbxi_pool_used_count() != 0)
        fail("%zu captures and %zu blocks left", gbx_capture_live_count(), gbxi_pool_used_count());
    printf("%llu captures finished, %llu aborted, %llu pieces of work handed over, %llu spans dropped and counted, "
           "%llu bytes exported\n",
           finished, aborted, handed_over, dropped, exported_bytes);
    return EXIT_SUCCESS;
}
