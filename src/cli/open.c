/* SPDX-License-Identifier: MIT */
/* glassbox open: shows one trace of a store in the browser. */
#define _GNU_SOURCE
#include "base/grow.h"
#include "cli/command.h"
#include "cli/signals.h"
#include "cli/store/browser.h"
#include "cli/store/chosen.h"
#include "cli/store/document.h"
#include "server/viewer.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct open_options {
    const char *store, *trace, *run;
    uint32_t port;
    bool no_browser;
} open_options;

/* A document in memory. */
typedef struct document_bytes {
    char *bytes;
    size_t length, capacity;
} document_bytes;

static const gbxi_cli_option open_rows[] = {
    GBXI_STORE_ROW(open_options),
    GBXI_TRACE_ROW(open_options),
    {"port", GBXI_NUMBER(open_options, port), .min = 0, .max = UINT16_MAX, .value = "PORT", .number = 0,
     .help = "Port to listen on; 0 selects a free port."},
    {"no-browser", GBXI_FLAG(open_options, no_browser), .help = "Print the address, and start no browser."},
};

/* Serves until a signal comes. */
static gbx_err serve_viewer(const gbxi_viewer *viewer, bool with_browser, gbx_error *error)
{
    int signal_fd = gbxi_signals_open();

    if (signal_fd == -1)
        return gbx_error_set(error, GBX_ERR_IO, NULL, "cannot receive signals: %s", strerror(errno));
    printf("glassbox: the trace is at %s\nglassbox: Ctrl+C ends this\n", gbxi_viewer_url(viewer));
    fflush(stdout);
    if (with_browser && !gbxi_browser_start(gbxi_viewer_url(viewer)))
        gbxi_complain("open", "no browser could be started; open the address yourself");
    gbxi_signals_wait(signal_fd, -1);
    close(signal_fd);
    return GBX_ERR_OK;
}

static gbx_err open_document(const document_bytes *document, const open_options *options, gbx_error *error)
{
    const gbxi_viewer_options how = {
        .port = (uint16_t)options->port, .document = document->bytes, .document_length = document->length};
    gbxi_viewer *viewer = NULL;
    gbx_err err = gbxi_viewer_open(&how, &viewer, error);

    if (err == GBX_ERR_OK)
        err = serve_viewer(viewer, !options->no_browser, error);
    gbxi_viewer_close(viewer);
    return err;
}

static gbx_err append_to_document(void *context, const void *piece, size_t length, gbx_error *error)
{
    document_bytes *document = context;

    if (!gbxi_grow(&document->bytes, &document->capacity, document->length + length, 1))
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    memcpy(document->bytes + document->length, piece, length);
    document->length += length;
    return GBX_ERR_OK;
}

/* Reads the trace as a document, after which the store is not needed any more. */
static gbx_err read_trace(const open_options *options, document_bytes *document, gbx_error *error)
{
    gbxi_chosen chosen = {.command = "open", .has_trace = true};
    gbx_capture *capture = NULL;
    gbx_err err;

    if ((err = gbxi_chosen_open(&chosen, options->store, error)) == GBX_ERR_OK &&
        (err = gbxi_chosen_run(&chosen, options->run, options->trace, error)) == GBX_ERR_OK &&
        (err = gbxi_chosen_trace(&chosen, options->trace, error)) == GBX_ERR_OK &&
        (err = gbxi_chosen_restore(&chosen, &capture, error)) == GBX_ERR_OK) {
        err = gbxi_document_make(capture, GBX_FORMAT_SPEEDSCOPE, NULL, append_to_document, document, error);
        gbx_capture_unref(capture);
    }
    gbxi_chosen_close(&chosen);
    return err;
}

static int open_run(const void *values)
{
    const open_options *options = values;
    document_bytes document = {0};
    gbx_error error = {0};
    gbx_err err;

    signal(SIGPIPE, SIG_IGN); /* so that a browser that leaves causes a write error */
    if ((err = read_trace(options, &document, &error)) == GBX_ERR_OK)
        err = open_document(&document, options, &error);
    free(document.bytes);
    return gbxi_command_status("open", err, &error);
}

static const gbxi_manual_entry open_manual[] = {
    GBXI_RUN_ENTRY("Without RUN, 'latest' is meant."),
    {"ENVIRONMENT", "BROWSER",
     "Command of the browser, possibly with arguments; the address is added. Without it, xdg-open."},
    {"EXAMPLES", "glassbox open", "The slowest trace of the last run."},
    {"EXAMPLES", "glassbox open --no-browser --port 9000",
     "The same at an address of your choice, for a browser that you start."},
    {0},
};

const gbxi_command gbxi_command_open = {
    .name = "open",
    .summary = "Show a trace in the browser",
    .synopsis = {"[OPTION...] [RUN]"},
    .description =
        "Serves one trace of RUN, by default the slowest, together with speedscope on a loopback address, and starts a "
        "browser there. It serves until a signal such as Ctrl+C ends it.",
    GBXI_COMMAND_OPTIONS(open_rows, open_options),
    .manual = open_manual,
    .operand = "RUN",
    .operand_offset = offsetof(open_options, run),
    .prints_result = true,
    .run = open_run,
};
