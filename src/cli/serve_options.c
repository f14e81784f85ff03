/* SPDX-License-Identifier: MIT */
/* Parses the command line of glassbox serve. */
#define _GNU_SOURCE
#include "cli/serve_options.h"
#include "cli/size.h"
#include <getopt.h>

const char gbx__serve_usage[] =
    "usage: glassbox serve [OPTION...]\n"
    "\n"
    "Serves the graph service, with every graph route mirrored under /full, /summary and /speedscope.\n"
    "The first line on standard output tells where it listens. SIGTERM and SIGINT finish what is in\n"
    "flight and exit 0; a second one exits at once.\n"
    "\n"
    "  --host HOST             name or address to listen on (default 127.0.0.1)\n"
    "  --port PORT             port to listen on, 0 for a free one (default 8000)\n"
    "  --threads N             event loops (default: one per CPU)\n"
    "  --cert FILE --key FILE  serve TLS with this certificate chain and private key (PEM)\n"
    "  --max-body SIZE         largest request body, in bytes or with K, M or G (default 32M)\n"
    "  --stop-timeout SECONDS  how long to wait for requests in flight on a stop (default 30)\n"
    "  --help                  show this\n";

enum option_id {
    OPTION_HOST = 256,
    OPTION_PORT,
    OPTION_THREADS,
    OPTION_CERT,
    OPTION_KEY,
    OPTION_MAX_BODY,
    OPTION_STOP
};

static const struct option long_options[] = {
    {"host", required_argument, NULL, OPTION_HOST},
    {"port", required_argument, NULL, OPTION_PORT},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"cert", required_argument, NULL, OPTION_CERT},
    {"key", required_argument, NULL, OPTION_KEY},
    {"max-body", required_argument, NULL, OPTION_MAX_BODY},
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

    if (!gbx__number_parse(optarg, min, max, &value))
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

static gbx_err take(int id, char **argv, gbx__serve_options *options, gbx_error *error)
{
    switch (id) {
    case OPTION_HOST:
        options->server.host = optarg;
        return optarg[0] != '\0' ? GBX_ERR_OK : refuse(error, "--host needs a name or an address, not", optarg);
    case OPTION_PORT:
        return parse_port(&options->server.port, error);
    case OPTION_THREADS:
        return parse_number(1, GBX_SERVER_THREADS_MAX, "--threads takes a number", &options->server.threads, error);
    case OPTION_CERT:
        options->server.cert_file = optarg;
        return GBX_ERR_OK;
    case OPTION_KEY:
        options->server.key_file = optarg;
        return GBX_ERR_OK;
    case OPTION_MAX_BODY:
        return gbx__size_parse(optarg, &options->server.max_body_bytes)
                   ? GBX_ERR_OK
                   : refuse(error, "--max-body takes a number of bytes, or one with K, M or G, not", optarg);
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

gbx_err gbx__serve_options_parse(int argc, char **argv, gbx__serve_options *options, gbx_error *error)
{
    gbx_err result = GBX_ERR_OK;
    int id;

    *options = (gbx__serve_options){.server = {.host = "127.0.0.1", .port = 8000}, .stop_timeout_s = 30};
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
    return GBX_ERR_OK;
}
