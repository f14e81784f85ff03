/* SPDX-License-Identifier: MIT */
/* Opens databases, runs statements and says in one sentence what went wrong. */
#define _GNU_SOURCE
#include "store/database.h"
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct gbxi_database {
    sqlite3 *handle;
    gbxi_database_fault fault;
    char what[64];
};

#define DATABASE_WRITE_PRAGMAS                                                                                         \
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA journal_size_limit=16777216;"                            \
    "PRAGMA wal_autocheckpoint=1024;PRAGMA cache_size=-8192;PRAGMA temp_store=MEMORY"

static const char *const database_pragmas[] = {
    [GBXI_DATABASE_NEW] = "PRAGMA page_size=8192;" DATABASE_WRITE_PRAGMAS, /* GBXI_DATABASE_PAGE_BYTES */
    [GBXI_DATABASE_WRITE] = DATABASE_WRITE_PRAGMAS,
    [GBXI_DATABASE_READ] = "PRAGMA query_only=ON;PRAGMA temp_store=MEMORY",
    [GBXI_DATABASE_MEMORY] = "PRAGMA temp_store=MEMORY",
};

static gbxi_database_fault fault_of(int code, int system_errno)
{
    switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: /* the statements are right, so the tables are not */
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
        return GBXI_FAULT_DAMAGED;
    case SQLITE_READONLY:
        return GBXI_FAULT_READ_ONLY;
    case SQLITE_FULL:
        return GBXI_FAULT_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return GBXI_FAULT_LOCKED;
    case SQLITE_NOMEM:
        return GBXI_FAULT_NO_MEMORY;
    case SQLITE_CONSTRAINT:
        return GBXI_FAULT_CONSTRAINT;
    default:
        /* SQLite knows only one of the errors that say this. */
        return system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG ? GBXI_FAULT_FULL
                                                                                         : GBXI_FAULT_IO;
    }
}

static gbx_err err_of(gbxi_database_fault fault)
{
    switch (fault) {
    case GBXI_FAULT_NO_MEMORY:
        return GBX_ERR_NO_MEMORY;
    case GBXI_FAULT_LOCKED:
        return GBX_ERR_CONFLICT;
    case GBXI_FAULT_READ_ONLY:
        return GBX_ERR_STATE;
    case GBXI_FAULT_DAMAGED:
    case GBXI_FAULT_CONSTRAINT:
        return GBX_ERR_SYNTAX;
    default:
        return GBX_ERR_IO;
    }
}

gbx_err gbxi_database_fail(gbxi_database *database, gbxi_database_fault fault, const char *reason, gbx_error *error)
{
    database->fault = fault;
    return gbx_error_set(error, err_of(fault), NULL, "%s: %s", database->what, reason);
}

/* What the system said of the call that has just failed, if it was the system's failure; otherwise 0. SQLite does not
 * always remember it. */
static int system_errno_of(const gbxi_database *database, int code)
{
    int failure = errno, known = sqlite3_system_errno(database->handle);

    if ((code & 0xff) != SQLITE_IOERR && (code & 0xff) != SQLITE_CANTOPEN)
        return 0;
    return known != 0 ? known : failure;
}

/* The sentence for what SQLite says of the last call. */
static const char *reason_of(const gbxi_database *database, gbxi_database_fault fault, int code, int system_errno)
{
    switch (fault) {
    case GBXI_FAULT_DAMAGED:
        if ((code & 0xff) == SQLITE_NOTADB)
            return "it is not a database";
        return (code & 0xff) == SQLITE_CORRUPT ? "the database is damaged" : sqlite3_errmsg(database->handle);
    case GBXI_FAULT_READ_ONLY:
        return "it is read-only";
    case GBXI_FAULT_FULL:
        return "the disk is full";
    case GBXI_FAULT_LOCKED:
        return "another process has it locked";
    case GBXI_FAULT_NO_MEMORY:
        return "out of memory";
    default:
        return system_errno != 0 ? strerror(system_errno) : sqlite3_errmsg(database->handle);
    }
}

