/* SPDX-License-Identifier: MIT */
/* Finds the method of each call. Entries have names alone, and several methods may share one: then the times of the
 * methods, their numbers of calls and the callers tell which is meant. */
#include "store/import_methods.h"
#include "base/grow.h"
#include "base/hash.h"
#include <stdlib.h>
#include <string.h>

/* A hostile document may have one name for all methods. After so many comparisons, the first one is taken. */
#define COMPARISONS_MAX ((uint64_t)1 << 26)

/* Marks a duration, which is never so long. */
#define NOT_BY_TIME ((uint64_t)1 << 63)

static bool is_same_method_name(const void *context, const gbxi_table_slot *slot, const void *key)
{
    const gbxi_import_methods *methods = context;

    return gbxi_view_equals(methods->at[slot->number - 1].name, *(const gbxi_view *)key);
}

static gbxi_table_slot *slot_of(const gbxi_import_methods *methods, gbxi_view name, uint32_t *hash)
{
    *hash = gbxi_hash_text(methods->hash_key, name.at, name.length);
    return gbxi_table_find(&methods->table, sizeof(gbxi_table_slot), *hash, is_same_method_name, methods, &name);
}

/* The bytes of all texts, each with a byte more for its end. */
static size_t text_bytes(gbxi_fields *fields, gbxi_json_value timings)
{
    gbxi_json_iterator each = gbxi_json_each(timings);
    size_t bytes = 0;

    while (fields->err == GBX_ERR_OK && gbxi_json_next(&each)) {
        size_t before = gbxi_json_pointer_push_index(&fields->at, each.index);

        bytes += gbxi_fields_text(fields, each.value, "name").length + 1;
        bytes += gbxi_fields_text(fields, each.value, "file").length + 1;
        gbxi_json_pointer_pop(&fields->at, before);
    }
    return bytes;
}

static char *keep_name(gbxi_view text, char **room)
{
    char *kept = *room;

    memcpy(kept, text.at, text.length);
    kept[text.length] = '\0';
    *room += text.length + 1;
    return kept;
}

static void read_times(gbxi_fields *fields, gbxi_json_value timing, gbxi_import_method *method)
{
    method->calls = gbxi_fields_uint(fields, timing, "call_count", UINT32_MAX);
    method->total_ns = gbxi_fields_uint(fields, timing, "total_ns", UINT64_MAX);
    method->self_ns = gbxi_fields_uint(fields, timing, "self_ns", UINT64_MAX);
    method->min_ns = gbxi_fields_uint(fields, timing, "min_ns", UINT64_MAX);
    method->max_ns = gbxi_fields_uint(fields, timing, "max_ns", UINT64_MAX);
}

/* A name with a NUL in it is no terminated text, so the calls of its site have formatted names. */
static void read_method(gbxi_import_methods *methods, gbxi_fields *fields, gbxi_json_value timing, char **room)
{
    gbxi_import_method *method = &methods->at[methods->count];
    gbx_site *site = &methods->sites[methods->count];
    gbxi_view name = gbxi_fields_text(fields, timing, "name");
    const char *kept = keep_name(name, room);

    method->name = (gbxi_view){kept, name.length};
    site->name = memchr(kept, '\0', name.length) == NULL ? kept : "";
    site->function = "";
    site->file = keep_name(gbxi_fields_text(fields, timing, "file"), room);
    site->line = (uint32_t)gbxi_fields_uint(fields, timing, "line", UINT32_MAX);
    read_times(fields, timing, method);
}

/* Methods with the same name follow each other as in the document. */
static void link_method(gbxi_import_methods *methods, uint32_t number)
{
    uint32_t hash;
    gbxi_table_slot *slot = slot_of(methods, methods->at[number].name, &hash);
    gbxi_import_method *first;

    if (slot->number == 0) {
        *slot = (gbxi_table_slot){hash, number + 1};
        return;
    }
    first = &methods->at[slot->number - 1];
    methods->at[number].next = first->next;
    first->next = number + 1;
}

