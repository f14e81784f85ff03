/* SPDX-License-Identifier: MIT */
/* Exports the summary of many spans with names of their own, once, for callgrind to count: names colliding|ordinary
 * COUNT. The colliding ones were chosen against a hash without a key. */
#include "colliding.h"
#include "programs.h"
#include <glassbox/span.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static const gbx_site site = {"chosen", "chosen", "bench.c", 1, {0}};

/* Ordinary names are as long, and end in a word that no hash foresees. Returns false if the name has a NUL. */
static bool choose_name(uint64_t number, bool colliding, char name[COLLIDING_NAME_BYTES + 1])
{
    uint64_t first = number | 0x4141414141010000u; /* hardly any NUL */
    uint64_t random = colliding_mix(number) | 0x0101010101010101u;

    colliding_name(first, site.line, name);
    if (!colliding)
        memcpy(name + sizeof(first), &random, sizeof(random));
    name[COLLIDING_NAME_BYTES] = '\0';
    return memchr(name, '\0', COLLIDING_NAME_BYTES) == NULL;
}

static void record_chosen(size_t count, bool colliding)
{
    char name[COLLIDING_NAME_BYTES + 1];
    size_t recorded = 0;
    gbx_span span;

    for (uint64_t number = 0; recorded < count; number++) {
        if (!choose_name(number, colliding, name))
            continue;
        gbxi_span_begin_format(&span, &site, "%s", name);
        gbxi_span_end(&span);
        recorded++;
    }
}

int main(int argc, char **argv)
{
    bool colliding = argc == 3 && strcmp(argv[1], "colliding") == 0;
    gbx_capture *capture;
    gbx_scope scope;

    if (argc != 3 || (!colliding && strcmp(argv[1], "ordinary") != 0)) {
        fprintf(stderr, "usage: %s colliding|ordinary COUNT\n", argv[0]);
        return 2;
    }
    if ((capture = gbx_capture_new(NULL)) == NULL)
        return EXIT_FAILURE;
    scope = gbx_capture_enter(capture);
    record_chosen(strtoul(argv[2], NULL, 10), colliding);
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    printf("%zu bytes\n", program_export(capture, GBX_FORMAT_SUMMARY));
    gbx_capture_unref(capture);
    return EXIT_SUCCESS;
}
