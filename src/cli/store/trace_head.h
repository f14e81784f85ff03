/* SPDX-License-Identifier: MIT */
/* A stored trace in a few lines, and in one. */
#ifndef GBX_CLI_STORE_TRACE_HEAD_H
#define GBX_CLI_STORE_TRACE_HEAD_H

#include "cli/store/terminal.h"
#include "store/query.h"

/* Prints the lines above a tree: what the request was, how long it took, and what is missing in the trace. */
void gbxi_trace_head_print(const gbxi_run_info *run, const gbxi_stored_trace *trace, const gbxi_terminal *terminal);

/* Prints a trace on one line, in columns. */
void gbxi_trace_line_print(const gbxi_stored_trace *trace, const gbxi_terminal *terminal);

#endif
