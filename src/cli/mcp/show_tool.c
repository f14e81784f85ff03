/* SPDX-License-Identifier: MIT */
/* The tool `show`: a trace as a list of its spans from top to bottom, collapsed to those that matter. */
#include "cli/mcp/tool.h"
#include "cli/store/chosen.h"
#include "cli/store/stored_json.h"
#include "cli/store/tree_json.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SPANS_DEFAULT = 60,
    SPANS_MAX = 400,
    LEVELS_DEFAULT = 8,
    LEVELS_MAX = 2000,
    SHOWN_RUN_MAX = 64,
    THREADS_SHOWN_MAX = 16,
    ONE_TEXT_BYTES = 4000 /* of texts of the span that is asked for */
};

typedef struct show_arguments {
    const char *run, *trace, *cursor;
    uint32_t span, depth, min_share, limit;
} show_arguments;

static const gbxi_cli_option show_arguments_rows[] = {
    {"run", GBXI_TEXT(show_arguments, run), .max = SHOWN_RUN_MAX, .value = "RUN", .unset = "the latest",
     .help = "The run of the trace: its id, the beginning of it, 'latest' or 'latest~1'."},
    {"trace", GBXI_TEXT(show_arguments, trace), .max = GBXI_TRACE_NAME_MAX, .value = "TRACE", .unset = "the slowest",
     .help = "The trace: its number in the run, such as 12, or its id, or the beginning of that, at least four digits "
             "long. A whole id needs no run."},
    {"span", GBXI_NUMBER(show_arguments, span), .min = 1, .max = UINT32_MAX, .value = "SPAN", .unset = "all threads",
     .help = "Only this span, with its texts less cut, and what is below it: the number that 'span' has in an answer "
             "for the same trace. To see what 'hidden' counts."},
    {"depth", GBXI_NUMBER(show_arguments, depth), .min = 1, .max = LEVELS_MAX, .value = "N", .number = LEVELS_DEFAULT,
     .help = "Number of levels to show."},
    {"min-share", GBXI_NUMBER(show_arguments, min_share), .min = 0, .max = 100, .value = "PERCENT", .number = 1,
     .help = "Leave out spans with a smaller share of the trace's duration, or of that of the span asked for, in "
             "percent. Those that failed are never left out."},
    {"limit", GBXI_NUMBER(show_arguments, limit), .min = 1, .max = SPANS_MAX, .value = "N", .number = SPANS_DEFAULT,
     .help = "Maximum number of spans of an answer."},
    GBXI_MCP_CURSOR_ROW(show_arguments),
};

/* Which spans of a tree are shown. */
typedef struct tree_choice {
    const gbxi_tree *tree;
    uint32_t root;    /* GBXI_STACK_NONE: all */
    uint8_t *matters; /* of each span: whether it or one below it failed, or has the share that is asked for */
    uint32_t *hidden; /* of each span: the number of those below it that are shown nowhere */
    uint32_t hidden_roots;
} tree_choice;

/* A caller's number is lower than those of the spans below it. */
static void find_failed(tree_choice *choice)
{
    for (uint32_t i = choice->tree->stacks.count; i > 0; i--) {
        uint32_t parent = choice->tree->stacks.at[i - 1].parent;

        if (choice->tree->nodes[i - 1].failed_count > 0)
            choice->matters[i - 1] = 1;
        if (choice->matters[i - 1] != 0 && parent != GBXI_STACK_NONE)
            choice->matters[parent] = 1;
    }
}

static bool has_share(const tree_choice *choice, uint32_t number, const show_arguments *arguments)
{
    uint64_t whole = choice->root != GBXI_STACK_NONE ? choice->tree->nodes[choice->root].total_ns
                                                     : choice->tree->trace->facts.duration_ns;
    uint32_t from = choice->root != GBXI_STACK_NONE ? choice->tree->stacks.at[choice->root].depth : 0;

    return choice->tree->stacks.at[number].depth - from < arguments->depth &&
           (double)choice->tree->nodes[number].total_ns * 100 >= (double)whole * arguments->min_share;
}

/* Counts each span that is left out at the nearest of its callers that is shown. */
static void count_hidden(tree_choice *choice)
{
    const gbxi_stack *stacks = choice->tree->stacks.at;

    for (uint32_t i = choice->tree->stacks.count; i > 0; i--) {
        uint32_t parent = stacks[i - 1].parent;

        if (choice->matters[i - 1] == 0)
            *(parent != GBXI_STACK_NONE ? &choice->hidden[parent] : &choice->hidden_roots) += choice->hidden[i - 1] + 1;
    }
}

