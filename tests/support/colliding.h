/* SPDX-License-Identifier: MIT */
/* Names that all have the same hash under a function without a key, which the table of a trace's names had once.
 *
 * Anyone who knows such a function can undo it: the second word of each name cancels what the first one did. */
#ifndef GBX_TESTS_SUPPORT_COLLIDING_H
#define GBX_TESTS_SUPPORT_COLLIDING_H

#include <stdint.h>
#include <string.h>

enum { COLLIDING_NAME_BYTES = 16 };

/* Half of that hash. */
static inline uint64_t colliding_mix(uint64_t value)
{
    for (int i = 0; i < 2; i++) {
        value ^= value >> 32;
        value *= 0xD6E8FEB86659FD93u;
    }
    return value ^ value >> 32;
}

/* Writes the name of the site in that line that begins with the word `first`. It may have any bytes and has no
 * terminator. */
static inline void colliding_name(uint64_t first, uint32_t line, char name[COLLIDING_NAME_BYTES])
{
    uint64_t second = colliding_mix(colliding_mix(((uint64_t)COLLIDING_NAME_BYTES << 32) ^ line) ^ first);

    memcpy(name, &first, sizeof(first));
    memcpy(name + sizeof(first), &second, sizeof(second));
}

#endif
