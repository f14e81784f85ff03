/* SPDX-License-Identifier: MIT */
/* A store with the traces that its input tells, a trace in JSON on each line:
 * gbx-told-store DIRECTORY PROGRAM prints the id of its run when that is closed.
 *
 *     {"method": "GET", "route": "/orders", "status": 200, "after_ns": 0, "spans": [SPAN...], "threads":
 * [[SPAN...]...]} SPAN: {"name": "load", "file": "a.c", "line": 7, "self_ns": 1000, "notes": {"db.statement": "SELECT
 * 1"}, "fail": "reason", "spans": [SPAN...]}
 *
 * All members may be absent. Half of the self time passes before the spans inside. "reasons" are numbers of recorder.h;
 * "max_spans" is a limit, as of a capture's options.
 */
#define _GNU_SOURCE
#include "store/store.h"
#include "tests/unit/trace/recording.h"
#include "json/reader.h"
#include <glassbox/recorder.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Texts and sites must stay until the program ends. */
typedef struct told_kept {
    struct told_kept *next;
    char text[];
} told_kept;

typedef struct told_site {
    gbx_site site;
    struct told_site *next;
} told_site;

static told_kept *told_texts;
static told_site *told_sites;
static recording r;

static void told_refuse(const char *text)
{
    fprintf(stderr, "gbx-told-store: %s\n", text);
    exit(1);
}

static const char *told_keep(const char *text, size_t length)
{
    told_kept *kept = calloc(1, sizeof(*kept) + length + 1);

    if (kept == NULL)
        told_refuse("out of memory");
    memcpy(kept->text, text, length);
    kept->next = told_texts;
    told_texts = kept;
    return kept->text;
}

/* The text of a member, which stays; `otherwise` if there is none. */
static const char *told_text(gbxi_json_value object, const char *name, const char *otherwise)
{
    gbxi_json_string text;

    return gbxi_json_str(gbxi_json_member(object, name), &text) ? told_keep(text.at, text.length) : otherwise;
}

static uint64_t told_number(gbxi_json_value object, const char *name, uint64_t otherwise)
{
    uint64_t number;

    return gbxi_json_uint64(gbxi_json_member(object, name), &number) ? number : otherwise;
}

static const gbx_site *told_site_of(gbxi_json_value span)
{
    const char *name = told_text(span, "name", "span"), *file = told_text(span, "file", "src/told.c");
    uint32_t line = (uint32_t)told_number(span, "line", 1);
    told_site *at;

    for (at = told_sites; at != NULL; at = at->next)
        if (strcmp(at->site.name, name) == 0 && strcmp(at->site.file, file) == 0 && at->site.line == line)
            return &at->site;
    if ((at = aligned_alloc(16, sizeof(*at))) == NULL)
        told_refuse("out of memory");
    *at = (told_site){{name, "told", file, line, {0}}, told_sites};
    told_sites = at;
    return &at->site;
}

static void told_notes(gbxi_json_value notes)
{
    gbxi_json_iterator each = gbxi_json_each(notes);
    gbxi_json_string text;
    int64_t number;
    char key[256];

    while (gbxi_json_next(&each)) {
        snprintf(key, sizeof(key), "%.*s", (int)each.key.length, each.key.at);
        if (gbxi_json_str(each.value, &text))
            gbxi_note_str(key, told_keep(text.at, text.length));
        else if (gbxi_json_int64(each.value, &number))
            gbxi_note_int(key, number);
    }
}

static void told_spans(recording *record, gbxi_json_value spans)
{
    gbxi_json_iterator each = gbxi_json_each(spans);

    while (gbxi_json_next(&each)) {
        uint64_t self_ns = told_number(each.value, "self_ns", 1000);

        recording_pass(record, told_number(each.value, "after_ns", 0));
        recording_enter(record, told_site_of(each.value));
        told_notes(gbxi_json_member(each.value, "notes"));
        if (gbxi_json_typeof(gbxi_json_member(each.value, "fail")) == GBXI_JSON_STRING)
            gbxi_span_fail(told_text(each.value, "fail", ""));
        recording_pass(record, self_ns / 2);
        told_spans(record, gbxi_json_member(each.value, "spans"));
        recording_pass(record, self_ns - self_ns / 2);
        recording_exit(record);
    }
}

static void told_on_thread(recording *record, void *argument)
{
    told_spans(record, *(const gbxi_json_value *)argument);
}

static gbx_capture *told_capture(gbxi_json_value trace, const char *name)
{
    const gbx_capture_options options = {
        .size = sizeof(options), .name = name, .max_spans = (uint32_t)told_number(trace, "max_spans", 0)};
    gbxi_json_iterator threads = gbxi_json_each(gbxi_json_member(trace, "threads"));
    char worker[16];

    recording_begin(&r, &options);
    told_spans(&r, gbxi_json_member(trace, "spans"));
    for (uint32_t id = 101; gbxi_json_next(&threads); id++) {
        snprintf(worker, sizeof(worker), "worker%u", id - 100);
        recording_on_thread(&r, worker, id, 0, told_on_thread, &threads.value);
    }
    recording_pass(&r, told_number(trace, "after_ns", 0));
    return recording_finish(&r);
}

static void told_store(const gbx_sink *sink, gbxi_json_value trace)
{
    const char *method = told_text(trace, "method", "GET"), *route = told_text(trace, "route", "/");
    char name[1200];
    gbx_capture *capture;
    gbx_error error;

    snprintf(name, sizeof(name), "%s %s", method, route);
    capture = told_capture(trace, name);
    if (sink->take(sink->context,
                   &(gbx_recording){.size = sizeof(gbx_recording),
                                    .capture = capture,
                                    .method = method,
                                    .path = route,
                                    .route = route,
                                    .source_root = "",
                                    .status = (uint32_t)told_number(trace, "status", 200),
                                    .reasons = (uint32_t)told_number(trace, "reasons", GBX_KEEP_SAMPLED)},
                   &error) != GBX_ERR_OK)
        told_refuse(error.text);
    gbx_capture_unref(capture);
}

static void told_lines(const gbx_sink *sink)
{
    gbxi_json_document *document;
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    gbx_error error;

    while ((length = getline(&line, &size, stdin)) > 0) {
        if (gbxi_json_parse(line, (size_t)length, &document, &error) != GBX_ERR_OK)
            told_refuse(error.text);
        told_store(sink, gbxi_json_root(document));
        gbxi_json_free(document);
    }
    free(line);
}

int main(int argc, char **argv)
{
    gbxi_store_options options = {.directory = argv[1], .program = argc > 2 ? argv[2] : ""};
    char id[GBXI_RUN_ID_SIZE];
    gbxi_store *store;
    gbx_error error;
    gbx_sink sink;

    if (argc != 3)
        told_refuse("usage: gbx-told-store DIRECTORY PROGRAM < TRACES");
    if (gbxi_store_open(&options, &store, &error) != GBX_ERR_OK)
        told_refuse(error.text);
    sink = gbxi_store_sink(store);
    told_lines(&sink);
    snprintf(id, sizeof(id), "%s", gbxi_store_run_id(store));
    if (gbxi_store_close(store, &error) != GBX_ERR_OK)
        told_refuse(error.text);
    puts(id);
    return 0;
}
