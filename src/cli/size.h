/* SPDX-License-Identifier: MIT */
/* Sizes, durations and numbers as people write them on a command line. */
#ifndef GBX_CLI_SIZE_H
#define GBX_CLI_SIZE_H

#include <stdbool.h>
#include <stdint.h>

/* Reads a decimal number from `min` to `max`: digits and nothing else. False, and `value` left alone, for the rest. */
bool gbxi_number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *value);

/* Reads a number of bytes: digits, then nothing or one of K, M, G (powers of 1024, either case). False, and `bytes`
 * left alone, for anything else and for what is not from `min` to `max`. */
bool gbxi_size_parse(const char *text, uint64_t min, uint64_t max, uint64_t *bytes);

/* Reads a duration: digits and one of s, m, h, d. False, and `duration_s` left alone, for anything else and for what is
 * not from `min_s` to `max_s` seconds. */
bool gbxi_duration_parse(const char *text, uint64_t min_s, uint64_t max_s, uint64_t *duration_s);

#endif
