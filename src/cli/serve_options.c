/* SPDX-License-Identifier: MIT */
/* The description of glassbox serve: its options, a row each, its manual, and what the options mean for the server. */
#include "cli/serve_options.h"
#include "cli/command.h"

#define MAX_FILE_NAME_BYTES 4095

static const gbxi_cli_option serve_options[] = {
    {"host", GBXI_TEXT(gbxi_serve_options, host), .max = 255, .value = "HOST", .text = "127.0.0.1",
     .help = "Name or address to listen on."},
    {"port", GBXI_NUMBER(gbxi_serve_options, port), .min = 0, .max = UINT16_MAX, .value = "PORT", .number = 8000,
     .help = "Port to listen on; 0 takes a free one."},
    {"threads", GBXI_NUMBER(gbxi_serve_options, threads), .min = 1, .max = GBXI_SERVER_THREADS_MAX, .value = "N",
     .unset = "one per CPU", .help = "Event loops."},
    {"workers", GBXI_NUMBER(gbxi_serve_options, workers), .min = 1, .max = GBXI_SERVER_WORKERS_MAX, .value = "N",
     .unset = "one per CPU, less one for the event loops",
     .help = "Threads for graph requests with large bodies, at a lower priority."},
    {"queue", GBXI_NUMBER(gbxi_serve_options, queue), .min = 1, .max = 1000000, .value = "N",
     .number = GBXI_SERVER_QUEUE_DEFAULT,
     .help = "Requests that may wait for a worker; further ones are answered 503."},
    {"slow-clients", GBXI_NUMBER(gbxi_serve_options, slow_clients), .min = 0, .max = GBXI_SERVER_SLOW_CLIENTS_MAX,
     .value = "N", .number = GBXI_SERVER_SLOW_CLIENTS_DEFAULT,
     .help =
         "Clients that may take their time with a large answer without keeping a worker from the next request. With "
         "0, each keeps its worker."},
    {"inline-body", GBXI_SIZE(gbxi_serve_options, inline_body_bytes), .min = 0, .max = SIZE_MAX, .value = "SIZE",
     .number = GBXI_SERVER_INLINE_BODY_BYTES_DEFAULT,
     .help = "Largest body of a graph request that an event loop handles itself; larger ones go to a worker. With 0, "
             "all go to a worker."},
    {"cert", GBXI_FILE(gbxi_serve_options, cert), .max = MAX_FILE_NAME_BYTES, .value = "FILE", .unset = "no TLS",
     .needs = "key", .help = "Serve TLS with the certificate chain in this file (PEM); goes with --key."},
    {"key", GBXI_FILE(gbxi_serve_options, key), .max = MAX_FILE_NAME_BYTES, .value = "FILE", .unset = "no TLS",
     .needs = "cert", .help = "Private key of the certificate (PEM, without a passphrase); goes with --cert."},
    {"key-file", GBXI_FILE(gbxi_serve_options, key_file), .max = MAX_FILE_NAME_BYTES, .value = "FILE",
     .unset = "no token is needed", .excludes = "allow-open-capture",
     .help = "Capturing needs a token made with a key of this file; see glassbox token. SIGHUP reads the file again."},
    {"allow-open-capture", GBXI_FLAG(gbxi_serve_options, allow_open_capture),
     .help = "Without --key-file, let everyone capture who can reach the server, from other machines too. Without this "
             "option that is possible on a loopback address only."},
    {"max-body", GBXI_SIZE(gbxi_serve_options, max_body_bytes), .min = 1, .max = SIZE_MAX, .value = "SIZE",
     .number = GBXI_SERVER_MAX_BODY_BYTES_DEFAULT, .help = "Largest request body; larger ones are answered 413."},
    {"max-connections", GBXI_NUMBER(gbxi_serve_options, max_connections), .min = 1, .max = 1000000, .value = "N",
     .number = GBXI_SERVER_MAX_CONNECTIONS_DEFAULT,
     .help = "Connections open at the same time; further ones wait for a place."},
    {"request-timeout", GBXI_SECONDS(gbxi_serve_options, request_timeout_s), .min = 1,
     .max = GBXI_SERVER_REQUEST_TIMEOUT_S_MAX, .value = "SECONDS", .number = GBXI_SERVER_REQUEST_TIMEOUT_S_DEFAULT,
     .help =
         "Time for a request to arrive, and for a client to take what is sent. A large answer waits for its client no "
         "longer than this in all and is then broken off."},
    {"capture", GBXI_SWITCH(gbxi_serve_options, capture), .value = "on|off", .number = true,
     .help =
         "Whether capturing is on at the start; SIGUSR1 turns it off, SIGUSR2 on. While it is off, the traced routes "
         "answer without a trace."},
    {"max-captures", GBXI_NUMBER(gbxi_serve_options, max_captures), .min = 1, .max = 1000000, .value = "N",
     .number = 64, .help = "Captures under way at the same time; further ones are answered 429."},
    {"captures-per-second", GBXI_NUMBER(gbxi_serve_options, captures_per_second), .min = 1, .max = 1000000,
     .value = "N", .unset = "no limit",
     .help = "Captures per second on average, and as many at once; further ones are answered 429."},
    {"max-capture-time", GBXI_SECONDS(gbxi_serve_options, max_capture_time_s), .min = 1, .max = 86400,
     .value = "SECONDS", .number = 60,
     .help = "Time after which a trace ends, marked as truncated, while its request goes on."},
    {"capture-memory", GBXI_SIZE(gbxi_serve_options, capture_memory_bytes), .min = 1, .max = SIZE_MAX, .value = "SIZE",
     .number = (uint64_t)1 << 30,
     .help = "Memory that all captures together record into; a request beyond it is answered 503."},
    {"redact", GBXI_LIST(gbxi_serve_options, redact), .max = GBXI_LIST_MAX, .value = "KEY", .unset = "none",
     .help = "Show notes with this key as [redacted]; a final * stands for any rest."},
    {"redact-names", GBXI_FLAG(gbxi_serve_options, redact_names),
     .help = "Name spans after their functions instead of by names made of data."},
    {"redact-reasons", GBXI_FLAG(gbxi_serve_options, redact_reasons), .help = "Show failures without their reasons."},
    {"stop-timeout", GBXI_SECONDS(gbxi_serve_options, stop_timeout_s), .min = 0, .max = 3600, .value = "SECONDS",
     .number = 30, .help = "Time to wait for requests in flight when the server is stopped."},
};

