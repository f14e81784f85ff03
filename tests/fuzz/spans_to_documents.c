/* SPDX-License-Identifier: MIT */
/* Any program of spans, on one or several threads, exported in all formats, whose content is checked.
 *
 * The input is a small machine's code: a header of limits and options, then one operation a byte, its operands behind
 * it. Every input is a program; operands past the end are zero. */
#include "fuzz.h"
#include "meaning.h"
#include "recording.h"

#include <stdio.h>
#include <string.h>

/* Two levels of JSON a call in the call tree: as deep as the reader goes. */
enum { DEPTH_MAX = 400 };
enum { OPEN_MAX = 2000, TEXT_MAX = 15, SITES = 16, THREADS_MAX = 70 };

#define TWIN                                                                                                           \
    "twin", "twin", "src/twin.c", 9,                                                                                   \
    {                                                                                                                  \
        0                                                                                                              \
    }
#define SITE(n)                                                                                                        \
    "site " #n, "site", "src/fuzz.c", n,                                                                               \
    {                                                                                                                  \
        0                                                                                                              \
    }
static const gbx_site sites[SITES] = {{SITE(0)},
                                      {SITE(1)},
                                      {SITE(2)},
                                      {SITE(3)},
                                      {SITE(4)},
                                      {SITE(5)},
                                      {SITE(6)},
                                      {SITE(7)},
                                      {SITE(8)},
                                      {TWIN},
                                      {TWIN},
                                      {"", "", "", 0, {0}},
                                      {"bare", NULL, NULL, 0, {0}},
                                      {"\"\\\x01\n", "", "C:\\x.c", UINT32_MAX, {0}},
                                      {"\xFF\xC3(\xED\xA0\x80", "", "\xF5", 1, {0}},
                                      {"\xF0\x9F\x98\x80", "", "src/\xC3\xA9.c", 1, {0}}};

typedef struct code {
    const uint8_t *at;
    size_t left;
    uint32_t threads; /* how many it may still start */
} code;

static void run(recording *r, void *argument);

static uint8_t take(code *c)
{
    if (c->left == 0)
        return 0;
    --c->left;
    return *c->at++;
}

static uint64_t take_number(code *c, int bytes)
{
    uint64_t number = 0;

    for (int i = 0; i < bytes; ++i)
        number = number << 8 | take(c);
    return number;
}

/* Up to TEXT_MAX bytes, repeated `times` over. */
static const char *take_text(code *c, size_t length, size_t times)
{
    static char text[TEXT_MAX * 256 + 1];
    size_t at = 0;

    for (size_t i = 0; i < length; ++i)
        text[at++] = (char)take(c);
    while (times-- > 1 && at + length < sizeof(text)) {
        memcpy(text + at, text, length);
        at += length;
    }
    text[at] = '\0';
    return text;
}

static void note(code *c, uint8_t kind)
{
    char key[TEXT_MAX + 1];
    uint64_t bits;
    double real;

    snprintf(key, sizeof(key), "%s", take_text(c, kind & 3, 1));
    if (kind < 6) {
        gbxi_note_str(key, take_text(c, kind, take(c)));
    } else if (kind < 10) {
        gbxi_note_int(key, (int64_t)take_number(c, 8));
    } else {
        bits = take_number(c, 8);
        memcpy(&real, &bits, sizeof(real));
        gbxi_note_double(key, real);
    }
}

/* Some of the code that follows, on a thread of its own, which starts no threads. */
static void start_thread(recording *r, code *c)
{
    uint8_t wanted = take(c);
    uint64_t at_ns = r->now_ns / 256 * take(c);
    code part = {c->at, wanted < c->left ? wanted : c->left, 0};

    if (c->threads == 0)
        return;
    --c->threads;
    c->at += part.left;
    c->left -= part.left;
    recording_on_thread(r, "fuzz", 1000 + wanted, at_ns, run, &part);
}

static void enter_formatted(recording *r, code *c, uint8_t argument)
{
    unsigned which = take(c);
    int number = (int)take_number(c, argument & 4 ? 4 : 1);
    size_t times = take(c);

    recording_enter_formatted(r, &sites[argument & 3], which, number, take_text(c, argument, times));
}

static void run_operation(recording *r, code *c, uint32_t base, uint8_t operation, uint8_t argument)
{
    switch (operation) {
    default:
        if (r->depth < OPEN_MAX)
            recording_enter(r, &sites[argument]);
        break;
    case 5:
        if (r->depth < OPEN_MAX)
            recording_enter_named(r, &sites[argument & 3], take_text(c, argument, take(c)));
        break;
    case 4:
        if (r->depth < OPEN_MAX)
            enter_formatted(r, c, argument);
        break;
    case 6:
    case 7:
    case 8:
        if (r->depth > base)
            recording_exit(r);
        break;
    case 9:
        recording_pass(r, argument);
        break;
    case 10:
        recording_pass(r, take_number(c, argument & 3));
        break;
    case 11:
    case 12:
        note(c, argument);
        break;
    case 13:
        gbxi_span_fail(take_text(c, argument, 1));
        break;
    case 14:
        start_thread(r, c);
        break;
    case 15: /* a loop: what repeats are made of */
        for (int i = 0; i < argument && r->depth < OPEN_MAX; ++i)
            recording_call(r, &sites[argument & 7], argument);
        break;
    }
}

static void run(recording *r, void *argument)
{
    code *c = argument;
    uint32_t base = r->depth; /* what is open below is another thread's */

    while (c->left > 0) {
        uint8_t byte = take(c);
        run_operation(r, c, base, byte & 15, byte >> 4);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static recording r;
    code c = {data, size, THREADS_MAX};
    gbx_capture_options limits = {.size = sizeof(limits),
                                  .max_spans = 1 + (uint32_t)take_number(&c, 2),
                                  .max_depth = 1 + (uint32_t)take_number(&c, 2) % DEPTH_MAX,
                                  .trace_id = {1}};
    gbx_export_options options = {.size = sizeof(options), .top_n = take(&c), .min_duration_ns = take(&c)};
    size_t piece = 1 + take_number(&c, 2) % 8192;
    gbx_capture *capture;
    const char *complaint;

    options.call_tree = (gbx_call_tree)(options.top_n % (GBX_CALL_TREE_NONE + 1));
    limits.name = take_text(&c, take(&c) & TEXT_MAX, take(&c));
    recording_begin(&r, &limits);
    run(&r, &c);
    capture = recording_finish(&r);
    complaint = meaning_check(capture, &options, piece);
    gbx_capture_unref(capture);
    if (complaint != NULL)
        fprintf(stderr, "%s\n", complaint);
    FUZZ_CHECK(complaint == NULL);
    FUZZ_CHECK(gbx_capture_live_count() == 0);
    return 0;
}
