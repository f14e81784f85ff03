/* SPDX-License-Identifier: MIT */
/* The runs of a store, printed. */
#ifndef GBX_CLI_STORE_RUN_TABLE_H
#define GBX_CLI_STORE_RUN_TABLE_H

#include "store/query.h"

/* Print the runs as a table, or as the document of schemas/commands/list.schema.json. Errors: NO_MEMORY; then nothing
 * is printed. */
GBX_MUST_USE gbx_err gbxi_run_table_print(const gbxi_run_info *runs, size_t count, gbx_error *error);
GBX_MUST_USE gbx_err gbxi_run_table_print_json(const gbxi_run_info *runs, size_t count, gbx_error *error);

#endif
