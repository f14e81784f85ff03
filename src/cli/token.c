/* SPDX-License-Identifier: MIT */
/* glassbox token: makes the tokens that let their bearer capture, and the keys that such tokens are made with. */
#define _GNU_SOURCE
#include "permission/token.h"
#include "cli/command.h"
#include "cli/size.h"
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EXPIRES_S_MAX ((uint64_t)365 * 24 * 60 * 60)
enum { EXPIRES_S_DEFAULT = 600, MAX_SPANS_MAX = 5000000, USES_MAX = 1000000000 };

static const char usage[] =
    "usage: glassbox token --key-file FILE --path PATH [OPTION...]\n"
    "       glassbox token --new-key\n"
    "\n"
    "Prints a token. Whoever sends it, as 'Authorization: Bearer TOKEN', may capture requests to\n"
    "PATH and everything below it on a server that runs with the same --key-file.\n"
    "\n"
    "  --key-file FILE     the keys, one a line, id:secret; the first one makes the token\n"
    "  --path PATH         what it is good for: /graph covers /graph and /graph/x, not /graphics; / is all\n"
    "  --expires DURATION  how long it is good, as in 30s, 10m, 12h or 7d, 365d at most (default 10m)\n"
    "  --max-spans N       the most spans a capture may ask for, 1 to 5000000 (default: what trace_config may)\n"
    "  --uses N            how many captures it is good for (default: any number); the server counts\n"
    "                      them in memory, so a restart forgets them\n"
    "  --new-key           print a new key instead, as a line for a key file\n"
    "  --help              show this\n"
    "\n"
    "A key file is for its owner's eyes only, or it is refused:\n"
    "  (umask 077; glassbox token --new-key > glassbox.keys)\n"
    "To rotate keys, put a new line first, send the server SIGHUP, and take the old line out when the last\n"
    "token made with it has expired.\n";

struct wish {
    const char *key_file;
    bool has_path, new_key, help;
    uint64_t expires_in_s;
    gbxi_token token; /* its path and its limits */
};

enum option_id { OPTION_KEY_FILE = 256, OPTION_PATH, OPTION_EXPIRES, OPTION_MAX_SPANS, OPTION_USES, OPTION_NEW_KEY };

static const struct option long_options[] = {
    {"key-file", required_argument, NULL, OPTION_KEY_FILE},
    {"path", required_argument, NULL, OPTION_PATH},
    {"expires", required_argument, NULL, OPTION_EXPIRES},
    {"max-spans", required_argument, NULL, OPTION_MAX_SPANS},
    {"uses", required_argument, NULL, OPTION_USES},
    {"new-key", no_argument, NULL, OPTION_NEW_KEY},
    {"help", no_argument, NULL, 'h'},
    {0},
};

static gbx_err refuse(gbx_error *error, const char *what, const char *value)
{
    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s '%s'", what, value);
}

static gbx_err parse_limit(uint32_t max, const char *option, uint32_t *limit, gbx_error *error)
{
    uint64_t value;

    if (!gbxi_number_parse(optarg, 1, max, &value))
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s takes a number from 1 to %u, not '%s'", option, max,
                             optarg);
    *limit = (uint32_t)value;
    return GBX_ERR_OK;
}

static gbx_err take(int id, const char *argument, struct wish *wish, gbx_error *error)
{
    const char letter[] = {'-', (char)optopt, '\0'};

    switch (id) {
    case OPTION_KEY_FILE:
        wish->key_file = optarg;
        return GBX_ERR_OK;
    case OPTION_PATH:
        wish->has_path = true;
        return gbxi_token_path_set(&wish->token, optarg, error);
    case OPTION_EXPIRES:
        return gbxi_duration_parse(optarg, 1, EXPIRES_S_MAX, &wish->expires_in_s)
                   ? GBX_ERR_OK
                   : refuse(error, "--expires takes a duration such as 30s, 10m, 12h or 7d, 365d at most, not", optarg);
    case OPTION_MAX_SPANS:
        return parse_limit(MAX_SPANS_MAX, "--max-spans", &wish->token.max_spans, error);
    case OPTION_USES:
        return parse_limit(USES_MAX, "--uses", &wish->token.uses, error);
    case OPTION_NEW_KEY:
        wish->new_key = true;
        return GBX_ERR_OK;
    case 'h':
        wish->help = true;
        return GBX_ERR_OK;
    case ':':
        return refuse(error, "a value is missing after", argument);
    default:
        return refuse(error, "unknown option", argument[0] == '-' && argument[1] == '-' ? argument : letter);
    }
}

static gbx_err parse(int argc, char **argv, struct wish *wish, gbx_error *error)
{
    gbx_err result = GBX_ERR_OK;
    int id;

    *wish = (struct wish){.expires_in_s = EXPIRES_S_DEFAULT};
    optind = 0; /* glibc's way of starting over */
    opterr = 0;
    while (result == GBX_ERR_OK && (id = getopt_long(argc, argv, ":h", long_options, NULL)) != -1)
        result = take(id, argv[optind - 1], wish, error);
    if (result != GBX_ERR_OK || wish->help)
        return result;
    if (optind != argc)
        return refuse(error, "unexpected", argv[optind]);
    if (wish->new_key)
        return argc == 2 ? GBX_ERR_OK
                         : gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "--new-key goes with no other option");
    if (wish->key_file == NULL || !wish->has_path)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s is missing",
                             wish->key_file == NULL ? "--key-file" : "--path");
    return GBX_ERR_OK;
}

static gbx_err print_key(gbx_error *error)
{
    char line[GBXI_KEY_LINE_SIZE];
    gbxi_key key;
    gbx_err result = gbxi_key_generate(&key, error);

    if (result != GBX_ERR_OK)
        return result;
    gbxi_key_format(&key, line);
    puts(line);
    return GBX_ERR_OK;
}

static gbx_err print_token(struct wish *wish, gbx_error *error)
{
    char text[GBXI_TOKEN_TEXT_LENGTH_MAX + 1];
    gbxi_keys keys = {0};
    gbx_err result;

    wish->token.expires_s = (uint64_t)time(NULL) + wish->expires_in_s;
    if ((result = gbxi_keys_load(wish->key_file, &keys, error)) == GBX_ERR_OK &&
        (result = gbxi_token_id_draw(&wish->token, error)) == GBX_ERR_OK &&
        (result = gbxi_token_seal(&wish->token, &keys.keys[0], text, error)) == GBX_ERR_OK)
        puts(text);
    gbxi_keys_fini(&keys);
    return result;
}

static int run(int argc, char **argv)
{
    struct wish wish;
    gbx_error error = {0};

    if (parse(argc, argv, &wish, &error) != GBX_ERR_OK) {
        fprintf(stderr, "glassbox token: %s\n", error.text);
        return GBXI_EXIT_USAGE;
    }
    if (wish.help) {
        printf("%s", usage);
        return EXIT_SUCCESS;
    }
    if ((wish.new_key ? print_key(&error) : print_token(&wish, &error)) != GBX_ERR_OK) {
        fprintf(stderr, "glassbox token: %s\n", error.text);
        return GBXI_EXIT_FAILURE;
    }
    /* A token that did not arrive whole is none: a full disk must not look like success. */
    if (fflush(stdout) != 0) {
        fprintf(stderr, "glassbox token: cannot write: %s\n", strerror(errno));
        return GBXI_EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

const gbxi_command gbxi_command_token = {"token", "Make a token that permits to capture", usage, run};
