/* SPDX-License-Identifier: MIT */
/* The verb of a statement, as the call site that its span has. */
#ifndef GBX_SQLITE_VERB_H
#define GBX_SQLITE_VERB_H

#include <glassbox/span.h>

/* The site that is named after the first word of `sql`, behind white space and comments; "sql" for a word that is not
 * known. Thread: any. */
const gbx_site *gbxi_sqlite_site(const char *sql);

#endif
