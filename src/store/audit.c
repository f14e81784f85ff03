/* SPDX-License-Identifier: MIT */
/* Stores and finds the records of who did what. */
#define _GNU_SOURCE
#include "store/audit.h"
#include "base/cut.h"
#include "base/time.h"
#include "store/beside.h"
#include <stdlib.h>
#include <string.h>

struct gbxi_audit {
    gbxi_database *database;
    gbxi_statement add, forget; /* prepared with the first record: a file that cannot be written can be read */
};

gbx_err gbxi_audit_open(const char *directory, gbxi_audit **audit, gbx_error *error)
{
    gbxi_audit *opened = calloc(1, sizeof(*opened));
    gbx_err err;

    *audit = NULL;
    if (opened == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "audit: out of memory");
    if (directory == NULL)
        err = gbxi_beside_open_memory(&gbxi_layout_audit, &opened->database, error);
    else
        err = gbxi_beside_open(directory, &gbxi_layout_audit, GBXI_BESIDE_MAKE, &opened->database, error);
    if (err == GBX_ERR_OK)
        *audit = opened;
    else
        free(opened);
    return err;
}

void gbxi_audit_close(gbxi_audit *audit)
{
    if (audit == NULL)
        return;
    gbxi_statement_fini(&audit->add);
    gbxi_statement_fini(&audit->forget);
    gbxi_database_close(audit->database);
    free(audit);
}

static gbx_err audit_prepare(gbxi_audit *audit, gbx_error *error)
{
    gbx_err err = GBX_ERR_OK;

    if (audit->add.handle == NULL)
        err = gbxi_statement_init(&audit->add, audit->database,
                                  "INSERT INTO records(at_unix_ns,action,result,key,subject) VALUES(?,?,?,?,?)", error);
    if (err == GBX_ERR_OK && audit->forget.handle == NULL)
        err = gbxi_statement_init(&audit->forget, audit->database,
                                  "DELETE FROM records WHERE id<=(SELECT max(id) FROM records)-?", error);
    return err;
}

static gbx_err audit_put(gbxi_audit *audit, const gbxi_audit_record *record, gbx_error *error)
{
    gbxi_bind_int(&audit->add, record->at_unix_ns);
    gbxi_bind_int(&audit->add, record->action);
    gbxi_bind_int(&audit->add, record->result);
    gbxi_bind_text(&audit->add, record->key);
    gbxi_bind_text(&audit->add, record->subject);
    return gbxi_statement_run(&audit->add, error);
}

gbx_err gbxi_audit_add(gbxi_audit *audit, const gbxi_audit_record *records, size_t count, gbx_error *error)
{
    gbx_err err = audit_prepare(audit, error);

    if (err != GBX_ERR_OK || (err = gbxi_database_begin(audit->database, error)) != GBX_ERR_OK)
        return err;
    for (size_t i = 0; i < count && err == GBX_ERR_OK; i++)
        err = audit_put(audit, &records[i], error);
    if (err == GBX_ERR_OK) {
        gbxi_bind_int(&audit->forget, GBXI_AUDIT_RECORDS_MAX);
        err = gbxi_statement_run(&audit->forget, error);
    }
    if (err == GBX_ERR_OK)
        err = gbxi_database_commit(audit->database, error);
    gbxi_database_rollback(audit->database);
    return err;
}

static void audit_bind_filter(gbxi_statement *statement, const gbxi_audit_filter *filter)
{
    gbxi_bind_int(statement, filter->since_unix_ns);
    gbxi_bind_int(statement, filter->until_unix_ns != 0 ? filter->until_unix_ns : INT64_MAX);
    gbxi_bind_text(statement, filter->key);
    gbxi_bind_text(statement, filter->key);
    gbxi_bind_int(statement, filter->action);
    gbxi_bind_int(statement, filter->action - 1);
    gbxi_bind_uint(statement, filter->before_id != 0 ? filter->before_id : INT64_MAX);
    gbxi_bind_uint(statement, filter->limit != 0 ? filter->limit : INT64_MAX);
}

/* A number of a later version of the program is shown as the last one that this one knows. */
static int audit_number(gbxi_statement *statement, int count)
{
    int64_t number = gbxi_column_int(statement);

    return number >= 0 && number < count ? (int)number : count - 1;
}

static void audit_read(gbxi_statement *statement, gbxi_audit_record *record)
{
    record->id = gbxi_column_uint(statement);
    record->at_unix_ns = gbxi_column_int(statement);
    record->action = (gbxi_audit_action)audit_number(statement, GBXI_AUDIT_ACTION_COUNT);
    record->result = (gbxi_audit_result)audit_number(statement, GBXI_AUDIT_RESULT_COUNT);
    gbxi_cut_text(record->key, sizeof(record->key), gbxi_column_text(statement));
    gbxi_cut_text(record->subject, sizeof(record->subject), gbxi_column_text(statement));
}

gbx_err gbxi_audit_list(gbxi_audit *audit, const gbxi_audit_filter *filter, gbxi_audit_use *use, void *context,
                        gbx_error *error)
{
    gbxi_audit_record record;
    gbxi_statement statement;
    bool found;
    gbx_err err = gbxi_statement_init(&statement, audit->database,
                                      "SELECT id,at_unix_ns,action,result,key,subject FROM records"
                                      " WHERE at_unix_ns>=? AND at_unix_ns<? AND (? IS NULL OR key=?)"
                                      " AND (?=0 OR action=?) AND id<? ORDER BY id DESC LIMIT ?",
                                      error);

    if (err != GBX_ERR_OK)
        return err;
    audit_bind_filter(&statement, filter);
    while ((err = gbxi_statement_next(&statement, &found, error)) == GBX_ERR_OK && found) {
        audit_read(&statement, &record);
        if (!use(context, &record))
            break;
    }
    gbxi_statement_fini(&statement);
    return err;
}

void gbxi_audit_record_make(gbxi_audit_record *record, gbxi_audit_action action, gbxi_audit_result result,
                            const char *key, const char *subject)
{
    *record = (gbxi_audit_record){.at_unix_ns = gbxi_wall_ns(), .action = action, .result = result};
    gbxi_cut_text(record->key, sizeof(record->key), key);
    gbxi_cut_text(record->subject, sizeof(record->subject), subject);
}

static const char *const audit_action_names[] = {
#define AUDIT_NAME(constant, number, name) [number] = name,
    GBXI_AUDIT_ACTIONS(AUDIT_NAME)};

static const char *const audit_result_names[] = {GBXI_AUDIT_RESULTS(AUDIT_NAME)
#undef AUDIT_NAME
};

const char *gbxi_audit_action_name(gbxi_audit_action action)
{
    return audit_action_names[action];
}

const char *gbxi_audit_result_name(gbxi_audit_result result)
{
    return audit_result_names[result];
}

bool gbxi_audit_action_read(const char *name, gbxi_audit_action *action)
{
    for (size_t i = 0; i < GBXI_AUDIT_ACTION_COUNT; i++) {
        if (strcmp(audit_action_names[i], name) != 0)
            continue;
        *action = (gbxi_audit_action)i;
        return true;
    }
    return false;
}
