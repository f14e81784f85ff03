/* SPDX-License-Identifier: MIT */
/* Reads entries: each thread's calls must be nested, and its times must not go back. */
#include "store/import_calls.h"
#include "base/cut.h"
#include "base/grow.h"
#include "capture/lane.h"
#include <stdlib.h>
#include <string.h>

/* The entries are read one by one. */
typedef struct entry_walk {
    gbxi_import_calls *calls;
    const gbxi_import_methods *methods;
    gbxi_fields *fields;
    size_t thread; /* the one whose entries come; SIZE_MAX before the first */
    uint64_t last_ns;
    uint32_t open_count;
    uint32_t open[GBXI_DEPTH_MAX];
} entry_walk;

/* What one entry says. */
typedef struct entry_facts {
    gbxi_view name;
    bool is_exit;
    uint64_t at_ns; /* since the trace's start */
    uint64_t depth;
    uint32_t thread_id;
} entry_facts;

void gbxi_import_threads_read(gbxi_import_calls *calls, gbxi_fields *fields, gbxi_json_value metadata)
{
    gbxi_json_value threads = gbxi_fields_of(fields, metadata, "threads", GBXI_JSON_ARRAY);
    size_t before = gbxi_json_pointer_push(&fields->at, "threads", strlen("threads"));
    gbxi_json_iterator each = gbxi_json_each(threads);

    if (gbxi_json_count(threads) > GBXI_IMPORT_THREADS_MAX)
        gbxi_fields_refuse(fields, NULL, "has more than 64 threads");
    while (fields->err == GBX_ERR_OK && gbxi_json_next(&each)) {
        gbx_lane_facts *facts = &calls->threads[calls->thread_count++].facts;
        size_t outside = gbxi_json_pointer_push_index(&fields->at, each.index);
        gbxi_view name = gbxi_fields_text(fields, each.value, "name");

        memcpy(facts->thread_name, name.at, gbxi_cut(name.at, name.length, sizeof(facts->thread_name) - 1));
        facts->thread_id = (uint32_t)gbxi_fields_uint(fields, each.value, "tid", UINT32_MAX);
        facts->inside_ns = gbxi_fields_ms(fields, each.value, "inside_ms");
        facts->cpu_ns = gbxi_fields_ms(fields, each.value, "cpu_ms");
        gbxi_json_pointer_pop(&fields->at, outside);
    }
    gbxi_json_pointer_pop(&fields->at, before);
}

static entry_facts read_entry(entry_walk *w, gbxi_json_value value)
{
    gbxi_fields *fields = w->fields;
    gbxi_view event = gbxi_fields_text(fields, value, "event");
    uint64_t timestamp_ns = gbxi_fields_uint(fields, value, "timestamp_ns", UINT64_MAX);
    entry_facts entry = {.name = gbxi_fields_text(fields, value, "name"),
                         .is_exit = gbxi_view_is(event, "exit"),
                         .at_ns = timestamp_ns - w->calls->start_ns,
                         .depth = gbxi_fields_uint(fields, value, "depth", UINT32_MAX),
                         .thread_id = (uint32_t)gbxi_fields_uint(fields, value, "thread_id", UINT32_MAX)};

    if (!entry.is_exit && !gbxi_view_is(event, "enter"))
        gbxi_fields_refuse(fields, "event", "must be enter or exit");
    if (timestamp_ns < w->calls->start_ns || entry.at_ns > w->calls->duration_ns)
        gbxi_fields_refuse(fields, "timestamp_ns", "is not within the trace");
    return entry;
}

/* Two threads may have had the same id, one after the other: the times tell where the second one begins. */
static bool is_of_thread(const entry_walk *w, const entry_facts *entry)
{
    return w->thread != SIZE_MAX && w->calls->threads[w->thread].facts.thread_id == entry->thread_id &&
           (w->open_count > 0 || entry->at_ns >= w->last_ns);
}

static void enter_thread(entry_walk *w, const entry_facts *entry)
{
    const gbxi_import_calls *calls = w->calls;

    if (is_of_thread(w, entry))
        return;
    if (w->open_count > 0)
        gbxi_fields_refuse(w->fields, "thread_id", "is another one while a call of this thread is open");
    for (++w->thread; w->thread < calls->thread_count;) {
        if (calls->threads[w->thread].facts.thread_id == entry->thread_id)
            break;
        ++w->thread;
    }
    w->last_ns = 0;
    if (w->thread >= calls->thread_count)
        gbxi_fields_refuse(w->fields, "thread_id", "is not that of the next thread");
}

