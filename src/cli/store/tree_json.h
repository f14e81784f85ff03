/* SPDX-License-Identifier: MIT */
/* A trace's tree as JSON: as a whole, and each span by itself. */
#ifndef GBX_CLI_STORE_TREE_JSON_H
#define GBX_CLI_STORE_TREE_JSON_H

#include "cli/store/tree.h"
#include "export/notes.h"

/* Writes members of the open object: the notes and the failure of the trace itself, and its threads with their spans.
 * Levels below `depth` are counted. Errors: false if memory is short. */
GBX_MUST_USE bool gbxi_tree_write(gbxi_json_writer *writer, const gbxi_tree *tree, uint32_t depth);

/* Writes members of the open object: all of a span but its children, of which `hidden` are left out. `scratch` is empty
 * before and after. Errors: false if memory is short. */
GBX_MUST_USE bool gbxi_tree_span_write(gbxi_json_writer *writer, const gbxi_tree *tree, uint32_t number,
                                       uint32_t hidden, gbxi_notes *scratch);

/* Writes members of the open object: all of a thread but its spans. */
void gbxi_tree_thread_write(gbxi_json_writer *writer, const gbxi_tree *tree, size_t number);

#endif
