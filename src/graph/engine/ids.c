/* SPDX-License-Identifier: MIT */
/* Owns generating ids that no node has. */
#include "graph/engine/ids.h"
#include "base/account.h"
#include "graph/engine/blank.h"
#include <glassbox/span.h>
#include <string.h>

enum { DIGITS_MAX = 18 }; /* so that the next number fits a uint64_t */

/* Reads the number of an id that looks generated. Ids with more than DIGITS_MAX digits are ignored: the chosen number
 * exceeds the others by one, so it never has that many digits. */
static bool looks_made_up(gbxi_json_string id, uint64_t *number)
{
    size_t i = 0;

    *number = 0;
    for (; i < id.length && i <= DIGITS_MAX && id.at[i] >= '0' && id.at[i] <= '9'; i++)
        *number = *number * 10 + (uint64_t)(id.at[i] - '0');
    return i > 0 && i <= DIGITS_MAX && i < id.length && id.at[i] == ':';
}

/* Only items are checked: a page's ids begin with a letter. */
void gbxi_ids_init(gbxi_ids *ids, const gbxi_graph *graph, bool blank)
{
    gbxi_id_room room;
    GBX_SPAN_NAMED("graph.render.ids");

    *ids = (gbxi_ids){.graph = graph, .blank = blank};
    for (size_t i = 0; i < graph->node_count && gbxi_account_goes_on(i); i++) {
        uint64_t number;

        if (graph->nodes[i].kind == GBXI_NODE_ITEM && looks_made_up(gbxi_graph_node_id(graph, i, &room), &number) &&
            number >= ids->number)
            ids->number = number + 1;
    }
}

static bool is_object_member(gbxi_json_string id)
{
    static const char *const members[] = {
        "constructor",      "hasOwnProperty",   "isPrototypeOf", "propertyIsEnumerable", "toLocaleString",
        "toString",         "valueOf",          "__proto__",     "__defineGetter__",     "__defineSetter__",
        "__lookupGetter__", "__lookupSetter__", "length",
    };
    enum { COUNT = sizeof(members) / sizeof(members[0]), SHORTEST = 6, LONGEST = 20 };

    if (id.length < SHORTEST || id.length > LONGEST)
        return false;
    for (size_t i = 0; i < COUNT; i++) /* the compiler unrolls this into one comparison with a constant for each name */
        if (members[i][0] == id.at[0] && gbxi_view_is(id, members[i]))
            return true;
    return false;
}

static bool is_blank_id(gbxi_json_string id)
{
    for (size_t at = 0, length; at < id.length; at += length)
        if ((length = gbxi_blank_length(id.at + at, id.length - at)) == 0)
            return false;
    return true;
}

/* Fast path: an id that begins with a visible ASCII character is not blank. */
static bool is_taken_as_it_is(const gbxi_ids *ids, gbxi_json_string id)
{
    unsigned char first = id.length > 0 ? (unsigned char)id.at[0] : ' ';

    if (first > ' ' && first < 0x80)
        return !is_object_member(id);
    return ids->blank || !is_blank_id(id);
}

/* Writes the prefix of generated ids into `room`. Returns its length. */
static size_t write_prefix(const gbxi_ids *ids, char *room)
{
    char *at = gbxi_json_digits(room, ids->number);

    *at++ = ':';
    return (size_t)(at - room);
}

void gbxi_ids_write_node(const gbxi_ids *ids, size_t node, gbxi_json_writer *out)
{
    char before[GBXI_JSON_DIGITS_MAX + 1];
    gbxi_id_room room;
    gbxi_json_string id = gbxi_graph_node_id(ids->graph, node, &room);
    gbxi_json_text text;

    if (is_taken_as_it_is(ids, id)) {
        gbxi_json_string_n(out, id.at, id.length);
        return;
    }
    gbxi_json_text_begin(out, &text);
    gbxi_json_text_add(out, &text, before, write_prefix(ids, before));
    gbxi_json_text_add(out, &text, id.at, id.length);
    gbxi_json_text_end(out, &text);
}

void gbxi_ids_write_own(const gbxi_ids *ids, char letter, size_t number, gbxi_json_writer *out)
{
    char text[2 * GBXI_JSON_DIGITS_MAX + 2];
    size_t length = write_prefix(ids, text);

    text[length++] = letter;
    length = (size_t)(gbxi_json_digits(text + length, number) - text);
    gbxi_json_string_n(out, text, length);
}
