/* SPDX-License-Identifier: MIT */
/* The bytes of bodies: a small trace by hand, in both forms, and traces in pieces. */
#define _GNU_SOURCE
#include "message.h"
#include "otlp/body.h"
#include "recording.h"
#include "trace/trace.h"
#include <glassbox/recorder.h>
#include <glassbox/version.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const gbx_site work = {"work", "work", "src/a.c", 12, {0}};
static const gbxi_otlp_request small_request = {"GET", "/things/7", "/things/{id}", 200,
                                                GBX_KEEP_FAILED | GBX_KEEP_SAMPLED};
static recording r;

#define TRACE_ID                                                                                                       \
    "\x0a\xf7"                                                                                                         \
    "e\x19\x16\xcd"                                                                                                    \
    "C\xdd\x84H\xeb!\x1c\x80"                                                                                          \
    "1\x9c"
#define REQUEST_ID "t\xcc\x18\xfe\xa7T\xcb\x16"
#define CALL_ID "]\xeb \xf5&1|l"

/* clang-format off */
static const char small_spans[] =
    "\x12\x95\x03"                                           /* spans: 405 bytes */
    "\x0a\x10" TRACE_ID                                      /* trace_id */
    "\x12\x08" REQUEST_ID                                    /* span_id */
    "\x22\x08\x01\x02\x03\x04\x05\x06\x07\x08"               /* parent_span_id */
    "*\x10GET /things/{id}"                                  /* name */
    "0\x02"                                                  /* kind: SERVER */
    "9\x15\xcdMA\x81\xe1X\x18"                               /* start_time_unix_nano */
    "A=\xcdMA\x81\xe1X\x18"                                  /* end_time_unix_nano: 40 later */
    "\x85\x01\x01\x03\x00\x00"                               /* flags: sampled, the parent is remote */
    "J\x1c\x0a\x13http.request.method\x12\x05\x0a\x03GET"    /* attributes */
    "J\x17\x0a\x08url.path\x12\x0b\x0a\x09/things/7"
    "J\x1c\x0a\x0ahttp.route\x12\x0e\x0a\x0c/things/{id}"
    "J \x0a\x19http.response.status_code\x12\x03\x18\xc8\x01"
    "J\x16\x0a\x0a" "error.type\x12\x08\x0a\x06_OTHER"
    "J\x1c\x0a\x0dglassbox.name\x12\x0b\x0a\x09" "a request"
    "J!\x0a\x0dglassbox.kept\x12\x10\x0a\x0e" "failed,sampled"
    "J\x18\x0a\x12glassbox.truncated\x12\x02\x10\x00"
    "J\x1c\x0a\x16glassbox.dropped_spans\x12\x02\x18\x00"
    "J\x15\x0a\x0fglassbox.cpu_ns\x12\x02\x18\x14"
    "J\x1a\x0a\x14glassbox.overhead_ns\x12\x02\x18\x15"
    "z\x06\x12\x02no\x18\x02"                                /* status: message, ERROR */
    "\x12\xee\x01"                                           /* spans: 238 bytes */
    "\x0a\x10" TRACE_ID
    "\x12\x08" CALL_ID
    "\x22\x08" REQUEST_ID
    "*\x04work"
    "0\x01"                                                  /* kind: INTERNAL */
    "9\x15\xcdMA\x81\xe1X\x18"
    "A3\xcdMA\x81\xe1X\x18"                                  /* 30 after the start */
    "\x85\x01\x01\x01\x00\x00"                               /* flags: sampled, the parent is not remote */
    "J\x10\x0a\x01n\x12\x0b\x18\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01"
    "J\x0f\x0a\x09thread.id\x12\x02\x18" "d"
    "J\x15\x0a\x0bthread.name\x12\x06\x0a\x04main"
    "J\x1b\x0a\x0e" "code.file.path\x12\x09\x0a\x07src/a.c"
    "J\x16\x0a\x10" "code.line.number\x12\x02\x18\x0c"
    "Z/\x09)\xcdMA\x81\xe1X\x18\x12\x09" "exception"         /* event: 20 after the start */
    "\x1a\x19\x0a\x11" "exception.message\x12\x04\x0a\x02no"
    "z\x06\x12\x02no\x18\x02";

