/* SPDX-License-Identifier: MIT */
/* The signature of a finding: the same from run to run, so that a finding can be acknowledged, counted and followed. */
#ifndef GBX_FINDINGS_SIGNATURE_H
#define GBX_FINDINGS_SIGNATURE_H

#include <glassbox/error.h>
#include <stddef.h>

enum { GBXI_SIGNATURE_DIGITS = 64, GBXI_SIGNATURE_SIZE = GBXI_SIGNATURE_DIGITS + 1, GBXI_SIGNATURE_SHORT = 16 };

/* Makes a signature of `count` texts: SHA-256 (FIPS 180-4) over the texts, each followed by a NUL, as 64 lower-case
 * hexadecimal digits, terminated. Thread: any. Errors: NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_signature_make(const char *const *texts, size_t count,
                                         char signature[static GBXI_SIGNATURE_SIZE]);

#endif
