/* SPDX-License-Identifier: MIT */
/* Copies what the catalog needs of a run, and sums it up. */
#define _GNU_SOURCE
#include "store/intake.h"
#include "base/cut.h"
#include "store/frame_sums.h"
#include "store/histogram.h"
#include "store/live.h"
#include "store/rollups.h"
#include "store/run_read.h"
#include "store/run_rows.h"
#include "store/stored.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the catalog knows of a run. */
typedef struct intake_known {
    int64_t run;   /* its number in the catalog; 0: none yet */
    uint64_t last; /* the number of the last trace that was taken in */
    uint64_t failed, slowest_ns, total_ns;
    gbxi_histogram durations;
} intake_known;

/* What the run says of itself. */
typedef struct intake_header {
    int64_t started_unix_ns, ended_unix_ns;
    int64_t closed;
    uint64_t traces, lost;
    gbxi_run_state state;
    char program[64];
} intake_header;

enum {
    INTAKE_FIND,
    INTAKE_ADD,
    INTAKE_UPDATE,
    INTAKE_FAULT,
    INTAKE_TRACE,
    INTAKE_FRAME,
    INTAKE_DROP_TRACES,
    INTAKE_DROP_FRAMES,
    INTAKE_DROP_ROLLUPS,
    INTAKE_DROP_RUN,
    INTAKE_STATEMENTS
};

static const char intake_update_text[] =
    "UPDATE runs SET bytes=?,mtime_ns=?,state=?,started_unix_ns=?,ended_unix_ns=?,last_number=?,trace_count=?,"
    "failed_count=?,lost_count=?,slowest_ns=?,total_ns=?,durations=?,program=?,fault='' WHERE run=?";
/* A sum that does not fit would be no integer, and the catalog would refuse it. */
static const char intake_frame_text[] = "INSERT INTO frames VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE SET"
                                        " calls=min(calls+excluded.calls,0x7fffffffffffffff),"
                                        "total_ns=min(total_ns+excluded.total_ns,0x7fffffffffffffff),"
                                        "self_ns=min(self_ns+excluded.self_ns,0x7fffffffffffffff),"
                                        "min_ns=min(min_ns,excluded.min_ns),max_ns=max(max_ns,excluded.max_ns),"
                                        "trace_count=trace_count+excluded.trace_count";

static const char *const intake_texts[INTAKE_STATEMENTS] = {
    [INTAKE_FIND] = "SELECT run,last_number,failed_count,slowest_ns,total_ns,durations FROM runs WHERE id=?",
    [INTAKE_ADD] = "INSERT INTO runs VALUES(NULL,?,0,0,0,?,?,0,0,0,0,0,0,x'01','','') RETURNING run",
    [INTAKE_UPDATE] = intake_update_text,
    [INTAKE_FAULT] = "UPDATE runs SET bytes=?,mtime_ns=?,state=?,fault=? WHERE id=?",
    [INTAKE_TRACE] = "INSERT INTO traces VALUES(?,?,?,?,?,?,?,?,?,?,?)",
    [INTAKE_FRAME] = intake_frame_text,
    [INTAKE_DROP_TRACES] = "DELETE FROM traces WHERE run=?",
    [INTAKE_DROP_FRAMES] = "DELETE FROM frames WHERE run=?",
    [INTAKE_DROP_ROLLUPS] = "DELETE FROM rollups WHERE run=?",
    [INTAKE_DROP_RUN] = "DELETE FROM runs WHERE run=?",
};

struct gbxi_intake {
    gbxi_database *catalog;
    gbxi_statement statements[INTAKE_STATEMENTS];
    gbxi_rollups *rollups;
    intake_known known;
    gbxi_frame_sums sums; /* of the run that is taken in, over its new traces */
    uint8_t bytes[GBXI_HISTOGRAM_BYTES_MAX];
    bool run_failed; /* the error is the run's, not the catalog's */
};

