/* SPDX-License-Identifier: MIT */
/* Writes a trace's tree as JSON. */
#include "cli/store/tree_json.h"
#include "export/told.h"

static void write_figure(gbxi_json_writer *writer, const char *name, uint64_t number)
{
    gbxi_json_key(writer, name);
    gbxi_json_uint(writer, number);
}

static void write_frame(gbxi_json_writer *writer, const gbxi_frame *frame)
{
    gbxi_json_key(writer, "name");
    gbxi_json_string_n(writer, frame->name, frame->name_length);
    gbxi_json_key(writer, "file");
    gbxi_json_string_z(writer, frame->file);
    write_figure(writer, "line", frame->line);
}

static void write_node_failure(gbxi_json_writer *writer, const gbxi_tree_node *node)
{
    write_figure(writer, "failed", node->failed_count);
    gbxi_json_key(writer, "reason");
    if (node->reason != NULL)
        gbxi_json_string_n(writer, node->reason, node->reason_length);
    else
        gbxi_json_null(writer);
}

bool gbxi_tree_span_write(gbxi_json_writer *writer, const gbxi_tree *tree, uint32_t number, uint32_t hidden,
                          gbxi_notes *scratch)
{
    const gbxi_stack *stack = &tree->stacks.at[number];
    const gbxi_tree_node *node = &tree->nodes[number];
    const gbxi_pick *noted = node->noted;
    bool good;

    write_frame(writer, &tree->trace->frames.at[stack->frame]);
    write_figure(writer, "calls", stack->calls);
    write_figure(writer, "total_ns", node->total_ns);
    write_figure(writer, "self_ns", stack->self_ns);
    write_figure(writer, "min_ns", node->min_ns);
    write_figure(writer, "max_ns", node->max_ns);
    write_node_failure(writer, node);
    good = gbxi_told_write_notes(writer, scratch, noted != NULL ? noted->notes : NULL,
                                 noted != NULL ? noted->note_count : 0, noted != NULL ? noted->omitted_notes : 0);
    write_figure(writer, "hidden", hidden);
    return good;
}

void gbxi_tree_thread_write(gbxi_json_writer *writer, const gbxi_tree *tree, size_t number)
{
    const gbxi_thread *thread = &tree->trace->threads[number];

    gbxi_json_key(writer, "name");
    gbxi_json_string_z(writer, thread->facts.thread_name);
    write_figure(writer, "tid", thread->facts.thread_id);
    write_figure(writer, "total_ns", thread->roots_ns);
    write_figure(writer, "inside_ns", thread->facts.inside_ns);
    write_figure(writer, "cpu_ns", thread->facts.cpu_ns);
}

/* What the functions below share. */
typedef struct tree_document {
    gbxi_json_writer *writer;
    const gbxi_tree *tree;
    uint32_t depth;
    gbxi_notes notes; /* of the call that is being written */
    bool good;        /* memory was not short */
} tree_document;

static void write_siblings(tree_document *document, uint32_t first);

static void write_node(tree_document *document, uint32_t number)
{
    gbxi_json_writer *writer = document->writer;
    const gbxi_tree *tree = document->tree;
    bool cut = tree->stacks.at[number].depth + 1 >= document->depth;

    gbxi_json_object_begin(writer);
    if (!gbxi_tree_span_write(writer, tree, number, cut ? gbxi_tree_below(tree, number) : 0, &document->notes))
        document->good = false;
    gbxi_json_key(writer, "children");
    write_siblings(document, cut ? GBXI_STACK_NONE : tree->nodes[number].first_child);
    gbxi_json_object_end(writer);
}

/* Writes `first` and those after it. The writer's limit of levels bounds the recursion. */
static void write_siblings(tree_document *document, uint32_t first)
{
    gbxi_json_array_begin(document->writer);
    for (uint32_t i = first; i != GBXI_STACK_NONE && document->writer->error == GBX_ERR_OK;
         i = document->tree->nodes[i].next)
        write_node(document, i);
    gbxi_json_array_end(document->writer);
}

static void write_tree_thread(tree_document *document, size_t number)
{
    gbxi_json_writer *writer = document->writer;

    gbxi_json_object_begin(writer);
    gbxi_tree_thread_write(writer, document->tree, number);
    gbxi_json_key(writer, "spans");
    write_siblings(document, document->tree->threads[number]);
    gbxi_json_object_end(writer);
}

bool gbxi_tree_write(gbxi_json_writer *writer, const gbxi_tree *tree, uint32_t depth)
{
    tree_document document = {.writer = writer, .tree = tree, .depth = depth, .good = true};

    document.good = gbxi_told_write_own_notes(writer, &document.notes, tree->trace);
    gbxi_told_write_own_error(writer, tree->trace);
    gbxi_json_key(writer, "threads");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < tree->trace->facts.lane_count; i++)
        write_tree_thread(&document, i);
    gbxi_json_array_end(writer);
    gbxi_notes_fini(&document.notes);
    return document.good;
}
