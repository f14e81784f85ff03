/* SPDX-License-Identifier: MIT */
/* The file `RUN.live` beside a run that is being written: who has its lock is writing the run, and its counters outlive
 * a process that is killed.
 *
 * The file is one page that the writer maps, so the kernel keeps what was counted whatever happens to the process. A
 * run that was closed has no such file. Thread: any, for the counters; the others one at a time. */
#ifndef GBX_STORE_LIVE_H
#define GBX_STORE_LIVE_H

#include <glassbox/error.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* The file's contents. Written by one process; read by others only when it is gone. */
typedef struct gbxi_live_page {
    char magic[8];
    uint64_t pid;
    _Atomic(uint64_t) offered; /* captures that were kept for the run and got into the queue */
    _Atomic(uint64_t) taken;   /* of those: taken from the queue */
    _Atomic(uint64_t) missed;  /* captures that were kept, and for which the queue had no room */
    _Atomic(uint64_t) failed;  /* taken captures that could not be stored */
} gbxi_live_page;

/* An open file. Caller's memory. */
typedef struct gbxi_live {
    gbxi_live_page *page;
    int descriptor;
    bool lent; /* gbxi_live_close leaves the page mapped */
} gbxi_live;

/* What the counters of a run say. */
typedef struct gbxi_live_counts {
    uint64_t kept;   /* captures that the run is answerable for, except `missed` */
    uint64_t missed; /* no room in the queue */
    uint64_t failed; /* could not be stored */
} gbxi_live_counts;

/* Creates the file at `path`, which must not exist, and takes its lock. Owns: the caller, until gbxi_live_close.
 * Errors: IO. */
GBX_MUST_USE gbx_err gbxi_live_create(gbxi_live *live, const char *path, gbx_error *error);

/* Opens the file of a run that nobody writes, and takes its lock. Owns: as above. Errors: CONFLICT if it is being
 * written, MISSING if there is no such file, IO. */
GBX_MUST_USE gbx_err gbxi_live_open(gbxi_live *live, const char *path, gbx_error *error);

/* Gives the lock back. The file stays; whoever is done with the run unlinks it before. */
void gbxi_live_close(gbxi_live *live);

/* The page, which stays mapped beyond gbxi_live_close, until gbxi_live_page_unmap: other threads may still count. */
gbxi_live_page *gbxi_live_lend(gbxi_live *live);
void gbxi_live_page_unmap(gbxi_live_page *page);

/* What the counters say now. */
gbxi_live_counts gbxi_live_read(const gbxi_live *live);

typedef enum gbxi_live_state { GBXI_LIVE_NONE, GBXI_LIVE_LEFT, GBXI_LIVE_HELD } gbxi_live_state;

/* Whether there is such a file, and whether somebody has its lock. If not, `*counts` gets what its counters say. A file
 * of another kind counts nothing. */
gbxi_live_state gbxi_live_look(const char *path, gbxi_live_counts *counts);

#endif
