/* SPDX-License-Identifier: MIT */
/* Writes a trace's tree as JSON. */
#include "cli/store/tree_print.h"
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

/* What the functions below share. */
typedef struct tree_document {
    gbxi_json_writer *writer;
    const gbxi_tree *tree;
    uint32_t depth;
    gbxi_notes notes; /* of the call that is being written */
    bool good;        /* memory was not short */
} tree_document;

static void write_node_notes(tree_document *document, const gbxi_pick *noted)
{
    bool good = gbxi_told_write_notes(document->writer, &document->notes, noted != NULL ? noted->notes : NULL,
                                      noted != NULL ? noted->note_count : 0, noted != NULL ? noted->omitted_notes : 0);

    document->good = document->good && good;
}

static void write_siblings(tree_document *document, uint32_t first);

static void write_node(tree_document *document, uint32_t number)
{
    gbxi_json_writer *writer = document->writer;
    const gbxi_stack *stack = &document->tree->stacks.at[number];
    const gbxi_tree_node *node = &document->tree->nodes[number];
    bool cut = stack->depth + 1 >= document->depth;

    gbxi_json_object_begin(writer);
    write_frame(writer, &document->tree->trace->frames.at[stack->frame]);
    write_figure(writer, "calls", stack->calls);
    write_figure(writer, "total_ns", node->total_ns);
    write_figure(writer, "self_ns", stack->self_ns);
    write_figure(writer, "min_ns", node->min_ns);
    write_figure(writer, "max_ns", node->max_ns);
    write_node_failure(writer, node);
    write_node_notes(document, node->noted);
    write_figure(writer, "hidden", cut ? gbxi_tree_below(document->tree, number) : 0);
    gbxi_json_key(writer, "children");
    write_siblings(document, cut ? GBXI_STACK_NONE : node->first_child);
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
    const gbxi_thread *thread = &document->tree->trace->threads[number];
    gbxi_json_writer *writer = document->writer;

    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "name");
    gbxi_json_string_z(writer, thread->facts.thread_name);
    write_figure(writer, "tid", thread->facts.thread_id);
    write_figure(writer, "total_ns", thread->roots_ns);
    write_figure(writer, "inside_ns", thread->facts.inside_ns);
    write_figure(writer, "cpu_ns", thread->facts.cpu_ns);
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
