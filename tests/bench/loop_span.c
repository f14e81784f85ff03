/* SPDX-License-Identifier: MIT */
/* Owns the loop with a span in it. */
#include "loops.h"
#include <glassbox/span.h>

void loop_span(size_t count)
{
    for (size_t i = 0; i != count; ++i) {
        GBX_SPAN_NAMED("span");
        __asm__ volatile("" : : : "memory"); /* a body that may have touched anything */
    }
}
