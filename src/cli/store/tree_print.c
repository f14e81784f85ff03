/* SPDX-License-Identifier: MIT */
/* Prints a trace's tree as a table with bars. */
#define _GNU_SOURCE
#include "cli/store/tree_print.h"
#include "base/cut.h"
#include "cli/store/listing.h"
#include "text/figures.h"
#include "text/shown.h"
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

enum { INDENT_BY = 2, INDENTED_LEVELS_MAX = 40, BAR_COLUMNS = 20, REMARK_SIZE = 400 };

/* A deeper call is not indented further, so that its name has room; its level is in front of the name instead. */
static const gbxi_listing_column tree_columns[] = {
    {"SPAN", .stretches = true},
    {"CALLS", .right = true},
    {"TOTAL", .right = true},
    {"SELF", .right = true, .rank = 2},
    {"SHARE", .right = true, .rank = 3},
    {"", .rank = 1},
};

/* A text that grows until its room is full. */
typedef struct node_remark {
    char text[REMARK_SIZE];
    size_t length;
} node_remark;

static void append_remark(node_remark *remark, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void append_remark(node_remark *remark, const char *format, ...)
{
    va_list args;
    int wanted;

    va_start(args, format);
    wanted = vsnprintf(remark->text + remark->length, sizeof(remark->text) - remark->length, format, args);
    va_end(args);
    remark->length += gbxi_cut_printed(remark->text + remark->length, wanted, sizeof(remark->text) - remark->length);
}

static void append_note(node_remark *remark, const gbxi_note *note)
{
    append_remark(remark, "%s%.*s=", remark->length > 0 ? ", " : "", (int)note->key_length, note->key);
    if (note->kind == GBX_RECORD_NOTE_INT)
        append_remark(remark, "%" PRId64, note->value.integer);
    else if (note->kind == GBX_RECORD_NOTE_DOUBLE)
        append_remark(remark, "%g", note->value.real);
    else
        append_remark(remark, "%.*s", (int)note->text_length, note->value.text);
}

/* What failed, the notes of the longest call that has any, and what --depth leaves out. */
static void describe_node(const gbxi_tree *tree, uint32_t number, uint32_t depth, node_remark *remark)
{
    const gbxi_tree_node *node = &tree->nodes[number];
    uint32_t hidden = tree->stacks.at[number].depth + 1 >= depth ? gbxi_tree_below(tree, number) : 0;

    if (node->failed_count > 0 && tree->stacks.at[number].calls > 1)
        append_remark(remark, "%" PRIu64 " failed: %.*s", node->failed_count, (int)node->reason_length, node->reason);
    else if (node->failed_count > 0)
        append_remark(remark, "failed: %.*s", (int)node->reason_length, node->reason);
    for (uint32_t i = 0; node->noted != NULL && i < node->noted->note_count; i++)
        append_note(remark, &node->noted->notes[i]);
    if (hidden > 0)
        append_remark(remark, "%s%" PRIu32 " more below", remark->length > 0 ? ", " : "", hidden);
}

static void add_share(gbxi_listing *listing, uint64_t part, uint64_t whole, const gbxi_terminal *terminal)
{
    char bar[GBXI_BAR_SIZE];

    gbxi_bar(bar, part, whole, BAR_COLUMNS, terminal->utf8);
    gbxi_listing_cell(listing, "%.1f %%", whole > 0 ? 100 * (double)part / (double)whole : 0.0);
    gbxi_listing_cell(listing, "%s", bar);
}

static void add_thread(gbxi_listing *listing, const gbxi_tree *tree, size_t number, const gbxi_terminal *terminal)
{
    const gbxi_thread *thread = &tree->trace->threads[number];
    char name[64];

    snprintf(name, sizeof(name), "[%s]", thread->facts.thread_name[0] != '\0' ? thread->facts.thread_name : "thread");
    gbxi_listing_row(listing, GBXI_STYLE_STRONG);
    gbxi_listing_text(listing, name, strlen(name));
    gbxi_listing_cell(listing, "%s", "");
    gbxi_listing_cell(listing, "%s", gbxi_figure_ns(thread->roots_ns, terminal->utf8).text);
    gbxi_listing_cell(listing, "%s", "");
    add_share(listing, thread->roots_ns, tree->trace->facts.duration_ns, terminal);
}

/* The name of a call, behind spaces for its level. Names are cut to what a cell holds. */
static void add_name(gbxi_listing *listing, const gbxi_frame *frame, uint32_t level)
{
    char text[GBXI_LISTING_TEXT_MAX];
    size_t room = frame->name_length < GBXI_LISTING_TEXT_MAX ? frame->name_length : GBXI_LISTING_TEXT_MAX;
    int wanted = level <= INDENTED_LEVELS_MAX
                     ? snprintf(text, sizeof(text), "%*s%.*s", (int)(INDENT_BY * level), "", (int)room, frame->name)
                     : snprintf(text, sizeof(text), "%*s%" PRIu32 ": %.*s", INDENT_BY * INDENTED_LEVELS_MAX, "", level,
                                (int)room, frame->name);

    gbxi_listing_text(listing, text, gbxi_cut_printed(text, wanted, sizeof(text)));
}

static void add_node(gbxi_listing *listing, const gbxi_tree *tree, uint32_t number, uint32_t depth,
                     const gbxi_terminal *terminal)
{
    const gbxi_stack *stack = &tree->stacks.at[number];
    const gbxi_tree_node *node = &tree->nodes[number];
    uint32_t level = stack->depth + 1;
    node_remark remark = {.length = 0};

    gbxi_listing_row(listing, node->failed_count > 0 ? GBXI_STYLE_ALARM : GBXI_STYLE_PLAIN);
    add_name(listing, &tree->trace->frames.at[stack->frame], level);
    gbxi_listing_cell(listing, "%s%" PRIu32, terminal->utf8 ? "\xc3\x97" : "x", stack->calls);
    gbxi_listing_cell(listing, "%s", gbxi_figure_ns(node->total_ns, terminal->utf8).text);
    gbxi_listing_cell(listing, "%s", gbxi_figure_ns(stack->self_ns, terminal->utf8).text);
    add_share(listing, node->total_ns, tree->trace->facts.duration_ns, terminal);
    describe_node(tree, number, depth, &remark);
    if (remark.length > 0)
        gbxi_listing_remark(
            listing, INDENT_BY * (level < INDENTED_LEVELS_MAX ? level : INDENTED_LEVELS_MAX) + INDENT_BY, remark.text);
}

/* The notes of the trace itself. */
static void print_own_notes(const gbxi_tree *tree, const gbxi_terminal *terminal)
{
    const gbxi_marks *own = &tree->trace->own;
    char shown[REMARK_SIZE];
    node_remark remark = {.length = 0};

    for (uint32_t i = 0; i < own->note_count; i++)
        append_note(&remark, &own->notes[i]);
    if (remark.length > 0)
        fprintf(terminal->out, "notes: %.*s\n\n", (int)gbxi_shown(shown, sizeof(shown), remark.text, remark.length),
                shown);
}

bool gbxi_tree_print(const gbxi_tree *tree, uint32_t depth, const gbxi_terminal *terminal)
{
    gbxi_listing listing;
    bool printed;

    gbxi_listing_init(&listing, tree_columns, sizeof(tree_columns) / sizeof(tree_columns[0]));
    for (size_t i = 0; i < tree->trace->facts.lane_count; i++) {
        add_thread(&listing, tree, i, terminal);
        for (uint32_t node = tree->threads[i]; node != GBXI_STACK_NONE; node = gbxi_tree_next(tree, node, depth))
            add_node(&listing, tree, node, depth, terminal);
    }
    if (!listing.failed)
        print_own_notes(tree, terminal);
    printed = gbxi_listing_print(&listing, terminal);
    gbxi_listing_fini(&listing);
    return printed;
}
