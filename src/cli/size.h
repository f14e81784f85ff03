/* SPDX-License-Identifier: MIT */
/* Sizes, durations and numbers as written on a command line. */
#ifndef GBX_CLI_SIZE_H
#define GBX_CLI_SIZE_H

#include <stdbool.h>
#include <stdint.h>

/* Reads a decimal number from `min` to `max`, with digits only. Otherwise returns false and leaves `value`
 * unchanged. */
bool gbxi_number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *value);

/* Reads a number of bytes from `min` to `max`: digits, optionally followed by K, M or G (powers of 1024, either case).
 * Otherwise returns false and leaves `bytes` unchanged. */
bool gbxi_size_parse(const char *text, uint64_t min, uint64_t max, uint64_t *bytes);

/* Reads a duration from `min_s` to `max_s` seconds: digits followed by s, m, h or d. Otherwise returns false and leaves
 * `duration_s` unchanged. */
bool gbxi_duration_parse(const char *text, uint64_t min_s, uint64_t max_s, uint64_t *duration_s);

/* Reads a time from `min_ns` to `max_ns` nanoseconds: digits followed by ns, us, ms or s. Otherwise returns false and
 * leaves `time_ns` unchanged. */
bool gbxi_time_parse(const char *text, uint64_t min_ns, uint64_t max_ns, uint64_t *time_ns);

#endif
