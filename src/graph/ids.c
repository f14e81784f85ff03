/* SPDX-License-Identifier: MIT */
/* Owns the making up of ids that no node has. */
#include "graph/ids.h"
#include <glassbox/span.h>
#include <string.h>

enum { DIGITS_MAX = 18 }; /* so that the next number has no more digits than a uint64_t takes */

/* The number of an id that looks like a made-up one. Those with more digits than DIGITS_MAX never meet ours: ours
 * exceeds the largest of the others by one. */
static bool made_up(gbx_json_string id, uint64_t *number)
{
    size_t i = 0;

    *number = 0;
    for (; i < id.length && i <= DIGITS_MAX && id.at[i] >= '0' && id.at[i] <= '9'; ++i)
        *number = *number * 10 + (uint64_t)(id.at[i] - '0');
    return i > 0 && i <= DIGITS_MAX && i < id.length && id.at[i] == ':';
}

/* A page's ids begin with a letter. */
void gbx__ids_init(gbx__ids *ids, const gbx__graph *graph, bool empty)
{
    gbx__id_room room;
    GBX_SPAN_NAMED("graph.render.ids");

    *ids = (gbx__ids){.graph = graph, .empty = empty};
    for (size_t i = 0; i < graph->node_count; ++i) {
        uint64_t number;

        if (graph->nodes[i].kind == GBX__NODE_ITEM && made_up(gbx__graph_node_id(graph, i, &room), &number) &&
            number >= ids->number)
            ids->number = number + 1;
    }
}

static bool is_object_member(gbx_json_string id)
{
    static const char *const members[] = {
        "constructor",      "hasOwnProperty",   "isPrototypeOf",    "propertyIsEnumerable",
        "toLocaleString",   "toString",         "valueOf",          "__proto__",
        "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
    };
    enum { COUNT = sizeof(members) / sizeof(members[0]), SHORTEST = 7, LONGEST = 20 };

    if (id.length < SHORTEST || id.length > LONGEST)
        return false;
    for (size_t i = 0; i < COUNT; ++i)
        if (members[i][0] == id.at[0] && strlen(members[i]) == id.length && memcmp(members[i], id.at, id.length) == 0)
            return true;
    return false;
}

/* Writes into `room` what made-up ids begin with. */
static size_t prefix(const gbx__ids *ids, char *room)
{
    char *at = gbx_json_digits(room, ids->number);

    *at++ = ':';
    return (size_t)(at - room);
}

void gbx__ids_write_node(const gbx__ids *ids, size_t node, gbx_json_writer *out)
{
    enum { LONGEST = 20 };
    char text[GBX_JSON_DIGITS_MAX + 1 + LONGEST];
    gbx__id_room room;
    gbx_json_string id = gbx__graph_node_id(ids->graph, node, &room);
    size_t length;

    if (!is_object_member(id) && (id.length > 0 || ids->empty)) {
        gbx_json_string_n(out, id.at, id.length);
        return;
    }
    length = prefix(ids, text);
    memcpy(text + length, id.at, id.length);
    gbx_json_string_n(out, text, length + id.length);
}

void gbx__ids_write_own(const gbx__ids *ids, char letter, size_t number, gbx_json_writer *out)
{
    char text[2 * GBX_JSON_DIGITS_MAX + 2];
    size_t length = prefix(ids, text);

    text[length++] = letter;
    length = (size_t)(gbx_json_digits(text + length, number) - text);
    gbx_json_string_n(out, text, length);
}
