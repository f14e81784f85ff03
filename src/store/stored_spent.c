/* SPDX-License-Identifier: MIT */
/* Reads what each frame took in each trace of a run, for those who compare traces. */
#include "store/database.h"
#include "store/query.h"
#include "store/reader.h"

static void stored_name_read(gbxi_statement *statement, gbxi_stored_name *name)
{
    uint64_t line;

    name->frame = gbxi_column_uint(statement);
    name->name = gbxi_column_text(statement);
    name->file = gbxi_column_text(statement);
    line = gbxi_column_uint(statement);
    name->line = line > UINT32_MAX ? UINT32_MAX : (uint32_t)line;
}

gbx_err gbxi_stored_frame_names(gbxi_stored_run *run, gbxi_stored_name_use *use, void *context, gbx_error *error)
{
    gbxi_statement statement;
    gbxi_stored_name name;
    bool found = true;
    gbx_err err = gbxi_statement_init(&statement, run->database, "SELECT id,name,file,line FROM frames", error);

    while (err == GBX_ERR_OK && found) {
        if ((err = gbxi_statement_next(&statement, &found, error)) == GBX_ERR_OK && found) {
            stored_name_read(&statement, &name);
            found = use(context, &name);
        }
    }
    gbxi_statement_fini(&statement);
    return err;
}

static void stored_spent_read(gbxi_statement *statement, gbxi_stored_spent *spent)
{
    spent->trace = gbxi_column_uint(statement);
    spent->frame = gbxi_column_uint(statement);
    spent->calls = gbxi_column_uint(statement);
    spent->total_ns = gbxi_column_uint(statement);
    spent->self_ns = gbxi_column_uint(statement);
}

gbx_err gbxi_stored_spent_rows(gbxi_stored_run *run, uint64_t first, uint64_t last, gbxi_stored_spent_use *use,
                               void *context, gbx_error *error)
{
    gbxi_statement statement;
    gbxi_stored_spent spent;
    bool found = true;
    gbx_err err = gbxi_statement_init(&statement, run->database,
                                      "SELECT trace,frame,calls,total_ns,self_ns FROM trace_frames"
                                      " WHERE trace BETWEEN ? AND ? ORDER BY trace,frame",
                                      error);

    gbxi_bind_uint(&statement, first);
    gbxi_bind_uint(&statement, last);
    while (err == GBX_ERR_OK && found) {
        if ((err = gbxi_statement_next(&statement, &found, error)) == GBX_ERR_OK && found) {
            stored_spent_read(&statement, &spent);
            found = use(context, &spent);
        }
    }
    gbxi_statement_fini(&statement);
    return err;
}
