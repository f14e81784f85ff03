/* SPDX-License-Identifier: MIT */
/* glassbox mcp: a server of the Model Context Protocol on standard input and output. */
#define _GNU_SOURCE
#include "cli/command.h"
#include "cli/mcp/lines.h"
#include "cli/mcp/session.h"
#include "cli/store/chosen.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { MCP_PIECE_BYTES = 1 << 16, MCP_KEPT_BYTES = 1 << 20 /* memory that is kept from answer to answer */ };

typedef struct mcp_options {
    const char *store;
} mcp_options;

static const gbxi_cli_option mcp_rows[] = {
    GBXI_STORE_ROW(mcp_options),
};

typedef struct mcp_stream {
    gbxi_mcp_session session;
    gbxi_json_buffer answer;
    bool is_gone; /* whoever reads the answers */
} mcp_stream;

/* Waits for a descriptor that somebody else has made non-blocking. */
static void wait_for_stream(int fd, short events)
{
    struct pollfd one = {.fd = fd, .events = events};

    (void)!poll(&one, 1, -1);
}

static gbx_err write_answer(mcp_stream *stream, const char *bytes, size_t length)
{
    for (size_t written = 0; written < length;) {
        ssize_t count = write(STDOUT_FILENO, bytes + written, length - written);

        if (count >= 0) {
            written += (size_t)count;
        } else if (errno == EAGAIN) {
            wait_for_stream(STDOUT_FILENO, POLLOUT);
        } else if (errno != EINTR) {
            stream->is_gone = errno == EPIPE;
            return GBX_ERR_IO;
        }
    }
    return GBX_ERR_OK;
}

static gbx_err answer_line(void *context, gbx_err refused, gbxi_view line)
{
    mcp_stream *stream = context;
    gbxi_json_buffer *answer = &stream->answer;
    gbx_err err;

    answer->length = 0;
    /* Without memory there may be no answer, and the next line may have one. */
    (void)!gbxi_mcp_session_answer(&stream->session, refused, line, answer);
    if (answer->length == 0)
        return GBX_ERR_OK;
    err = write_answer(stream, answer->bytes, answer->length);
    if (err == GBX_ERR_OK)
        err = write_answer(stream, "\n", 1);
    if (answer->capacity > MCP_KEPT_BYTES)
        gbxi_json_buffer_fini(answer);
    return err;
}

/* Reads a piece. Returns its length, 0 at the end, -1 after an error. */
static ssize_t read_piece(char *piece, size_t size)
{
    for (;;) {
        ssize_t length = read(STDIN_FILENO, piece, size);

        if (length >= 0 || (errno != EINTR && errno != EAGAIN))
            return length;
        if (errno == EAGAIN)
            wait_for_stream(STDIN_FILENO, POLLIN);
    }
}

static gbx_err serve_stream(mcp_stream *stream, gbx_error *error)
{
    static char piece[MCP_PIECE_BYTES];
    gbxi_mcp_lines lines = {0};
    gbx_err err = GBX_ERR_OK;
    ssize_t length = 0;

    while (err == GBX_ERR_OK && (length = read_piece(piece, sizeof(piece))) > 0)
        err = gbxi_mcp_lines_feed(&lines, piece, (size_t)length, answer_line, stream);
    if (length < 0)
        err = gbx_error_set(error, GBX_ERR_IO, NULL, "cannot read: %s", strerror(errno));
    else if (err == GBX_ERR_OK)
        err = gbxi_mcp_lines_end(&lines, answer_line, stream);
    if (err != GBX_ERR_OK && length >= 0)
        gbx_error_set(error, err, NULL, "cannot write: %s", strerror(errno));
    gbxi_mcp_lines_fini(&lines);
    gbxi_json_buffer_fini(&stream->answer);
    return stream->is_gone ? GBX_ERR_OK : err;
}

static int mcp_run(const void *values)
{
    const mcp_options *options = values;
    mcp_stream stream = {.session = {.store = options->store}};
    gbx_error error = {0};

    if (isatty(STDIN_FILENO) == 1)
        gbxi_complain("mcp", "reads messages from standard input; a client of the protocol is meant to start it");
    signal(SIGPIPE, SIG_IGN); /* so that a client that leaves is an end like any other */
    return gbxi_command_status("mcp", serve_stream(&stream, &error), &error);
}

static const gbxi_manual_entry mcp_manual[] = {
    {"PROTOCOL", NULL,
     "The Model Context Protocol (https://modelcontextprotocol.io) lets a program that works with a language model ask "
     "for things. Such a program starts this command itself, writes its requests to standard input, one JSON object a "
     "line, and reads the answers from standard output. The end of the input ends the server."},
    {"PROTOCOL", NULL,
     "The tools only read the store, which is opened for each call; as for every reader, its catalog is brought up to "
     "date. Notices and complaints are on standard error."},
    {"TOOLS", "list", "The runs of the store, or the traces of one, page by page."},
    {"TOOLS", "report", "The findings on a run, the first of each rule or all of one."},
    {"TOOLS", "show", "A trace as its spans, collapsed to those that matter; each can be asked for by itself."},
    {"TOOLS", "compare", "What differs between two runs or traces, those frames first that are shown to differ."},
    {"LIMITS", NULL,
     "An answer has at most 60,000 bytes, which is below 20,000 tokens; it says its size, what was cut, and how to go "
     "on. A message of more than 1 MiB is refused, and the next one is read."},
    {"EXAMPLES", "glassbox mcp --store /var/lib/service/glassbox", "The command that a client is told to start."},
    {0},
};

const gbxi_command gbxi_command_mcp = {
    .name = "mcp",
    .summary = "Let a language model read a store",
    .synopsis = {"[OPTION...]"},
    .description = "Serves the runs and traces of a store to a client of the Model Context Protocol, on standard input "
                   "and output.",
    GBXI_COMMAND_OPTIONS(mcp_rows, mcp_options),
    .manual = mcp_manual,
    .run = mcp_run,
};
