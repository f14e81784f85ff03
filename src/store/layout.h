/* SPDX-License-Identifier: MIT */
/* The tables of the store's databases, their versions, and how an older one is brought up to date. */
#ifndef GBX_STORE_LAYOUT_H
#define GBX_STORE_LAYOUT_H

#include "store/database.h"

/* One kind of database. A constant table. */
typedef struct gbxi_layout {
    const char *kind;              /* as in "it is no run" */
    int64_t application_id;        /* in the file's header; file(1) shows it too */
    int64_t version;               /* the newest, which is the one that is written */
    const char *sql;               /* makes the tables of that version */
    const char *end_sql;           /* makes what speeds up reading, when nothing more is written; NULL: nothing */
    const char *const *migrations; /* from each version to the next: version 0 to 1 first */
} gbxi_layout;

extern const gbxi_layout gbxi_layout_run;
extern const gbxi_layout gbxi_layout_catalog;
extern const gbxi_layout gbxi_layout_audit;

/* Makes the tables in an empty database. Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_layout_create(gbxi_database *database, const gbxi_layout *layout, gbx_error *error);

/* Checks that the database is of this kind, and of a version that this program knows. `*version` gets the version.
 * Errors: UNKNOWN if it is of another kind or of a newer version, and as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_layout_check(gbxi_database *database, const gbxi_layout *layout, int64_t *version,
                                       gbx_error *error);

/* Whether there are no tables at all, because whoever makes the file is not done, or was killed. */
bool gbxi_layout_is_not_made(gbxi_database *database);

/* Whether the file is a database with tables of another program. Only the file's header is read, and nothing changed,
 * as opening it to write would do. Source: https://www.sqlite.org/fileformat2.html */
bool gbxi_layout_is_foreign(const gbxi_layout *layout, const char *path);

/* Brings a database of an older version up to date, all of it or nothing. It must have been opened to write. Errors:
 * as those of gbxi_layout_check. */
GBX_MUST_USE gbx_err gbxi_layout_migrate(gbxi_database *database, const gbxi_layout *layout, gbx_error *error);

#endif
