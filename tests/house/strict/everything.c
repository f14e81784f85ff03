/* SPDX-License-Identifier: MIT */
/* Every public macro, function, struct and value in one program, as strict C17, C++17 and C++20. It is compiled, not
 * run. The house test "strict" checks that no public name is missing. */
#include <glassbox/api.h>
#include <glassbox/capture.h>
#include <glassbox/error.h>
#include <glassbox/export.h>
#include <glassbox/format.h>
#ifdef GLASSBOX_STRICT_H2O
#include <glassbox/h2o.h>
#endif
#include <glassbox/limits.h>
#include <glassbox/read.h>
#include <glassbox/recorder.h>
#include <glassbox/redaction.h>
#include <glassbox/span.h>
#include <glassbox/sqlite.h>
#include <glassbox/store.h>
#include <glassbox/version.h>

#include <stdio.h>
#include <string.h>

static uint64_t now_ns(void *context)
{
    gbx_clock *clock = (gbx_clock *)context;

    return clock->size + gbx_clock_monotonic()->now_ns(NULL);
}

static void spans(void)
{
    uint64_t moment = gbx_span_moment();
    GBX_SPAN();
    GBX_SPAN_NAMED("literal");
    GBX_SPAN_NAMED("another on the next line");
    GBX_SPAN_FMT("formatted(%d)", 1);
    GBX_SPAN_SINCE("since", moment);
    gbx_note_str("key", "value");
    gbx_note_int("key", 1);
    gbx_note_double("key", 0.5);
    gbx_span_fail("reason");
}

/* As a binding for another language writes them. */
static void by_hand(void)
{
    static const gbx_site site = {"name", "function", "file", 1, {0}};
    gbx_span span;

    if (gbxi_lane_here == NULL)
        return;
    gbxi_span_begin(&span, &site);
    gbxi_span_end(&span);
    gbxi_span_begin_format(&span, &site, "%d", GBX_KEY_BYTES_MAX);
    gbxi_span_begin_text(&span, &site, 1, "%d", GBX_KEY_BYTES_MAX);
    gbxi_note_str("key", "value");
    gbxi_note_int("key", 1);
    gbxi_note_double("key", 1);
    gbxi_span_fail("reason");
    gbxi_span_end(&span);
    gbxi_span_since(&site, gbxi_span_moment());
}

static bool filter(void *context, gbx_text *text)
{
    gbx_text_kind kind = text->kind;

    (void)context;
    return kind == GBX_TEXT_NOTE || kind == GBX_TEXT_NUMBER || kind == GBX_TEXT_NAME || kind == GBX_TEXT_REASON ||
           kind == GBX_TEXT_CAPTURE_NAME;
}

static void capture_with(gbx_capture *capture)
{
    gbx_scope scope = gbx_capture_enter(capture);
    static const gbx_site wait = {"wait", "function", "file", 1, {0}};
    gbx_capture *carried;

    gbx_capture_tell_waiting(capture, &wait);
    gbx_capture_tell_route(capture, gbx_capture_route(capture));
    if (gbx_capture_name(capture)[0] == '\0')
        return;
    spans();
    by_hand();
    carried = gbx_capture_carry();
    gbx_capture_leave(scope);
    gbx_capture_leave(gbx_capture_resume(carried));
    {
        GBX_ENTER(capture);
        GBX_RESUME(gbx_capture_ref(gbx_capture_current()));
        spans();
    }
    if (!gbx_capture_cut(capture))
        gbx_capture_finish(capture);
}

static gbx_capture *make(gbx_redaction *redaction)
{
    gbx_clock clock;
    gbx_capture_options options;

    memset(&clock, 0, sizeof(clock));
    clock.size = sizeof(clock);
    clock.now_ns = now_ns;
    clock.context = &clock;
    memset(&options, 0, sizeof(options));
    options.size = sizeof(options);
    options.clock = &clock;
    options.redaction = gbx_redaction_ref(redaction);
    return gbx_capture_new(&options);
}

static gbx_redaction *redact(void)
{
    static const char *const keys[] = {"password", NULL};
    gbx_redaction_filter *asked = filter;
    gbx_redaction_options options;

    memset(&options, 0, sizeof(options));
    options.size = sizeof(options);
    options.keys = keys;
    options.filter = asked;
    return gbx_redaction_new(&options);
}

