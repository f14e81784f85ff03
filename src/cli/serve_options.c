/* SPDX-License-Identifier: MIT */
/* Parses the command line of glassbox serve. */
#define _GNU_SOURCE
#include "cli/serve_options.h"
#include "cli/size.h"
#include <getopt.h>
#include <string.h>

const char gbxi_serve_usage[] =
    "usage: glassbox serve [OPTION...]\n"
    "\n"
    "Serves the graph service, with every graph route mirrored under /full, /summary and /speedscope.\n"
    "The first line on standard output tells where it listens. SIGTERM and SIGINT finish what is in\n"
    "flight and exit 0; a second one exits at once.\n"
    "\n"
    "  --host HOST             name or address to listen on (default 127.0.0.1)\n"
    "  --port PORT             port to listen on, 0 for a free one (default 8000)\n"
    "  --threads N             event loops (default: one per CPU)\n"
    "  --workers N             threads for graph requests with large bodies, at a lower priority (default: one per\n"
    "                          CPU, less one for the event loops)\n"
    "  --queue N               such requests that may wait for a worker, 503 beyond (default 64)\n"
    "  --slow-clients N        that may take their time with a large answer without keeping a worker from the next\n"
    "                          request; 0: each keeps its worker (default 8)\n"
    "  --inline-body SIZE      a larger body goes to a worker; 0: every graph request does (default 64K)\n"
    "  --cert FILE --key FILE  serve TLS with this certificate chain and private key (PEM)\n"
    "  --key-file FILE         capturing needs a token made with a key of this file: see glassbox token;\n"
    "                          SIGHUP reads the file again\n"
    "  --allow-open-capture    without --key-file, let everyone capture who can reach the server, also from\n"
    "                          other machines (default: on a loopback address only)\n"
    "  --max-body SIZE         largest request body, in bytes or with K, M or G (default 32M)\n"
    "  --max-connections N     at the same time; further ones wait for a place (default 10000)\n"
    "  --request-timeout SECONDS  for a request to arrive, and an answer to be taken; a large one waits no longer\n"
    "                          for its client, all in all, and is broken off (default 30)\n"
    "  --capture on|off        whether capturing is on at the start; SIGUSR1 turns it off, SIGUSR2 on;\n"
    "                          off, the traced routes answer with no trace (default on)\n"
    "  --max-captures N        under way at the same time, 429 beyond (default 64)\n"
    "  --captures-per-second N  on average, as many at once, 429 beyond (default: no limit)\n"
    "  --max-capture-time SECONDS  then a trace ends, truncated, and its request goes on (default 60)\n"
    "  --capture-memory SIZE   that all captures record into, 503 beyond (default 1G)\n"
    "  --redact KEY            notes with this key come out as [redacted]; a final * stands for any rest;\n"
    "                          may be given many times\n"
    "  --redact-names          spans bear their functions' names instead of those made of data\n"
    "  --redact-reasons        failures come out without their reasons\n"
    "  --stop-timeout SECONDS  how long to wait for requests in flight on a stop (default 30)\n"
    "  --help                  show this\n";

enum option_id {
    OPTION_HOST = 256,
    OPTION_PORT,
    OPTION_THREADS,
    OPTION_WORKERS,
    OPTION_QUEUE,
    OPTION_SLOW_CLIENTS,
    OPTION_INLINE_BODY,
    OPTION_CERT,
    OPTION_KEY,
    OPTION_KEY_FILE,
    OPTION_ALLOW_OPEN_CAPTURE,
    OPTION_MAX_BODY,
    OPTION_MAX_CONNECTIONS,
    OPTION_REQUEST_TIMEOUT,
    OPTION_CAPTURE,
    OPTION_MAX_CAPTURES,
    OPTION_CAPTURES_PER_SECOND,
    OPTION_MAX_CAPTURE_TIME,
    OPTION_CAPTURE_MEMORY,
    OPTION_REDACT,
    OPTION_REDACT_NAMES,
    OPTION_REDACT_REASONS,
    OPTION_STOP
};

