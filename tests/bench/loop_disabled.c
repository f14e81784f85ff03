/* SPDX-License-Identifier: MIT */
/* Owns the loop with a disabled span in it. */
#define GBX_DISABLE
#include "loops.h"
#include <glassbox/span.h>

void loop_disabled(size_t count)
{
    for (size_t i = 0; i != count; ++i) {
        GBX_SPAN_NAMED("span");
        __asm__ volatile("" : : : "memory"); /* a body that may have touched anything */
    }
}
