/* SPDX-License-Identifier: MIT */
/* A program with SQLite that has a trace callback of its own. It prints whether its connection could be attached, the
 * spans of a statement, and how often its callback was called. Usage: sqlite [vouch]: says which callback it has. */
#include <glassbox/capture.h>
#include <glassbox/read.h>
#include <glassbox/sqlite.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static int count_call(unsigned event, void *context, void *subject, void *description)
{
    (void)event;
    (void)subject;
    (void)description;
    ++*(unsigned *)context;
    return 0;
}

static void print_spans(const gbx_capture *capture)
{
    gbx_reader reader;
    gbx_record record;

    for (gbx_reader_init(&reader, capture, 0); gbx_reader_next(&reader, &record);)
        if (record.kind == GBX_RECORD_ENTER)
            printf(" %.*s", (int)gbx_record_name_length(&record), record.name);
}

static void run_captured(sqlite3 *db)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    {
        GBX_ENTER(capture);
        sqlite3_exec(db, "SELECT 1", NULL, NULL, NULL);
    }
    gbx_capture_finish(capture);
    print_spans(capture);
    gbx_capture_unref(capture);
}

int main(int argc, char **argv)
{
    unsigned calls = 0;
    const gbx_sqlite_options vouched = {.size = sizeof(vouched),
                                        .trace = count_call,
                                        .trace_context = &calls,
                                        .trace_events = SQLITE_TRACE_STMT,
                                        .trace_is_known = true};
    gbx_error error = {0};
    sqlite3 *db;

    (void)argv;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        return EXIT_FAILURE;
    sqlite3_trace_v2(db, SQLITE_TRACE_STMT, count_call, &calls);
    if (gbx_sqlite_attach(db, argc > 1 ? &vouched : NULL, &error) == GBX_ERR_OK)
        printf("attached:");
    else
        printf("refused: %s:", error.text);
    run_captured(db);
    printf(", %u of its own\n", calls);
    sqlite3_close(db);
    return EXIT_SUCCESS;
}
