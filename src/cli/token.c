/* SPDX-License-Identifier: MIT */
/* glassbox token: creates the tokens that permit capturing, reading and operating, and the keys for such tokens. */
#define _GNU_SOURCE
#include "permission/token.h"
#include "capture/budget.h"
#include "cli/command.h"
#include <stdio.h>
#include <time.h>

#define EXPIRES_S_MAX ((uint64_t)365 * 24 * 60 * 60)
enum { EXPIRES_S_DEFAULT = 600, USES_MAX = 1000000000, FILE_NAME_BYTES_MAX = 4095 };

typedef struct token_options {
    const char *key_file, *path, *allow;
    uint64_t expires_in_s;
    uint32_t max_spans, uses;
    bool new_key;
} token_options;

static gbx_err check_purposes(const char *text, gbx_error *error)
{
    uint8_t ignored;

    return gbxi_purposes_read(text, &ignored, error);
}

static const gbxi_cli_option token_rows[] = {
    {"key-file", GBXI_FILE(token_options, key_file), .max = FILE_NAME_BYTES_MAX, .value = "FILE", .required = true,
     .help = "Key file with one key per line as id:secret. The token is made with the first key."},
    {"path", GBXI_TEXT(token_options, path), .max = FILE_NAME_BYTES_MAX, .value = "PATH",
     .unset = "/ if --allow is without capture",
     .help = "Path that the token is valid for. /graph covers /graph and /graph/x, but not /graphics; / covers "
             "everything. A token for capturing needs it."},
    {"allow", GBXI_TEXT(token_options, allow), .max = FILE_NAME_BYTES_MAX, .value = "PURPOSES", .text = "capture",
     .check = check_purposes, .word_at = gbxi_purpose_name,
     .help = "What the token permits, separated by commas: capture (the trace of a request), read (metrics, states and "
             "stored traces), operate (changes, and who made them)."},
    {"expires", GBXI_DURATION(token_options, expires_in_s), .min = 1, .max = EXPIRES_S_MAX, .value = "DURATION",
     .number = EXPIRES_S_DEFAULT, .help = "Time for which the token is valid, such as 30s, 10m, 12h or 7d."},
    {"max-spans", GBXI_NUMBER(token_options, max_spans), .min = 1, .max = GBXI_MAX_SPANS_MAX, .value = "N",
     .unset = "the limit of trace_config", .help = "Maximum number of spans that a capture may request."},
    {"uses", GBXI_NUMBER(token_options, uses), .min = 1, .max = USES_MAX, .value = "N", .unset = "any number",
     .help =
         "Maximum number of requests with the token. The server counts them in memory, so a restart resets the count."},
    {"new-key", GBXI_FLAG(token_options, new_key), .alone = true,
     .help = "Print a new key instead, as a line for a key file."},
};

static gbx_err print_key(gbx_error *error)
{
    char line[GBXI_KEY_LINE_SIZE];
    gbxi_key key;
    gbx_err err = gbxi_key_generate(&key, error);

    if (err != GBX_ERR_OK)
        return err;
    gbxi_key_format(&key, line);
    puts(line);
    return GBX_ERR_OK;
}

/* What a token for capturing may reach is a decision. What else there is has one path. */
static gbx_err set_path(const token_options *options, gbxi_token *token, gbx_error *error)
{
    if (options->path == NULL && (token->purposes & GBXI_PURPOSE_CAPTURE) != 0)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "--path is missing");
    return gbxi_token_path_set(token, options->path != NULL ? options->path : "/", error);
}

static gbx_err print_token(const token_options *options, gbx_error *error)
{
    char text[GBXI_TOKEN_TEXT_LENGTH_MAX + 1];
    gbxi_token token = {.max_spans = options->max_spans, .uses = options->uses};
    gbxi_keys keys = {0};
    gbx_err err;

    token.expires_s = (uint64_t)time(NULL) + options->expires_in_s;
    if ((err = gbxi_purposes_read(options->allow, &token.purposes, error)) == GBX_ERR_OK &&
        (err = set_path(options, &token, error)) == GBX_ERR_OK &&
        (err = gbxi_keys_load(options->key_file, &keys, error)) == GBX_ERR_OK &&
        (err = gbxi_token_id_draw(&token, error)) == GBX_ERR_OK &&
        (err = gbxi_token_seal(&token, &keys.keys[0], text, error)) == GBX_ERR_OK)
        puts(text);
    gbxi_keys_fini(&keys);
    return err;
}

static int token_run(const void *values)
{
    const token_options *options = values;
    gbx_error error = {0};
    gbx_err err = options->new_key ? print_key(&error) : print_token(options, &error);

    return gbxi_command_status("token", err, &error);
}

static const gbxi_manual_entry token_manual[] = {
    {"KEY FILES", NULL,
     "A key file is refused unless only its owner can read it: (umask 077; glassbox token --new-key > "
     "glassbox.keys)"},
    {"KEY FILES", NULL,
     "To rotate keys, insert a new first line, send SIGHUP to the server, and remove the old line when the last token "
     "made "
     "with it has expired."},
    {"EXAMPLES", "glassbox token --new-key", "A line for a key file."},
    {"EXAMPLES", "glassbox token --key-file glassbox.keys --path /graph --expires 1h", "A token for an hour."},
    {"EXAMPLES", "glassbox token --key-file glassbox.keys --allow read --expires 30d",
     "A token with which a monitoring system reads the metrics."},
    {0},
};

const gbxi_command gbxi_command_token = {
    .name = "token",
    .summary = "Make a token that permits capturing, reading or operating",
    .synopsis = {"--key-file FILE --path PATH [OPTION...]", "--key-file FILE --allow read,operate [OPTION...]",
                 "--new-key"},
    .description =
        "Prints a token. A client that sends it as 'Authorization: Bearer TOKEN' may do what --allow says at PATH and "
        "all paths below it on a server that runs with the same --key-file.",
    GBXI_COMMAND_OPTIONS(token_rows, token_options),
    .manual = token_manual,
    .prints_result = true,
    .run = token_run,
};