static const char small_json[] =
    "{\"traceId\":\"0af7651916cd43dd8448eb211c80319c\",\"spanId\":\"74cc18fea754cb16\","
    "\"parentSpanId\":\"0102030405060708\",\"flags\":769,\"name\":\"GET /things/{id}\",\"kind\":2,"
    "\"startTimeUnixNano\":\"1754400000123456789\",\"endTimeUnixNano\":\"1754400000123456829\",\"attributes\":["
    "{\"key\":\"http.request.method\",\"value\":{\"stringValue\":\"GET\"}},"
    "{\"key\":\"url.path\",\"value\":{\"stringValue\":\"/things/7\"}},"
    "{\"key\":\"http.route\",\"value\":{\"stringValue\":\"/things/{id}\"}},"
    "{\"key\":\"http.response.status_code\",\"value\":{\"intValue\":\"200\"}},"
    "{\"key\":\"error.type\",\"value\":{\"stringValue\":\"_OTHER\"}},"
    "{\"key\":\"glassbox.name\",\"value\":{\"stringValue\":\"a request\"}},"
    "{\"key\":\"glassbox.kept\",\"value\":{\"stringValue\":\"failed,sampled\"}},"
    "{\"key\":\"glassbox.truncated\",\"value\":{\"boolValue\":false}},"
    "{\"key\":\"glassbox.dropped_spans\",\"value\":{\"intValue\":\"0\"}},"
    "{\"key\":\"glassbox.cpu_ns\",\"value\":{\"intValue\":\"20\"}},"
    "{\"key\":\"glassbox.overhead_ns\",\"value\":{\"intValue\":\"21\"}}],"
    "\"status\":{\"message\":\"no\",\"code\":2}},"
    "{\"traceId\":\"0af7651916cd43dd8448eb211c80319c\",\"spanId\":\"5deb20f526317c6c\","
    "\"parentSpanId\":\"74cc18fea754cb16\",\"flags\":257,\"name\":\"work\",\"kind\":1,"
    "\"startTimeUnixNano\":\"1754400000123456789\",\"endTimeUnixNano\":\"1754400000123456819\",\"attributes\":["
    "{\"key\":\"n\",\"value\":{\"intValue\":\"-2\"}},"
    "{\"key\":\"thread.id\",\"value\":{\"intValue\":\"100\"}},"
    "{\"key\":\"thread.name\",\"value\":{\"stringValue\":\"main\"}},"
    "{\"key\":\"code.file.path\",\"value\":{\"stringValue\":\"src/a.c\"}},"
    "{\"key\":\"code.line.number\",\"value\":{\"intValue\":\"12\"}}],"
    "\"events\":[{\"timeUnixNano\":\"1754400000123456809\",\"name\":\"exception\",\"attributes\":["
    "{\"key\":\"exception.message\",\"value\":{\"stringValue\":\"no\"}}]}],"
    "\"status\":{\"message\":\"no\",\"code\":2}}";
/* clang-format on */

static gbx_capture *capture_small(void)
{
    const gbx_capture_options options = {
        .size = sizeof(options),
        .name = "a request",
        .trace_id = {0x0A, 0xF7, 0x65, 0x19, 0x16, 0xCD, 0x43, 0xDD, 0x84, 0x48, 0xEB, 0x21, 0x1C, 0x80, 0x31, 0x9C},
        .parent_span_id = {1, 2, 3, 4, 5, 6, 7, 8}};

    pthread_setname_np(pthread_self(), "main");
    recording_begin(&r, &options);
    recording_enter(&r, &work);
    gbx_note_int("n", -2);
    recording_pass(&r, 20);
    gbx_span_fail("no");
    recording_pass(&r, 10);
    recording_exit(&r);
    recording_pass(&r, 10);
    return recording_finish(&r);
}

