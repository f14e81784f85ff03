/* SPDX-License-Identifier: MIT */
/* A virtual table of SQLite that reads an array. Source of the interface: https://www.sqlite.org/vtab.html */
#include "store/number_rows.h"
#include <sqlite3.h>
#include <stdlib.h>

typedef struct rows_table {
    sqlite3_vtab super;
    const gbxi_number_rows *rows;
} rows_table;

typedef struct rows_cursor {
    sqlite3_vtab_cursor super;
    const gbxi_number_rows *rows;
    size_t at;
} rows_cursor;

/* SQLite frees both with what these functions say. */
static int rows_connect(sqlite3 *handle, void *context, int count, const char *const *arguments, sqlite3_vtab **table,
                        char **failure)
{
    static const char *const shapes[] = {"",
                                         "CREATE TABLE x(a)",
                                         "CREATE TABLE x(a,b)",
                                         "CREATE TABLE x(a,b,c)",
                                         "CREATE TABLE x(a,b,c,d)",
                                         "CREATE TABLE x(a,b,c,d,e)",
                                         "CREATE TABLE x(a,b,c,d,e,f)",
                                         "CREATE TABLE x(a,b,c,d,e,f,g)",
                                         "CREATE TABLE x(a,b,c,d,e,f,g,h)"};
    const gbxi_number_rows *rows = context;
    rows_table *made;
    int code = sqlite3_declare_vtab(handle, shapes[rows->column_count]);

    (void)count;
    (void)arguments;
    (void)failure;
    if (code != SQLITE_OK)
        return code;
    if ((made = calloc(1, sizeof(*made))) == NULL)
        return SQLITE_NOMEM;
    made->rows = rows;
    *table = &made->super;
    return SQLITE_OK;
}

static int rows_disconnect(sqlite3_vtab *table)
{
    free(table);
    return SQLITE_OK;
}

static int rows_plan(sqlite3_vtab *table, sqlite3_index_info *plan)
{
    (void)table;
    plan->estimatedCost = 1000;
    return SQLITE_OK;
}

static int rows_open(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
    rows_cursor *made = calloc(1, sizeof(*made));

    if (made == NULL)
        return SQLITE_NOMEM;
    made->rows = ((rows_table *)table)->rows;
    *cursor = &made->super;
    return SQLITE_OK;
}

static int rows_close(sqlite3_vtab_cursor *cursor)
{
    free(cursor);
    return SQLITE_OK;
}

static int rows_rewind(sqlite3_vtab_cursor *cursor, int plan, const char *plan_text, int count, sqlite3_value **values)
{
    (void)plan;
    (void)plan_text;
    (void)count;
    (void)values;
    ((rows_cursor *)cursor)->at = 0;
    return SQLITE_OK;
}

static int rows_next(sqlite3_vtab_cursor *cursor)
{
    ((rows_cursor *)cursor)->at++;
    return SQLITE_OK;
}

static int rows_at_end(sqlite3_vtab_cursor *cursor)
{
    return ((rows_cursor *)cursor)->at >= ((rows_cursor *)cursor)->rows->row_count;
}

static int rows_column(sqlite3_vtab_cursor *cursor, sqlite3_context *result, int column)
{
    const rows_cursor *at = (const rows_cursor *)cursor;

    sqlite3_result_int64(result, at->rows->numbers[at->at * (size_t)at->rows->column_count + (size_t)column]);
    return SQLITE_OK;
}

static int rows_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid)
{
    *rowid = (sqlite3_int64)((rows_cursor *)cursor)->at;
    return SQLITE_OK;
}

int gbxi_number_rows_register(struct sqlite3 *handle, const char *name, gbxi_number_rows *rows)
{
    static const sqlite3_module module = {
        .xConnect = rows_connect,
        .xBestIndex = rows_plan,
        .xDisconnect = rows_disconnect,
        .xOpen = rows_open,
        .xClose = rows_close,
        .xFilter = rows_rewind,
        .xNext = rows_next,
        .xEof = rows_at_end,
        .xColumn = rows_column,
        .xRowid = rows_rowid,
    };

    return sqlite3_create_module(handle, name, &module, rows);
}
