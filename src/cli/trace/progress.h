/* SPDX-License-Identifier: MIT */
/* What is said while requests are sent: a bar on a terminal, and lines elsewhere. All of it goes to standard error. */
#ifndef GBX_CLI_TRACE_PROGRESS_H
#define GBX_CLI_TRACE_PROGRESS_H

#include "cli/store/terminal.h"
#include "cli/trace/times.h"

/* Zeroed but for the terminal. */
typedef struct gbxi_progress {
    gbxi_terminal terminal;
    bool has_bar; /* standard error is a terminal */
    bool drawn;   /* the bar is on its line */
    uint64_t began_ns, drawn_ns;
    uint64_t done, wanted; /* requests, of all URLs */
} gbxi_progress;

/* Begins; `wanted` requests will be sent. */
void gbxi_progress_begin(gbxi_progress *progress, uint64_t wanted);

/* Draws the bar if it is time for that: at most ten times a second. `shown` is the URL. */
void gbxi_progress_draw(gbxi_progress *progress, const gbxi_times *tally, const char *shown);

/* The same for a wait of which `left_s` seconds are left; `what` says for what. */
void gbxi_progress_draw_wait(gbxi_progress *progress, const char *what, uint64_t left_s);

/* Removes the bar, so that something else can be printed. */
void gbxi_progress_clear(gbxi_progress *progress);

/* Prints a line of this command. */
void gbxi_progress_say(gbxi_progress *progress, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
