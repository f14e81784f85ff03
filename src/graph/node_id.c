/* SPDX-License-Identifier: MIT */
/* Owns reading ids as text and finding nodes by id. */
#include "graph/node_id.h"
#include "graph/stop.h"
#include "json/quote.h"
#include "json/writer.h"
#include <glassbox/span.h>
#include <math.h>

/* Writes whole numbers of up to 64 bits as digits and other numbers as JSON does. */
static bool write_number_text(gbxi_json_value value, gbxi_id_text *id)
{
    gbxi_json_writer writer;
    int64_t whole;
    uint64_t large;
    double real;

    gbxi_json_writer_init_room(&writer, id->room, sizeof(id->room));
    if (gbxi_json_int64(value, &whole))
        gbxi_json_int(&writer, whole);
    else if (gbxi_json_uint64(value, &large))
        gbxi_json_uint(&writer, large);
    else if (!gbxi_json_double(value, &real))
        return false;
    else if (fabs(real) < 0x1p63 && real == floor(real))
        gbxi_json_int(&writer, (int64_t)real);
    else
        gbxi_json_real(&writer, real);
    id->text = (gbxi_json_string){writer.begin, (size_t)(writer.at - writer.begin)};
    return gbxi_json_writer_finish(&writer) == GBX_ERR_OK;
}

bool gbxi_id_read(gbxi_json_value value, gbxi_id_text *id)
{
    return gbxi_json_str(value, &id->text) || gbxi_json_wide(value, &id->text) || write_number_text(value, id);
}

/* The ids to find, without duplicates. */
typedef struct wanted {
    gbxi_texts texts;
    gbxi_text_names names;
    uint32_t *numbers; /* for each id: the number of its name */
    uint32_t *nodes;   /* for each name: its node, or NONE */
} wanted;

static gbx_err collect_wanted(wanted *w, gbxi_json_value ids)
{
    gbxi_json_iterator each = gbxi_json_each(ids);
    size_t count = gbxi_json_count(ids);
    gbxi_id_text id;
    bool is_new;
    gbx_err err = GBX_ERR_OK;

    w->numbers = gbxi_account_malloc((count + 1) * sizeof(*w->numbers));
    w->nodes = gbxi_account_malloc((count + 1) * sizeof(*w->nodes));
    if (w->numbers == NULL || w->nodes == NULL)
        return GBX_ERR_NO_MEMORY;
    while (err == GBX_ERR_OK && gbxi_json_next(&each)) {
        if (!gbxi_id_read(each.value, &id))
            return GBX_ERR_TYPE;
        err =
            gbxi_text_names_intern(&w->names, &w->texts, id.text.at, id.text.length, &w->numbers[each.index], &is_new);
    }
    for (size_t i = 0; i < w->names.count; i++)
        w->nodes[i] = GBXI_GRAPH_NONE;
    return err;
}

static void find_nodes(wanted *w, const gbxi_graph *graph)
{
    for (size_t v = 0; v < graph->node_count && gbxi_account_goes_on(v); v++) {
        gbxi_id_room room;
        gbxi_json_string id = gbxi_graph_node_id(graph, v, &room);
        uint32_t number;

        if (gbxi_text_names_find(&w->names, &w->texts, id.at, id.length, &number))
            w->nodes[number] = (uint32_t)v;
    }
}

static gbx_err report_found(const wanted *w, size_t count, const gbxi_json_pointer *at, uint32_t *found,
                            gbx_error *error)
{
    for (size_t i = 0; i < count; i++) {
        gbxi_text name = w->names.names[w->numbers[i]];
        gbxi_json_string id = {gbxi_texts_at(&w->texts, name), name.length};
        gbxi_json_pointer here = *at;

        found[i] = w->nodes[w->numbers[i]];
        if (found[i] != GBXI_GRAPH_NONE)
            continue;
        gbxi_json_pointer_push_index(&here, i);
        return gbx_error_set(error, GBX_ERR_UNKNOWN, here.text, "there is no node with the id \"%s\"",
                             gbxi_quoted(id).text);
    }
    return GBX_ERR_OK;
}

gbx_err gbxi_ids_find(const gbxi_graph *graph, gbxi_json_value ids, const gbxi_json_pointer *at, uint32_t *found,
                      gbx_error *error)
{
    wanted w = {0};
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.find");

    gbx_note_int("ids", (int64_t)gbxi_json_count(ids));
    if ((err = collect_wanted(&w, ids)) == GBX_ERR_OK) {
        find_nodes(&w, graph);
        if ((err = gbxi_stop_check()) == GBX_ERR_OK)
            err = report_found(&w, gbxi_json_count(ids), at, found, error);
    }
    gbxi_text_names_fini(&w.names);
    gbxi_texts_fini(&w.texts);
    gbxi_account_free(w.numbers);
    gbxi_account_free(w.nodes);
    return err;
}
