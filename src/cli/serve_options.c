/* SPDX-License-Identifier: MIT */
/* The description of glassbox serve: its options with one row each, its manual, and applying the options to the
 * server. */
#include "cli/serve_options.h"
#include "base/time.h"
#include "cli/command.h"
#include "permission/host_check.h"

#define MAX_FILE_NAME_BYTES 4095

static gbx_err check_rules(const char *text, gbx_error *error)
{
    gbx_recorder_options rules;

    return gbx_recorder_rules_read(text, &rules, error);
}

static const gbxi_cli_option serve_options[] = {
    {"host", GBXI_TEXT(gbxi_serve_options, host), .max = 255, .value = "HOST", .text = "127.0.0.1",
     .help = "Host name or address to listen on."},
    {"port", GBXI_NUMBER(gbxi_serve_options, port), .min = 0, .max = UINT16_MAX, .value = "PORT", .number = 8000,
     .help = "Port to listen on; 0 selects a free port."},
    {"threads", GBXI_NUMBER(gbxi_serve_options, threads), .min = 1, .max = GBXI_SERVER_THREADS_MAX, .value = "N",
     .unset = "one per CPU", .help = "Number of event loops."},
    {"workers", GBXI_NUMBER(gbxi_serve_options, workers), .min = 1, .max = GBXI_SERVER_WORKERS_MAX, .value = "N",
     .unset = "one per CPU, minus one for the event loops",
     .help = "Number of threads for graph requests with large bodies. They run at a lower priority."},
    {"queue", GBXI_NUMBER(gbxi_serve_options, queue), .min = 1, .max = 1000000, .value = "N",
     .number = GBXI_SERVER_QUEUE_DEFAULT,
     .help = "Maximum number of requests that wait for a worker; further requests are answered with 503."},
    {"slow-clients", GBXI_NUMBER(gbxi_serve_options, slow_clients), .min = 0, .max = GBXI_SERVER_SLOW_CLIENTS_MAX,
     .value = "N", .number = GBXI_SERVER_SLOW_CLIENTS_DEFAULT,
     .help = "Maximum number of slow clients whose large answers do not occupy a worker. With 0, every large answer "
             "occupies its worker until the client has received it."},
    {"inline-body", GBXI_SIZE(gbxi_serve_options, inline_body_bytes), .min = 0, .max = SIZE_MAX, .value = "SIZE",
     .number = GBXI_SERVER_INLINE_BODY_BYTES_DEFAULT,
     .help =
         "Maximum size of a graph request body that an event loop handles itself; a worker handles larger ones. "
         "With 0, workers handle all graph requests. If a larger one is traced and --key-file is given, its token is "
         "checked before its body is read, even if that asks for no capture or capturing is off."},
    {"cert", GBXI_FILE(gbxi_serve_options, cert), .max = MAX_FILE_NAME_BYTES, .value = "FILE", .unset = "no TLS",
     .needs = "key", .help = "Serve TLS with the certificate chain in this file (PEM). Requires --key."},
    {"key", GBXI_FILE(gbxi_serve_options, key), .max = MAX_FILE_NAME_BYTES, .value = "FILE", .unset = "no TLS",
     .needs = "cert", .help = "Private key of the certificate (PEM, without a passphrase). Requires --cert."},
    {"key-file", GBXI_FILE(gbxi_serve_options, key_file), .max = MAX_FILE_NAME_BYTES, .value = "FILE",
     .unset = "no token is needed", .excludes = "allow-open-capture",
     .help =
         "Require a token made with a key of this file for capturing; see glassbox token. SIGHUP reloads the file."},
    {"allow-open-capture", GBXI_FLAG(gbxi_serve_options, allow_open_capture),
     .help = "Without --key-file, allow everyone who can reach the server to capture, including from other machines. "
             "Without this option, only servers on a loopback address allow that."},
    {"allow-host", GBXI_LIST(gbxi_serve_options, allow_host), .max = GBXI_LIST_MAX, .value = "NAME", .unset = "none",
     .accepts = gbxi_host_is_valid, .accepted = "a host name or an address, without a port",
     .help =
         "Answer requests for this host, with any port, besides --host and loopback names; others are answered with "
         "421. Without this option, hosts are checked on loopback addresses only."},
    {"max-body", GBXI_SIZE(gbxi_serve_options, max_body_bytes), .min = 1, .max = SIZE_MAX, .value = "SIZE",
     .number = GBXI_SERVER_MAX_BODY_BYTES_DEFAULT,
     .help = "Maximum size of a request body; larger bodies are answered with 413."},
    {"max-connections", GBXI_NUMBER(gbxi_serve_options, max_connections), .min = 1, .max = 1000000, .value = "N",
     .number = GBXI_SERVER_MAX_CONNECTIONS_DEFAULT,
     .help = "Maximum number of open connections; further connections wait."},
    {"request-timeout", GBXI_SECONDS(gbxi_serve_options, request_timeout_s), .min = 1,
     .max = GBXI_SERVER_REQUEST_TIMEOUT_S_MAX, .value = "SECONDS", .number = GBXI_SERVER_REQUEST_TIMEOUT_S_DEFAULT,
     .help =
         "Maximum time to receive a request, and for a client to receive what is sent. A large answer waits for its "
         "client no longer than this in total and is then aborted."},
    {"capture", GBXI_SWITCH(gbxi_serve_options, capture), .value = "on|off", .number = true,
     .help = "Whether capturing is on at the start. SIGUSR1 turns it off, SIGUSR2 turns it on. While it is off, traced "
             "routes answer without a trace; with --key-file, a large body still needs a token (--inline-body)."},
    {"max-captures", GBXI_NUMBER(gbxi_serve_options, max_captures), .min = 1, .max = 1000000, .value = "N",
     .number = 64, .help = "Maximum number of captures at the same time; further captures are answered with 429."},
    {"captures-per-second", GBXI_NUMBER(gbxi_serve_options, captures_per_second), .min = 1, .max = 1000000,
     .value = "N", .unset = "no limit",
     .help =
         "Maximum average number of captures per second, and maximum burst; further captures are answered with 429."},
    {"max-capture-time", GBXI_SECONDS(gbxi_serve_options, max_capture_time_s), .min = 1, .max = 86400,
     .value = "SECONDS", .number = 60,
     .help = "Maximum duration of a capture. After this time the trace ends, marked as truncated, and the request "
             "continues."},
    {"capture-memory", GBXI_SIZE(gbxi_serve_options, capture_memory_bytes), .min = 1, .max = SIZE_MAX, .value = "SIZE",
     .number = (uint64_t)1 << 30,
     .help = "Memory limit of all captures together; requests that would exceed it are answered with 503."},
    {"work-memory", GBXI_SIZE(gbxi_serve_options, work_memory_bytes), .min = 1, .max = SIZE_MAX, .value = "SIZE",
     .unset = "half of the machine's or control group's memory",
     .help = "Memory limit of all graph requests together: their parsed bodies, graphs and waiting answers. Requests "
             "that would exceed it are answered with 503, or with 413 if they could never fit. A sixteenth is kept for "
             "bodies of at most 64K."},
    {"redact", GBXI_LIST(gbxi_serve_options, redact), .max = GBXI_LIST_MAX, .value = "KEY", .unset = "none",
     .help = "Show notes with this key as [redacted]; a * at the end matches any suffix."},
    {"redact-names", GBXI_FLAG(gbxi_serve_options, redact_names),
     .help = "Name spans after their functions instead of by names that contain data."},
    {"redact-reasons", GBXI_FLAG(gbxi_serve_options, redact_reasons), .help = "Show failures without their reasons."},
    {"store", GBXI_FILE(gbxi_serve_options, store), .max = MAX_FILE_NAME_BYTES, .value = "DIR",
     .unset = "nothing is recorded",
     .help =
         "Capture every graph request that reaches its handler, and store in this directory what --keep says. Pages, "
         "aborted uploads and what is refused before are not captured. It is created for its owner alone. glassbox "
         "list, show, export and open read it, also while the server runs."},
    {"keep", GBXI_TEXT(gbxi_serve_options, keep), .max = 255, .value = "RULES", .text = GBX_KEEP_DEFAULT,
     .needs = "store", .check = check_rules,
     .help = "Which captures are stored, by rules with commas between: slow=TIME (us, ms or s) for requests that take "
             "at least so long, errors for a status of 5xx and failed spans, 1/N for one in N, first for the first of "
             "each route in every minute, all, or none. What a client asks for is always stored."},
    {"run-bytes", GBXI_SIZE(gbxi_serve_options, run_bytes), .min = 65536, .max = SIZE_MAX, .value = "SIZE",
     .number = (uint64_t)128 << 20, .needs = "store",
     .help = "Begin a new run in the store when the current one is larger."},
    {"run-time", GBXI_DURATION(gbxi_serve_options, run_time_s), .min = 60, .max = 365 * 86400, .value = "TIME",
     .number = 86400, .needs = "store",
     .help = "Begin a new run in the store when the current one is older and has traces."},
    {"keep-runs", GBXI_NUMBER(gbxi_serve_options, keep_runs), .min = 1, .max = UINT32_MAX, .value = "N",
     .unset = "no limit", .needs = "store",
     .help = "Remove the oldest runs beyond this number. Runs being written stay."},
    {"keep-bytes", GBXI_SIZE(gbxi_serve_options, keep_bytes), .min = 1, .max = SIZE_MAX, .value = "SIZE",
     .number = (uint64_t)1 << 30, .needs = "store", .help = "Remove the oldest runs while all together are larger."},
    {"keep-age", GBXI_DURATION(gbxi_serve_options, keep_age_s), .min = 60, .max = 3650ull * 86400, .value = "TIME",
     .unset = "no limit", .needs = "store", .help = "Remove runs that were last written longer ago."},
    {"stop-timeout", GBXI_SECONDS(gbxi_serve_options, stop_timeout_s), .min = 0, .max = 3600, .value = "SECONDS",
     .number = 30,
     .help =
         "Time to wait for requests in flight when the server stops. With 0, only connections without a request have "
         "time to be closed, a second at most."},
    {"http2", GBXI_FLAG(gbxi_serve_options, http2),
     .help = "Also speak HTTP/2, for trusted clients only: HTTP/2 of libh2o 2.2 has defects that SECURITY.md lists. "
             "To give strangers HTTP/2, put a proxy in front instead."},
};

