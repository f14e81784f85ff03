/* SPDX-License-Identifier: MIT */
/* What the parts of an open reader (store/query.h) share. */
#ifndef GBX_STORE_READER_H
#define GBX_STORE_READER_H

#include "store/catalog.h"

struct gbxi_store_reader {
    char *directory;
    gbxi_catalog *catalog;
};

#endif
