/* SPDX-License-Identifier: MIT */
/* Whitespace as JavaScript defines it, which the libraries remove from both ends of a text. */
#ifndef GBX_GRAPH_ENGINE_BLANK_H
#define GBX_GRAPH_ENGINE_BLANK_H

#include <stddef.h>

/* Length in bytes of the whitespace character at the start of a text; 0 if there is none. */
size_t gbxi_blank_length(const char *at, size_t length);

#endif
