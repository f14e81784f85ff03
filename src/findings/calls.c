/* SPDX-License-Identifier: MIT */
/* Makes the array of a trace's calls. */
#include "findings/calls.h"
#include "base/grow.h"
#include "base/hash.h"
#include "findings/frame_label.h"
#include "findings/statement.h"
#include <stdlib.h>

enum { SITES = 256, SITE_BYTES = sizeof(gbx_site), NOTE_BYTES_MAX = 4095, UTF8_BYTES_MAX = 4 };

/* What is known of a site: of a restored capture, one name has one site. */
typedef struct calls_site {
    const gbx_site *site;
    uint64_t argument;
    uint32_t frame;
} calls_site;

typedef struct calls_reading {
    gbxi_calls *calls;
    gbxi_places *places;
    calls_site sites[SITES];
    gbxi_normal_statement normal;
    uint32_t current; /* the call that is open, innermost */
    uint32_t lane;
} calls_reading;

/* A hash of 64 bits that is never 0. */
static uint64_t calls_hash(uint64_t seed, const char *text, size_t length)
{
    uint64_t key = gbxi_hash_key();

    return (uint64_t)gbxi_hash_text(key ^ seed, text, length) << 32 | gbxi_hash_text(~key ^ seed, text, length) | 1;
}

static uint64_t calls_mix(uint64_t a, uint64_t b)
{
    return gbxi_hash_fold(a ^ gbxi_hash_key(), b + 0x9E3779B97F4A7C15u) | 1;
}

static bool calls_look_up(calls_reading *reading, const gbx_record *record, calls_site *found)
{
    gbxi_view name = {record->name, gbx_record_name_length(record)}, arguments = gbxi_frame_arguments(name);

    found->site = record->site;
    found->frame = gbxi_places_frame(reading->places, name, record->site->file != NULL ? record->site->file : "",
                                     record->site->line);
    found->argument = arguments.length > 0 ? calls_hash(0, arguments.at, arguments.length) : 0;
    return found->frame != GBXI_PLACE_NONE;
}

static bool calls_enter(calls_reading *reading, const gbx_record *record)
{
    gbxi_calls *calls = reading->calls;
    calls_site own, *site = &reading->sites[(uintptr_t)record->site / SITE_BYTES % SITES];

    if (gbx_record_is_formatted(record))
        site = &own;
    if ((site == &own || site->site != record->site) && !calls_look_up(reading, record, site))
        return false;
    if (!gbxi_grow(&calls->at, &calls->capacity, calls->count + (size_t)1, sizeof(*calls->at)))
        return false;
    calls->at[calls->count] = (gbxi_call){.start_ns = record->at_ns,
                                          .argument = site->argument,
                                          .frame = site->frame,
                                          .parent = reading->current,
                                          .lane = reading->lane,
                                          .statement = GBXI_PLACE_NONE};
    reading->current = calls->count++;
    return true;
}

/* Its children tell the argument of a call that has none of its own. */
static void calls_settle_argument(gbxi_call *call)
{
    if (call->argument != 0)
        return;
    call->argument = call->below;
    call->is_guessed = call->below_is_guessed;
}

static void calls_exit(calls_reading *reading, const gbx_record *record)
{
    gbxi_call *call = &reading->calls->at[reading->current], *parent;

    call->duration_ns = record->at_ns - call->start_ns;
    calls_settle_argument(call);
    reading->current = call->parent;
    if (call->parent == GBXI_CALL_NONE)
        return;
    parent = &reading->calls->at[call->parent];
    parent->children_ns += call->duration_ns;
    parent->child_count++;
    if (call->argument != 0)
        parent->below = calls_mix(parent->below, call->argument);
    parent->below_is_guessed |= call->is_guessed;
}

/* A text that has the length to which notes are cut may have had more, which tells calls apart. */
static bool calls_is_cut(gbxi_view text)
{
    return text.length + UTF8_BYTES_MAX > NOTE_BYTES_MAX;
}

static bool calls_note_statement(calls_reading *reading, gbxi_call *call, gbxi_view statement)
{
    gbxi_statement_normalise(statement, &reading->normal);
    call->statement = gbxi_places_statement(reading->places, (gbxi_view){reading->normal.text, reading->normal.length});
    call->argument = calls_mix(call->argument, calls_hash(1, statement.at, statement.length));
    call->is_guessed = (reading->normal.has_parameters && !call->has_statement_argument) || calls_is_cut(statement);
    return call->statement != GBXI_PLACE_NONE;
}

/* A number that stands for the values, or the values as a text. */
static void calls_note_parameters(gbxi_call *call, const gbx_record *record)
{
    if (record->kind == GBX_RECORD_NOTE_INT)
        call->argument = calls_mix(call->argument, (uint64_t)record->integer);
    else if (record->kind == GBX_RECORD_NOTE_STR)
        call->argument = calls_mix(call->argument, calls_hash(2, record->text, record->text_length));
    else
        return;
    call->has_statement_argument = true;
    call->is_guessed = false;
}