gbx_err gbxi_intake_new(gbxi_database *catalog, gbxi_intake **intake, gbx_error *error)
{
    gbxi_intake *made = calloc(1, sizeof(*made));
    gbx_err err;

    *intake = NULL;
    if (made == NULL)
        return gbxi_database_fail(catalog, GBXI_FAULT_NO_MEMORY, "out of memory", error);
    made->catalog = catalog;
    err = gbxi_rollups_new(catalog, &made->rollups, error);
    for (size_t i = 0; i < INTAKE_STATEMENTS && err == GBX_ERR_OK; i++)
        err = gbxi_statement_init(&made->statements[i], catalog, intake_texts[i], error);
    if (err != GBX_ERR_OK) {
        gbxi_intake_free(made);
        return err;
    }
    *intake = made;
    return GBX_ERR_OK;
}

void gbxi_intake_free(gbxi_intake *intake)
{
    if (intake == NULL)
        return;
    gbxi_rollups_free(intake->rollups);
    gbxi_frame_sums_fini(&intake->sums);
    for (size_t i = 0; i < INTAKE_STATEMENTS; i++)
        gbxi_statement_fini(&intake->statements[i]);
    free(intake);
}

static gbx_err intake_add(gbxi_intake *intake, const char *id, gbx_error *error)
{
    gbxi_statement *add = &intake->statements[INTAKE_ADD];
    int64_t started_unix_ns = gbxi_run_id_unix_ns(id);
    bool found;
    gbx_err err;

    gbxi_bind_text(add, id);
    gbxi_bind_int(add, started_unix_ns);
    gbxi_bind_int(add, started_unix_ns);
    if ((err = gbxi_statement_next(add, &found, error)) != GBX_ERR_OK)
        return err;
    intake->known.run = gbxi_column_int(add);
    gbxi_statement_reset(add);
    return GBX_ERR_OK;
}

/* Reads what the catalog knows of the run, which gets a row if it has none. */
static gbx_err intake_find(gbxi_intake *intake, const char *id, gbx_error *error)
{
    gbxi_statement *find = &intake->statements[INTAKE_FIND];
    bool found, whole;
    const void *bytes;
    size_t length;
    gbx_err err;

    memset(&intake->known, 0, sizeof(intake->known));
    gbxi_bind_text(find, id);
    if ((err = gbxi_statement_next(find, &found, error)) != GBX_ERR_OK)
        return err;
    if (!found)
        return intake_add(intake, id, error);
    intake->known.run = gbxi_column_int(find);
    intake->known.last = gbxi_column_uint(find);
    intake->known.failed = gbxi_column_uint(find);
    intake->known.slowest_ns = gbxi_column_uint(find);
    intake->known.total_ns = gbxi_column_uint(find);
    bytes = gbxi_column_bytes(find, &length);
    whole = gbxi_histogram_decode(&intake->known.durations, bytes, length);
    gbxi_statement_reset(find);
    return whole ? GBX_ERR_OK : gbxi_database_fail(intake->catalog, GBXI_FAULT_DAMAGED, "it is damaged", error);
}

static gbx_err intake_drop(gbxi_intake *intake, bool whole_run, gbx_error *error)
{
    gbx_err err = GBX_ERR_OK;

    for (size_t i = INTAKE_DROP_TRACES; i < INTAKE_STATEMENTS && err == GBX_ERR_OK; i++) {
        if (i == INTAKE_DROP_RUN && !whole_run)
            break;
        gbxi_bind_int(&intake->statements[i], intake->known.run);
        err = gbxi_statement_run(&intake->statements[i], error);
    }
    return err;
}

/* What the counters beside a run say counts until they are in its database. */
static void intake_judge(const char *directory, const char *id, intake_header *header)
{
    char *path = gbxi_directory_path(directory, id, ".live");
    gbxi_live_counts counts = {0};
    gbxi_live_state live = path != NULL ? gbxi_live_look(path, &counts) : GBXI_LIVE_NONE;

    free(path);
    if (header->closed == GBXI_RUN_END_CLOSED) {
        header->state = GBXI_RUN_CLOSED;
    } else if (header->closed == GBXI_RUN_END_BROKEN_OFF || live != GBXI_LIVE_HELD) {
        header->state = GBXI_RUN_BROKEN_OFF;
        if (header->closed == GBXI_RUN_END_NONE && live == GBXI_LIVE_LEFT)
            header->lost = counts.missed + (counts.kept > header->traces ? counts.kept - header->traces : 0);
    } else {
        header->state = GBXI_RUN_WRITING;
    }
}

