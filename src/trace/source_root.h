/* SPDX-License-Identifier: MIT */
/* File names relative to the root of a program's source. */
#ifndef GBX_TRACE_SOURCE_ROOT_H
#define GBX_TRACE_SOURCE_ROOT_H

#include "trace/frames.h"

/* Cuts `root` and the slashes after it off the file names below it. Other file names stay as they are: those that begin
 * with the root but go on with another character than a slash, and the root itself. Slashes at the end of the root do
 * not count. Nothing is cut if the root is NULL or empty. */
void gbxi_frames_cut_root(gbxi_frames *frames, const char *root);

#endif
