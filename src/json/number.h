/* SPDX-License-Identifier: MIT */
/* Doubles as text, with a C interface. */
#ifndef GBX_JSON_NUMBER_H
#define GBX_JSON_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GBXI_JSON_REAL_MAX 32

/* Writes the shortest JSON number that reads back as the same double. Returns its length, which is at most
 * GBXI_JSON_REAL_MAX. Integral values from 2^63 on, and -0, are written so that no reader takes them for integers.
 * `value` must be finite. */
size_t gbxi_json_real_text(double value, char text[GBXI_JSON_REAL_MAX]);

/* Whether a JSON number is larger than any double, or smaller than any negative one. */
bool gbxi_json_is_beyond_double(const char *text, size_t length);

#ifdef __cplusplus
}
#endif

#endif