static bool allocate_methods(gbxi_import_methods *methods, size_t count, size_t bytes)
{
    methods->hash_key = gbxi_hash_key();
    methods->at = calloc(count + 1, sizeof(*methods->at));
    methods->sites = calloc(1, count * sizeof(*methods->sites) + bytes + 1);
    return methods->at != NULL && methods->sites != NULL &&
           gbxi_table_reserve(&methods->table, sizeof(gbxi_table_slot), count + 1);
}

void gbxi_import_methods_read(gbxi_import_methods *methods, gbxi_fields *fields, gbxi_json_value root)
{
    gbxi_json_value timings = gbxi_fields_of(fields, root, "method_timings", GBXI_JSON_ARRAY);
    size_t before = gbxi_json_pointer_push(&fields->at, "method_timings", strlen("method_timings"));
    size_t count = gbxi_json_count(timings), bytes = text_bytes(fields, timings);
    gbxi_json_iterator each = gbxi_json_each(timings);
    char *room;

    if (fields->err == GBX_ERR_OK && !allocate_methods(methods, count, bytes))
        gbxi_fields_refuse_memory(fields);
    room = fields->err == GBX_ERR_OK ? (char *)(methods->sites + count) : NULL;
    while (fields->err == GBX_ERR_OK && gbxi_json_next(&each)) {
        size_t outside = gbxi_json_pointer_push_index(&fields->at, each.index);

        read_method(methods, fields, each.value, &room);
        if (fields->err == GBX_ERR_OK)
            link_method(methods, (uint32_t)methods->count++);
        gbxi_json_pointer_pop(&fields->at, outside);
    }
    gbxi_json_pointer_pop(&fields->at, before);
}

size_t gbxi_import_methods_find(const gbxi_import_methods *methods, gbxi_view name)
{
    uint32_t hash;
    const gbxi_table_slot *slot = slot_of(methods, name, &hash);

    return slot->number != 0 ? slot->number - 1 : SIZE_MAX;
}

static void give_call(gbxi_import_method *methods, gbxi_import_call *call, uint32_t method, uint32_t parent)
{
    call->method = method;
    ++methods[method].taken;
    methods[method].parent = parent;
}

/* The numbers of calls must agree before calls are given away. */
static void check_counts(gbxi_import_methods *methods, gbxi_fields *fields, const gbxi_import_call *calls, size_t count)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < count; i++)
        ++methods->at[calls[i].method].taken;
    for (size_t i = 0; i < methods->count; i++) {
        uint64_t named = 0, taken = methods->at[i].taken;

        sum += methods->at[i].calls;
        if (taken > 0) {
            named = methods->at[i].calls;
            for (uint32_t next = methods->at[i].next; next != 0; next = methods->at[next - 1].next)
                named += methods->at[next - 1].calls;
        }
        if (taken != named)
            gbxi_fields_refuse(fields, "method_timings", "has other numbers of calls than the entries");
        methods->at[i].taken = 0;
    }
    if (sum != count)
        gbxi_fields_refuse(fields, "method_timings", "has other numbers of calls than the entries");
}

/* A method that was called once is known by its time. */
static bool give_by_time(gbxi_import_methods *methods, gbxi_import_call *call, uint64_t *comparisons)
{
    uint64_t duration_ns = call->exit_ns - call->enter_ns, self_ns = duration_ns - call->children_ns;

    for (uint32_t number = call->method + 1; number != 0 && *comparisons < COMPARISONS_MAX;
         number = methods->at[number - 1].next) {
        gbxi_import_method *method = &methods->at[number - 1];

        ++*comparisons;
        if (method->calls == 1 && method->taken == 0 && method->total_ns == duration_ns && method->self_ns == self_ns) {
            give_call(methods->at, call, number - 1, 0);
            return true;
        }
    }
    return false;
}

/* What speaks for the method: the call's time is one of its times, and the last call was made by the same caller. */
static unsigned worth_of(const gbxi_import_method *method, uint64_t duration_ns, uint32_t parent)
{
    return (duration_ns >= method->min_ns && duration_ns <= method->max_ns ? 2u : 0u) +
           (parent != 0 && method->parent == parent ? 1u : 0u);
}

/* The first method of the chain that has calls to get. */
static uint32_t first_open(gbxi_import_methods *methods, uint32_t head)
{
    uint32_t open = methods->at[head].open != 0 ? methods->at[head].open : head + 1;

    while (methods->at[open - 1].taken == methods->at[open - 1].calls)
        open = methods->at[open - 1].next;
    methods->at[head].open = open;
    return open;
}

