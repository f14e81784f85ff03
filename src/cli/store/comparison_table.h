/* SPDX-License-Identifier: MIT */
/* A comparison, printed for people. */
#ifndef GBX_CLI_STORE_COMPARISON_TABLE_H
#define GBX_CLI_STORE_COMPARISON_TABLE_H

#include "cli/store/terminal.h"
#include "findings/compare/comparison.h"

/* Prints what is compared, the common drift, a table of routes, one of at most `top` frames (0: all), and what is
 * shown. The sides are those that the comparison was made of. Errors: NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_comparison_print(const gbxi_comparison *comparison, const gbxi_compare_side *before,
                                           const gbxi_compare_side *after, size_t top, const gbxi_terminal *terminal,
                                           gbx_error *error);

#endif
