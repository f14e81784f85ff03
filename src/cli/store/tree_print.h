/* SPDX-License-Identifier: MIT */
/* A trace's tree for people and for programs. */
#ifndef GBX_CLI_STORE_TREE_PRINT_H
#define GBX_CLI_STORE_TREE_PRINT_H

#include "cli/store/terminal.h"
#include "cli/store/tree.h"
#include "json/writer.h"

/* Prints the threads of the trace and below each its spans, with bars. Levels below `depth` are counted. Errors: false
 * if memory is short; then nothing is printed. */
GBX_MUST_USE bool gbxi_tree_print(const gbxi_tree *tree, uint32_t depth, const gbxi_terminal *terminal);

/* Writes members of the open object: the notes and the failure of the trace itself, and its threads with their spans.
 * Levels below `depth` are counted. Errors: false if memory is short. */
GBX_MUST_USE bool gbxi_tree_write(gbxi_json_writer *writer, const gbxi_tree *tree, uint32_t depth);

#endif
