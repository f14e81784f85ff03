/* SPDX-License-Identifier: MIT */
/* Rows of numbers in memory, as a table that statements of one database can read: inserting many rows with one
 * statement takes two thirds of the time that binding each of them takes.
 *
 *     gbxi_number_rows rows = {.column_count = 2};
 *     gbxi_database_lend_rows(database, "pending", &rows, &error)        // once
 *     rows.numbers = numbers, rows.row_count = 500;
 *     ... INSERT INTO t SELECT * FROM pending ...
 */
#ifndef GBX_STORE_NUMBER_ROWS_H
#define GBX_STORE_NUMBER_ROWS_H

#include <stddef.h>
#include <stdint.h>

struct sqlite3;

enum { GBXI_NUMBER_ROWS_COLUMNS_MAX = 8 };

/* Borrowed by the database until it is closed. Change it while no statement reads it. */
typedef struct gbxi_number_rows {
    const int64_t *numbers; /* row by row */
    size_t row_count;
    int column_count;
} gbxi_number_rows;

/* Makes the table `name` in a database. Returns SQLite's result code. Only store/database.h calls this. */
int gbxi_number_rows_register(struct sqlite3 *handle, const char *name, gbxi_number_rows *rows);

#endif