/* Gives the call to the best of those that have calls to get. Returns whether there was a choice. */
static bool give_best(gbxi_import_methods *methods, gbxi_import_call *call, uint32_t parent, uint64_t *comparisons)
{
    uint32_t number = first_open(methods, call->method), best = number;
    unsigned best_worth = 0, choices = 0;

    for (; number != 0 && *comparisons < COMPARISONS_MAX; number = methods->at[number - 1].next) {
        const gbxi_import_method *method = &methods->at[number - 1];
        unsigned worth = worth_of(method, call->exit_ns - call->enter_ns, parent);

        ++*comparisons;
        if (method->taken == method->calls)
            continue;
        ++choices;
        if (worth > best_worth) {
            best = number;
            best_worth = worth;
        }
    }
    give_call(methods->at, call, best - 1, parent);
    return choices != 1;
}

/* A call that was known by its time, with the first method of its name. */
typedef struct timed_call {
    uint64_t duration_ns, self_ns;
    uint32_t head, call;
} timed_call;

static int compare_timed(const void *a, const void *b)
{
    const timed_call *one = a, *other = b;

    if (one->head != other->head)
        return one->head < other->head ? -1 : 1;
    if (one->duration_ns != other->duration_ns)
        return one->duration_ns < other->duration_ns ? -1 : 1;
    return (one->self_ns > other->self_ns) - (one->self_ns < other->self_ns);
}

/* Calls that took equally long are not told apart by that. */
static uint64_t count_alike(timed_call *timed, size_t count, const gbxi_import_call *calls)
{
    uint64_t alike = 0;

    qsort(timed, count, sizeof(*timed), compare_timed);
    for (size_t i = 0; i + 1 < count; i++)
        if (compare_timed(&timed[i], &timed[i + 1]) == 0 &&
            calls[timed[i].call].method != calls[timed[i + 1].call].method)
            ++alike;
    return alike;
}

/* Gives the calls whose names several methods have. Returns how many were a guess. */
static uint64_t give_ambiguous(gbxi_import_methods *methods, gbxi_import_call *calls, timed_call *timed, size_t count)
{
    uint64_t comparisons = 0, guessed = 0;

    for (size_t i = 0; i < count; i++)
        if (!give_by_time(methods, &calls[timed[i].call], &comparisons))
            timed[i].duration_ns |= NOT_BY_TIME;
    for (size_t i = 0; i < count; i++) {
        gbxi_import_call *call = &calls[timed[i].call];

        if ((timed[i].duration_ns & NOT_BY_TIME) == 0)
            continue;
        timed[i].duration_ns ^= NOT_BY_TIME;
        if (give_best(methods, call, call->parent != 0 ? calls[call->parent - 1].method + 1 : 0, &comparisons))
            ++guessed;
    }
    return guessed + count_alike(timed, count, calls);
}

void gbxi_import_methods_resolve(gbxi_import_methods *methods, gbxi_fields *fields, gbxi_import_call *calls,
                                 size_t count, uint64_t *guessed)
{
    timed_call *timed = NULL;
    size_t timed_count = 0, capacity = 0;

    check_counts(methods, fields, calls, count);
    for (size_t i = 0; fields->err == GBX_ERR_OK && i < count; i++) {
        uint64_t duration_ns = calls[i].exit_ns - calls[i].enter_ns;

        if (methods->at[calls[i].method].next == 0)
            continue;
        if (gbxi_grow(&timed, &capacity, timed_count + 1, sizeof(*timed)))
            timed[timed_count++] =
                (timed_call){duration_ns, duration_ns - calls[i].children_ns, calls[i].method, (uint32_t)i};
        else
            gbxi_fields_refuse_memory(fields);
    }
    if (fields->err == GBX_ERR_OK && timed_count > 0)
        *guessed = give_ambiguous(methods, calls, timed, timed_count);
    free(timed);
}

void gbxi_import_methods_fini(gbxi_import_methods *methods)
{
    gbxi_table_fini(&methods->table);
    free(methods->at);
    free(methods->sites);
    *methods = (gbxi_import_methods){0};
}