/* A body, its resource, and a trace. */
typedef struct sample {
    gbxi_otlp_resource *resource;
    gbxi_otlp_body *body;
    gbx_capture *capture;
    gbxi_trace *trace;
} sample;

static void sample_make(sample *s, gbxi_otlp_form form, gbx_capture *capture)
{
    gbx_error error;

    s->resource = gbxi_otlp_resource_new("things", NULL, &error);
    s->body = gbxi_otlp_body_new(form, s->resource);
    s->capture = capture;
    s->trace = gbxi_trace_new(capture, &(gbxi_trace_options){0});
    assert_non_null(s->body);
    assert_non_null(s->trace);
}

static void sample_free(sample *s)
{
    gbxi_otlp_body_free(s->body);
    gbxi_otlp_resource_free(s->resource);
    gbxi_trace_free(s->trace);
    gbx_capture_unref(s->capture);
}

/* Adds the whole trace. */
static void sample_add(sample *s)
{
    gbx_error error;
    size_t next = 0;
    bool done = false;

    assert_int_equal(gbxi_otlp_body_add(s->body, s->trace, &small_request, SIZE_MAX, &next, &done, &error), GBX_ERR_OK);
    assert_true(done);
    assert_int_equal(next, s->trace->call_count + 1);
}

static gbxi_view sample_end(sample *s)
{
    size_t promised = gbxi_otlp_body_bytes(s->body), length;
    const void *bytes;
    gbx_error error;

    assert_int_equal(gbxi_otlp_body_end(s->body, &bytes, &length, &error), GBX_ERR_OK);
    assert_int_equal(length, promised);
    return (gbxi_view){bytes, length};
}

static void check_view(gbxi_view view, const char *expected, size_t length)
{
    assert_int_equal(view.length, length);
    assert_memory_equal(view.at, expected, length);
}

/* Takes off what the document begins with. */
static void check_begin(gbxi_view *document, const char *expected)
{
    check_view((gbxi_view){document->at, strlen(expected)}, expected, strlen(expected));
    *document = gbxi_view_after(*document, strlen(expected));
}

static void a_small_trace_has_these_bytes(void **state)
{
    static const char scope[] = "\x0a\x11\x0a\x08glassbox\x12\x05" GBX_VERSION;
    static const char schema[] = "\x1a\x27https://opentelemetry.io/schemas/1.34.0";
    gbxi_view request, spans;
    sample s;

    (void)state;
    sample_make(&s, GBXI_OTLP_PROTOBUF, capture_small());
    sample_add(&s);
    request = message_field(sample_end(&s), 1);
    check_view(message_field(request, 1), gbxi_otlp_resource_message(s.resource).at,
               gbxi_otlp_resource_message(s.resource).length);
    spans = message_field(request, 2);
    assert_int_equal(spans.length, sizeof(scope) + sizeof(small_spans) + sizeof(schema) - 3);
    check_view((gbxi_view){spans.at, sizeof(scope) - 1}, scope, sizeof(scope) - 1);
    spans = gbxi_view_after(spans, sizeof(scope) - 1);
    check_view((gbxi_view){spans.at, sizeof(small_spans) - 1}, small_spans, sizeof(small_spans) - 1);
    check_view(gbxi_view_after(spans, sizeof(small_spans) - 1), schema, sizeof(schema) - 1);
    sample_free(&s);
}

