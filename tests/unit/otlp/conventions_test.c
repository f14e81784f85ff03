/* SPDX-License-Identifier: MIT */
/* What spans are called, and which attributes they have. */
#define _GNU_SOURCE
#include "otlp/spans.h"
#include "recording.h"
#include "trace/trace.h"
#include <glassbox/recorder.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const gbx_site work = {"work", "work", "src/a.c", 12, {0}};
static const gbx_site nowhere = {"nowhere", "nowhere", "", 0, {0}};
static recording r;

/* A trace, and where its spans are. */
typedef struct walked {
    gbx_capture *capture;
    gbxi_trace *trace;
    gbxi_otlp_spans spans;
    char text[2000];
} walked;

static walked w;

static void walk_request(const gbxi_otlp_request *request)
{
    static const gbxi_otlp_request get = {"GET", "/", "/", 200, GBX_KEEP_SLOW};

    w.capture = recording_finish(&r);
    w.trace = gbxi_trace_new(w.capture, &(gbxi_trace_options){0});
    assert_non_null(w.trace);
    assert_true(gbxi_otlp_spans_begin(&w.spans, w.trace, request != NULL ? request : &get, 0));
}

static void walk_on(void)
{
    assert_true(gbxi_otlp_spans_next(&w.spans));
    assert_false(w.spans.is_done);
}

static void walk_end(void)
{
    assert_true(gbxi_otlp_spans_next(&w.spans));
    assert_true(w.spans.is_done);
    gbxi_otlp_spans_fini(&w.spans);
    gbxi_trace_free(w.trace);
    gbx_capture_unref(w.capture);
}

/* The attributes of the span, as in "key=value other=7 ". */
static const char *attributes(void)
{
    const gbxi_otlp_attributes *list = &w.spans.span.attributes;
    char *at = w.text;

    *at = '\0';
    for (size_t i = 0; i < list->count; i++) {
        const gbxi_otlp_attribute *a = &list->at[i];

        at += sprintf(at, "%.*s=", (int)a->key.length, a->key.at);
        if (a->type == GBXI_OTLP_TEXT)
            at += sprintf(at, "%.*s ", (int)a->value.text.length, a->value.text.at);
        else if (a->type == GBXI_OTLP_INT)
            at += sprintf(at, "%lld ", (long long)a->value.integer);
        else if (a->type == GBXI_OTLP_REAL)
            at += sprintf(at, "%g ", a->value.real);
        else
            at += sprintf(at, "%s ", a->value.boolean ? "true" : "false");
    }
    return w.text;
}

static void check_name(const char *name)
{
    assert_int_equal(w.spans.span.name.length, strlen(name));
    assert_memory_equal(w.spans.span.name.at, name, strlen(name));
}

static void check_text(gbxi_view text, const char *expected)
{
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.at, expected, text.length);
}

#define OWN                                                                                                            \
    "glassbox.name=capture glassbox.kept=slow glassbox.truncated=false glassbox.dropped_spans=0 "                      \
    "glassbox.cpu_ns=0 glassbox.overhead_ns=0 "

