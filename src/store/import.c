/* SPDX-License-Identifier: MIT */
/* Makes a capture of a `full` document. */
#include "store/import.h"
#include "base/cut.h"
#include "capture/event.h"
#include "capture/restore.h"
#include "capture/state.h"
#include "store/import_calls.h"
#include <stdlib.h>
#include <string.h>

typedef struct importer {
    gbxi_fields fields;
    gbxi_json_value root, metadata;
    gbx_capture_facts facts;
    char name[GBXI_CAPTURE_NAME_MAX + 1];
    bool failed_itself;   /* the trace's first failure is its own */
    bool has_own_error;   /* of the trace itself, first or not */
    gbxi_view own_reason; /* of that */
    gbxi_import_methods methods;
    gbxi_import_calls calls;
    uint64_t guessed;
    gbxi_restorer restorer;
    size_t call; /* the next that begins */
    uint32_t open_count;
    uint32_t open[GBXI_DEPTH_MAX];
} importer;

static int hex_digit_value(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = digit != '\0' ? strchr(digits, digit) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

/* Reads the id of a trace or a span. */
static void import_id(importer *im, const char *name, uint8_t *id, size_t bytes)
{
    gbxi_view text = gbxi_fields_text(&im->fields, im->metadata, name);

    for (size_t i = 0; i < bytes; i++) {
        int high = text.length == 2 * bytes ? hex_digit_value(text.at[2 * i]) : -1;
        int low = text.length == 2 * bytes ? hex_digit_value(text.at[2 * i + 1]) : -1;

        if (high < 0 || low < 0)
            gbxi_fields_refuse(&im->fields, name,
                               bytes == sizeof(im->facts.trace_id) ? "must be 32 hexadecimal digits"
                                                                   : "must be 16 hexadecimal digits");
        else
            id[i] = (uint8_t)(high * 16 + low);
    }
}

static void import_ids(importer *im)
{
    import_id(im, "trace_id", im->facts.trace_id, sizeof(im->facts.trace_id));
    if (gbxi_json_typeof(gbxi_json_member(im->metadata, "parent_span_id")) != GBXI_JSON_ABSENT)
        import_id(im, "parent_span_id", im->facts.parent_span_id, sizeof(im->facts.parent_span_id));
}

static void read_name(importer *im)
{
    gbxi_view name = gbxi_fields_text(&im->fields, im->metadata, "name");

    memcpy(im->name, name.at, gbxi_cut(name.at, name.length, GBXI_CAPTURE_NAME_MAX));
    im->facts.name = im->name;
}

static void read_failures(importer *im)
{
    gbxi_fields *fields = &im->fields;
    gbxi_json_value error = gbxi_json_member(im->metadata, "error");
    gbxi_import_calls *calls = &im->calls;
    size_t before;

    im->has_own_error = gbxi_fields_text_or_null(fields, im->metadata, "own_error", &im->own_reason);
    if (gbxi_json_typeof(error) == GBXI_JSON_NULL)
        return;
    error = gbxi_fields_of(fields, im->metadata, "error", GBXI_JSON_OBJECT);
    before = gbxi_json_pointer_push(&fields->at, "error", strlen("error"));
    calls->has_failed_span = gbxi_fields_text_or_null(fields, error, "span", &calls->failed_span);
    calls->reason = gbxi_fields_text(fields, error, "reason");
    gbxi_json_pointer_pop(&fields->at, before);
    im->facts.failed = true;
    im->failed_itself = im->has_own_error && !calls->has_failed_span;
}

/* Notes beyond a hundred are counted, and not in the document: the trace that is made is without them. */
static void read_completeness(importer *im)
{
    gbxi_fields *fields = &im->fields;
    gbxi_json_value overhead = gbxi_fields_of(fields, im->metadata, "overhead", GBXI_JSON_OBJECT);
    uint64_t omitted = gbxi_fields_uint(fields, im->metadata, "notes_omitted", UINT64_MAX);

    im->facts.truncated = gbxi_fields_bool(fields, im->metadata, "truncated") || omitted > 0;
    im->facts.dropped_spans = gbxi_fields_uint(fields, im->metadata, "dropped_spans", UINT64_MAX);
    im->facts.span_cost_ns = gbxi_fields_real(fields, overhead, "ns_per_span");
}

static void check_count(importer *im, const char *name, const char *list)
{
    if (gbxi_fields_uint(&im->fields, im->metadata, name, UINT64_MAX) !=
        gbxi_json_count(gbxi_json_member(im->root, list)))
        gbxi_fields_refuse(&im->fields, name, "is not the length of that list");
}

static void read_metadata(importer *im)
{
    gbxi_fields *fields = &im->fields;
    size_t before = gbxi_json_pointer_push(&fields->at, "metadata", strlen("metadata"));

    read_name(im);
    import_ids(im);
    im->facts.start_unix_ns = gbxi_fields_instant(fields, im->metadata, "started_at");
    im->facts.start_ns = im->calls.start_ns = gbxi_fields_uint(fields, im->metadata, "start_time_ns", UINT64_MAX);
    im->facts.duration_ns = im->calls.duration_ns =
        gbxi_fields_uint(fields, im->metadata, "total_duration_ns", INT64_MAX);
    if (im->facts.duration_ns > UINT64_MAX - im->facts.start_ns ||
        gbxi_fields_uint(fields, im->metadata, "end_time_ns", UINT64_MAX) != im->facts.start_ns + im->facts.duration_ns)
        gbxi_fields_refuse(fields, "end_time_ns", "is not the duration after start_time_ns");
    check_count(im, "entry_count", "entries");
    check_count(im, "method_count", "method_timings");
    read_failures(im);
    read_completeness(im);
    gbxi_import_threads_read(&im->calls, fields, im->metadata);
    gbxi_json_pointer_pop(&fields->at, before);
}

static void put_record(importer *im, const gbx_record *record)
{
    gbx_err err = gbxi_restore_put(&im->restorer, record);

    if (err == GBX_ERR_NO_MEMORY)
        gbxi_fields_refuse_memory(&im->fields);
    else if (err != GBX_ERR_OK)
        gbxi_fields_refuse(&im->fields, NULL, "is none of a capture");
}

static void put_import_failure(importer *im, gbxi_view reason, uint64_t at_ns)
{
    const gbx_record record = {.kind = GBX_RECORD_FAIL,
                               .at_ns = at_ns,
                               .text = reason.at,
                               .text_length = (uint32_t)gbxi_cut(reason.at, reason.length, GBXI_TEXT_MAX)};

    put_record(im, &record);
}

static bool set_note(gbx_record *record, gbxi_json_value value)
{
    gbxi_view text;

    if (gbxi_json_str(value, &text)) {
        record->kind = GBX_RECORD_NOTE_STR;
        record->text = text.at;
        record->text_length = (uint32_t)gbxi_cut(text.at, text.length, GBXI_TEXT_MAX);
        return true;
    }
    record->kind = GBX_RECORD_NOTE_INT;
    if (gbxi_json_int64(value, &record->integer))
        return true;
    record->kind = GBX_RECORD_NOTE_DOUBLE;
    record->real = __builtin_nan(""); /* which JSON has as null */
    return gbxi_json_double(value, &record->real) || gbxi_json_typeof(value) == GBXI_JSON_NULL;
}

static void put_notes(importer *im, gbxi_json_value notes)
{
    gbxi_json_iterator each = gbxi_json_each(notes);

    if (gbxi_json_typeof(notes) != GBXI_JSON_OBJECT)
        gbxi_fields_refuse(&im->fields, "notes", "must be an object");
    while (im->fields.err == GBX_ERR_OK && gbxi_json_next(&each)) {
        gbx_record record = {.key = each.key.at,
                             .key_length = (uint32_t)gbxi_cut(each.key.at, each.key.length, GBXI_KEY_MAX)};

        if (set_note(&record, each.value))
            put_record(im, &record);
        else
            gbxi_fields_refuse(&im->fields, "notes", "must have texts, numbers and nulls");
    }
}

/* The name of a site without one is formatted. */
static void put_enter(importer *im)
{
    size_t number = im->call++;
    const gbxi_import_call *call = &im->calls.at[number];
    const gbx_site *site = &im->methods.sites[call->method];
    gbxi_view name = im->methods.at[call->method].name;
    const gbx_record record = {.kind = GBX_RECORD_ENTER,
                               .at_ns = call->enter_ns,
                               .site = site,
                               .name = name.at,
                               .format_length = (uint32_t)gbxi_cut(name.at, name.length, GBXI_NAME_MAX)};

    put_record(im, &record);
    im->open[im->open_count++] = (uint32_t)number;
    /* No other failure is earlier than this begin: they are told at the ends of their calls. */
    if (number == im->calls.failed_call)
        put_import_failure(im, im->calls.reason, call->enter_ns);
}

static void put_exit(importer *im, gbxi_json_value entry)
{
    uint32_t number = im->open[--im->open_count];
    const gbxi_import_call *call = &im->calls.at[number];
    const gbx_record record = {.kind = GBX_RECORD_EXIT, .at_ns = call->exit_ns};
    gbxi_json_value notes = gbxi_json_member(entry, "notes");
    gbxi_view reason;

    if (gbxi_json_typeof(notes) != GBXI_JSON_ABSENT)
        put_notes(im, notes);
    if (number != im->calls.failed_call && gbxi_json_str(gbxi_json_member(entry, "error"), &reason))
        put_import_failure(im, reason, call->exit_ns);
    put_record(im, &record);
}

static void begin_lane(importer *im, const gbxi_import_thread *thread)
{
    gbx_err err = gbxi_restore_lane(&im->restorer, &thread->facts);

    if (err != GBX_ERR_OK)
        gbxi_fields_refuse_memory(&im->fields);
}

/* What belongs to the trace itself has no thread: it is put to the first, in front of its calls, and a failure that is
 * not the first one behind the calls of the last. */
static void put_own(importer *im, size_t thread)
{
    gbxi_fields *fields = &im->fields;

    if (thread == 0 && fields->err == GBX_ERR_OK)
        put_notes(im, gbxi_json_member(im->metadata, "notes"));
    if (thread == 0 && fields->err == GBX_ERR_OK && im->failed_itself)
        put_import_failure(im, im->own_reason, 0);
}

static void put_thread(importer *im, size_t number, gbxi_json_iterator *each)
{
    const gbxi_import_thread *thread = &im->calls.threads[number];

    begin_lane(im, thread);
    put_own(im, number);
    for (size_t i = 0; i < thread->entries && im->fields.err == GBX_ERR_OK && gbxi_json_next(each); i++) {
        gbxi_view event = {"", 0};

        gbxi_json_str(gbxi_json_member(each->value, "event"), &event);
        if (gbxi_view_is(event, "enter"))
            put_enter(im);
        else
            put_exit(im, each->value);
    }
    if (number + 1 == im->calls.thread_count && im->has_own_error && !im->failed_itself && im->fields.err == GBX_ERR_OK)
        put_import_failure(im, im->own_reason, im->facts.duration_ns);
}

/* The documents have been checked, so that this cannot run out of entries or calls. */
static void put_all(importer *im)
{
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_member(im->root, "entries"));

    if (gbxi_restore_begin(&im->restorer, &im->facts) != GBX_ERR_OK) {
        gbxi_fields_refuse_memory(&im->fields);
        return;
    }
    for (size_t i = 0; i < im->calls.thread_count && im->fields.err == GBX_ERR_OK; i++)
        put_thread(im, i, &each);
}