static bool calls_note(calls_reading *reading, const gbx_record *record)
{
    gbxi_view key = {record->key, record->key_length};
    gbxi_call *call;

    if (reading->current == GBXI_CALL_NONE || key.length < 3 || memcmp(key.at, "db.", 3) != 0)
        return true;
    call = &reading->calls->at[reading->current];
    if (gbxi_view_is(key, "db.parameters")) {
        calls_note_parameters(call, record);
        return true;
    }
    if (record->kind != GBX_RECORD_NOTE_STR ||
        !(gbxi_view_is(key, "db.statement") || gbxi_view_is(key, "db.query.text")))
        return true;
    return calls_note_statement(reading, call, (gbxi_view){record->text, record->text_length});
}

static bool calls_fail(calls_reading *reading, const gbx_record *record)
{
    gbxi_calls *calls = reading->calls;
    uint32_t reason = gbxi_dictionary_number(&calls->reasons, (gbxi_view){record->text, record->text_length});

    if (reason == GBXI_TEXT_NONE ||
        !gbxi_grow(&calls->failures, &calls->failure_capacity, calls->failure_count + 1, sizeof(*calls->failures)))
        return false;
    calls->failures[calls->failure_count++] = (gbxi_failed_call){reading->current, reason};
    return true;
}

static bool calls_take(calls_reading *reading, const gbx_record *record)
{
    switch (record->kind) {
    case GBX_RECORD_ENTER:
        return calls_enter(reading, record);
    case GBX_RECORD_EXIT:
        calls_exit(reading, record);
        return true;
    case GBX_RECORD_FAIL:
        return calls_fail(reading, record);
    default:
        return calls_note(reading, record);
    }
}

static bool calls_read_lane(calls_reading *reading, const gbx_capture *capture)
{
    gbx_reader reader;
    gbx_record record;

    reading->current = GBXI_CALL_NONE;
    if (gbx_reader_init(&reader, capture, reading->lane) != GBX_ERR_OK)
        return true;
    while (gbx_reader_next(&reader, &record))
        if (!calls_take(reading, &record))
            return false;
    return true;
}

static bool calls_read_lanes(calls_reading *reading, const gbx_capture *capture, size_t count)
{
    gbxi_calls *calls = reading->calls;

    if (!gbxi_grow(&calls->lanes, &calls->lane_capacity, count, sizeof(*calls->lanes)))
        return false;
    calls->lane_count = count;
    for (size_t i = 0; i < count; i++) {
        reading->lane = (uint32_t)i;
        (void)!gbx_lane_facts_get(capture, i, &calls->lanes[i], sizeof(calls->lanes[i]));
        if (!calls_read_lane(reading, capture))
            return false;
    }
    return true;
}

/* A root: a stretch of time that is attributed. */
typedef struct calls_stretch {
    uint64_t start_ns, end_ns;
} calls_stretch;

static int calls_compare_stretches(const void *a, const void *b)
{
    const calls_stretch *left = a, *right = b;

    return (left->start_ns > right->start_ns) - (left->start_ns < right->start_ns);
}

static uint64_t calls_union_ns(const calls_stretch *stretches, size_t count)
{
    uint64_t sum = 0, end = 0;

    for (size_t i = 0; i < count; i++) {
        uint64_t start = stretches[i].start_ns > end ? stretches[i].start_ns : end;

        if (stretches[i].end_ns > start)
            sum += stretches[i].end_ns - start;
        if (stretches[i].end_ns > end)
            end = stretches[i].end_ns;
    }
    return sum;
}

static bool calls_attribute(gbxi_calls *calls)
{
    calls_stretch *stretches = malloc((calls->count + (size_t)1) * sizeof(*stretches));
    uint64_t covered;
    size_t count = 0;

    if (stretches == NULL)
        return false;
    for (uint32_t i = 0; i < calls->count; i++)
        if (calls->at[i].parent == GBXI_CALL_NONE)
            stretches[count++] =
                (calls_stretch){calls->at[i].start_ns, calls->at[i].start_ns + calls->at[i].duration_ns};
    if (calls->lane_count > 1 && count > 0)
        qsort(stretches, count, sizeof(*stretches), calls_compare_stretches);
    covered = calls_union_ns(stretches, count);
    calls->unattributed_ns = calls->duration_ns > covered ? calls->duration_ns - covered : 0;
    free(stretches);
    return true;
}

bool gbxi_calls_read(gbxi_calls *calls, gbxi_places *places, const gbx_capture *capture)
{
    calls_reading reading = {.calls = calls, .places = places};
    gbx_capture_facts facts;

    calls->count = 0;
    calls->failure_count = 0;
    (void)!gbx_capture_facts_get(capture, &facts, sizeof(facts));
    calls->duration_ns = facts.duration_ns;
    calls->truncated = facts.truncated;
    return calls_read_lanes(&reading, capture, facts.lane_count) && calls_attribute(calls);
}

void gbxi_calls_fini(gbxi_calls *calls)
{
    gbxi_dictionary_fini(&calls->reasons);
    gbxi_account_free(calls->at);
    gbxi_account_free(calls->failures);
    gbxi_account_free(calls->lanes);
    *calls = (gbxi_calls){.at = NULL};
}