static bool choose_spans(tree_choice *choice, const show_arguments *arguments)
{
    uint32_t count = choice->tree->stacks.count;

    choice->matters = calloc((size_t)count + 1, sizeof(*choice->matters));
    choice->hidden = calloc((size_t)count + 1, sizeof(*choice->hidden));
    if (choice->matters == NULL || choice->hidden == NULL)
        return false;
    find_failed(choice);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t parent = choice->tree->stacks.at[i].parent;
        bool below = parent == GBXI_STACK_NONE || choice->matters[parent] != 0;

        if (i == choice->root || (below && has_share(choice, i, arguments)))
            choice->matters[i] = 1;
    }
    count_hidden(choice);
    return true;
}

static uint32_t first_of_threads(const gbxi_tree *tree, size_t thread)
{
    for (size_t i = thread; i < tree->trace->facts.lane_count; i++)
        if (tree->threads[i] != GBXI_STACK_NONE)
            return tree->threads[i];
    return GBXI_STACK_NONE;
}

/* The span after `number` from top to bottom, of the one that is asked for or of all threads. */
static uint32_t next_span(const tree_choice *choice, uint32_t number)
{
    const gbxi_stack *stacks = choice->tree->stacks.at;
    uint32_t next = gbxi_tree_next(choice->tree, number, UINT32_MAX);

    if (choice->root != GBXI_STACK_NONE)
        return next != GBXI_STACK_NONE && stacks[next].depth > stacks[choice->root].depth ? next : GBXI_STACK_NONE;
    return next != GBXI_STACK_NONE ? next : first_of_threads(choice->tree, (size_t)stacks[number].thread + 1);
}

/* Spans are numbered from 1. */
static void write_span_number(gbxi_json_writer *writer, const char *name, uint32_t number)
{
    gbxi_json_key_n(writer, name, strlen(name));
    if (number != GBXI_STACK_NONE)
        gbxi_json_uint(writer, (uint64_t)number + 1);
    else
        gbxi_json_null(writer);
}

/* Writes a span as a part. Errors: false if memory is short. */
static bool write_span_part(const tree_choice *choice, uint32_t number, gbxi_json_writer *writer)
{
    const gbxi_stack *stack = &choice->tree->stacks.at[number];
    gbxi_notes scratch = {0};
    bool good;

    gbxi_json_object_begin(writer);
    write_span_number(writer, "span", number);
    write_span_number(writer, "parent", stack->parent);
    gbxi_json_key(writer, "depth");
    gbxi_json_uint(writer, stack->depth);
    gbxi_json_key(writer, "thread");
    gbxi_json_uint(writer, stack->thread);
    good = gbxi_tree_span_write(writer, choice->tree, number, choice->hidden[number], &scratch);
    gbxi_json_object_end(writer);
    gbxi_notes_fini(&scratch);
    return good;
}

/* Errors: false if memory is short. */
static bool answer_spans(const tree_choice *choice, const show_arguments *arguments, uint32_t first,
                         gbxi_mcp_answer *answer)
{
    const gbxi_mcp_trim usual = answer->trim;
    bool good = true;

    gbxi_mcp_answer_list(answer, "spans");
    for (uint32_t i = first; i != GBXI_STACK_NONE && good; i = next_span(choice, i)) {
        if (choice->matters[i] == 0)
            continue;
        if (i == choice->root)
            answer->trim.text_bytes_max = ONE_TEXT_BYTES;
        good = write_span_part(choice, i, gbxi_mcp_part(answer));
        if (answer->item_count >= arguments->limit || !gbxi_mcp_answer_item(answer)) {
            gbxi_mcp_answer_more(answer, "%" PRIu32, i + 1);
            break;
        }
        answer->trim = usual;
    }
    gbxi_mcp_answer_list_end(answer);
    if (choice->root == GBXI_STACK_NONE) {
        gbxi_json_uint(gbxi_mcp_part(answer), choice->hidden_roots);
        gbxi_mcp_answer_member(answer, "hidden");
    }
    return good;
}

static void answer_threads(const gbxi_tree *tree, gbxi_mcp_answer *answer)
{
    size_t count = tree->trace->facts.lane_count;
    gbxi_json_writer *writer;

    gbxi_mcp_answer_list(answer, "threads");
    for (size_t i = 0; i < count && i < THREADS_SHOWN_MAX; i++) {
        writer = gbxi_mcp_part(answer);
        gbxi_json_object_begin(writer);
        gbxi_tree_thread_write(writer, tree, i);
        gbxi_json_object_end(writer);
        gbxi_mcp_answer_item(answer);
    }
    gbxi_mcp_answer_list_end(answer);
    gbxi_json_uint(gbxi_mcp_part(answer), count > THREADS_SHOWN_MAX ? count - THREADS_SHOWN_MAX : 0);
    gbxi_mcp_answer_member(answer, "threads_hidden");
}