static void check_own(importer *im)
{
    gbxi_json_value notes = gbxi_json_member(im->metadata, "notes");

    if (gbxi_json_typeof(notes) != GBXI_JSON_OBJECT)
        gbxi_fields_refuse(&im->fields, "metadata/notes", "must be an object");
    if (im->calls.thread_count == 0 && (gbxi_json_count(notes) > 0 || im->has_own_error))
        gbxi_fields_refuse(&im->fields, "metadata", "has notes and no threads");
    if (im->has_own_error && !im->facts.failed)
        gbxi_fields_refuse(&im->fields, "metadata/own_error", "is not in error");
}

static void import_root(importer *im)
{
    gbxi_fields *fields = &im->fields;

    if (gbxi_json_typeof(im->root) != GBXI_JSON_OBJECT)
        gbxi_fields_refuse(fields, "", "must be an object");
    if (!gbxi_view_is(gbxi_fields_text(fields, im->root, "response_type"), "full"))
        gbxi_fields_refuse(fields, "response_type", "must be \"full\"");
    im->metadata = gbxi_fields_of(fields, im->root, "metadata", GBXI_JSON_OBJECT);
    if (fields->err == GBX_ERR_OK)
        read_metadata(im);
    if (fields->err == GBX_ERR_OK)
        check_own(im);
    if (fields->err == GBX_ERR_OK)
        gbxi_import_methods_read(&im->methods, fields, im->root);
    if (fields->err == GBX_ERR_OK)
        gbxi_import_calls_read(&im->calls, &im->methods, fields, im->root);
    if (fields->err == GBX_ERR_OK)
        gbxi_import_methods_resolve(&im->methods, fields, im->calls.at, im->calls.count, &im->guessed);
    if (fields->err == GBX_ERR_OK)
        put_all(im);
}

static gbx_err finish_import(importer *im, gbxi_import *import)
{
    if (im->fields.err == GBX_ERR_OK) {
        import->capture = gbxi_restore_end(&im->restorer, im->methods.sites);
        import->guessed_calls = im->guessed;
        im->methods.sites = NULL; /* the capture's */
    } else {
        gbxi_restore_abandon(&im->restorer);
    }
    gbxi_import_methods_fini(&im->methods);
    gbxi_import_calls_fini(&im->calls);
    return im->fields.err;
}

gbx_err gbxi_import_full(const char *text, size_t length, gbxi_import *import, gbx_error *error)
{
    gbxi_json_document *document = NULL;
    gbx_error own = {0};
    importer im = {.fields = {.error = error != NULL ? error : &own}};
    gbx_err err = gbxi_json_parse(text, length, &document, im.fields.error);

    if (err != GBX_ERR_OK)
        return err;
    im.root = gbxi_json_root(document);
    import_root(&im);
    err = finish_import(&im, import);
    gbxi_json_free(document);
    return err;
}
