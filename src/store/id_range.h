/* SPDX-License-Identifier: MIT */
/* Trace ids by the digits that they begin with. */
#ifndef GBX_STORE_ID_RANGE_H
#define GBX_STORE_ID_RANGE_H

#include <stdint.h>

enum { GBXI_ID_DIGITS = 32 };

/* The smallest and the largest id that begin with these hexadecimal digits, at most GBXI_ID_DIGITS. */
void gbxi_id_range_of(const char *digits, uint8_t low[16], uint8_t high[16]);

#endif