static void a_request_is_described_by_the_conventions(void **state)
{
    static const struct {
        gbxi_otlp_request request;
        const char *name, *attributes;
        gbxi_otlp_kind kind;
        bool is_failed;
    } cases[] = {
        {{"GET", "/a/7", "/a/{id}", 200, GBX_KEEP_SLOW},
         "GET /a/{id}",
         "http.request.method=GET url.path=/a/7 http.route=/a/{id} http.response.status_code=200 " OWN,
         GBXI_OTLP_SERVER,
         false},
        {{"PATCH", "/a", "", 404, GBX_KEEP_SLOW},
         "PATCH",
         "http.request.method=PATCH url.path=/a http.response.status_code=404 " OWN,
         GBXI_OTLP_SERVER,
         false},
        {{"get", "/", "/", 0, GBX_KEEP_SLOW},
         "HTTP /",
         "http.request.method=_OTHER http.request.method_original=get url.path=/ http.route=/ " OWN,
         GBXI_OTLP_SERVER,
         false},
        {{"POST", "/", "/", 503, GBX_KEEP_SLOW},
         "POST /",
         "http.request.method=POST url.path=/ http.route=/ http.response.status_code=503 error.type=503 " OWN,
         GBXI_OTLP_SERVER,
         true},
        {{"", "", "", 0, GBX_KEEP_SLOW}, "capture", OWN, GBXI_OTLP_INTERNAL, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        recording_begin(&r, NULL);
        walk_request(&cases[i].request);
        check_name(cases[i].name);
        assert_string_equal(attributes(), cases[i].attributes);
        assert_int_equal(w.spans.span.kind, cases[i].kind);
        assert_int_equal(w.spans.span.is_failed, cases[i].is_failed);
        assert_int_equal(w.spans.span.reason.length, 0);
        assert_false(w.spans.span.has_parent);
        assert_false(w.spans.span.has_exception);
        assert_int_equal(w.spans.span.flags, 0x101);
        walk_end();
    }
}

static void the_clients_flags_stay_and_it_is_sampled_whatever_the_client_says(void **state)
{
    const gbx_capture_options options = {.size = sizeof(options), .parent_span_id = {9}, .trace_flags = 0x02};

    (void)state;
    recording_begin(&r, &options);
    recording_call(&r, &work, 1);
    walk_request(NULL);
    assert_int_equal(w.spans.span.flags, 0x303);
    assert_true(w.spans.span.has_parent);
    assert_memory_equal(w.spans.span.parent_id, options.parent_span_id, 8);
    walk_on();
    assert_int_equal(w.spans.span.flags, 0x103);
    walk_end();
}

static void what_a_trace_was_told_outside_of_its_calls_is_told_of_the_request(void **state)
{
    (void)state;
    recording_begin(&r, NULL);
    gbx_note_int("size", 5);
    gbx_note_str("http.route", "mine");
    recording_pass(&r, 7);
    gbx_span_fail("no luck");
    recording_pass(&r, 5);
    walk_request(&(gbxi_otlp_request){"GET", "/", "/", 200, GBX_KEEP_FAILED | GBX_KEEP_ASKED});
    assert_string_equal(attributes(), "size=5 http.route=mine http.request.method=GET url.path=/ "
                                      "http.response.status_code=200 error.type=_OTHER glassbox.name=capture "
                                      "glassbox.kept=failed,asked glassbox.truncated=false "
                                      "glassbox.dropped_spans=0 glassbox.cpu_ns=6 glassbox.overhead_ns=0 ");
    assert_true(w.spans.span.is_failed);
    check_text(w.spans.span.reason, "no luck");
    assert_true(w.spans.span.has_exception);
    check_text(w.spans.span.exception, "no luck");
    assert_int_equal(w.spans.span.exception_unix_ns, RECORDING_UNIX_NS + 7);
    assert_int_equal(w.spans.span.end_unix_ns - w.spans.span.start_unix_ns, 12);
    walk_end();
}

static void a_failed_call_fails_the_request_and_has_the_event(void **state)
{
    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &work);
    recording_enter(&r, &nowhere);
    recording_pass(&r, 3);
    gbx_span_fail("first");
    recording_pass(&r, 3);
    gbx_span_fail("second");
    recording_exit(&r);
    recording_exit(&r);
    walk_request(NULL);
    assert_true(w.spans.span.is_failed);
    check_text(w.spans.span.reason, "first");
    assert_false(w.spans.span.has_exception);
    walk_on();
    check_name("nowhere");
    assert_true(w.spans.span.is_failed);
    check_text(w.spans.span.exception, "first");
    assert_int_equal(w.spans.span.exception_unix_ns, RECORDING_UNIX_NS + 3);
    assert_string_equal(attributes(), "thread.id=100 thread.name=main ");
    walk_on();
    check_name("work");
    assert_false(w.spans.span.is_failed);
    assert_false(w.spans.span.has_exception);
    assert_int_equal(w.spans.span.reason.length, 0);
    assert_int_equal(w.spans.span.attributes.dropped, 0);
    walk_end();
}

