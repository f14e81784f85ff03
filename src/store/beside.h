/* SPDX-License-Identifier: MIT */
/* Databases beside the runs of a store, `NAME.db`: what is not derived from the runs, unlike the catalog. */
#ifndef GBX_STORE_BESIDE_H
#define GBX_STORE_BESIDE_H

#include "store/layout.h"

typedef enum gbxi_beside_mode {
    GBXI_BESIDE_MAKE,  /* to write; made where there is none. The folder must exist */
    GBXI_BESIDE_WATCH, /* to write if it can be written, otherwise to read. There must be one */
} gbxi_beside_mode;

/* Opens the database with that layout, whose kind is its name and whose version is the newest. Another process may be
 * about to make it. It waits for the locks of others for a short time only. Owns: the caller, with
 * gbxi_database_close. Errors: MISSING if there is none to watch; UNKNOWN if it is of another kind or version;
 * NO_MEMORY; as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_beside_open(const char *directory, const gbxi_layout *layout, gbxi_beside_mode mode,
                                      gbxi_database **database, gbx_error *error);

/* The same without a file: it lives as long as it is open. */
GBX_MUST_USE gbx_err gbxi_beside_open_memory(const gbxi_layout *layout, gbxi_database **database, gbx_error *error);

#endif
