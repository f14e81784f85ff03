/* SPDX-License-Identifier: MIT */
/* Owns the names of attributes. A note wins over what is known anyway, because no key may come twice. */
#include "otlp/conventions.h"
#include "base/grow.h"
#include <glassbox/recorder.h>
#include <stdio.h>

enum { STATUS_SERVER_ERROR = 500 };

/* Methods with a meaning of their own: RFC 9110 and RFC 5789. Any other could be anything, and there is no end of them.
 */
static const char *const known_methods[] = {"CONNECT", "DELETE", "GET", "HEAD",  "OPTIONS",
                                            "PATCH",   "POST",   "PUT", "TRACE", NULL};

/* What notes about databases are called there, where the name is another. */
static const struct {
    const char *note, *attribute;
} database_names[] = {
    {"db.system", "db.system.name"},       {"db.statement", "db.query.text"}, {"db.rows", "db.response.returned_rows"},
    {"db.operation", "db.operation.name"}, {"db.name", "db.namespace"},
};

static bool conv_has_note(const gbxi_otlp_words *words, gbxi_view key)
{
    for (size_t i = 0; i < words->note_count; i++)
        if (gbxi_view_equals(words->list[i].key, key))
            return true;
    return false;
}

static bool conv_put(gbxi_otlp_words *words, const gbxi_otlp_attribute *attribute)
{
    if (!gbxi_grow(&words->list, &words->capacity, words->count + 1, sizeof(*words->list)))
        return false;
    words->list[words->count++] = *attribute;
    return true;
}

/* Each puts an attribute, unless one of the notes, which come first, has its key. */
static bool conv_put_new(gbxi_otlp_words *words, const gbxi_otlp_attribute *attribute)
{
    return conv_has_note(words, attribute->key) || conv_put(words, attribute);
}

static bool conv_text_n(gbxi_otlp_words *words, const char *key, gbxi_view text)
{
    return conv_put_new(words,
                        &(gbxi_otlp_attribute){.key = gbxi_view_of(key), .type = GBXI_OTLP_TEXT, .value.text = text});
}

static bool conv_text(gbxi_otlp_words *words, const char *key, const char *text)
{
    return conv_text_n(words, key, gbxi_view_of(text));
}

static bool conv_uint(gbxi_otlp_words *words, const char *key, uint64_t value)
{
    return conv_put_new(words, &(gbxi_otlp_attribute){.key = gbxi_view_of(key),
                                                      .type = GBXI_OTLP_INT,
                                                      .value.integer = value < INT64_MAX ? (int64_t)value : INT64_MAX});
}

static bool conv_bool(gbxi_otlp_words *words, const char *key, bool value)
{
    return conv_put_new(
        words, &(gbxi_otlp_attribute){.key = gbxi_view_of(key), .type = GBXI_OTLP_BOOL, .value.boolean = value});
}

static bool conv_note(gbxi_otlp_words *words, const gbxi_note *note)
{
    gbxi_otlp_attribute attribute = {.key = {note->key, note->key_length}};

    if (note->kind == GBX_RECORD_NOTE_INT) {
        attribute.type = GBXI_OTLP_INT;
        attribute.value.integer = note->value.integer;
    } else if (note->kind == GBX_RECORD_NOTE_DOUBLE) {
        attribute.type = GBXI_OTLP_REAL;
        attribute.value.real = note->value.real;
    } else {
        attribute.type = GBXI_OTLP_TEXT;
        attribute.value.text = (gbxi_view){note->value.text, note->text_length};
    }
    return conv_put(words, &attribute);
}

/* The notes from `first` on. An attribute must have a key, so a note without one is dropped. */
static bool conv_notes(gbxi_otlp_words *words, const gbxi_notes *notes, uint32_t first, gbxi_otlp_span *span)
{
    bool good = true;

    words->count = 0;
    span->attributes.dropped = 0;
    for (uint32_t i = first; i < notes->count && good; i++) {
        if (notes->at[i].note.key_length > 0)
            good = conv_note(words, &notes->at[i].note);
        else
            span->attributes.dropped++;
    }
    words->note_count = words->count;
    return good;
}

/* Whether the call is one to a database; then its notes get the names of the conventions, unless they are taken. */
static bool conv_is_database(gbxi_otlp_words *words)
{
    static const char prefix[] = "db.";
    bool found = false;

    for (size_t i = 0; i < words->note_count; i++) {
        gbxi_otlp_attribute *attribute = &words->list[i];

        if (attribute->key.length < sizeof(prefix) - 1 || memcmp(attribute->key.at, prefix, sizeof(prefix) - 1) != 0)
            continue;
        found = true;
        for (size_t k = 0; k < sizeof(database_names) / sizeof(*database_names); k++)
            if (gbxi_view_is(attribute->key, database_names[k].note) &&
                !conv_has_note(words, gbxi_view_of(database_names[k].attribute)))
                attribute->key = gbxi_view_of(database_names[k].attribute);
    }
    return found;
}

static void conv_finish(const gbxi_otlp_words *words, gbxi_otlp_span *span)
{
    span->attributes.at = words->list;
    span->attributes.count = words->count;
}