static const struct option long_options[] = {
    {"host", required_argument, NULL, OPTION_HOST},
    {"port", required_argument, NULL, OPTION_PORT},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"workers", required_argument, NULL, OPTION_WORKERS},
    {"queue", required_argument, NULL, OPTION_QUEUE},
    {"slow-clients", required_argument, NULL, OPTION_SLOW_CLIENTS},
    {"inline-body", required_argument, NULL, OPTION_INLINE_BODY},
    {"cert", required_argument, NULL, OPTION_CERT},
    {"key", required_argument, NULL, OPTION_KEY},
    {"key-file", required_argument, NULL, OPTION_KEY_FILE},
    {"allow-open-capture", no_argument, NULL, OPTION_ALLOW_OPEN_CAPTURE},
    {"max-body", required_argument, NULL, OPTION_MAX_BODY},
    {"max-connections", required_argument, NULL, OPTION_MAX_CONNECTIONS},
    {"request-timeout", required_argument, NULL, OPTION_REQUEST_TIMEOUT},
    {"capture", required_argument, NULL, OPTION_CAPTURE},
    {"max-captures", required_argument, NULL, OPTION_MAX_CAPTURES},
    {"captures-per-second", required_argument, NULL, OPTION_CAPTURES_PER_SECOND},
    {"max-capture-time", required_argument, NULL, OPTION_MAX_CAPTURE_TIME},
    {"capture-memory", required_argument, NULL, OPTION_CAPTURE_MEMORY},
    {"redact", required_argument, NULL, OPTION_REDACT},
    {"redact-names", no_argument, NULL, OPTION_REDACT_NAMES},
    {"redact-reasons", no_argument, NULL, OPTION_REDACT_REASONS},
    {"stop-timeout", required_argument, NULL, OPTION_STOP},
    {"help", no_argument, NULL, 'h'},
    {0},
};

static gbx_err refuse(gbx_error *error, const char *what, const char *value)
{
    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s '%s'", what, value);
}

/* getopt names an unknown letter, which may stand among others, in optopt; a long option it leaves to be seen in argv.
 */
static gbx_err refuse_unknown(const char *argument, gbx_error *error)
{
    const char letter[] = {'-', (char)optopt, '\0'};

    return refuse(error, "unknown option", argument[0] == '-' && argument[1] == '-' ? argument : letter);
}

/* A number with its range; `what` says both in the error. */
static gbx_err parse_number(uint32_t min, uint32_t max, const char *what, uint32_t *number, gbx_error *error)
{
    uint64_t value;

    if (!gbxi_number_parse(optarg, min, max, &value))
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s from %u to %u, not '%s'", what, min, max, optarg);
    *number = (uint32_t)value;
    return GBX_ERR_OK;
}

static gbx_err parse_port(uint16_t *port, gbx_error *error)
{
    uint32_t number = 0;
    gbx_err result = parse_number(0, UINT16_MAX, "--port takes a number", &number, error);

    if (result == GBX_ERR_OK)
        *port = (uint16_t)number;
    return result;
}

static gbx_err parse_size(const char *option, size_t *bytes, gbx_error *error)
{
    if (gbxi_size_parse(optarg, bytes))
        return GBX_ERR_OK;
    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s takes a number of bytes, or one with K, M or G, not '%s'",
                         option, optarg);
}

/* Zero is an answer here, and all the more so. */
static gbx_err parse_inline_body(size_t *bytes, gbx_error *error)
{
    if (strcmp(optarg, "0") != 0)
        return parse_size("--inline-body", bytes, error);
    *bytes = GBXI_SERVER_INLINE_NONE;
    return GBX_ERR_OK;
}

static gbx_err parse_slow_clients(uint32_t *count, gbx_error *error)
{
    gbx_err err = parse_number(0, GBXI_SERVER_SLOW_CLIENTS_MAX, "--slow-clients takes a number", count, error);

    if (err == GBX_ERR_OK && *count == 0)
        *count = GBXI_SERVER_SLOW_CLIENTS_NONE;
    return err;
}

static gbx_err parse_switch(bool *off, gbx_error *error)
{
    *off = strcmp(optarg, "off") == 0;
    return *off || strcmp(optarg, "on") == 0 ? GBX_ERR_OK : refuse(error, "--capture takes on or off, not", optarg);
}

static gbx_err parse_capture_time(uint32_t *max_ms, gbx_error *error)
{
    uint32_t seconds = 0;
    gbx_err result = parse_number(1, 86400, "--max-capture-time takes a number of seconds", &seconds, error);

    *max_ms = 1000 * seconds;
    return result;
}

/* What is captured, and how much of it. */
static gbx_err take_capture(int id, gbxi_serve_options *options, gbx_error *error)
{
    switch (id) {
    case OPTION_CAPTURE:
        return parse_switch(&options->capture_off, error);
    case OPTION_MAX_CAPTURES:
        return parse_number(1, 1000000, "--max-captures takes a number", &options->limits.max_captures, error);
    case OPTION_CAPTURES_PER_SECOND:
        return parse_number(1, 1000000, "--captures-per-second takes a number", &options->limits.captures_per_second,
                            error);
    case OPTION_MAX_CAPTURE_TIME:
        return parse_capture_time(&options->limits.max_capture_ms, error);
    default:
        return parse_size("--capture-memory", &options->capture_memory_bytes, error);
    }
}

