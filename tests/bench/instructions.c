/* SPDX-License-Identifier: MIT */
/* Runs one of the loops a given number of times, for callgrind to count: instructions LOOP COUNT [captured]. */
#include "loops.h"
#include <glassbox/capture.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void loop_run(size_t count);

static void run_in_a_capture(loop_run *run, size_t count)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);

    run(count);
    gbx_capture_leave(scope);
    gbx_capture_unref(capture);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        loop_run *run;
    } loops[] = {{"empty", loop_empty},
                 {"span", loop_span},
                 {"disabled", loop_disabled},
                 {"number", loop_format_number},
                 {"text", loop_format_text},
                 {"words", loop_format_words},
                 {"variable", loop_format_variable}};
    bool captured = argc == 4 && strcmp(argv[3], "captured") == 0;

    for (size_t i = 0; (argc == 3 || captured) && i != sizeof(loops) / sizeof(loops[0]); ++i)
        if (strcmp(argv[1], loops[i].name) == 0) {
            if (captured)
                run_in_a_capture(loops[i].run, strtoul(argv[2], NULL, 10));
            else
                loops[i].run(strtoul(argv[2], NULL, 10));
            return EXIT_SUCCESS;
        }
    fprintf(stderr, "usage: %s empty|span|disabled|number|text|words|variable COUNT [captured]\n", argv[0]);
    return 2;
}
