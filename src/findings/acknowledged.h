/* SPDX-License-Identifier: MIT */
/* Findings that somebody has looked at and accepted: they stay out of reports. A store keeps them in one file,
 * `acknowledged.json`, which people may read and keep under version control. */
#ifndef GBX_FINDINGS_ACKNOWLEDGED_H
#define GBX_FINDINGS_ACKNOWLEDGED_H

#include "findings/signature.h"
#include "json/writer.h"
#include <stdbool.h>
#include <stdint.h>

enum { GBXI_BECAUSE_MAX = 500, GBXI_DATE_SIZE = 11 };

/* Texts are terminated. */
typedef struct gbxi_acknowledgement {
    char signature[GBXI_SIGNATURE_SIZE];
    char *because;              /* why it is accepted */
    char *sentence;             /* what the finding said */
    char *rule;                 /* its rule's id */
    char until[GBXI_DATE_SIZE]; /* YYYY-MM-DD: from this day on it is reported again; "": for ever */
} gbxi_acknowledgement;

/* Owns: all texts, until fini. A zeroed struct is empty. */
typedef struct gbxi_acknowledgements {
    gbxi_acknowledgement *at; /* by signature */
    size_t count, capacity;
} gbxi_acknowledgements;

/* Reads the file of the store in `directory`; without a file there are none. Errors: SYNTAX with the place in the file,
 * IO, NO_MEMORY; nothing is kept then. */
GBX_MUST_USE gbx_err gbxi_acknowledgements_read(const char *directory, gbxi_acknowledgements *all, gbx_error *error);
void gbxi_acknowledgements_fini(gbxi_acknowledgements *all);

/* The acknowledgement of a finding in a run that began at this instant; NULL: there is none, or it is over. */
const gbxi_acknowledgement *gbxi_acknowledgements_find(const gbxi_acknowledgements *all, const char *signature,
                                                       int64_t unix_ns);

/* Writes all of them, as the file has them. */
void gbxi_acknowledgements_write(gbxi_json_writer *writer, const gbxi_acknowledgements *all);

/* Adds one to the file, in the place of another one of the same finding. The file is replaced as a whole; others who do
 * the same at the same time wait. Errors: SYNTAX, IO, LIMIT if it would be too large, NO_MEMORY; the file is as before
 * then. */
GBX_MUST_USE gbx_err gbxi_acknowledgements_put(const char *directory, const gbxi_acknowledgement *one,
                                               gbx_error *error);

/* Removes the one whose signature begins so. Errors: UNKNOWN, CONFLICT if several do, and as above. */
GBX_MUST_USE gbx_err gbxi_acknowledgements_drop(const char *directory, const char *signature, gbx_error *error);

/* Whether a text is a date that exists, YYYY-MM-DD. */
bool gbxi_date_is_valid(const char *text);

#endif
