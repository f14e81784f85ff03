/* SPDX-License-Identifier: MIT */
/* Hand-made captures: the test controls the clock, the thread ids and every span.
 *
 *     recording r;
 *     recording_begin(&r, &(gbx_capture_options){.size = sizeof(gbx_capture_options), .name = "GET /"});
 *     recording_enter(&r, &site);
 *     recording_pass(&r, 30);                     // the clock goes on by 30 ns
 *     recording_exit(&r);
 *     gbx_capture *capture = recording_finish(&r);   // the caller's to unref
 */
#ifndef GBX_TESTS_RECORDING_H
#define GBX_TESTS_RECORDING_H

#include <glassbox/capture.h>
#include <glassbox/span.h>

enum { RECORDING_DEPTH_MAX = 4096 };

/* When the clocks of every recording start, and what a span is said to cost. */
#define RECORDING_START_NS UINT64_C(5000000000)
#define RECORDING_UNIX_NS INT64_C(1754400000123456789)
#define RECORDING_SPAN_COST_NS 20.5

typedef struct recording {
    gbx_clock clock;
    uint64_t now_ns; /* since the recording began */
    gbx_capture *capture;
    gbx_scope scope;
    uint32_t depth;
    gbx_span spans[RECORDING_DEPTH_MAX]; /* filled from the end, as a call stack is */
} recording;

/* Makes a capture (NULL options = defaults) under the recording's clock. The calling thread gets the id 100 and enters
 * it. */
void recording_begin(recording *r, const gbx_capture_options *options);
/* The same, but no thread enters. */
void recording_begin_outside(recording *r, const gbx_capture_options *options);
/* Leaves (if entered), freezes at the clock's time, and hands the capture over. */
gbx_capture *recording_finish(recording *r);

void recording_pass(recording *r, uint64_t ns);
void recording_enter(recording *r, const gbx_site *site);
/* Under a name of its own. */
void recording_enter_named(recording *r, const gbx_site *site, const char *name);
/* Under a name that is made of a number and a text in one of several ways. */
void recording_enter_formatted(recording *r, const gbx_site *site, unsigned which, int number, const char *text);
void recording_exit(recording *r);
/* enter, pass, exit. */
void recording_call(recording *r, const gbx_site *site, uint64_t ns);

/* Runs `work` on a thread of its own that has the given name and id and enters the capture, and waits for it. The clock
 * is set to `at_ns` for it, and put back to where it was, or to where the thread got if that is later. */
void recording_on_thread(recording *r, const char *name, uint32_t thread_id, uint64_t at_ns,
                         void (*work)(recording *r, void *argument), void *argument);

#endif
