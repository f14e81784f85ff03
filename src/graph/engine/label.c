/* SPDX-License-Identifier: MIT */
/* Owns shortening labels. */
#include "graph/engine/label.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Length in bytes of the code point that starts with `lead`; 1 if `lead` cannot start one. */
static size_t point_length(unsigned char lead)
{
    if (lead < 0xc0)
        return 1;
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

static void label_add_point(gbxi_label *label, const char *bytes, size_t length)
{
    unsigned points = label->blank ? 2 : 1;

    if (label->points + points > GBXI_LABEL_POINTS) {
        label->cut = true;
        return;
    }
    if (label->blank)
        label->bytes[label->length++] = ' ';
    memcpy(label->bytes + label->length, bytes, length);
    label->length += length;
    label->points += points;
    label->blank = false;
}

static void label_add(gbxi_label *label, const gbxi_graph *graph, gbxi_text text)
{
    const char *at = gbxi_texts_at(&graph->texts, text), *end = at + text.length;

    while (at < end && !label->cut) {
        size_t length = point_length((unsigned char)*at);

        length = length < (size_t)(end - at) ? length : (size_t)(end - at);
        if ((unsigned char)*at <= ' ' || *at == 0x7f)
            label->blank = label->points > 0;
        else
            label_add_point(label, at, length);
        at += length;
    }
}

static void label_end(gbxi_label *label)
{
    static const char ELLIPSIS[] = "\xe2\x80\xa6";

    if (!label->cut)
        return;
    memcpy(label->bytes + label->length, ELLIPSIS, sizeof(ELLIPSIS) - 1);
    label->length += sizeof(ELLIPSIS) - 1;
}

static void label_begin(gbxi_label *label)
{
    label->length = 0;
    label->points = 0;
    label->blank = false;
    label->cut = false;
}

/* The label shows the first node; merged nodes are only counted. */
static void label_add_merged(gbxi_label *label, uint32_t merged)
{
    char digits[24];
    int length = snprintf(digits, sizeof(digits), " (+%" PRIu32 ")", merged);

    memcpy(label->bytes + label->length, digits, (size_t)length);
    label->length += (size_t)length;
}

void gbxi_label_of_node(gbxi_label *label, const gbxi_graph *graph, const gbxi_node *node)
{
    label_begin(label);
    switch ((gbxi_node_kind)node->kind) {
    case GBXI_NODE_ITEM:
        label_add(label, graph, node->value.length > 0 ? node->value : node->name);
        break;
    case GBXI_NODE_ELEMENT:
        label_add(label, graph, node->name);
        break;
    case GBXI_NODE_ATTRIBUTE:
        label_add(label, graph, node->name);
        if (!label->cut)
            label_add_point(label, "=", 1);
        label_add(label, graph, node->value);
        break;
    case GBXI_NODE_TEXT:
        label_add(label, graph, node->value);
        break;
    }
    label_end(label);
    if (node->merged > 0)
        label_add_merged(label, node->merged);
}

void gbxi_label_of_text(gbxi_label *label, const gbxi_graph *graph, gbxi_text text)
{
    label_begin(label);
    label_add(label, graph, text);
    label_end(label);
}