static void read_records(const gbx_capture *capture)
{
    gbx_capture_facts facts;
    gbx_lane_facts lane;
    gbx_reader reader;
    gbx_record record;

    if (!gbx_capture_is_finished(capture) || gbx_capture_facts_get(capture, &facts, sizeof(facts)) != GBX_ERR_OK ||
        gbx_lane_facts_get(capture, 0, &lane, sizeof(lane)) != GBX_ERR_OK ||
        gbx_reader_init(&reader, capture, 0) != GBX_ERR_OK)
        return;
    while (gbx_reader_next(&reader, &record)) {
        gbx_record_kind kind = record.kind;
        if (kind == GBX_RECORD_ENTER)
            printf("%u %d\n", gbx_record_name_length(&record), gbx_record_is_formatted(&record));
        else if (kind == GBX_RECORD_NOTE_STR || kind == GBX_RECORD_NOTE_INT || kind == GBX_RECORD_NOTE_DOUBLE)
            printf("%u\n", record.key_length);
        else if (kind == GBX_RECORD_EXIT || kind == GBX_RECORD_FAIL || kind == GBX_RECORD_END)
            printf("%u\n", record.text_length);
    }
}

static gbx_err export_to(FILE *file, gbx_capture *capture, gbx_format format, gbx_call_tree call_tree)
{
    gbx_export_options options;
    gbx_exporter *exporter;
    char piece[4096];
    ptrdiff_t length;
    gbx_err code = GBX_ERR_ARGUMENT;

    memset(&options, 0, sizeof(options));
    options.size = sizeof(options);
    options.call_tree = call_tree;
    if ((exporter = gbx_exporter_new(capture, format, &options)) == NULL)
        return code;
    while ((length = gbx_exporter_read(exporter, piece, sizeof(piece))) > 0)
        if (fwrite(piece, 1, (size_t)length, file) != (size_t)length)
            break;
    code = gbx_exporter_error(exporter);
    gbx_exporter_free(exporter);
    return code;
}

static void export_all(gbx_capture *capture)
{
#define EXPORT(constant, number, name) (void)export_to(stdout, capture, GBX_FORMAT_##constant, GBX_CALL_TREE_NESTED);
    GBX_FORMATS(EXPORT)
    GBX_FILE_FORMATS(EXPORT)
#define EXPORT_FORM(constant, number, name) (void)export_to(stdout, capture, GBX_FORMAT_FULL, GBX_CALL_TREE_##constant);
    GBX_CALL_TREES(EXPORT_FORM)
    gbx_format format = GBX_FORMAT_FULL;

    if (gbx_format_from_name("summary", 7, &format) && format == GBX_FORMAT_SUMMARY)
        printf("%s, not %s\n", gbx_format_name(format), gbx_format_name(GBX_FORMAT_SPEEDSCOPE));
}

static void errors(void)
{
    gbx_error error;

    memset(&error, 0, sizeof(error));
#define SET(name, number, text) (void)gbx_error_set(&error, GBX_ERR_##name, NULL, "%s", gbx_err_text(GBX_ERR_##name));
    GBX_ERROR_CODES(SET)
    printf("%s %s\n", error.pointer, error.text);
}

static void limits(void)
{
    gbx_limits some;
    gbx_capture_counts counts;
    gbx_gate *gate;

    gbx_limits_get(&some, sizeof(some));
    gate = gbx_gate_ref(gbx_gate_new(&some));
    if (gbx_limits_set(&some) != GBX_ERR_OK || gbx_gate_limits_set(gate, NULL) != GBX_ERR_OK)
        return;
    gbx_gate_limits_get(gate, &some, sizeof(some));
    gbx_gate_counts_get(gate, &counts, sizeof(counts));
    gbx_capture_counts_get(&counts, sizeof(counts));
#define PRINT(name, number, text) printf("%s %d\n", text, counts.name != 0);
    GBX_CAPTURE_FATES(PRINT)
    gbx_gate_switch(gate, gbx_gate_is_on(gate));
    gbx_gate_unref(gate);
}

static gbx_err take(void *context, const gbx_recording *recording, gbx_error *error)
{
    static const char *const reasons[] = {
#define REASON(constant, number, name) name,
        GBX_KEEP_REASONS(REASON)
#undef REASON
    };
    gbx_keep_reason asked = GBX_KEEP_ASKED;

    if (context != NULL || recording->capture == NULL)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s", recording->path);
    if ((recording->reasons & asked) != 0)
        printf("%s %s %s %s %u\n", reasons[0], recording->method, recording->route, recording->source_root,
               recording->status);
    return GBX_ERR_OK;
}

static gbx_err tick(void *context, const gbx_process_state *process_state, gbx_error *error)
{
    if (context == NULL && process_state->worker_queue == 0 && process_state->loop_lag_ns == 0)
        return GBX_ERR_OK;
    return gbx_error_set(error, GBX_ERR_LIMIT, NULL, "busy");
}

static void observe(void *context, gbx_process_state *process_state)
{
    process_state->loop_lag_ns = context != NULL;
}