static gbx_err intake_read_header(gbxi_database *run, intake_header *header, gbx_error *error)
{
    gbxi_statement statement;
    bool found = false;
    gbx_err err = gbxi_statement_init(&statement, run,
                                      "SELECT started_unix_ns,ended_unix_ns,closed,trace_count,"
                                      "missed_count+unstored_count+killed_count,program FROM run",
                                      error);

    if (err == GBX_ERR_OK && (err = gbxi_statement_next(&statement, &found, error)) == GBX_ERR_OK && found) {
        header->started_unix_ns = gbxi_column_int(&statement);
        header->ended_unix_ns = gbxi_column_int(&statement);
        header->closed = gbxi_column_int(&statement);
        header->traces = gbxi_column_uint(&statement);
        header->lost = gbxi_column_uint(&statement);
        gbxi_cut_text(header->program, sizeof(header->program), gbxi_column_text(&statement));
    }
    gbxi_statement_fini(&statement);
    return err != GBX_ERR_OK || found ? err
                                      : gbxi_database_fail(run, GBXI_FAULT_DAMAGED, "it says nothing of itself", error);
}

/* Copies one trace; `from` is at its row. */
static gbx_err intake_take_trace(gbxi_intake *intake, gbxi_statement *from, gbx_error *error)
{
    gbxi_statement *to = &intake->statements[INTAKE_TRACE];
    intake_known *known = &intake->known;
    const char *method, *route;
    int64_t started_unix_ns;
    uint64_t duration_ns;
    size_t length;
    const void *id;
    bool failed;
    gbx_err err;

    known->last = gbxi_column_uint(from);
    id = gbxi_column_bytes(from, &length);
    gbxi_bind_int(to, known->run);
    gbxi_bind_uint(to, known->last);
    gbxi_bind_bytes(to, id != NULL ? id : "", length);
    gbxi_bind_int(to, started_unix_ns = gbxi_column_int(from));
    gbxi_bind_uint(to, duration_ns = gbxi_column_uint(from));
    gbxi_bind_text(to, method = gbxi_column_text(from));
    gbxi_bind_text(to, route = gbxi_column_text(from));
    gbxi_bind_int(to, gbxi_column_int(from));
    gbxi_bind_int(to, failed = gbxi_column_int(from) != 0);
    gbxi_bind_int(to, gbxi_column_int(from));
    gbxi_bind_text(to, gbxi_column_text_or_null(from));
    if ((err = gbxi_statement_run(to, error)) != GBX_ERR_OK)
        return err;
    known->failed += failed;
    known->total_ns += duration_ns;
    known->slowest_ns = duration_ns > known->slowest_ns ? duration_ns : known->slowest_ns;
    gbxi_histogram_add(&known->durations, duration_ns);
    return gbxi_rollups_add(intake->rollups, known->run, route, method, started_unix_ns, duration_ns, failed, error);
}

/* Sums up what one frame did in one trace; `from` is at its row. */
static gbx_err intake_sum_frame(gbxi_intake *intake, gbxi_statement *from, gbx_error *error)
{
    uint64_t frame = gbxi_column_uint(from);
    gbxi_frame_sum more = {.calls = gbxi_column_uint(from), .traces = 1};

    more.total_ns = gbxi_column_uint(from);
    more.self_ns = gbxi_column_uint(from);
    more.min_ns = gbxi_column_uint(from);
    more.max_ns = gbxi_column_uint(from);
    return gbxi_frame_sums_add(&intake->sums, frame, &more)
               ? GBX_ERR_OK
               : gbxi_database_fail(intake->catalog, GBXI_FAULT_NO_MEMORY, "out of memory", error);
}

/* Puts the sums of one frame into the catalog; `from` is at the frame's row. */
static gbx_err intake_take_frame(gbxi_intake *intake, gbxi_statement *from, gbx_error *error)
{
    gbxi_statement *to = &intake->statements[INTAKE_FRAME];
    const gbxi_frame_sum *sum = gbxi_frame_sums_find(&intake->sums, gbxi_column_uint(from));

    if (sum == NULL)
        return GBX_ERR_OK;
    gbxi_bind_int(to, intake->known.run);
    gbxi_bind_text(to, gbxi_column_text(from));
    gbxi_bind_text(to, gbxi_column_text(from));
    gbxi_bind_uint(to, gbxi_column_uint(from));
    gbxi_bind_uint(to, sum->calls);
    gbxi_bind_uint(to, sum->total_ns);
    gbxi_bind_uint(to, sum->self_ns);
    gbxi_bind_uint(to, sum->min_ns);
    gbxi_bind_uint(to, sum->max_ns);
    gbxi_bind_uint(to, sum->traces);
    return gbxi_statement_run(to, error);
}

