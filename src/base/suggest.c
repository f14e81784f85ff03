/* SPDX-License-Identifier: MIT */
/* Compares names. A name that the written text abbreviates is nearest; then come names with the fewest changes. */
#include "base/suggest.h"
#include <string.h>

enum { LENGTH_MAX = 40, DISTANCE_MAX = 2 };

static size_t min_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The number of letters to insert, remove or replace, or neighbours to swap. Source: Damerau, "A technique for computer
 * detection and correction of spelling errors", 1964, restricted to optimal string alignment. */
static size_t distance_between(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][LENGTH_MAX + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2], *spare;

    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        spare = before, before = above, above = row, row = spare;
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = min_of(min_of(row[j - 1], above[j]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = min_of(row[j], before[j - 2] + 1);
        }
    }
    return row[b_length];
}

gbxi_suggestion gbxi_suggestion_for(const char *written)
{
    written += strspn(written, "-");
    return (gbxi_suggestion){.written = written, .length = strcspn(written, "="), .distance = DISTANCE_MAX + 1};
}

void gbxi_suggestion_offer(gbxi_suggestion *suggestion, const char *name)
{
    size_t length = strlen(name), distance;

    if (suggestion->length < 2 || suggestion->length > LENGTH_MAX || length > LENGTH_MAX)
        return;
    if (strncmp(name, suggestion->written, suggestion->length) == 0)
        distance = 0;
    else
        distance = distance_between(suggestion->written, suggestion->length, name, length);
    /* In a short name, two changes can replace everything. */
    if (distance >= suggestion->length || distance >= suggestion->distance)
        return;
    suggestion->nearest = name;
    suggestion->distance = distance;
}
