/* SPDX-License-Identifier: MIT */
/* Reads a `full` document (schemas/full.schema.json) back into the capture that it was made of.
 *
 * The document may come from anywhere: every member that is used is checked, and what contradicts itself is refused.
 * Members of later versions are ignored. A document that was made without folding short calls gives the same document
 * again. What no document has is lost: when a failure happened in its call, notes of the trace itself beyond the first
 * hundred, and which of several methods with the same name an entry belongs to. The last is found out from the calls'
 * times where they tell, and guessed where they do not. */
#ifndef GBX_STORE_IMPORT_H
#define GBX_STORE_IMPORT_H

#include <glassbox/capture.h>
#include <glassbox/error.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gbxi_import {
    gbx_capture *capture;   /* finished */
    uint64_t guessed_calls; /* whose file and line are a guess among those of the methods with their name */
} gbxi_import;

/* Reads a document. Owns: the caller gets the only reference to the capture. Errors: SYNTAX with a sentence that names
 * the member at fault, LIMIT, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_import_full(const char *text, size_t length, gbxi_import *import, gbx_error *error);

#endif