/* Passes each row of a query about the traces after `after` to `take`. */
static gbx_err intake_read_rows(gbxi_intake *intake, gbxi_database *run, const char *sql, uint64_t after,
                                gbx_err (*take)(gbxi_intake *intake, gbxi_statement *from, gbx_error *error),
                                gbx_error *error)
{
    gbxi_statement statement;
    bool found = true;
    gbx_err err = gbxi_statement_init(&statement, run, sql, error);

    intake->run_failed = err != GBX_ERR_OK;
    gbxi_bind_uint(&statement, after);
    while (err == GBX_ERR_OK && found) {
        if ((err = gbxi_statement_next(&statement, &found, error)) != GBX_ERR_OK)
            intake->run_failed = true;
        else if (found)
            err = take(intake, &statement, error);
    }
    gbxi_statement_fini(&statement);
    return err;
}

static gbx_err intake_update(gbxi_intake *intake, const gbxi_run_files *files, const intake_header *header,
                             gbx_error *error)
{
    gbxi_statement *update = &intake->statements[INTAKE_UPDATE];
    const intake_known *known = &intake->known;

    gbxi_bind_uint(update, files->bytes);
    gbxi_bind_int(update, files->mtime_ns);
    gbxi_bind_int(update, (int64_t)header->state);
    gbxi_bind_int(update, header->started_unix_ns);
    gbxi_bind_int(update, header->ended_unix_ns);
    gbxi_bind_uint(update, known->last);
    gbxi_bind_uint(update, known->durations.count);
    gbxi_bind_uint(update, known->failed);
    gbxi_bind_uint(update, header->lost);
    gbxi_bind_uint(update, known->slowest_ns);
    gbxi_bind_uint(update, known->total_ns);
    gbxi_bind_bytes(update, intake->bytes, gbxi_histogram_encode(&known->durations, intake->bytes));
    gbxi_bind_text(update, header->program);
    gbxi_bind_int(update, known->run);
    return gbxi_statement_run(update, error);
}

/* Takes in the traces after the last known one, and their frames. */
static gbx_err intake_take_rows(gbxi_intake *intake, gbxi_database *run, gbx_error *error)
{
    uint64_t after = intake->known.last;
    gbx_err err;

    gbxi_frame_sums_fini(&intake->sums);
    if ((err = intake_read_rows(intake, run,
                                "SELECT number,trace_id,started_unix_ns,duration_ns,method,route,status,failed,"
                                "reasons,error FROM traces WHERE number>? ORDER BY number",
                                after, intake_take_trace, error)) != GBX_ERR_OK ||
        (err = intake_read_rows(intake, run,
                                "SELECT frame,calls,total_ns,self_ns,min_ns,max_ns FROM trace_frames WHERE trace>?",
                                after, intake_sum_frame, error)) != GBX_ERR_OK ||
        (err = intake_read_rows(intake, run, "SELECT id,name,file,line FROM frames WHERE id>?", 0, intake_take_frame,
                                error)) != GBX_ERR_OK)
        return err;
    return gbxi_rollups_flush(intake->rollups, error);
}

/* Takes in what is new of an open run. */
static gbx_err intake_read_run(gbxi_intake *intake, gbxi_database *run, const char *directory,
                               const gbxi_run_files *files, gbx_error *error)
{
    intake_header header = {.closed = GBXI_RUN_END_NONE};
    gbx_err err;

    intake->run_failed = true;
    if ((err = gbxi_database_execute(run, "BEGIN", error)) != GBX_ERR_OK ||
        (err = intake_read_header(run, &header, error)) != GBX_ERR_OK)
        return err;
    intake->run_failed = false;
    intake_judge(directory, files->id, &header);
    /* A file that has fewer traces than before is another one. */
    if (header.traces < intake->known.last) {
        if ((err = intake_drop(intake, false, error)) != GBX_ERR_OK)
            return err;
        intake->known = (intake_known){.run = intake->known.run};
    }
    if (header.traces > intake->known.last && (err = intake_take_rows(intake, run, error)) != GBX_ERR_OK)
        return err;
    return intake_update(intake, files, &header, error);
}

