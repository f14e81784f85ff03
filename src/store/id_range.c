/* SPDX-License-Identifier: MIT */
/* Owns the ranges of ids. */
#include "store/id_range.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Sets one digit of an id. */
static void id_put_digit(uint8_t id[16], size_t at, unsigned digit)
{
    id[at / 2] = (uint8_t)(at % 2 == 0 ? (id[at / 2] & 0x0f) | digit << 4 : (id[at / 2] & 0xf0) | digit);
}

void gbxi_id_range_of(const char *digits, uint8_t low[16], uint8_t high[16])
{
    memset(low, 0, 16);
    memset(high, 0xff, 16);
    for (size_t i = 0; digits[i] != '\0'; i++) {
        char digit[] = {digits[i], '\0'};
        unsigned value = (unsigned)strtoul(digit, NULL, 16);

        id_put_digit(low, i, value);
        id_put_digit(high, i, value);
    }
}