/* Turns the result of a call that has just been made into an error code. */
static gbx_err database_check(gbxi_database *database, int code, gbx_error *error)
{
    gbxi_database_fault fault;
    int system_errno;

    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE)
        return GBX_ERR_OK;
    if (database->handle == NULL)
        return gbxi_database_fail(database, GBXI_FAULT_NO_MEMORY, "out of memory", error);
    system_errno = system_errno_of(database, code);
    fault = fault_of(code, system_errno);
    return gbxi_database_fail(database, fault, reason_of(database, fault, code, system_errno), error);
}

static gbxi_database_fault fault_of_making(int failure)
{
    if (failure == ENOSPC || failure == EDQUOT)
        return GBXI_FAULT_FULL;
    return failure == EROFS || failure == EACCES || failure == EPERM ? GBXI_FAULT_READ_ONLY : GBXI_FAULT_IO;
}

/* Makes the file before SQLite does, so that it is the owner's alone from the start. */
static gbx_err database_make_file(gbxi_database *database, const char *path, gbx_error *error)
{
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (descriptor == -1)
        return gbxi_database_fail(database, fault_of_making(errno), strerror(errno), error);
    close(descriptor);
    return GBX_ERR_OK;
}

/* The name under which SQLite reads a file that nobody can change, so that it needs no files beside it. NULL: memory.
 */
static char *immutable_name(const char *path)
{
    static const char before[] = "file:", after[] = "?immutable=1";
    char *name = malloc(sizeof(before) + 3 * strlen(path) + sizeof(after)), *at;

    if (name == NULL)
        return NULL;
    at = stpcpy(name, before);
    for (size_t i = 0; path[i] != '\0'; i++) {
        if (strchr("?#%", path[i]) != NULL)
            at += sprintf(at, "%%%02x", (unsigned)path[i]);
        else
            *at++ = path[i];
    }
    memcpy(at, after, sizeof(after));
    return name;
}

/* Files of others are read too, so nothing in their schema may run code: no triggers, no views. */
static gbx_err database_connect(gbxi_database *database, const char *name, int flags, gbxi_database_mode mode,
                                gbx_error *error)
{
    int code;

    sqlite3_close(database->handle);
    database->handle = NULL;
    code = sqlite3_open_v2(name, &database->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code != SQLITE_OK)
        return database_check(database, code, error);
    sqlite3_busy_timeout(database->handle, GBXI_DATABASE_BUSY_MS);
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, mode == GBXI_DATABASE_READ, NULL);
    return gbxi_database_execute(database, "PRAGMA cell_size_check=ON", error);
}

/* Whether the file can be read this way. Opening it tells nothing: SQLite reads a file when it is asked something. */
static gbx_err database_probe(gbxi_database *database, gbx_error *error)
{
    int64_t count;

    return gbxi_database_number(database, "SELECT count(*) FROM sqlite_schema", &count, error);
}

/* A file that nobody writes beside is read as it stands if its folder cannot be written. */
static gbx_err database_read_as_it_stands(gbxi_database *database, const char *path, gbx_error *error)
{
    char *name, *beside;
    gbx_err err;

    if (asprintf(&beside, "%s-wal", path) == -1)
        return gbxi_database_fail(database, GBXI_FAULT_NO_MEMORY, "out of memory", error);
    if (access(beside, F_OK) == 0) {
        free(beside);
        return gbxi_database_fail(database, GBXI_FAULT_READ_ONLY,
                                  "its folder is read-only, and its -wal file is needed", error);
    }
    free(beside);
    if ((name = immutable_name(path)) == NULL)
        return gbxi_database_fail(database, GBXI_FAULT_NO_MEMORY, "out of memory", error);
    err = database_connect(database, name, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, GBXI_DATABASE_READ, error);
    free(name);
    return err != GBX_ERR_OK ? err : database_probe(database, error);
}