/* Says in the catalog why a run cannot be read. What was known of it before stays. */
static gbx_err intake_put_fault(gbxi_intake *intake, const char *directory, const gbxi_run_files *files,
                                const gbx_error *reason, gbx_error *error)
{
    gbxi_statement *fault = &intake->statements[INTAKE_FAULT];
    intake_header header = {.closed = GBXI_RUN_END_NONE};
    const char *sentence = strstr(reason->text, ": ");
    gbx_err err;

    if ((err = gbxi_database_begin(intake->catalog, error)) != GBX_ERR_OK ||
        (err = intake_find(intake, files->id, error)) != GBX_ERR_OK)
        return err;
    intake_judge(directory, files->id, &header);
    gbxi_bind_uint(fault, files->bytes);
    gbxi_bind_int(fault, files->mtime_ns);
    gbxi_bind_int(fault, (int64_t)header.state);
    gbxi_bind_text(fault, sentence != NULL ? sentence + 2 : reason->text);
    gbxi_bind_text(fault, files->id);
    err = gbxi_statement_run(fault, error);
    return err != GBX_ERR_OK ? err : gbxi_database_commit(intake->catalog, error);
}

static gbx_err intake_take(gbxi_intake *intake, gbxi_database *run, const char *directory, const gbxi_run_files *files,
                           gbx_error *error)
{
    gbx_err err = gbxi_database_begin(intake->catalog, error);

    if (err != GBX_ERR_OK || (err = intake_find(intake, files->id, error)) != GBX_ERR_OK)
        return err;
    err = intake_read_run(intake, run, directory, files, error);
    return err != GBX_ERR_OK ? err : gbxi_database_commit(intake->catalog, error);
}

/* Whether a run that could not be read is none, or none yet: it has been removed since the folder was read, or its
 * writer has not made its tables. */
static bool intake_is_no_run(const char *directory, const char *id, gbx_err err)
{
    char *path = gbxi_directory_path(directory, id, ".db"), *live = gbxi_directory_path(directory, id, ".live");
    bool gone = path != NULL && access(path, F_OK) != 0 && errno == ENOENT;
    bool begins = err == GBX_ERR_MISSING && live != NULL && access(live, F_OK) == 0;

    free(path);
    free(live);
    return gone || begins;
}

gbx_err gbxi_intake_run(gbxi_intake *intake, const char *directory, const gbxi_run_files *files, gbx_error *error)
{
    gbxi_database *run;
    gbx_error reason;
    gbx_err err = gbxi_run_read_open(directory, files->id, &run, &reason);

    intake->run_failed = err != GBX_ERR_OK;
    if (err == GBX_ERR_OK)
        err = intake_take(intake, run, directory, files, &reason);
    if (err != GBX_ERR_OK) {
        gbxi_database_rollback(intake->catalog);
        gbxi_rollups_drop(intake->rollups);
    }
    gbxi_database_close(run);
    if (err != GBX_ERR_OK && intake->run_failed && intake_is_no_run(directory, files->id, err))
        return GBX_ERR_OK;
    if (err != GBX_ERR_OK && err != GBX_ERR_NO_MEMORY && intake->run_failed) {
        err = intake_put_fault(intake, directory, files, &reason, error);
        gbxi_database_rollback(intake->catalog);
    } else if (err != GBX_ERR_OK && error != NULL) {
        *error = reason;
    }
    return err;
}

gbx_err gbxi_intake_forget(gbxi_intake *intake, const char *id, gbx_error *error)
{
    gbx_err err = gbxi_database_begin(intake->catalog, error);

    if (err == GBX_ERR_OK && (err = intake_find(intake, id, error)) == GBX_ERR_OK &&
        (err = intake_drop(intake, true, error)) == GBX_ERR_OK)
        err = gbxi_database_commit(intake->catalog, error);
    gbxi_database_rollback(intake->catalog);
    return err;
}
