/* SPDX-License-Identifier: MIT */
/* Statements without what differs from call to call: "SELECT * FROM a WHERE id = 7" and the same with 8 are one. */
#ifndef GBX_FINDINGS_STATEMENT_H
#define GBX_FINDINGS_STATEMENT_H

#include "base/view.h"

enum { GBXI_STATEMENT_SIZE = 4096 };

/* A statement in its normal form, terminated. */
typedef struct gbxi_normal_statement {
    char text[GBXI_STATEMENT_SIZE];
    size_t length;
    bool has_parameters; /* the statement has placeholders, so its text does not tell its arguments */
} gbxi_normal_statement;

/* Normalises a statement of SQL: numbers, texts, blobs and placeholders become ?, a list of them becomes one ?,
 * comments go, and each run of white space is one space. Names are kept, quoted ones too. A statement that is not SQL
 * comes out as something, and the same one always as the same. Longer ones are cut. Cost: one pass. Thread: any. */
void gbxi_statement_normalise(gbxi_view statement, gbxi_normal_statement *normal);

#endif
