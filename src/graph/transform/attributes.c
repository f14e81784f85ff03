/* SPDX-License-Identifier: MIT */
/* Owns the transformation `attributes`, which keeps attributes and their elements. */
#include "base/account.h"
#include "graph/registry.h"
#include "graph/transform/page_filter.h"
#include <glassbox/span.h>

enum { NAMES_MAX = 256, MIXED_BYTES_MAX = 32 };

static const gbxi_option options[] = {
    GBXI_OPTION_TEXTS("names", 1, NAMES_MAX,
                      "Keep only attributes with these names. Case is ignored. Default: all attributes."),
    {0},
};

/* The requested attribute names. */
typedef struct asked {
    gbxi_texts texts;
    gbxi_text_names names;
    bool all;
} asked;

static char lower_of(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Adds a name in lower case. */
static gbx_err add_asked_name(asked *a, gbxi_json_string name)
{
    char *lower = gbxi_account_malloc(name.length + 1);
    uint32_t number;
    bool is_new;
    gbx_err err;

    if (lower == NULL)
        return GBX_ERR_NO_MEMORY;
    for (size_t i = 0; i < name.length; i++)
        lower[i] = lower_of(name.at[i]);
    err = gbxi_text_names_intern(&a->names, &a->texts, lower, name.length, &number, &is_new);
    gbxi_account_free(lower);
    return err;
}

static gbx_err read_names(asked *a, gbxi_json_value config)
{
    gbxi_json_value given = gbxi_json_member(config, "names");
    gbxi_json_iterator each = gbxi_json_each(given);
    gbxi_json_string name;
    gbx_err err = GBX_ERR_OK;

    a->all = gbxi_json_typeof(given) == GBXI_JSON_ABSENT;
    while (err == GBX_ERR_OK && gbxi_json_next(&each))
        err = gbxi_json_str(each.value, &name) ? add_asked_name(a, name) : GBX_ERR_TYPE;
    return err;
}

/* A page has names in lower case, but for some short ones of SVG and MathML, such as viewBox. */
static bool is_asked(const asked *a, const gbxi_graph *graph, gbxi_text name)
{
    const char *bytes = gbxi_texts_at(&graph->texts, name);
    char lower[MIXED_BYTES_MAX];
    uint32_t number;

    if (a->all)
        return true;
    if (name.length <= sizeof(lower)) {
        for (size_t i = 0; i < name.length; i++)
            lower[i] = lower_of(bytes[i]);
        bytes = lower;
    }
    return gbxi_text_names_find(&a->names, &a->texts, bytes, name.length, &number);
}

/* Marks the requested attributes and their elements. */
static void mark_asked(gbxi_page_filter *filter, const void *wanted)
{
    const asked *a = wanted;
    const gbxi_graph *graph = filter->graph;
    GBX_SPAN_NAMED("graph.transform.attributes.mark");

    for (size_t v = 0; v < graph->node_count && gbxi_account_goes_on(v); v++) {
        if (graph->nodes[v].kind != GBXI_NODE_ATTRIBUTE || !is_asked(a, graph, graph->nodes[v].name))
            continue;
        filter->marks[v] = 1;
        if (filter->parents[v] != GBXI_GRAPH_NONE)
            filter->marks[filter->parents[v]] = 1;
    }
}

static gbx_err attributes_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    asked a = {0};
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.attributes");

    if ((err = read_names(&a, config)) == GBX_ERR_OK)
        err = gbxi_page_keep_marked(graph, mark_asked, &a, error);
    gbxi_text_names_fini(&a.names);
    gbxi_texts_fini(&a.texts);
    return err;
}

const gbxi_transformation gbxi_transformation_attributes = {
    {"attributes", "Attributes",
     "Keeps the attributes of a page and the elements that have them. The parent of each element becomes its nearest "
     "remaining ancestor.",
     options},
    attributes_apply,
};