static void notes_come_first_and_win(void **state)
{
    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &work);
    gbx_note_str("thread.id", "mine");
    gbx_note_int("again", 1);
    gbx_note_int("", 1);
    recording_enter(&r, &work);
    gbx_note_double("inner", 0.5);
    recording_exit(&r);
    gbx_note_int("again", 2);
    recording_exit(&r);
    walk_request(NULL);
    walk_on();
    assert_string_equal(attributes(), "inner=0.5 thread.id=100 thread.name=main code.file.path=src/a.c "
                                      "code.line.number=12 ");
    assert_int_equal(w.spans.span.kind, GBXI_OTLP_INTERNAL);
    assert_int_equal(w.spans.span.attributes.dropped, 0);
    walk_on();
    assert_string_equal(attributes(), "thread.id=mine again=2 thread.name=main code.file.path=src/a.c "
                                      "code.line.number=12 ");
    assert_int_equal(w.spans.span.attributes.dropped, 1);
    walk_end();
}

static void a_statement_is_a_client_and_its_notes_have_the_names_of_the_conventions(void **state)
{
    (void)state;
    recording_begin(&r, NULL);
    recording_enter_named(&r, &nowhere, "SELECT");
    gbx_note_str("db.system", "sqlite");
    gbx_note_str("db.statement", "SELECT 1");
    gbx_note_int("db.parameters", 3);
    gbx_note_int("db.rows", 1);
    recording_exit(&r);
    recording_enter(&r, &nowhere);
    gbx_note_str("db.system", "old");
    gbx_note_str("db.system.name", "new");
    recording_exit(&r);
    walk_request(NULL);
    walk_on();
    check_name("SELECT");
    assert_int_equal(w.spans.span.kind, GBXI_OTLP_CLIENT);
    assert_string_equal(attributes(), "db.system.name=sqlite db.query.text=SELECT 1 db.parameters=3 "
                                      "db.response.returned_rows=1 thread.id=100 thread.name=main ");
    walk_on();
    assert_string_equal(attributes(), "db.system=old db.system.name=new thread.id=100 thread.name=main ");
    walk_end();
}

static void many_keys_of_the_trace_itself_are_counted(void **state)
{
    char key[16];

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < 103; i++) {
        snprintf(key, sizeof(key), "key %d", i);
        gbx_note_int(key, i);
    }
    walk_request(NULL);
    assert_int_equal(w.spans.span.attributes.dropped, 3);
    assert_int_equal(w.spans.span.attributes.count, 110);
    walk_end();
}

static int64_t before_1970(void *context)
{
    (void)context;
    return -5;
}

static void times_before_1970_are_its_beginning(void **state)
{
    gbx_clock clock = *gbx_clock_monotonic();
    gbx_capture_options options = {.size = sizeof(options), .clock = &clock};
    gbxi_trace *trace;
    gbxi_otlp_spans spans = {0};
    gbx_capture *capture;

    (void)state;
    clock.unix_ns = before_1970;
    capture = gbx_capture_new(&options);
    while (gbx_capture_duration_ns(capture) < 5)
        continue;
    gbx_capture_finish(capture);
    trace = gbxi_trace_new(capture, &(gbxi_trace_options){0});
    assert_true(gbxi_otlp_spans_begin(&spans, trace, &(gbxi_otlp_request){"", "", "", 0, 0}, 0));
    assert_int_equal(spans.span.start_unix_ns, 0);
    assert_int_equal(spans.span.end_unix_ns, trace->facts.duration_ns - 5);
    gbxi_otlp_spans_fini(&spans);
    gbxi_trace_free(trace);
    gbx_capture_unref(capture);
}

static int name_thread(void **state)
{
    (void)state;
    return pthread_setname_np(pthread_self(), "main");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_described_by_the_conventions),
        cmocka_unit_test(the_clients_flags_stay_and_it_is_sampled_whatever_the_client_says),
        cmocka_unit_test(what_a_trace_was_told_outside_of_its_calls_is_told_of_the_request),
        cmocka_unit_test(a_failed_call_fails_the_request_and_has_the_event),
        cmocka_unit_test(notes_come_first_and_win),
        cmocka_unit_test(a_statement_is_a_client_and_its_notes_have_the_names_of_the_conventions),
        cmocka_unit_test(many_keys_of_the_trace_itself_are_counted),
        cmocka_unit_test(times_before_1970_are_its_beginning),
    };

    return cmocka_run_group_tests(tests, name_thread, NULL);
}