static void the_same_trace_has_this_json(void **state)
{
    gbxi_view document;
    sample s;

    (void)state;
    sample_make(&s, GBXI_OTLP_JSON, capture_small());
    sample_add(&s);
    document = sample_end(&s);
    check_begin(&document, "{\"resourceSpans\":[{\"resource\":");
    check_view((gbxi_view){document.at, gbxi_otlp_resource_json(s.resource).length},
               gbxi_otlp_resource_json(s.resource).at, gbxi_otlp_resource_json(s.resource).length);
    document = gbxi_view_after(document, gbxi_otlp_resource_json(s.resource).length);
    check_begin(&document, ",\"scopeSpans\":[{\"scope\":{\"name\":\"glassbox\",\"version\":\"" GBX_VERSION "\"},"
                           "\"spans\":[");
    check_begin(&document, small_json);
    check_begin(&document, "],\"schemaUrl\":\"https://opentelemetry.io/schemas/1.34.0\"}]}]}");
    assert_int_equal(document.length, 0);
    sample_free(&s);
}

static void a_body_without_traces_is_a_document(void **state)
{
    sample s;

    (void)state;
    sample_make(&s, GBXI_OTLP_PROTOBUF, capture_small());
    check_view(sample_end(&s), "", 0);
    sample_free(&s);
    sample_make(&s, GBXI_OTLP_JSON, capture_small());
    check_view(sample_end(&s), "{\"resourceSpans\":[]}", 20);
    gbxi_otlp_body_begin(s.body);
    check_view(sample_end(&s), "{\"resourceSpans\":[]}", 20);
    sample_free(&s);
}

static void the_traces_of_a_body_follow_one_another(void **state)
{
    gbxi_view one, three;
    char *expected;
    sample s;

    (void)state;
    sample_make(&s, GBXI_OTLP_PROTOBUF, capture_small());
    sample_add(&s);
    one = sample_end(&s);
    expected = memcpy(malloc(one.length), one.at, one.length);
    gbxi_otlp_body_begin(s.body);
    for (size_t i = 0; i < 3; i++)
        sample_add(&s);
    three = sample_end(&s);
    assert_int_equal(three.length, 3 * one.length);
    for (size_t i = 0; i < 3; i++)
        assert_memory_equal(three.at + i * one.length, expected, one.length);
    free(expected);
    sample_free(&s);
}

static void work_more(recording *on, void *argument)
{
    for (int i = 0; i < *(int *)argument; i++) {
        recording_enter_formatted(on, &work, 0, i, "x");
        gbx_note_int("round", i);
        recording_call(on, &work, 3);
        gbx_note_str("text", "a \xff b");
        recording_exit(on);
    }
}

static gbx_capture *capture_threads(void)
{
    int counts[] = {40, 0, 25};

    recording_begin(&r, NULL);
    recording_enter(&r, &work);
    gbx_note_str("outer", "kept open");
    for (size_t i = 0; i < 3; i++) {
        recording_on_thread(&r, "helper", (uint32_t)(200 + i), 5, work_more, &counts[i]);
        work_more(&r, &counts[2]);
    }
    recording_exit(&r);
    return recording_finish(&r);
}

/* Spans one behind the other, each with its length. */
typedef struct joined {
    char bytes[1 << 17];
    size_t length;
    size_t count;
} joined;

static void join_span(void *context, gbxi_view span)
{
    joined *all = context;

    assert_true(all->length + span.length < sizeof(all->bytes));
    memcpy(all->bytes + all->length, span.at, span.length);
    all->length += span.length;
    all->count++;
}

/* Sends the trace in bodies of that size, each of which is a new one, or all of which are one. Returns how many. */
static size_t join_pieces(sample *s, size_t max_bytes, bool is_new, joined *all)
{
    size_t next = 0, bodies = 0;
    bool done = false;
    gbx_error error;

    all->length = all->count = 0;
    for (; !done; bodies++) {
        size_t before = all->count;

        assert_int_equal(gbxi_otlp_body_add(s->body, s->trace, &small_request, max_bytes, &next, &done, &error),
                         GBX_ERR_OK);
        message_each_span(sample_end(s), join_span, all);
        assert_true(all->count > before || done);
        assert_true(gbxi_otlp_body_bytes(s->body) <= max_bytes || all->count == before + 1);
        assert_int_equal(next, all->count);
        if (is_new) {
            gbxi_otlp_body_free(s->body);
            s->body = gbxi_otlp_body_new(GBXI_OTLP_PROTOBUF, s->resource);
        } else {
            gbxi_otlp_body_begin(s->body);
        }
    }
    return bodies;
}

