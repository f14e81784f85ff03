/* SPDX-License-Identifier: MIT */
/* Collects values by route and frame. */
#define _GNU_SOURCE
#include "findings/compare/gathered.h"
#include "base/grow.h"
#include "base/hash.h"
#include "findings/frame_label.h"
#include <stdlib.h>

void gbxi_gathered_init(gbxi_gathered *gathered)
{
    *gathered = (gbxi_gathered){.key = gbxi_hash_key()};
}

static uint32_t hash_texts(const gbxi_gathered *gathered, gbxi_view first, gbxi_view second, uint32_t number)
{
    return gbxi_hash_pair(gathered->key ^ gbxi_hash_text(gathered->key, first.at, first.length),
                          gbxi_hash_text(gathered->key, second.at, second.length), number);
}

/* What a route or a frame is told from others by. */
typedef struct gathered_name {
    gbxi_view first, second;
    uint32_t line;
} gathered_name;

static bool gathered_is_route(const void *context, const gbxi_table_slot *slot, const void *key)
{
    const gbxi_gathered_route *route = &((const gbxi_gathered *)context)->routes[slot->number - 1];
    const gathered_name *name = key;

    return gbxi_view_is(name->first, route->method) && gbxi_view_is(name->second, route->route);
}

static bool gathered_is_frame(const void *context, const gbxi_table_slot *slot, const void *key)
{
    const gbxi_gathered_frame *frame = &((const gbxi_gathered *)context)->frames[slot->number - 1];
    const gathered_name *name = key;

    return frame->line == name->line && gbxi_view_is(name->first, frame->name) &&
           gbxi_view_is(name->second, frame->file);
}

static bool gathered_is_cell(const void *context, const gbxi_table_slot *slot, const void *key)
{
    const gbxi_gathered_cell *cell = &((const gbxi_gathered *)context)->cells[slot->number - 1];
    const gbxi_gathered_cell *sought = key;

    return cell->route == sought->route && cell->frame == sought->frame;
}

static char *gathered_text(gbxi_view text)
{
    char *copy = malloc(text.length + 1);

    if (copy == NULL)
        return NULL;
    memcpy(copy, text.at, text.length);
    copy[text.length] = '\0';
    return copy;
}

static bool gathered_copy(const gathered_name *name, char **first, char **second)
{
    *first = gathered_text(name->first);
    *second = gathered_text(name->second);
    if (*first != NULL && *second != NULL)
        return true;
    free(*first);
    free(*second);
    return false;
}

static bool gathered_find_route(gbxi_gathered *gathered, const gathered_name *name, uint32_t *route)
{
    uint32_t hash = hash_texts(gathered, name->first, name->second, 0);
    size_t count = gathered->route_count;
    gbxi_table_slot *slot;

    if (!gbxi_table_reserve(&gathered->route_table, sizeof(*slot), count + 1) ||
        !gbxi_grow(&gathered->routes, &gathered->route_capacity, count + 1, sizeof(*gathered->routes)))
        return false;
    slot = gbxi_table_find(&gathered->route_table, sizeof(*slot), hash, gathered_is_route, gathered, name);
    if (slot->number == 0) {
        gathered->routes[count] = (gbxi_gathered_route){0};
        if (!gathered_copy(name, &gathered->routes[count].method, &gathered->routes[count].route))
            return false;
        *slot = (gbxi_table_slot){hash, (uint32_t)++gathered->route_count};
    }
    *route = slot->number - 1;
    return true;
}

bool gbxi_gathered_add_request(gbxi_gathered *gathered, gbxi_compare_half half, const gbxi_stored_trace *trace,
                               uint32_t *route)
{
    const gathered_name name = {gbxi_view_of(trace->method), gbxi_view_of(trace->route), 0};
    gbxi_gathered_side *side = &gathered->sides[half];
    gbxi_gathered_requests *requests;

    if (!gathered_find_route(gathered, &name, route))
        return false;
    requests = &gathered->routes[*route].halves[half];
    if (!gbxi_grow(&requests->durations_ns, &requests->capacity, requests->count + 1, sizeof(*requests->durations_ns)))
        return false;
    requests->durations_ns[requests->count++] = trace->duration_ns;
    side->requests++;
    side->spans += trace->span_count;
    side->price_ns += trace->price_ns;
    side->incomplete += trace->truncated || trace->left_out > 0;
    return true;
}

