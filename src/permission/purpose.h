/* SPDX-License-Identifier: MIT */
/* What a permission is for: capturing requests, reading what was recorded, and operating the service. */
#ifndef GBX_PERMISSION_PURPOSE_H
#define GBX_PERMISSION_PURPOSE_H

#include <glassbox/error.h>
#include <stddef.h>
#include <stdint.h>

/* X(constant, bit, name). Tokens have these bits in a byte, so a released row stays. */
#define GBXI_PURPOSES(X)                                                                                               \
    X(CAPTURE, 1, "capture") /* ask for the trace of a request */                                                      \
    X(READ, 2, "read")       /* see states, metrics and stored traces */                                               \
    X(OPERATE, 4, "operate") /* change something, and see who did */

typedef enum gbxi_purpose {
#define GBXI_PURPOSE_ENUM(constant, bit, name) GBXI_PURPOSE_##constant = bit,
    GBXI_PURPOSES(GBXI_PURPOSE_ENUM)
#undef GBXI_PURPOSE_ENUM
} gbxi_purpose;

/* All bits. */
#define GBXI_PURPOSE_BIT(constant, bit, name) | bit
enum { GBXI_PURPOSES_ALL = 0 GBXI_PURPOSES(GBXI_PURPOSE_BIT) };
#undef GBXI_PURPOSE_BIT

/* Room for the names of all purposes. */
enum { GBXI_PURPOSES_TEXT_SIZE = 32 };

/* Reads names separated by commas, such as "read,operate". Errors: SYNTAX with a sentence that quotes the name at
 * fault. Thread: any. */
GBX_MUST_USE gbx_err gbxi_purposes_read(const char *text, uint8_t *purposes, gbx_error *error);

/* Writes the names of the bits, in the order of the rows and separated by commas. Returns `text`. */
const char *gbxi_purposes_write(uint8_t purposes, char text[GBXI_PURPOSES_TEXT_SIZE]);

/* The name of a row; NULL after the last. */
const char *gbxi_purpose_name(size_t index);

#endif