static void a_trace_in_pieces_has_the_spans_of_the_whole(void **state)
{
    static const size_t sizes[] = {1, 700, 1000, 2000, 7777, 20000};
    static joined whole, pieces;
    size_t last = SIZE_MAX;
    sample s;

    (void)state;
    sample_make(&s, GBXI_OTLP_PROTOBUF, capture_threads());
    assert_int_equal(join_pieces(&s, SIZE_MAX, true, &whole), 1);
    assert_int_equal(whole.count, s.trace->call_count + 1);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        for (int is_new = 0; is_new < 2; is_new++) {
            size_t bodies = join_pieces(&s, sizes[i], is_new != 0, &pieces);

            assert_true(is_new != 0 ? bodies == last : bodies <= last);
            last = bodies;
            assert_int_equal(pieces.count, whole.count);
            assert_int_equal(pieces.length, whole.length);
            assert_memory_equal(pieces.bytes, whole.bytes, whole.length);
        }
    }
    sample_free(&s);
}

static void a_trace_that_has_no_room_is_left_for_the_next_body(void **state)
{
    size_t next = 0, one;
    bool done = true;
    gbx_error error;
    sample s;

    (void)state;
    sample_make(&s, GBXI_OTLP_JSON, capture_small());
    sample_add(&s);
    one = gbxi_otlp_body_bytes(s.body);
    assert_int_equal(gbxi_otlp_body_add(s.body, s.trace, &small_request, one + 100, &next, &done, &error), GBX_ERR_OK);
    assert_false(done);
    assert_int_equal(next, 0);
    assert_int_equal(gbxi_otlp_body_bytes(s.body), one);
    gbxi_otlp_body_begin(s.body);
    sample_add(&s);
    assert_int_equal(sample_end(&s).length, one);
    next = 99;
    assert_int_equal(gbxi_otlp_body_add(s.body, s.trace, &small_request, SIZE_MAX, &next, &done, &error), GBX_ERR_OK);
    assert_true(done);
    sample_free(&s);
}

static void a_trace_that_begins_again_is_that_of_the_request_at_hand(void **state)
{
    const gbxi_otlp_request other = {"PUT", "/other", "/other", 200, GBX_KEEP_SAMPLED};
    size_t next = 0;
    bool done;
    gbx_error error;
    gbxi_view spans;
    sample s;

    (void)state;
    sample_make(&s, GBXI_OTLP_PROTOBUF, capture_small());
    sample_add(&s);
    assert_int_equal(gbxi_otlp_body_add(s.body, s.trace, &small_request, 1, &next, &done, &error), GBX_ERR_OK);
    assert_int_equal(next, 0);
    gbxi_otlp_body_begin(s.body);
    assert_int_equal(gbxi_otlp_body_add(s.body, s.trace, &other, SIZE_MAX, &next, &done, &error), GBX_ERR_OK);
    spans = message_field(message_field(sample_end(&s), 1), 2);
    check_view(message_field(message_field(spans, 2), 5), "PUT /other", 10);
    sample_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_trace_has_these_bytes),
        cmocka_unit_test(the_same_trace_has_this_json),
        cmocka_unit_test(a_body_without_traces_is_a_document),
        cmocka_unit_test(the_traces_of_a_body_follow_one_another),
        cmocka_unit_test(a_trace_in_pieces_has_the_spans_of_the_whole),
        cmocka_unit_test(a_trace_that_has_no_room_is_left_for_the_next_body),
        cmocka_unit_test(a_trace_that_begins_again_is_that_of_the_request_at_hand),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
