/* SPDX-License-Identifier: MIT */
/* A lane as text, so that a test can state what it expects in one line: "a(b c{key=1}(d!why))". What belongs to the
 * trace itself stands alone: "a {key=1} !why". */
#ifndef GBX_TESTS_SHAPE_H
#define GBX_TESTS_SHAPE_H

#include <glassbox/capture.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Lane `lane` of a finished capture, in a static buffer that the next call overwrites. Fails the test when times
 * decrease, exits do not match, or the capture ends before the lane does. */
const char *shape_of(const gbx_capture *capture, size_t lane);

/* Spans in the lane, and the deepest nesting, without the text: for long ones. */
void shape_count(const gbx_capture *capture, size_t lane, size_t *spans, size_t *deepest);

#ifdef __cplusplus
}
#endif

#endif