static const gbxi_manual_entry serve_manual[] = {
    {"SIGNALS", "SIGTERM, SIGINT",
     "Finish the requests in flight, each within its time limits (--request-timeout), and exit with 0. After "
     "--stop-timeout, or at a second signal, cut them and exit with 1."},
    {"SIGNALS", "SIGHUP",
     "With --key-file: reload the file; if it is invalid, the keys do not change. Without --key-file: nothing."},
    {"SIGNALS", "SIGUSR1", "Turn capturing off."},
    {"SIGNALS", "SIGUSR2", "Turn capturing on."},
    {"FILES", "--key-file", "The keys for making tokens, one per line; see glassbox token."},
    {"EXAMPLES", "glassbox serve", "On http://127.0.0.1:8000, for this machine alone."},
    {"EXAMPLES", "glassbox serve --store .glassbox --keep slow=250ms,errors",
     "Keep the traces of requests that take long or fail."},
    {"EXAMPLES", "glassbox serve --host 0.0.0.0 --cert chain.pem --key key.pem --key-file glassbox.keys",
     "With TLS, for other machines; who wants a trace needs a token."},
    {0},
};

const gbxi_command gbxi_command_serve = {
    .name = "serve",
    .summary = "Serve the graph service",
    .synopsis = {"[OPTION...]"},
    .description =
        "Serves the graph service. Every graph route is also available under /full, /summary and /speedscope. The "
        "first line on standard output states the address.",
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
        .allowed_hosts = options->allow_host.count != 0 ? options->allow_host.items : NULL,
        .max_connections = options->max_connections,
        .request_timeout_s = options->request_timeout_s,
        .http2 = options->http2,
    };
}

bool gbxi_serve_options_record(const gbxi_serve_options *options, gbxi_recording_options *recording)
{
    *recording = (gbxi_recording_options){
        .rules = {.size = sizeof(recording->rules)},
        .store = {.size = sizeof(recording->store),
                  .directory = options->store,
                  .program = "glassbox serve",
                  .run_bytes = options->run_bytes,
                  .run_ns = options->run_time_s * GBXI_NS_PER_S,
                  .keep_runs = options->keep_runs,
                  .keep_bytes = options->keep_bytes,
                  .keep_age_ns = options->keep_age_s * GBXI_NS_PER_S},
    };
    return options->store != NULL &&
           gbx_recorder_rules_read(options->keep, &recording->rules, NULL) == GBX_ERR_OK; /* they were checked */
}
