/* SPDX-License-Identifier: MIT */
/* Owns the text of ids, and the search for nodes by them. */
#include "graph/node_id.h"
#include "json/writer.h"
#include <glassbox/span.h>
#include <math.h>
#include <stdlib.h>

enum { SHOWN_BYTES_MAX = 60 };

static gbx_err no_more(gbx_json_writer *writer, size_t need)
{
    (void)writer;
    (void)need;
    return GBX_ERR_LIMIT;
}

/* Whole numbers in digits, others as JSON writes them. */
static bool number_text(gbx_json_value value, gbx__id_text *id)
{
    gbx_json_writer writer;
    int64_t whole;
    uint64_t large;
    double real;

    gbx_json_writer_init(&writer, no_more, NULL);
    writer.begin = writer.at = id->room;
    writer.end = id->room + sizeof(id->room);
    if (gbx_json_int64(value, &whole))
        gbx_json_int(&writer, whole);
    else if (gbx_json_uint64(value, &large))
        gbx_json_uint(&writer, large);
    else if (!gbx_json_double(value, &real))
        return false;
    else if (fabs(real) < 0x1p63 && real == floor(real))
        gbx_json_int(&writer, (int64_t)real);
    else
        gbx_json_real(&writer, real);
    id->text = (gbx_json_string){writer.begin, (size_t)(writer.at - writer.begin)};
    return gbx_json_writer_finish(&writer) == GBX_ERR_OK;
}

bool gbx__id_read(gbx_json_value value, gbx__id_text *id)
{
    return gbx_json_str(value, &id->text) || number_text(value, id);
}

int gbx__id_shown(gbx_json_string id)
{
    return id.length < SHOWN_BYTES_MAX ? (int)id.length : SHOWN_BYTES_MAX;
}

/* The ids that are looked for; of equal ones there is one. */
typedef struct wanted {
    gbx__texts texts;
    gbx__names names;
    uint32_t *numbers; /* of each id its name's */
    uint32_t *nodes;   /* of each name its node, or NONE */
} wanted;

static gbx_err collect(wanted *w, gbx_json_value ids)
{
    gbx_json_iterator each = gbx_json_each(ids);
    size_t count = gbx_json_count(ids);
    gbx__id_text id;
    bool is_new;
    gbx_err err = GBX_ERR_OK;

    w->numbers = malloc((count + 1) * sizeof(*w->numbers));
    w->nodes = malloc((count + 1) * sizeof(*w->nodes));
    if (w->numbers == NULL || w->nodes == NULL)
        return GBX_ERR_NO_MEMORY;
    while (err == GBX_ERR_OK && gbx_json_next(&each)) {
        if (!gbx__id_read(each.value, &id))
            return GBX_ERR_TYPE;
        err = gbx__names_intern(&w->names, &w->texts, id.text.at, id.text.length, &w->numbers[each.index], &is_new);
    }
    for (size_t i = 0; i < w->names.count; ++i)
        w->nodes[i] = GBX__GRAPH_NONE;
    return err;
}

static void find_nodes(wanted *w, const gbx__graph *graph)
{
    for (size_t v = 0; v < graph->node_count; ++v) {
        gbx__id_room room;
        gbx_json_string id = gbx__graph_node_id(graph, v, &room);
        uint32_t number;

        if (gbx__names_find(&w->names, &w->texts, id.at, id.length, &number))
            w->nodes[number] = (uint32_t)v;
    }
}

static gbx_err report(const wanted *w, size_t count, const gbx_json_pointer *at, uint32_t *found, gbx_error *error)
{
    for (size_t i = 0; i < count; ++i) {
        gbx__text name = w->names.names[w->numbers[i]];
        gbx_json_string id = {gbx__texts_at(&w->texts, name), name.length};
        gbx_json_pointer here = *at;

        found[i] = w->nodes[w->numbers[i]];
        if (found[i] != GBX__GRAPH_NONE)
            continue;
        gbx_json_pointer_push_index(&here, i);
        return gbx_error_set(error, GBX_ERR_UNKNOWN, here.text, "there is no node with the id \"%.*s\"",
                             gbx__id_shown(id), id.at);
    }
    return GBX_ERR_OK;
}

gbx_err gbx__ids_find(const gbx__graph *graph, gbx_json_value ids, const gbx_json_pointer *at, uint32_t *found,
                      gbx_error *error)
{
    wanted w = {0};
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.find");

    gbx_note_int("ids", (int64_t)gbx_json_count(ids));
    if ((err = collect(&w, ids)) == GBX_ERR_OK) {
        find_nodes(&w, graph);
        err = report(&w, gbx_json_count(ids), at, found, error);
    }
    gbx__names_fini(&w.names);
    gbx__texts_fini(&w.texts);
    free(w.numbers);
    free(w.nodes);
    return err;
}