/* Reads without writing; a database whose writer was killed may first need what only a writer can do. */
static gbx_err database_open_read(gbxi_database *database, const char *path, gbx_error *error)
{
    gbx_err err = database_connect(database, path, SQLITE_OPEN_READONLY, GBXI_DATABASE_READ, error);

    if (err != GBX_ERR_OK || (err = database_probe(database, error)) == GBX_ERR_OK)
        return err;
    if (database->fault != GBXI_FAULT_READ_ONLY && database->fault != GBXI_FAULT_IO)
        return err;
    if ((err = database_connect(database, path, SQLITE_OPEN_READWRITE, GBXI_DATABASE_READ, error)) == GBX_ERR_OK)
        err = database_probe(database, error);
    if (err == GBX_ERR_OK || (database->fault != GBXI_FAULT_READ_ONLY && database->fault != GBXI_FAULT_IO))
        return err;
    return database_read_as_it_stands(database, path, error);
}

static gbx_err database_open_mode(gbxi_database *database, const char *path, gbxi_database_mode mode, gbx_error *error)
{
    gbx_err err = mode == GBXI_DATABASE_NEW ? database_make_file(database, path, error) : GBX_ERR_OK;

    if (err != GBX_ERR_OK)
        return err;
    if (mode == GBXI_DATABASE_READ)
        err = database_open_read(database, path, error);
    else
        err = database_connect(database, mode == GBXI_DATABASE_MEMORY ? ":memory:" : path,
                               mode == GBXI_DATABASE_MEMORY ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                            : SQLITE_OPEN_READWRITE,
                               mode, error);
    return err != GBX_ERR_OK ? err : gbxi_database_execute(database, database_pragmas[mode], error);
}

gbx_err gbxi_database_open(const char *path, const char *what, gbxi_database_mode mode, gbxi_database **database,
                           gbx_error *error)
{
    gbxi_database *opened = calloc(1, sizeof(*opened));
    gbx_err err;

    *database = NULL;
    if (opened == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "%s: out of memory", what);
    snprintf(opened->what, sizeof(opened->what), "%s", what);
    if ((err = database_open_mode(opened, path, mode, error)) != GBX_ERR_OK) {
        gbxi_database_close(opened);
        return err;
    }
    *database = opened;
    return GBX_ERR_OK;
}

void gbxi_database_close(gbxi_database *database)
{
    if (database == NULL)
        return;
    sqlite3_close_v2(database->handle);
    free(database);
}

void gbxi_database_patience_set(gbxi_database *database, int patience_ms)
{
    sqlite3_busy_timeout(database->handle, patience_ms);
}

gbxi_database_fault gbxi_database_last_fault(const gbxi_database *database)
{
    return database->fault;
}

gbx_err gbxi_database_execute(gbxi_database *database, const char *sql, gbx_error *error)
{
    errno = 0;
    return database_check(database, sqlite3_exec(database->handle, sql, NULL, NULL, NULL), error);
}

gbx_err gbxi_database_number(gbxi_database *database, const char *sql, int64_t *number, gbx_error *error)
{
    gbxi_statement statement;
    bool found = false;
    gbx_err err;

    *number = 0;
    if ((err = gbxi_statement_init(&statement, database, sql, error)) == GBX_ERR_OK &&
        (err = gbxi_statement_next(&statement, &found, error)) == GBX_ERR_OK && found)
        *number = gbxi_column_int(&statement);
    gbxi_statement_fini(&statement);
    return err;
}

gbx_err gbxi_database_begin(gbxi_database *database, gbx_error *error)
{
    return gbxi_database_execute(database, "BEGIN IMMEDIATE", error);
}

gbx_err gbxi_database_commit(gbxi_database *database, gbx_error *error)
{
    return gbxi_database_execute(database, "COMMIT", error);
}

void gbxi_database_rollback(gbxi_database *database)
{
    if (gbxi_database_is_in_transaction(database))
        (void)sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
}

bool gbxi_database_is_in_transaction(const gbxi_database *database)
{
    return sqlite3_get_autocommit(database->handle) == 0;
}

