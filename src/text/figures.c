/* SPDX-License-Identifier: MIT */
/* Writes figures with three significant digits. */
#define _GNU_SOURCE
#include "text/figures.h"
#include "base/time.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

/* A unit and how many of the smallest ones it is. */
typedef struct figure_unit {
    uint64_t size;
    const char *name;
} figure_unit;

/* Writes `number` in the largest unit of which there is one, rounded to three digits. A number that rounds up to a
 * thousand stays in its unit: 999,950 ns is "1000 us". */
static gbxi_figure figure_in(uint64_t number, const figure_unit *units, size_t count)
{
    gbxi_figure figure;
    size_t unit = 0;
    double value;

    while (unit + 1 < count && number >= units[unit + 1].size)
        unit++;
    value = (double)number / (double)units[unit].size;
    snprintf(figure.text, sizeof(figure.text), "%.*f %s",
             unit == 0 || value >= 99.95 ? 0
             : value >= 9.995            ? 1
                                         : 2,
             value, units[unit].name);
    return figure;
}

gbxi_figure gbxi_figure_ns(uint64_t ns, bool utf8)
{
    const figure_unit units[] = {
        {1, "ns"}, {1000, utf8 ? "\xc2\xb5s" : "us"}, {GBXI_NS_PER_MS, "ms"}, {GBXI_NS_PER_S, "s"}};

    return figure_in(ns, units, sizeof(units) / sizeof(units[0]));
}

gbxi_figure gbxi_figure_bytes(uint64_t bytes)
{
    static const figure_unit units[] = {
        {1, "B"}, {1 << 10, "KiB"}, {1 << 20, "MiB"}, {1 << 30, "GiB"}, {(uint64_t)1 << 40, "TiB"}};

    return figure_in(bytes, units, sizeof(units) / sizeof(units[0]));
}

gbxi_figure gbxi_figure_instant(int64_t unix_ns)
{
    int64_t second_ns = (int64_t)GBXI_NS_PER_S;
    time_t seconds = (time_t)(unix_ns / second_ns - (unix_ns % second_ns < 0));
    struct tm parts;
    gbxi_figure figure;

    gmtime_r(&seconds, &parts);
    strftime(figure.text, sizeof(figure.text), "%Y-%m-%d %H:%M:%S", &parts);
    return figure;
}

/* The number of eighths of a column, rounded; at least one if there is a part at all. */
static size_t eighths_of(uint64_t part, uint64_t whole, size_t columns)
{
    double share = whole > 0 ? (double)part / (double)whole : 0;
    size_t eighths = (size_t)((share < 1 ? share : 1) * (double)(8 * columns) + 0.5);

    return eighths == 0 && part > 0 && columns > 0 ? 1 : eighths;
}

void gbxi_bar(char bar[static GBXI_BAR_SIZE], uint64_t part, uint64_t whole, size_t columns, bool utf8)
{
    static const char *const blocks[] = {"",
                                         "\xe2\x96\x8f",
                                         "\xe2\x96\x8e",
                                         "\xe2\x96\x8d",
                                         "\xe2\x96\x8c",
                                         "\xe2\x96\x8b",
                                         "\xe2\x96\x8a",
                                         "\xe2\x96\x89",
                                         "\xe2\x96\x88"};
    size_t max = (GBXI_BAR_SIZE - 1) / 3, eighths, length = 0;

    eighths = eighths_of(part, whole, columns < max ? columns : max);
    if (!utf8) {
        length = (eighths + 7) / 8;
        memset(bar, '#', length);
        bar[length] = '\0';
        return;
    }
    bar[0] = '\0';
    for (; eighths > 0; eighths -= eighths < 8 ? eighths : 8, length += 3)
        memcpy(bar + length, blocks[eighths < 8 ? eighths : 8], 4);
}