bool gbxi_otlp_describe_call(gbxi_otlp_words *words, const gbx_lane_facts *thread, const gbxi_frame *frame,
                             const gbxi_notes *notes, uint32_t first, gbxi_otlp_span *span)
{
    if (!conv_notes(words, notes, first, span))
        return false;
    span->kind = conv_is_database(words) ? GBXI_OTLP_CLIENT : GBXI_OTLP_INTERNAL;
    if (!conv_uint(words, "thread.id", thread->thread_id) || !conv_text(words, "thread.name", thread->thread_name))
        return false;
    if (frame->file[0] != '\0' &&
        (!conv_text(words, "code.file.path", frame->file) || !conv_uint(words, "code.line.number", frame->line)))
        return false;
    conv_finish(words, span);
    return true;
}

static bool conv_name(gbxi_otlp_words *words, const char *method, const char *route, gbxi_view *name)
{
    size_t before = strlen(method), behind = strlen(route), length = before + (behind > 0 ? 1 + behind : 0);

    if (!gbxi_grow(&words->name, &words->name_capacity, length + 1, 1))
        return false;
    memcpy(words->name, method, before);
    if (behind > 0) {
        words->name[before] = ' ';
        memcpy(words->name + before + 1, route, behind);
    }
    *name = (gbxi_view){words->name, length};
    return true;
}

static bool conv_method(gbxi_otlp_words *words, const char *method)
{
    if (gbxi_view_is_among(gbxi_view_of(method), known_methods))
        return conv_text(words, "http.request.method", method);
    return conv_text(words, "http.request.method", "_OTHER") &&
           conv_text(words, "http.request.method_original", method);
}

static bool conv_http(gbxi_otlp_words *words, const gbxi_otlp_request *request, gbxi_otlp_span *span)
{
    bool is_known = gbxi_view_is_among(gbxi_view_of(request->method), known_methods);

    span->kind = GBXI_OTLP_SERVER;
    return conv_name(words, is_known ? request->method : "HTTP", request->route, &span->name) &&
           conv_method(words, request->method) && conv_text(words, "url.path", request->path) &&
           (request->route[0] == '\0' || conv_text(words, "http.route", request->route)) &&
           (request->status == 0 || conv_uint(words, "http.response.status_code", request->status));
}

/* Of a request that failed: its status if that says so, and otherwise that it is not known what failed. */
static bool conv_error_type(gbxi_otlp_words *words, const gbxi_otlp_request *request)
{
    if (request->status < STATUS_SERVER_ERROR)
        return conv_text(words, "error.type", "_OTHER");
    snprintf(words->error_type, sizeof(words->error_type), "%u", request->status);
    return conv_text(words, "error.type", words->error_type);
}

static void conv_reasons(char *text, uint32_t reasons)
{
    text[0] = '\0';
#define CONV_REASON(constant, number, name)                                                                            \
    if ((reasons & GBX_KEEP_##constant) != 0)                                                                          \
        strcat(strcat(text, text[0] != '\0' ? "," : ""), name);
    GBX_KEEP_REASONS(CONV_REASON)
#undef CONV_REASON
}

static uint64_t conv_cpu_ns(const gbxi_trace *trace)
{
    uint64_t cpu_ns = 0;

    for (size_t i = 0; i < trace->facts.lane_count; i++)
        cpu_ns += trace->threads[i].facts.cpu_ns;
    return cpu_ns;
}

/* A host's clock may state any cost. */
static uint64_t conv_overhead_ns(const gbxi_trace *trace)
{
    double overhead_ns = trace->facts.span_cost_ns * (double)trace->recorded_count;

    return overhead_ns >= 0 && overhead_ns < 1e18 ? (uint64_t)(overhead_ns + 0.5) : 0;
}

/* What Glassbox knows of the trace itself. */
static bool conv_trace(gbxi_otlp_words *words, const gbxi_trace *trace, const gbxi_otlp_request *request)
{
    conv_reasons(words->reasons, request->reasons);
    return conv_text(words, "glassbox.name", trace->facts.name) && conv_text(words, "glassbox.kept", words->reasons) &&
           conv_bool(words, "glassbox.truncated", trace->facts.truncated) &&
           conv_uint(words, "glassbox.dropped_spans", trace->facts.dropped_spans) &&
           conv_uint(words, "glassbox.cpu_ns", conv_cpu_ns(trace)) &&
           conv_uint(words, "glassbox.overhead_ns", conv_overhead_ns(trace));
}

bool gbxi_otlp_describe_request(gbxi_otlp_words *words, const gbxi_trace *trace, const gbxi_otlp_request *request,
                                const gbxi_notes *notes, gbxi_otlp_span *span)
{
    bool is_http = request->method[0] != '\0';

    if (!conv_notes(words, notes, 0, span))
        return false;
    span->name = gbxi_view_of(trace->facts.name);
    span->kind = GBXI_OTLP_INTERNAL;
    span->is_failed = request->status >= STATUS_SERVER_ERROR || trace->facts.failed || trace->failed;
    if (trace->failed)
        span->reason = (gbxi_view){trace->failure.reason, trace->failure.reason_length};
    if ((is_http && !conv_http(words, request, span)) || (span->is_failed && !conv_error_type(words, request)) ||
        !conv_trace(words, trace, request))
        return false;
    conv_finish(words, span);
    return true;
}

void gbxi_otlp_words_fini(gbxi_otlp_words *words)
{
    gbxi_account_free(words->list);
    gbxi_account_free(words->name);
    *words = (gbxi_otlp_words){0};
}