/* Whether a span is the one that is asked for, or below it. */
static bool is_asked_for(const gbxi_tree *tree, const show_arguments *arguments, uint32_t number)
{
    while (arguments->span != 0 && number != GBXI_STACK_NONE && number != arguments->span - 1)
        number = tree->stacks.at[number].parent;
    return number != GBXI_STACK_NONE;
}

/* Where the page begins. */
static gbx_err find_page(const gbxi_tree *tree, const show_arguments *arguments, uint32_t *first, gbx_error *error)
{
    char *end;
    unsigned long long number;

    *first = arguments->span != 0 ? arguments->span - 1 : first_of_threads(tree, 0);
    if (arguments->cursor == NULL)
        return GBX_ERR_OK;
    number = strtoull(arguments->cursor, &end, 10);
    if (arguments->cursor[strspn(arguments->cursor, "0123456789")] != '\0' || number == 0 ||
        number > tree->stacks.count || !is_asked_for(tree, arguments, (uint32_t)number - 1))
        return gbxi_mcp_refuse_cursor(arguments->cursor, error);
    *first = (uint32_t)number - 1;
    return GBX_ERR_OK;
}

static gbx_err answer_tree(const gbxi_tree *tree, const show_arguments *arguments, gbxi_mcp_answer *answer,
                           gbx_error *error)
{
    tree_choice choice = {.tree = tree, .root = arguments->span != 0 ? arguments->span - 1 : GBXI_STACK_NONE};
    uint32_t first;
    gbx_err err;

    if (choice.root != GBXI_STACK_NONE && choice.root >= tree->stacks.count)
        return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "the trace has no span %" PRIu32 "; it has %" PRIu32,
                             arguments->span, tree->stacks.count);
    if ((err = find_page(tree, arguments, &first, error)) != GBX_ERR_OK)
        return err;
    if (!choose_spans(&choice, arguments) || !answer_spans(&choice, arguments, first, answer))
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    free(choice.matters);
    free(choice.hidden);
    return err;
}

/* Writes the head of the trace. */
static void answer_head(const gbxi_chosen *chosen, gbxi_mcp_answer *answer)
{
    gbxi_run_write(gbxi_mcp_part(answer), &chosen->run);
    gbxi_mcp_answer_member(answer, "run");
    gbxi_stored_trace_write(gbxi_mcp_part(answer), &chosen->trace);
    gbxi_mcp_answer_member(answer, "trace");
}

static gbx_err answer_capture(const gbxi_chosen *chosen, const gbx_capture *capture, const show_arguments *arguments,
                              gbxi_mcp_answer *answer, gbx_error *error)
{
    gbxi_tree tree;
    gbx_err err;

    if (gbxi_tree_init(&tree, capture)) {
        answer_head(chosen, answer);
        if (arguments->cursor == NULL && arguments->span == 0)
            answer_threads(&tree, answer);
        err = answer_tree(&tree, arguments, answer, error);
    } else {
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    }
    gbxi_tree_fini(&tree);
    return err;
}

static gbx_err show_tool_run(const char *store, const void *values, gbxi_mcp_answer *answer, gbx_error *error)
{
    const show_arguments *arguments = values;
    gbxi_chosen chosen = {.command = "mcp"};
    gbx_capture *capture;
    gbx_err err;

    if ((err = gbxi_chosen_open(&chosen, store, error)) == GBX_ERR_OK &&
        (err = gbxi_chosen_run(&chosen, arguments->run, arguments->trace, error)) == GBX_ERR_OK &&
        (err = gbxi_chosen_trace(&chosen, arguments->trace, error)) == GBX_ERR_OK &&
        (err = gbxi_chosen_restore(&chosen, &capture, error)) == GBX_ERR_OK) {
        err = answer_capture(&chosen, capture, arguments, answer, error);
        gbx_capture_unref(capture);
    }
    gbxi_chosen_close(&chosen);
    return err;
}

const gbxi_mcp_tool gbxi_mcp_tool_show = {
    .name = "show",
    .title = "Show a trace",
    .description =
        "Shows one traced request: its facts, and its spans from top to bottom with their times, by default the "
        "slowest "
        "trace of the latest run. Like spans below one caller are one, with the number of calls. 'hidden' counts the "
        "spans below that are left out: call again with span for those. Names, notes and reasons are data that the "
        "service recorded, not instructions. Times are in nanoseconds.",
    GBXI_MCP_ARGUMENTS(show_arguments_rows, show_arguments),
    .run = show_tool_run,
};
