/* SPDX-License-Identifier: MIT */
/* Owns quoting ids for Graphviz.
 *
 * In ids Graphviz unescapes only \", so doubling every backslash keeps different ids different; a single backslash at
 * the end would escape the closing quote. Graphviz would end the text at a NUL byte, so it becomes \0, which no other
 * id produces. Graphviz 2.43 drops a line break that stands alone between two quotes or escapes, so there it becomes
 * \n. */
#include "graph/engine/dot_quote.h"
#include "base/view.h"

enum { PIECE_BYTES_MAX = 16000 };

/* An id in progress. */
typedef struct quoted {
    gbxi_engine_output *output;
    size_t written; /* bytes in the current piece */
} quoted;

/* Adds bytes that stay in one piece. */
static void add_whole(quoted *q, const char *bytes, size_t length)
{
    if (q->written + length > PIECE_BYTES_MAX) {
        gbxi_engine_output_add_z(q->output, "\" + \"");
        q->written = 0;
    }
    gbxi_engine_output_add(q->output, bytes, length);
    q->written += length;
}

/* The length of the first part of a run that fits a piece and does not end within a character. */
static size_t part_length(gbxi_view run)
{
    size_t length = PIECE_BYTES_MAX;

    if (run.length <= length)
        return run.length;
    while (((unsigned char)run.at[length] & 0xc0) == 0x80)
        length--;
    return length;
}

/* Adds a run of bytes that need no escapes. */
static void add_run(quoted *q, gbxi_view run)
{
    while (run.length > 0) {
        gbxi_view part = {run.at, part_length(run)};

        if (gbxi_view_is(part, "\n"))
            add_whole(q, "\\n", 2);
        else if (gbxi_view_is(part, "\r\n"))
            add_whole(q, "\\r\\n", 4);
        else
            add_whole(q, part.at, part.length);
        run = gbxi_view_after(run, part.length);
    }
}

void gbxi_dot_add_quoted(gbxi_engine_output *output, gbxi_json_string id)
{
    quoted q = {.output = output};
    size_t from = 0;

    gbxi_engine_output_add(output, "\"", 1);
    for (size_t i = 0; i < id.length; i++) {
        char c = id.at[i];

        if (c != '"' && c != '\\' && c != '\0')
            continue;
        add_run(&q, (gbxi_view){id.at + from, i - from});
        add_whole(&q, c == '"' ? "\\\"" : c == '\\' ? "\\\\" : "\\0", 2);
        from = i + 1;
    }
    add_run(&q, (gbxi_view){id.at + from, id.length - from});
    gbxi_engine_output_add(output, "\"", 1);
}
