/* SPDX-License-Identifier: MIT */
/* Stores that tests read: written through the sink, as the recorder does, and opened as the commands do. */
#ifndef GBX_TESTS_STORE_READING_H
#define GBX_TESTS_STORE_READING_H

#include "store/query.h"
#include "store/store.h"
#include "storing.h"

/* A store that is read, and what its reader was told. */
typedef struct reading {
    char *directory;
    gbxi_store_reader *reader;
    char told[400];
} reading;

/* Setup and teardown: a reading of an empty folder. */
int reading_begin(void **state);
int reading_end(void **state);

/* Opens the store anew. */
void reading_open(reading *r);

/* The run that is meant by `name`, and one that is open. */
gbxi_run_info reading_resolve(reading *r, const char *name);
gbxi_stored_run *reading_open_run(reading *r, const char *name);

/* Three captures: a plain one, a slow one that is answered with 503 on another route, and one with a failed span. */
extern const stored_case reading_three[3];

/* Opens a store to write, and stores such captures through its sink. */
gbxi_store *reading_write_store(const char *directory, const stored_case *cases, size_t count);
/* The same, and closes it. */
void reading_write_run(const char *directory, const stored_case *cases, size_t count);

/* Plants a closed run of one trace with this id. */
void reading_plant(const char *directory, const char *id);

/* Writes a file of the store. */
void reading_write_file(const char *directory, const char *name, const void *bytes, size_t length);

#endif