static const gbxi_manual_entry serve_manual[] = {
    {"SIGNALS", "SIGTERM, SIGINT", "Finish the requests in flight and exit; a second one exits at once."},
    {"SIGNALS", "SIGHUP", "Read --key-file again. A file that is not valid leaves the keys as they were."},
    {"SIGNALS", "SIGUSR1", "Turn capturing off."},
    {"SIGNALS", "SIGUSR2", "Turn capturing on."},
    {"FILES", "--key-file", "The keys that tokens are made with, one a line; glassbox token tells more."},
    {0},
};

const gbxi_command gbxi_command_serve = {
    .name = "serve",
    .summary = "Serve the graph service",
    .synopsis = {"[OPTION...]"},
    .description =
        "Serves the graph service, with every graph route mirrored under /full, /summary and /speedscope. The "
        "first line on standard output tells where it listens.",
    GBXI_COMMAND_OPTIONS(serve_options, gbxi_serve_options),
    .manual = serve_manual,
    .configurable = true,
    .run = gbxi_serve_run,
};

static bool redacts_anything(const gbxi_serve_options *options)
{
    return options->redact.count != 0 || options->redact_names || options->redact_reasons;
}

void gbxi_serve_options_apply(const gbxi_serve_options *options, gbxi_server_options *server, gbx_limits *limits,
                              gbx_redaction_options *redaction)
{
    *redaction = (gbx_redaction_options){.size = sizeof(*redaction),
                                         .keys = options->redact.items,
                                         .names = options->redact_names,
                                         .reasons = options->redact_reasons};
    *limits = (gbx_limits){.size = sizeof(*limits),
                           .max_captures = options->max_captures,
                           .captures_per_second = options->captures_per_second,
                           .max_capture_ms = 1000 * options->max_capture_time_s};
    *server = (gbxi_server_options){
        .host = options->host,
        .port = (uint16_t)options->port,
        .threads = options->threads,
        .workers = options->workers,
        .queue = options->queue,
        .slow_clients = options->slow_clients != 0 ? options->slow_clients : GBXI_SERVER_SLOW_CLIENTS_NONE,
        .inline_body_bytes = options->inline_body_bytes != 0 ? options->inline_body_bytes : GBXI_SERVER_INLINE_NONE,
        .cert_file = options->cert,
        .key_file = options->key,
        .max_body_bytes = options->max_body_bytes,
        .token_key_file = options->key_file,
        .redaction = redacts_anything(options) ? redaction : NULL,
        .allow_open_capture = options->allow_open_capture,
        .max_connections = options->max_connections,
        .request_timeout_s = options->request_timeout_s,
    };
}
