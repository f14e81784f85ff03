/* SPDX-License-Identifier: MIT */
/* Folded stacks, the text that flame graphs are made of: a line for each distinct stack, with the names from the root
 * to the leaf, semicolons between them, and the self time in nanoseconds.
 *
 * The numbers add up to the self time of the trace. A stack without self time of its own has no line, as readers ignore
 * one of 0, and it is in the lines of its callees. If several threads have calls, each has a frame of its own at the
 * root. Functions of the same name are one, whatever their files. What a line cannot hold is replaced in names
 * (export/plain.h), and so is the space before a number at their end, by an underscore. The format is that of
 * https://github.com/brendangregg/FlameGraph#2-fold-stacks. */
#include "export/format.h"
#include "export/fragment.h"
#include "export/plain.h"
#include "trace/stacks.h"

#include <stdlib.h>
#include <string.h>

/* Room for the fixed text and the number of a line's end. */
enum { NUMBER_BYTES_MAX = 1 + GBXI_JSON_DIGITS_MAX + 1 };

typedef struct folded {
    const gbxi_trace *trace;
    gbxi_stacks stacks;
    bool threads;        /* threads have frames */
    uint32_t stack;      /* the stack of the line, or the next to look at */
    uint32_t *path;      /* the frames of the line that are still to be written: the root is the last */
    uint32_t path_count; /* 0: between two lines */
} folded;

static bool have_several_threads(const gbxi_trace *trace)
{
    size_t count = 0;

    for (size_t i = 0; i < trace->facts.lane_count; i++)
        count += trace->threads[i].call_count > 0;
    return count > 1;
}

static bool folded_init(void *state, const gbxi_trace *trace, const gbx_export_options *options)
{
    folded *f = state;

    (void)options;
    f->trace = trace;
    f->threads = have_several_threads(trace);
    if (!gbxi_stacks_init(&f->stacks, trace))
        return false;
    f->path = malloc(((size_t)f->stacks.depth_max + 1) * sizeof(*f->path));
    return f->path != NULL;
}

static void folded_fini(void *state)
{
    folded *f = state;

    free(f->path);
    gbxi_stacks_fini(&f->stacks);
}

static void write_plain(gbxi_json_writer *writer, const char *text, size_t length)
{
    gbxi_plain plain = gbxi_plain_of(text, length, GBXI_PLAIN_FOLDED);

    for (gbxi_view piece; gbxi_plain_next(&plain, &piece);)
        gbxi_json_literal(writer, piece.at, piece.length);
}

/* The length of a name without a space and a number at its end; the whole length if there are none. */
static size_t length_before_number(const char *name, size_t length)
{
    size_t at = length;

    while (at > 0 && ((name[at - 1] >= '0' && name[at - 1] <= '9') || name[at - 1] == '.'))
        at--;
    return at > 1 && at < length && (unsigned char)name[at - 1] <= ' ' ? at - 1 : length;
}

/* The scripts that draw flame graphs take "name 5 12" for two numbers. */
static void write_frame_name(gbxi_json_writer *writer, const char *name, size_t length)
{
    size_t before = length_before_number(name, length);

    write_plain(writer, name, before);
    if (before == length)
        return;
    gbxi_json_literal(writer, GBXI_FRAGMENT("_"));
    write_plain(writer, name + before + 1, length - before - 1);
}

/* Such as "worker/1 thread 101;". Numbers tell threads of the same name apart. */
static void write_thread(const gbx_lane_facts *lane, gbxi_json_writer *writer)
{
    if (lane->thread_name[0] != '\0') {
        write_plain(writer, lane->thread_name, strlen(lane->thread_name));
        gbxi_json_literal(writer, GBXI_FRAGMENT(" "));
    }
    gbxi_write_uint(writer, GBXI_FRAGMENT("thread "), lane->thread_id);
    gbxi_json_literal(writer, GBXI_FRAGMENT(";"));
}

/* Begins the line of the next stack that has self time. Returns false if there is none. */
static bool begin_line(folded *f, gbxi_json_writer *writer)
{
    const gbxi_stacks *stacks = &f->stacks;

    while (f->stack < stacks->count && stacks->at[f->stack].self_ns == 0)
        f->stack++;
    if (f->stack == stacks->count)
        return false;
    for (uint32_t i = f->stack; i != GBXI_STACK_NONE; i = stacks->at[i].parent)
        f->path[f->path_count++] = stacks->at[i].frame;
    if (f->threads)
        write_thread(&f->trace->threads[stacks->at[f->stack].thread].facts, writer);
    return true;
}

static void end_line(folded *f, gbxi_json_writer *writer)
{
    gbxi_write_uint(writer, GBXI_FRAGMENT(" "), f->stacks.at[f->stack++].self_ns);
    gbxi_json_literal(writer, GBXI_FRAGMENT("\n"));
}

/* Writes frames as long as there is room, and at least one: a line of a deep stack may be long. */
static gbx_err folded_step(void *state, gbxi_json_writer *writer, bool *done)
{
    folded *f = state;

    do {
        const gbxi_frame *frame;

        if (f->path_count == 0 && !begin_line(f, writer)) {
            *done = true;
            return GBX_ERR_OK;
        }
        frame = &f->trace->frames.at[f->path[--f->path_count]];
        write_frame_name(writer, frame->name, frame->name_length);
        if (f->path_count > 0)
            gbxi_json_literal(writer, GBXI_FRAGMENT(";"));
        else
            end_line(f, writer);
    } while (writer->end - writer->at > NUMBER_BYTES_MAX);
    return GBX_ERR_OK;
}

const gbxi_export_format gbxi_format_folded = {.ending = "collapsedstack.txt",
                                               .state_bytes = sizeof(folded),
                                               .init = folded_init,
                                               .step = folded_step,
                                               .fini = folded_fini};
