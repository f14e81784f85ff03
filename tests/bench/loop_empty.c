/* SPDX-License-Identifier: MIT */
/* Owns the empty loop that the others are compared with. */
#include "loops.h"

void loop_empty(size_t count)
{
    for (size_t i = 0; i != count; ++i)
        __asm__ volatile("" : : : "memory"); /* a body that may have touched anything */
}