gbx_err gbxi_database_lend_rows(gbxi_database *database, const char *name, gbxi_number_rows *rows, gbx_error *error)
{
    return database_check(database, gbxi_number_rows_register(database->handle, name, rows), error);
}

gbx_err gbxi_database_make_whole(gbxi_database *database, gbx_error *error)
{
    gbx_err err;

    gbxi_database_patience_set(database, GBXI_DATABASE_BUSY_SHORT_MS);
    if ((err = gbxi_database_execute(database, "PRAGMA wal_checkpoint(TRUNCATE)", error)) == GBX_ERR_OK)
        err = gbxi_database_execute(database, "PRAGMA journal_mode=DELETE", error);
    gbxi_database_patience_set(database, GBXI_DATABASE_BUSY_MS);
    return err;
}

gbx_err gbxi_statement_init(gbxi_statement *statement, gbxi_database *database, const char *sql, gbx_error *error)
{
    *statement = (gbxi_statement){.database = database};
    return database_check(
        database, sqlite3_prepare_v3(database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->handle, NULL),
        error);
}

void gbxi_statement_fini(gbxi_statement *statement)
{
    sqlite3_finalize(statement->handle);
    *statement = (gbxi_statement){0};
}

void gbxi_bind_int(gbxi_statement *statement, int64_t number)
{
    sqlite3_bind_int64(statement->handle, ++statement->bound, number);
}

void gbxi_bind_uint(gbxi_statement *statement, uint64_t number)
{
    gbxi_bind_int(statement, number > INT64_MAX ? INT64_MAX : (int64_t)number);
}

void gbxi_bind_text(gbxi_statement *statement, const char *text)
{
    gbxi_bind_text_n(statement, text, text != NULL ? strlen(text) : 0);
}

void gbxi_bind_text_n(gbxi_statement *statement, const char *text, size_t length)
{
    sqlite3_bind_text64(statement->handle, ++statement->bound, text, length, SQLITE_STATIC, SQLITE_UTF8);
}

void gbxi_bind_bytes(gbxi_statement *statement, const void *bytes, size_t length)
{
    sqlite3_bind_blob64(statement->handle, ++statement->bound, bytes, length, SQLITE_STATIC);
}

void gbxi_statement_reset(gbxi_statement *statement)
{
    sqlite3_reset(statement->handle);
    statement->bound = 0;
    statement->column = 0;
}

gbx_err gbxi_statement_next(gbxi_statement *statement, bool *found, gbx_error *error)
{
    gbx_err err;
    int code;

    errno = 0;
    code = sqlite3_step(statement->handle);
    statement->column = 0;
    if ((*found = code == SQLITE_ROW))
        return GBX_ERR_OK;
    err = database_check(statement->database, code, error);
    gbxi_statement_reset(statement);
    return err;
}

gbx_err gbxi_statement_run(gbxi_statement *statement, gbx_error *error)
{
    bool found = true;
    gbx_err err = GBX_ERR_OK;

    while (err == GBX_ERR_OK && found)
        err = gbxi_statement_next(statement, &found, error);
    return err;
}

int64_t gbxi_column_int(gbxi_statement *statement)
{
    return sqlite3_column_int64(statement->handle, statement->column++);
}

uint64_t gbxi_column_uint(gbxi_statement *statement)
{
    int64_t number = gbxi_column_int(statement);

    return number < 0 ? 0 : (uint64_t)number;
}

const char *gbxi_column_text(gbxi_statement *statement)
{
    const char *text = gbxi_column_text_or_null(statement);

    return text != NULL ? text : "";
}

const char *gbxi_column_text_or_null(gbxi_statement *statement)
{
    return (const char *)sqlite3_column_text(statement->handle, statement->column++);
}

const void *gbxi_column_bytes(gbxi_statement *statement, size_t *length)
{
    int column = statement->column++;
    const void *bytes = sqlite3_column_blob(statement->handle, column);

    *length = (size_t)sqlite3_column_bytes(statement->handle, column);
    return bytes;
}