static void record(gbx_capture *capture)
{
    gbx_recorder_options options;
    gbx_recorder_counts counts;
    gbx_request request;
    gbx_error error;
    gbx_sink sink;
    gbx_recorder *recorder, *asked;
    gbx_store_options store;

    memset(&options, 0, sizeof(options));
    options.size = sizeof(options);
    options.observe = observe;
    memset(&request, 0, sizeof(request));
    request.size = sizeof(request);
    memset(&store, 0, sizeof(store));
    store.size = sizeof(store);
    memset(&sink, 0, sizeof(sink));
    sink.size = sizeof(sink);
    sink.take = take;
    sink.tick = tick;
    if (gbx_recorder_rules_read(GBX_KEEP_DEFAULT, &options, &error) != GBX_ERR_OK)
        return;
    recorder = gbx_recorder_ref(gbx_recorder_new(&options));
    if (gbx_recorder_add(recorder, &sink) == GBX_ERR_OK &&
        (gbx_recorder_offer(recorder, capture, &request) & GBX_KEEP_SLOW) != 0)
        printf("slow\n");
    if (gbx_recorder_add_store(recorder, &store, &error) == GBX_ERR_OK)
        gbx_recorder_unref(gbx_recorder_from_environment());
    if (gbx_recorder_open_environment(&asked, &error) == GBX_ERR_OK)
        gbx_recorder_unref(asked);
    if (gbx_recorder_close(recorder, 1) == GBX_ERR_OK)
        gbx_recorder_counts_get(recorder, &counts, sizeof(counts));
    gbx_recorder_unref(recorder);
    gbx_recorder_unref(recorder);
}

static gbx_err attach(struct sqlite3 *db)
{
    gbx_sqlite_options options;
    gbx_error error;

    memset(&options, 0, sizeof(options));
    options.size = sizeof(options);
    return gbx_sqlite_attach(db, &options, &error);
}

static void process(void)
{
    gbx_capture_switch(gbx_capture_is_on());
    gbx_capture_memory_limit_set(GBX_CAPTURE_MEMORY_BYTES_DEFAULT - GBX_CAPTURE_BLOCK_BYTES);
    printf("%d %d %d\n", gbx_capture_memory_limit() != 0, gbx_capture_memory_used() != 0,
           gbx_capture_live_count() != 0);
    printf("%s %s %d %d %d %s\n", gbx_version(), GBX_VERSION, GBX_VERSION_MAJOR, GBX_VERSION_MINOR, GBX_VERSION_PATCH,
           GBX_REDACTED);
}

#ifdef GLASSBOX_STRICT_H2O
static gbx_h2o_verdict allow(h2o_req_t *req, void *context, gbx_h2o_grant *grant, gbx_error *error)
{
    if (req == NULL || context == NULL)
        return error->text[0] != '\0' ? GBX_H2O_REFUSED : GBX_H2O_MISSING;
    grant->max_spans = GBX_H2O_GRANT_BYTES_MAX;
    return GBX_H2O_GRANTED;
}

static void take_back(void *context, const gbx_h2o_grant *grant)
{
    if (context != NULL)
        printf("%d of %d\n", grant->receipt[0], GBX_H2O_RECEIPT_BYTES);
}

static bool run_at_once(void *context, gbx_h2o_task *task)
{
    if (context != NULL || task->room[0] != NULL)
        return false;
    task->run(task);
    return true;
}

GBX_API GBX_MUST_USE gbx_err mount(h2o_globalconf_t *globalconf, h2o_pathconf_t *pathconf);
gbx_err mount(h2o_globalconf_t *globalconf, h2o_pathconf_t *pathconf)
{
    gbx_h2o_permit *permit = allow;
    gbx_h2o_give_back *give_back = take_back;
    gbx_h2o_executor executor;
    gbx_h2o_claim claim = GBX_H2O_CLAIM_ON_REQUEST;
    gbx_h2o_config config;

    memset(&executor, 0, sizeof(executor));
    executor.size = sizeof(executor);
    executor.submit = run_at_once;
    memset(&config, 0, sizeof(config));
    config.size = sizeof(config);
    config.permit = permit;
    config.give_back = give_back;
    config.executor = &executor;
    config.claim = claim;
    config.keep_trace_config = true;
    gbx_h2o_harden(globalconf);
    return gbx_h2o_register(pathconf, &config);
}
#endif

int main(void)
{
    gbx_redaction *redaction = redact();
    gbx_capture *capture = make(redaction);

    gbx_redaction_unref(redaction);
    capture_with(capture);
    read_records(capture);
    export_all(capture);
    record(capture);
    printf("%d %d\n", gbx_capture_trace_id(capture)[0], gbx_capture_duration_ns(capture) != 0);
    gbx_capture_unref(capture);
    errors();
    limits();
    if (attach(NULL) == GBX_ERR_OK)
        process();
    return 0;
}
