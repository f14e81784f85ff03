/* SPDX-License-Identifier: MIT */
/* A trace's tree for people. */
#ifndef GBX_CLI_STORE_TREE_PRINT_H
#define GBX_CLI_STORE_TREE_PRINT_H

#include "cli/store/terminal.h"
#include "cli/store/tree.h"

/* Prints the threads of the trace and below each its spans, with bars. Levels below `depth` are counted. Errors: false
 * if memory is short; then nothing is printed. */
GBX_MUST_USE bool gbxi_tree_print(const gbxi_tree *tree, uint32_t depth, const gbxi_terminal *terminal);

#endif
