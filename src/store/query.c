/* SPDX-License-Identifier: MIT */
/* Opens stores, and finds the run that somebody means. */
#define _GNU_SOURCE
#include "store/query.h"
#include "base/file.h"
#include "base/suggest.h"
#include "store/id_range.h"
#include "store/reader.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAMED_MAX = 3, /* runs that a message about several names */
    BEGIN_MIN = 4  /* so that the number of a trace is not taken for the beginning of a run */
};

const char *gbxi_run_state_text(gbxi_run_state state)
{
#define RUN_STATE_TEXT(name, text) [GBXI_RUN_##name] = text,
    static const char *const texts[] = {GBXI_RUN_STATES(RUN_STATE_TEXT)};
#undef RUN_STATE_TEXT

    return texts[state];
}

gbx_err gbxi_store_reader_open(const char *directory, const gbxi_store_notices *notices, gbxi_store_reader **reader,
                               gbx_error *error)
{
    gbxi_store_reader *opened = calloc(1, sizeof(*opened));
    gbx_err err;

    *reader = NULL;
    if (opened == NULL || (opened->directory = strdup(directory)) == NULL)
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "store: out of memory");
    else
        err = gbxi_catalog_open(directory, notices, &opened->catalog, error);
    if (err != GBX_ERR_OK) {
        gbxi_store_reader_close(opened);
        return err;
    }
    *reader = opened;
    return GBX_ERR_OK;
}

void gbxi_store_reader_close(gbxi_store_reader *reader)
{
    if (reader == NULL)
        return;
    gbxi_catalog_close(reader->catalog);
    free(reader->directory);
    free(reader);
}

gbx_err gbxi_store_reader_refresh(gbxi_store_reader *reader, gbx_error *error)
{
    return gbxi_catalog_update(reader->catalog, error);
}

const gbxi_run_info *gbxi_store_runs(const gbxi_store_reader *reader, size_t *count)
{
    return gbxi_catalog_runs(reader->catalog, count);
}

/* Reads "latest" or "latest~N". */
static bool resolve_is_latest(const char *name, size_t *back)
{
    static const char latest[] = "latest";
    const char *rest = name + sizeof(latest) - 1;

    *back = 0;
    if (strncmp(name, latest, sizeof(latest) - 1) != 0 || (rest[0] != '\0' && rest[0] != '~'))
        return false;
    if (rest[0] == '\0')
        return true;
    rest++;
    for (size_t i = 0; isdigit((unsigned char)rest[i]); i++)
        *back = *back < 1000000 ? *back * 10 + (size_t)(rest[i] - '0') : *back;
    return rest[0] != '\0' && rest[strspn(rest, "0123456789")] == '\0';
}

/* Says that the store has no run that is so far back. */
static gbx_err resolve_refuse_back(const gbxi_store_reader *reader, size_t count, const char *name, gbx_error *error)
{
    const char *store = gbxi_file_path_shown(reader->directory);

    if (count == 0)
        return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "store %s: it has no runs", store);
    if (count == 1)
        return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "no run '%.40s': store %s has 1 run, 'latest'", name, store);
    return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "no run '%.40s': store %s has %zu runs, up to 'latest~%zu'",
                         name, store, count, count - 1);
}

static gbx_err resolve_latest(const gbxi_store_reader *reader, size_t back, const char *name, gbxi_run_info *info,
                              gbx_error *error)
{
    size_t count;
    const gbxi_run_info *runs = gbxi_store_runs(reader, &count);

    if (back < count) {
        *info = runs[back];
        return GBX_ERR_OK;
    }
    return resolve_refuse_back(reader, count, name, error);
}

static gbx_err resolve_refuse(const gbxi_store_reader *reader, const char *name, gbx_error *error)
{
    gbxi_suggestion suggestion = gbxi_suggestion_for(name);
    size_t count;
    const gbxi_run_info *runs = gbxi_store_runs(reader, &count);

    if (count == 0)
        return resolve_refuse_back(reader, count, name, error);
    for (size_t i = 0; i < count; i++) {
        gbxi_suggestion_offer(&suggestion, runs[i].id);
        gbxi_suggestion_offer(&suggestion, runs[i].id + GBXI_RUN_ID_TAIL);
    }
    if (suggestion.nearest != NULL)
        return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "no run '%.40s': did you mean '%s'?", name,
                             suggestion.nearest);
    return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "no run '%.40s': the newest is '%s'", name, runs[0].id);
}

static gbx_err resolve_refuse_several(const char *name, const gbxi_run_info *const *found, size_t count,
                                      gbx_error *error)
{
    return gbx_error_set(error, GBX_ERR_CONFLICT, NULL, "several runs begin with '%.40s': '%s', '%s'%s%s%s", name,
                         found[0]->id, found[1]->id, count > 2 ? ", '" : "", count > 2 ? found[2]->id : "",
                         count > NAMED_MAX ? "', and others"
                         : count > 2       ? "'"
                                           : "");
}

gbx_err gbxi_store_resolve(const gbxi_store_reader *reader, const char *name, gbxi_run_info *info, gbx_error *error)
{
    const gbxi_run_info *found[NAMED_MAX];
    size_t count, back, matches = 0, length;
    const gbxi_run_info *runs = gbxi_store_runs(reader, &count);

    if (name == NULL || resolve_is_latest(name, &back))
        return resolve_latest(reader, name == NULL ? 0 : back, name, info, error);
    length = strlen(name);
    for (size_t i = 0; i < count && length >= BEGIN_MIN; i++) {
        if (strncmp(runs[i].id, name, length) != 0 && strncmp(runs[i].id + GBXI_RUN_ID_TAIL, name, length) != 0)
            continue;
        if (matches < NAMED_MAX)
            found[matches] = &runs[i];
        matches++;
    }
    if (matches == 0)
        return resolve_refuse(reader, name, error);
    if (matches > 1)
        return resolve_refuse_several(name, found, matches, error);
    *info = *found[0];
    return GBX_ERR_OK;
}

gbx_err gbxi_store_find_trace(const gbxi_store_reader *reader, const char *id, gbxi_run_info *info, gbx_error *error)
{
    char run[GBXI_RUN_ID_SIZE] = "";
    uint8_t low[16], high[16];
    gbx_err err;

    if (strlen(id) != GBXI_ID_DIGITS || strspn(id, "0123456789abcdefABCDEF") != GBXI_ID_DIGITS)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "'%.40s' is no whole id of a trace", id);
    gbxi_id_range_of(id, low, high);
    if ((err = gbxi_catalog_find_trace(reader->catalog, low, high, run, error)) == GBX_ERR_OK && run[0] == '\0')
        err = gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "no run has the trace %.40s", id);
    return err == GBX_ERR_OK ? gbxi_store_resolve(reader, run, info, error) : err;
}
