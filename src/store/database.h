/* SPDX-License-Identifier: MIT */
/* The one layer over SQLite: databases, and statements that are kept. Nothing else in this room calls SQLite.
 *
 *     gbxi_database_open(path, "run 20261129-091338-1f6c09ab", GBXI_DATABASE_READ, &database, &error)
 *     gbxi_statement_init(&statement, database, "SELECT name, calls FROM frames WHERE line > ?", &error)
 *     gbxi_bind_int(&statement, 7);                                     // the parameters in their order
 *     while ((err = gbxi_statement_next(&statement, &found, &error)) == GBX_ERR_OK && found) {
 *         name = gbxi_column_text(&statement);                          // the columns in their order
 *         calls = gbxi_column_uint(&statement);
 *     }
 *     gbxi_statement_fini(&statement);
 *     gbxi_database_close(database);
 *
 * Messages begin with what the database is: "run 20261129-091338-1f6c09ab: the disk is full". Thread: a database and
 * its statements belong to one thread at a time. */
#ifndef GBX_STORE_DATABASE_H
#define GBX_STORE_DATABASE_H

#include "store/number_rows.h"
#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gbxi_database gbxi_database;

typedef enum gbxi_database_mode {
    GBXI_DATABASE_NEW,   /* make the file, which must not exist, for the owner alone; then as WRITE */
    GBXI_DATABASE_WRITE, /* in WAL mode */
    GBXI_DATABASE_READ,  /* any place where it can be read; nothing is changed */
    GBXI_DATABASE_MEMORY /* no file */
} gbxi_database_mode;

/* What the last error was about. */
typedef enum gbxi_database_fault {
    GBXI_FAULT_NONE,
    GBXI_FAULT_DAMAGED, /* damaged, or not a database */
    GBXI_FAULT_READ_ONLY,
    GBXI_FAULT_FULL, /* the disk */
    GBXI_FAULT_LOCKED,
    GBXI_FAULT_NO_MEMORY,
    GBXI_FAULT_CONSTRAINT, /* rows contradict each other */
    GBXI_FAULT_IO          /* any other */
} gbxi_database_fault;

/* A prepared statement. Caller's memory. Zeroed: none. */
typedef struct gbxi_statement {
    struct sqlite3_stmt *handle;
    gbxi_database *database;
    int bound;  /* parameters bound so far */
    int column; /* columns of this row read so far */
} gbxi_statement;

enum {
    GBXI_DATABASE_BUSY_MS = 5000,       /* how long an operation waits for another process's lock, at first */
    GBXI_DATABASE_BUSY_SHORT_MS = 1000, /* how long it does where something else can be done */
    GBXI_DATABASE_PAGE_BYTES = 8192     /* of databases that are made here; fewer and larger writes than with 4096 */
};

/* Opens the database at `path`. `what` names it in messages. Both are copied. A mode other than READ and MEMORY sets
 * WAL mode. Owns: the caller, until gbxi_database_close. Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_database_open(const char *path, const char *what, gbxi_database_mode mode,
                                        gbxi_database **database, gbx_error *error);

/* Closes the database, whose statements are finished. An open transaction is rolled back. NULL is allowed. */
void gbxi_database_close(gbxi_database *database);

/* Sets how long an operation waits for another process's lock. */
void gbxi_database_patience_set(gbxi_database *database, int patience_ms);

/* What the last error was about. */
gbxi_database_fault gbxi_database_last_fault(const gbxi_database *database);

/* Fills `error` with the database's name and a reason of the caller's, and makes `fault` the last fault. Returns the
 * code for it: NO_MEMORY, CONFLICT for LOCKED, STATE for READ_ONLY, SYNTAX for DAMAGED and CONSTRAINT, IO for the
 * others. */
gbx_err gbxi_database_fail(gbxi_database *database, gbxi_database_fault fault, const char *reason, gbx_error *error);

/* Runs statements, separated by semicolons, that return nothing of interest. Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_database_execute(gbxi_database *database, const char *sql, gbx_error *error);

/* The number in the first column of the first row; 0 if there is none. Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_database_number(gbxi_database *database, const char *sql, int64_t *number, gbx_error *error);

/* Transactions. BEGIN takes the lock for writing. A rollback cannot fail, and does nothing outside of a transaction.
 * Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_database_begin(gbxi_database *database, gbx_error *error);
GBX_MUST_USE gbx_err gbxi_database_commit(gbxi_database *database, gbx_error *error);
void gbxi_database_rollback(gbxi_database *database);
bool gbxi_database_is_in_transaction(const gbxi_database *database);

/* Makes `rows` a table with that name for the statements of this database. `rows` must outlive it. Errors: as
 * gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_database_lend_rows(gbxi_database *database, const char *name, gbxi_number_rows *rows,
                                             gbx_error *error);

/* Brings what the WAL holds into the database and leaves WAL mode, so that the file alone is whole. Errors: as
 * gbxi_database_fail; LOCKED while somebody reads. */
GBX_MUST_USE gbx_err gbxi_database_make_whole(gbxi_database *database, gbx_error *error);

/* Prepares a statement, to be kept. Owns: the caller, until gbxi_statement_fini, which accepts a zeroed one. Errors: as
 * gbxi_database_fail; then the statement is zeroed. */
GBX_MUST_USE gbx_err gbxi_statement_init(gbxi_statement *statement, gbxi_database *database, const char *sql,
                                         gbx_error *error);
void gbxi_statement_fini(gbxi_statement *statement);

/* Bind the next parameter. Texts and bytes are borrowed until the statement has run. A NULL text is the value NULL. An
 * unsigned number beyond INT64_MAX is stored as that. */
void gbxi_bind_int(gbxi_statement *statement, int64_t number);
void gbxi_bind_uint(gbxi_statement *statement, uint64_t number);
void gbxi_bind_text(gbxi_statement *statement, const char *text);
void gbxi_bind_text_n(gbxi_statement *statement, const char *text, size_t length);
void gbxi_bind_bytes(gbxi_statement *statement, const void *bytes, size_t length);

/* Runs the statement to its end; it can then be bound again. Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_statement_run(gbxi_statement *statement, gbx_error *error);

/* Goes to the next row. After the last one and after an error, `*found` is false and the statement can be bound again.
 * Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_statement_next(gbxi_statement *statement, bool *found, gbx_error *error);

/* Ends the rows early. */
void gbxi_statement_reset(gbxi_statement *statement);

/* Read the next column of the row. Texts and bytes are borrowed until the next row. A value of another type is
 * converted; NULL is 0, "" or no bytes. A number below 0 is read as 0 by gbxi_column_uint. */
int64_t gbxi_column_int(gbxi_statement *statement);
uint64_t gbxi_column_uint(gbxi_statement *statement);
const char *gbxi_column_text(gbxi_statement *statement);
const char *gbxi_column_text_or_null(gbxi_statement *statement); /* NULL if the value is NULL */
const void *gbxi_column_bytes(gbxi_statement *statement, size_t *length);

#endif
