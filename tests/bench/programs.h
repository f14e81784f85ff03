/* SPDX-License-Identifier: MIT */
/* Span programs of a given shape and size, and their export, which P6, P9 and P12 measure. */
#ifndef GBX_TESTS_BENCH_PROGRAMS_H
#define GBX_TESTS_BENCH_PROGRAMS_H

#include <glassbox/export.h>
#include <stdbool.h>

typedef struct program {
    size_t spans;   /* over all lanes */
    size_t depth;   /* how deep they nest, at least 1 */
    size_t frames;  /* distinct names, at least 1 */
    size_t lanes;   /* threads; 0 means 1 */
    size_t fan_out; /* 1: the frames are children of one and the same parent */
    bool formatted; /* the names are formatted while recording, at one site */
} program;

/* Records the program and returns the capture, not yet finished. Owns: the caller. Ends the process when it cannot. */
gbx_capture *program_play(const program *shape);
/* Records the program and returns the finished capture. Owns: the caller. Ends the process when it cannot. */
gbx_capture *program_record(const program *shape);
/* The time that the recording of the last program took, in ns, without the making of its threads. */
double program_record_ns(void);
/* Exports to nowhere, 64 KiB at a time, and returns the bytes. Ends the process on an error. */
size_t program_export(gbx_capture *capture, gbx_format format);

#endif
