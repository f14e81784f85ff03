/* SPDX-License-Identifier: MIT */
/* Runs one of the loops a given number of times, for callgrind to count: instructions LOOP COUNT. */
#include "loops.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(size_t);
    } loops[] = {{"empty", loop_empty}, {"span", loop_span}, {"disabled", loop_disabled}};

    for (size_t i = 0; argc == 3 && i != sizeof(loops) / sizeof(loops[0]); ++i)
        if (strcmp(argv[1], loops[i].name) == 0) {
            loops[i].run(strtoul(argv[2], NULL, 10));
            return EXIT_SUCCESS;
        }
    fprintf(stderr, "usage: %s empty|span|disabled COUNT\n", argv[0]);
    return 2;
}
