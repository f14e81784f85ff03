/* SPDX-License-Identifier: MIT */
/* Work that waits for a worker, in the order in which it came. Thread: whoever holds the pool's lock. */
#ifndef GBX_RUNTIME_WORK_LINE_H
#define GBX_RUNTIME_WORK_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* One piece of work. Caller's memory, which must remain valid until `run` has begun or the work is withdrawn. */
typedef struct gbxi_work {
    struct gbxi_work *next;              /* used by the pool while the work waits */
    void (*run)(struct gbxi_work *work); /* Thread: one of the workers */
} gbxi_work;

/* Caller's memory, at a fixed address. */
typedef struct gbxi_work_line {
    gbxi_work *first;
    gbxi_work **end; /* the link for the next work */
    size_t length;
} gbxi_work_line;

/* Makes the line empty. */
void gbxi_work_line_init(gbxi_work_line *line);

/* Puts `work` at the end. */
void gbxi_work_line_append(gbxi_work_line *line, gbxi_work *work);

/* Removes and returns the first work, which there must be. */
gbxi_work *gbxi_work_line_take(gbxi_work_line *line);

/* Removes `work`; false if it is not in the line. Cost: a linear search. */
bool gbxi_work_line_remove(gbxi_work_line *line, const gbxi_work *work);

#endif