bool gbxi_gathered_add_frame(gbxi_gathered *gathered, gbxi_view full_name, const char *file, uint32_t line,
                             uint32_t *frame)
{
    const gathered_name name = {gbxi_frame_label(full_name), gbxi_view_of(file), line};
    uint32_t hash = hash_texts(gathered, name.first, name.second, name.line);
    size_t count = gathered->frame_count;
    gbxi_table_slot *slot;

    if (!gbxi_table_reserve(&gathered->frame_table, sizeof(*slot), count + 1) ||
        !gbxi_grow(&gathered->frames, &gathered->frame_capacity, count + 1, sizeof(*gathered->frames)))
        return false;
    slot = gbxi_table_find(&gathered->frame_table, sizeof(*slot), hash, gathered_is_frame, gathered, &name);
    if (slot->number == 0) {
        gathered->frames[count] = (gbxi_gathered_frame){.line = name.line};
        if (!gathered_copy(&name, &gathered->frames[count].name, &gathered->frames[count].file))
            return false;
        *slot = (gbxi_table_slot){hash, (uint32_t)++gathered->frame_count};
    }
    *frame = slot->number - 1;
    return true;
}

static gbxi_gathered_cell *gathered_find_cell(gbxi_gathered *gathered, uint32_t route, uint32_t frame)
{
    const gbxi_gathered_cell sought = {.route = route, .frame = frame};
    uint32_t hash = gbxi_hash_pair(gathered->key, route, frame);
    size_t count = gathered->cell_count;
    gbxi_table_slot *slot;

    if (!gbxi_table_reserve(&gathered->cell_table, sizeof(*slot), count + 1) ||
        !gbxi_grow(&gathered->cells, &gathered->cell_capacity, count + 1, sizeof(*gathered->cells)))
        return NULL;
    slot = gbxi_table_find(&gathered->cell_table, sizeof(*slot), hash, gathered_is_cell, gathered, &sought);
    if (slot->number == 0) {
        gathered->cells[count] = sought;
        *slot = (gbxi_table_slot){hash, (uint32_t)++gathered->cell_count};
    }
    return &gathered->cells[slot->number - 1];
}

/* Rows of frames that are one here add up. */
bool gbxi_gathered_add_value(gbxi_gathered *gathered, gbxi_compare_half half, uint32_t route, uint32_t frame,
                             uint32_t request, const gbxi_stored_spent *spent)
{
    gbxi_gathered_cell *cell = gathered_find_cell(gathered, route, frame);
    gbxi_gathered_values *values;

    if (cell == NULL)
        return false;
    values = &cell->halves[half];
    if (values->count == 0 || values->at[values->count - 1].request != request) {
        if (!gbxi_grow(&values->at, &values->capacity, values->count + 1, sizeof(*values->at)))
            return false;
        values->at[values->count++] = (gbxi_gathered_value){.request = request};
    }
    values->at[values->count - 1].self_ns += spent->self_ns;
    values->at[values->count - 1].total_ns += spent->total_ns;
    values->calls += spent->calls;
    return true;
}

double gbxi_gathered_price_ns(const gbxi_gathered *gathered)
{
    double price_ns = 0;

    for (size_t half = 0; half < GBXI_COMPARE_HALVES; half++) {
        const gbxi_gathered_side *side = &gathered->sides[half];
        double mean = side->spans > 0 ? (double)side->price_ns / (double)side->spans : 0;

        price_ns = mean > price_ns ? mean : price_ns;
    }
    return price_ns;
}

void gbxi_gathered_fini(gbxi_gathered *gathered)
{
    for (size_t i = 0; i < gathered->route_count; i++) {
        free(gathered->routes[i].method);
        free(gathered->routes[i].route);
        for (size_t half = 0; half < GBXI_COMPARE_HALVES; half++)
            gbxi_account_free(gathered->routes[i].halves[half].durations_ns);
    }
    for (size_t i = 0; i < gathered->frame_count; i++) {
        free(gathered->frames[i].name);
        free(gathered->frames[i].file);
    }
    for (size_t i = 0; i < gathered->cell_count; i++)
        for (size_t half = 0; half < GBXI_COMPARE_HALVES; half++)
            gbxi_account_free(gathered->cells[i].halves[half].at);
    gbxi_account_free(gathered->routes);
    gbxi_account_free(gathered->frames);
    gbxi_account_free(gathered->cells);
    gbxi_table_fini(&gathered->route_table);
    gbxi_table_fini(&gathered->frame_table);
    gbxi_table_fini(&gathered->cell_table);
    gbxi_gathered_init(gathered);
}