/* What stays out of traces. */
static gbx_err take_redaction(int id, gbxi_serve_options *options, gbx_error *error)
{
    size_t count = 0;

    options->server.redaction = &options->redaction;
    options->redaction.size = sizeof(options->redaction);
    options->redaction.keys = options->redacted_keys;
    if (id == OPTION_REDACT_NAMES)
        options->redaction.names = true;
    if (id == OPTION_REDACT_REASONS)
        options->redaction.reasons = true;
    if (id != OPTION_REDACT)
        return GBX_ERR_OK;
    if (optarg[0] == '\0')
        return refuse(error, "--redact needs a key, not", optarg);
    while (options->redacted_keys[count] != NULL)
        ++count;
    if (count == GBXI_REDACTED_KEYS_MAX)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "at most %d keys to redact", GBXI_REDACTED_KEYS_MAX);
    options->redacted_keys[count] = optarg;
    return GBX_ERR_OK;
}

/* The threads, and what they do. */
static gbx_err take_threads(int id, gbxi_server_options *server, gbx_error *error)
{
    switch (id) {
    case OPTION_THREADS:
        return parse_number(1, GBXI_SERVER_THREADS_MAX, "--threads takes a number", &server->threads, error);
    case OPTION_WORKERS:
        return parse_number(1, GBXI_SERVER_WORKERS_MAX, "--workers takes a number", &server->workers, error);
    case OPTION_QUEUE:
        return parse_number(1, 1000000, "--queue takes a number", &server->queue, error);
    case OPTION_SLOW_CLIENTS:
        return parse_slow_clients(&server->slow_clients, error);
    default:
        return parse_inline_body(&server->inline_body_bytes, error);
    }
}

static gbx_err take(int id, char **argv, gbxi_serve_options *options, gbx_error *error)
{
    switch (id) {
    case OPTION_HOST:
        options->server.host = optarg;
        return optarg[0] != '\0' ? GBX_ERR_OK : refuse(error, "--host needs a name or an address, not", optarg);
    case OPTION_PORT:
        return parse_port(&options->server.port, error);
    case OPTION_THREADS:
    case OPTION_WORKERS:
    case OPTION_QUEUE:
    case OPTION_SLOW_CLIENTS:
    case OPTION_INLINE_BODY:
        return take_threads(id, &options->server, error);
    case OPTION_CERT:
        options->server.cert_file = optarg;
        return GBX_ERR_OK;
    case OPTION_KEY:
        options->server.key_file = optarg;
        return GBX_ERR_OK;
    case OPTION_KEY_FILE:
        options->server.token_key_file = optarg;
        return GBX_ERR_OK;
    case OPTION_ALLOW_OPEN_CAPTURE:
        options->server.allow_open_capture = true;
        return GBX_ERR_OK;
    case OPTION_MAX_BODY:
        return parse_size("--max-body", &options->server.max_body_bytes, error);
    case OPTION_MAX_CONNECTIONS:
        return parse_number(1, 1000000, "--max-connections takes a number", &options->server.max_connections, error);
    case OPTION_REQUEST_TIMEOUT:
        return parse_number(1, GBXI_SERVER_REQUEST_TIMEOUT_S_MAX, "--request-timeout takes a number of seconds",
                            &options->server.request_timeout_s, error);
    case OPTION_CAPTURE:
    case OPTION_MAX_CAPTURES:
    case OPTION_CAPTURES_PER_SECOND:
    case OPTION_MAX_CAPTURE_TIME:
    case OPTION_CAPTURE_MEMORY:
        return take_capture(id, options, error);
    case OPTION_REDACT:
    case OPTION_REDACT_NAMES:
    case OPTION_REDACT_REASONS:
        return take_redaction(id, options, error);
    case OPTION_STOP:
        return parse_number(0, 3600, "--stop-timeout takes a number of seconds", &options->stop_timeout_s, error);
    case 'h':
        options->help = true;
        return GBX_ERR_OK;
    case ':':
        return refuse(error, "a value is missing after", argv[optind - 1]);
    default:
        return refuse_unknown(argv[optind - 1], error);
    }
}

gbx_err gbxi_serve_options_parse(int argc, char **argv, gbxi_serve_options *options, gbx_error *error)
{
    gbx_err result = GBX_ERR_OK;
    int id;

    *options = (gbxi_serve_options){.server = {.host = "127.0.0.1", .port = 8000}, .stop_timeout_s = 30};
    optind = 0; /* glibc's way of starting over */
    opterr = 0;
    while (result == GBX_ERR_OK && (id = getopt_long(argc, argv, ":h", long_options, NULL)) != -1)
        result = take(id, argv, options, error);
    if (result != GBX_ERR_OK || options->help)
        return result;
    if (optind != argc)
        return refuse(error, "unexpected", argv[optind]);
    if ((options->server.cert_file == NULL) != (options->server.key_file == NULL))
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "--cert and --key go together");
    if (options->server.token_key_file != NULL && options->server.allow_open_capture)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL,
                             "--key-file and --allow-open-capture contradict each other");
    return GBX_ERR_OK;
}
