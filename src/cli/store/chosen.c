/* SPDX-License-Identifier: MIT */
/* Opens a store, and finds the run and the trace in it that a person means. */
#define _GNU_SOURCE
#include "cli/store/chosen.h"
#include "base/file.h"
#include "base/time.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const gbxi_print_formats[] = {"table", "json", NULL};

static void tell_notice(void *context, const char *text)
{
    const gbxi_chosen *chosen = context;

    gbxi_complain(chosen->command, text);
}

int64_t gbxi_instant_before_now(uint64_t seconds)
{
    return seconds == 0 ? 0 : gbxi_wall_ns() - (int64_t)(seconds * GBXI_NS_PER_S);
}

gbx_err gbxi_store_refuse_missing(const char *store, gbx_error *error)
{
    store = gbxi_file_path_shown(store);
    return gbx_error_set(error, GBX_ERR_MISSING, NULL, "there is no store %s; 'glassbox serve --store %s' makes one",
                         store, store);
}

gbx_err gbxi_chosen_open(gbxi_chosen *chosen, const char *store, gbx_error *error)
{
    const gbxi_store_notices notices = {.tell = tell_notice, .context = chosen};
    gbx_err err = gbxi_store_reader_open(store, &notices, &chosen->reader, error);

    return err == GBX_ERR_MISSING ? gbxi_store_refuse_missing(store, error) : err;
}

/* Whether a person may have meant a trace, by its number or its id. */
static bool looks_like_trace(const char *name)
{
    size_t length = strlen(name);

    return (length < 8 && strspn(name, "0123456789") == length && length > 0) ||
           (length >= 8 && strspn(name, "0123456789abcdef") == length);
}

static void advise_trace(const gbxi_chosen *chosen, const char *name, gbx_error *error)
{
    const gbx_error refused = *error;

    if (name != NULL && chosen->has_trace && looks_like_trace(name))
        gbx_error_set(error, refused.code, NULL, "%s; a trace is given by '--trace %.40s'", refused.text, name);
}

/* The place among the runs, from 0, of the newest that has traces to show; `count` if none has. */
static size_t find_shown(const gbxi_run_info *runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (runs[i].trace_count > 0 && runs[i].fault[0] == '\0')
            return i;
    return count;
}

/* The newest run is what people get without asking, also if it has nothing to show. */
static gbx_err advise_earlier(const gbxi_chosen *chosen, gbx_err err, gbx_error *error)
{
    const gbx_error refused = *error;
    size_t count, shown;
    const gbxi_run_info *runs = gbxi_store_runs(chosen->reader, &count);

    if (err == GBX_ERR_OK || count == 0 || strcmp(runs[0].id, chosen->run.id) != 0)
        return err;
    if ((shown = find_shown(runs, count)) == 0 || shown == count)
        return err;
    return gbx_error_set(error, err, NULL, "%s; the last run with traces is 'latest~%zu'", refused.text, shown);
}

gbx_err gbxi_chosen_run(gbxi_chosen *chosen, const char *name, const char *trace, gbx_error *error)
{
    gbx_err err = GBX_ERR_ARGUMENT;

    if (name == NULL && trace != NULL)
        err = gbxi_store_find_trace(chosen->reader, trace, &chosen->run, error);
    if (err == GBX_ERR_ARGUMENT)
        err = gbxi_store_resolve(chosen->reader, name, &chosen->run, error);

    if (err == GBX_ERR_UNKNOWN)
        advise_trace(chosen, name, error);
    if (err != GBX_ERR_OK)
        return err;
    err = gbxi_stored_run_open(chosen->reader, chosen->run.id, &chosen->stored, error);
    return advise_earlier(chosen, err, error);
}

gbx_err gbxi_chosen_trace(gbxi_chosen *chosen, const char *name, gbx_error *error)
{
    return advise_earlier(chosen, gbxi_stored_find(chosen->stored, name, &chosen->trace, error), error);
}

/* Restoring ends the loan of the trace's texts, so the trace is found again. */
gbx_err gbxi_chosen_restore(gbxi_chosen *chosen, gbx_capture **capture, gbx_error *error)
{
    char name[32];
    gbx_err err;

    snprintf(name, sizeof(name), "#%" PRIu64, chosen->trace.number);
    if ((err = gbxi_stored_restore(chosen->stored, chosen->trace.number, capture, error)) != GBX_ERR_OK)
        return err;
    if ((err = gbxi_stored_find(chosen->stored, name, &chosen->trace, error)) == GBX_ERR_OK)
        return err;
    gbx_capture_unref(*capture);
    return err;
}

void gbxi_chosen_close(gbxi_chosen *chosen)
{
    gbxi_stored_run_close(chosen->stored);
    gbxi_store_reader_close(chosen->reader);
    *chosen = (gbxi_chosen){.command = chosen->command, .has_trace = chosen->has_trace};
}
