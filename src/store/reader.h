/* SPDX-License-Identifier: MIT */
/* What the parts of an open reader (store/query.h) share. */
#ifndef GBX_STORE_READER_H
#define GBX_STORE_READER_H

#include "store/catalog.h"
#include "store/database.h"

enum { GBXI_STORED_TEXTS = 6 };

struct gbxi_store_reader {
    char *directory;
    gbxi_catalog *catalog;
};

struct gbxi_stored_run {
    struct gbxi_store_reader *reader;
    gbxi_database *database;
    char id[GBXI_RUN_ID_SIZE];
    char *texts[GBXI_STORED_TEXTS]; /* of the trace that was found last */
};

#endif