static void begin_import_call(entry_walk *w, const entry_facts *entry)
{
    gbxi_import_calls *calls = w->calls;
    size_t method = gbxi_import_methods_find(w->methods, entry->name);

    if (method == SIZE_MAX)
        gbxi_fields_refuse(w->fields, "name", "is that of no method");
    else if (entry->depth != w->open_count)
        gbxi_fields_refuse(w->fields, "depth", "is not the number of open calls");
    else if (w->open_count == GBXI_DEPTH_MAX)
        gbxi_fields_refuse(w->fields, "depth", "is beyond 2000 calls");
    else if (calls->count >= UINT32_MAX / 2 ||
             !gbxi_grow(&calls->at, &calls->capacity, calls->count + 1, sizeof(*calls->at)))
        gbxi_fields_refuse_memory(w->fields);
    if (w->fields->err != GBX_ERR_OK)
        return;
    calls->at[calls->count] = (gbxi_import_call){.enter_ns = entry->at_ns,
                                                 .method = (uint32_t)method,
                                                 .parent = w->open_count > 0 ? w->open[w->open_count - 1] + 1 : 0};
    w->open[w->open_count++] = (uint32_t)calls->count++;
    ++calls->threads[w->thread].facts.span_count;
}

/* Any call that has the reason of the trace's first failure may be the one that failed first; the first that began is
 * as good as it. */
static void note_failure(entry_walk *w, gbxi_json_value value, const entry_facts *entry, size_t call)
{
    gbxi_import_calls *calls = w->calls;
    gbxi_view reason;

    if (gbxi_json_typeof(gbxi_json_member(value, "error")) == GBXI_JSON_ABSENT)
        return;
    reason = gbxi_fields_text(w->fields, value, "error");
    if (calls->has_failed_span && gbxi_view_equals(reason, calls->reason) &&
        gbxi_view_equals(entry->name, calls->failed_span) &&
        (calls->failed_call == SIZE_MAX || calls->at[call].enter_ns < calls->at[calls->failed_call].enter_ns))
        calls->failed_call = call;
}

static void end_import_call(entry_walk *w, gbxi_json_value value, const entry_facts *entry)
{
    gbxi_import_calls *calls = w->calls;
    gbxi_import_call *call;
    uint32_t number;

    if (w->open_count == 0 || entry->depth != w->open_count - 1) {
        gbxi_fields_refuse(w->fields, "depth", "is not that of the innermost open call");
        return;
    }
    number = w->open[--w->open_count];
    call = &calls->at[number];
    if (!gbxi_view_equals(entry->name, w->methods->at[call->method].name)) {
        gbxi_fields_refuse(w->fields, "name", "is not that of the innermost open call");
        return;
    }
    call->exit_ns = entry->at_ns;
    if (call->parent != 0)
        calls->at[call->parent - 1].children_ns += call->exit_ns - call->enter_ns;
    note_failure(w, value, entry, number);
}

static void take_entry(entry_walk *w, gbxi_json_value value)
{
    entry_facts entry = read_entry(w, value);

    if (w->fields->err == GBX_ERR_OK)
        enter_thread(w, &entry);
    if (w->fields->err == GBX_ERR_OK && entry.at_ns < w->last_ns)
        gbxi_fields_refuse(w->fields, "timestamp_ns", "is before that of the entry before");
    if (w->fields->err != GBX_ERR_OK)
        return;
    w->last_ns = entry.at_ns;
    ++w->calls->threads[w->thread].entries;
    if (entry.is_exit)
        end_import_call(w, value, &entry);
    else
        begin_import_call(w, &entry);
}

void gbxi_import_calls_read(gbxi_import_calls *calls, const gbxi_import_methods *methods, gbxi_fields *fields,
                            gbxi_json_value root)
{
    gbxi_json_value entries = gbxi_fields_of(fields, root, "entries", GBXI_JSON_ARRAY);
    size_t before = gbxi_json_pointer_push(&fields->at, "entries", strlen("entries"));
    gbxi_json_iterator each = gbxi_json_each(entries);
    entry_walk w = {.calls = calls, .methods = methods, .fields = fields, .thread = SIZE_MAX};

    calls->failed_call = SIZE_MAX;
    while (fields->err == GBX_ERR_OK && gbxi_json_next(&each)) {
        size_t outside = gbxi_json_pointer_push_index(&fields->at, each.index);

        take_entry(&w, each.value);
        gbxi_json_pointer_pop(&fields->at, outside);
    }
    if (w.open_count > 0)
        gbxi_fields_refuse(fields, NULL, "ends with open calls");
    gbxi_json_pointer_pop(&fields->at, before);
}

void gbxi_import_calls_fini(gbxi_import_calls *calls)
{
    free(calls->at);
    *calls = (gbxi_import_calls){0};
}
