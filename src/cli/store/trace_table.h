/* SPDX-License-Identifier: MIT */
/* The traces of a run, printed. */
#ifndef GBX_CLI_STORE_TRACE_TABLE_H
#define GBX_CLI_STORE_TRACE_TABLE_H

#include "cli/store/chosen.h"

/* Print the traces that `query` selects in the chosen run, as many as its limit says, which must not be 0: as a table,
 * or as the document of schemas/commands/list_run.schema.json. Both say if there are more. Errors: those of the store,
 * NO_MEMORY; then nothing is printed. */
GBX_MUST_USE gbx_err gbxi_trace_table_print(gbxi_chosen *chosen, const gbxi_trace_query *query, gbx_error *error);
GBX_MUST_USE gbx_err gbxi_trace_table_print_json(gbxi_chosen *chosen, const gbxi_trace_query *query, gbx_error *error);

#endif
