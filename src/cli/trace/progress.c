/* SPDX-License-Identifier: MIT */
/* Draws the bar on the last line of a terminal. */
#define _GNU_SOURCE
#include "cli/trace/progress.h"
#include "base/time.h"
#include "cli/command.h"
#include "text/figures.h"
#include "text/shown.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PROGRESS_BAR_COLUMNS = 24, PROGRESS_LINE_SIZE = 512, PROGRESS_SAID_SIZE = 512 };

#define PROGRESS_EVERY_NS (100 * GBXI_NS_PER_MS)

void gbxi_progress_begin(gbxi_progress *progress, uint64_t wanted)
{
    gbxi_terminal_init(&progress->terminal, stderr);
    progress->has_bar = progress->terminal.columns != SIZE_MAX;
    progress->began_ns = gbxi_monotonic_ns();
    progress->wanted = wanted;
}

/* Whether it is time to draw again. */
static bool is_due(gbxi_progress *progress)
{
    uint64_t now_ns = gbxi_monotonic_ns();

    if (!progress->has_bar || (progress->drawn && now_ns - progress->drawn_ns < PROGRESS_EVERY_NS))
        return false;
    progress->drawn_ns = now_ns;
    return true;
}

/* Prints a line that has no line break, as much of it as the terminal has columns for. */
static void put_line(gbxi_progress *progress, const char *text)
{
    char shown[PROGRESS_LINE_SIZE];
    size_t length = gbxi_shown(shown, sizeof(shown), text, strlen(text));

    length = gbxi_shown_fit(shown, length, progress->terminal.columns - 1);
    fprintf(stderr, "\r\x1b[K%.*s", (int)length, shown);
    fflush(stderr);
    progress->drawn = true;
}

void gbxi_progress_draw(gbxi_progress *progress, const gbxi_times *tally, const char *shown)
{
    char bar[GBXI_BAR_SIZE], line[PROGRESS_LINE_SIZE];
    double seconds;

    if (!is_due(progress))
        return;
    gbxi_bar(bar, progress->done, progress->wanted, PROGRESS_BAR_COLUMNS, progress->terminal.utf8);
    seconds = (double)(progress->drawn_ns - progress->began_ns) / (double)GBXI_NS_PER_S;
    snprintf(line, sizeof(line), "[%-*s] %" PRIu64 "/%" PRIu64 "  %.1f/s  errors %" PRIu64 "  %s",
             PROGRESS_BAR_COLUMNS + (int)(strlen(bar) - gbxi_shown_columns(bar, strlen(bar))), bar, progress->done,
             progress->wanted, seconds > 0 ? (double)progress->done / seconds : 0, tally->error_count, shown);
    put_line(progress, line);
}

void gbxi_progress_draw_wait(gbxi_progress *progress, const char *what, uint64_t left_s)
{
    char line[PROGRESS_LINE_SIZE];

    if (!is_due(progress))
        return;
    snprintf(line, sizeof(line), "%s: %" PRIu64 " s left", what, left_s);
    put_line(progress, line);
}

void gbxi_progress_clear(gbxi_progress *progress)
{
    if (progress->drawn)
        fputs("\r\x1b[K", stderr);
    progress->drawn = false;
}

void gbxi_progress_say(gbxi_progress *progress, const char *format, ...)
{
    char text[PROGRESS_SAID_SIZE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    gbxi_progress_clear(progress);
    gbxi_complain("trace", text);
}
