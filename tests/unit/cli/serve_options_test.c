/* SPDX-License-Identifier: MIT */
/* The command line of glassbox serve: what it sets, and which argument it blames. */
#include "cli/serve_options.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ARGUMENTS_MAX = 32 };

/* Parses a line whose words are divided by single spaces; the words stay until the next call. */
static gbx_err parse(const char *line, gbxi_serve_options *options, gbx_error *error)
{
    static char words[512];
    char *argv[ARGUMENTS_MAX + 1] = {NULL};
    int argc = 0;

    strncpy(words, line, sizeof(words) - 1);
    for (char *word = strtok(words, " "); word != NULL && argc != ARGUMENTS_MAX; word = strtok(NULL, " "))
        argv[argc++] = word;
    return gbxi_serve_options_parse(argc, argv, options, error);
}

static void no_arguments_mean_the_documented_defaults(void **state)
{
    gbxi_serve_options options;
    gbx_error error;

    (void)state;
    assert_int_equal(parse("serve", &options, &error), GBX_ERR_OK);
    assert_string_equal(options.server.host, "127.0.0.1");
    assert_int_equal(options.server.port, 8000);
    assert_int_equal(options.server.threads, 0);
    assert_int_equal(options.server.workers, 0);
    assert_int_equal(options.server.queue, 0);
    assert_int_equal(options.server.slow_clients, 0);
    assert_int_equal(options.server.inline_body_bytes, 0);
    assert_int_equal(options.server.max_body_bytes, 0);
    assert_int_equal(options.server.max_connections, 0);
    assert_int_equal(options.server.request_timeout_s, 0);
    assert_null(options.server.cert_file);
    assert_null(options.server.key_file);
    assert_int_equal(options.stop_timeout_s, 30);
    assert_false(options.help);
}

static void every_option_sets_its_field(void **state)
{
    gbxi_serve_options options;
    gbx_error error;

    (void)state;
    assert_int_equal(
        parse("serve --host ::1 --port=0 --threads 7 --cert c.pem --key k.pem --max-body=5M "
              "--stop-timeout 2 --max-connections 9 --request-timeout=3 --workers=11 --queue=12 --inline-body=13K "
              "--slow-clients 14",
              &options, &error),
        GBX_ERR_OK);
    assert_string_equal(options.server.host, "::1");
    assert_int_equal(options.server.port, 0);
    assert_int_equal(options.server.threads, 7);
    assert_string_equal(options.server.cert_file, "c.pem");
    assert_string_equal(options.server.key_file, "k.pem");
    assert_int_equal(options.server.max_body_bytes, 5 << 20);
    assert_int_equal(options.server.max_connections, 9);
    assert_int_equal(options.server.request_timeout_s, 3);
    assert_int_equal(options.stop_timeout_s, 2);
    assert_int_equal(options.server.workers, 11);
    assert_int_equal(options.server.queue, 12);
    assert_int_equal(options.server.slow_clients, 14);
    assert_int_equal(options.server.inline_body_bytes, 13 << 10);
}

static void no_body_is_small_enough_for_the_loops_when_they_take_none(void **state)
{
    gbxi_serve_options options;
    gbx_error error;

    (void)state;
    assert_int_equal(parse("serve --inline-body 0", &options, &error), GBX_ERR_OK);
    assert_int_equal(options.server.inline_body_bytes, GBXI_SERVER_INLINE_NONE);
}

static void no_client_may_be_slow_when_none_is_said(void **state)
{
    gbxi_serve_options options;
    gbx_error error;

    (void)state;
    assert_int_equal(parse("serve --slow-clients 0", &options, &error), GBX_ERR_OK);
    assert_int_equal(options.server.slow_clients, GBXI_SERVER_SLOW_CLIENTS_NONE);
}

static void redactions_add_up(void **state)
{
    gbxi_serve_options options;
    gbx_error error;

    (void)state;
    assert_int_equal(parse("serve", &options, &error), GBX_ERR_OK);
    assert_null(options.server.redaction);
    assert_int_equal(parse("serve --redact password --redact-reasons --redact=user.*", &options, &error), GBX_ERR_OK);
    assert_ptr_equal(options.server.redaction, &options.redaction);
    assert_string_equal(options.redaction.keys[0], "password");
    assert_string_equal(options.redaction.keys[1], "user.*");
    assert_null(options.redaction.keys[2]);
    assert_true(options.redaction.reasons && !options.redaction.names);
    assert_int_equal(parse("serve --redact-names", &options, &error), GBX_ERR_OK);
    assert_true(options.server.redaction->names && !options.redaction.reasons);
    assert_null(options.redaction.keys[0]);
    assert_int_equal(parse("serve --redact=", &options, &error), GBX_ERR_ARGUMENT);
    assert_non_null(strstr(error.text, "--redact"));
}

static void a_key_too_many_to_redact_is_refused(void **state)
{
    char name[] = "serve", option[] = "--redact=x";
    char *argv[GBXI_REDACTED_KEYS_MAX + 3] = {name};
    gbxi_serve_options options;
    gbx_error error;

    (void)state;
    for (int i = 1; i <= GBXI_REDACTED_KEYS_MAX + 1; ++i)
        argv[i] = option;
    assert_int_equal(gbxi_serve_options_parse(GBXI_REDACTED_KEYS_MAX + 1, argv, &options, &error), GBX_ERR_OK);
    assert_null(options.redaction.keys[GBXI_REDACTED_KEYS_MAX]);
    assert_int_equal(gbxi_serve_options_parse(GBXI_REDACTED_KEYS_MAX + 2, argv, &options, &error), GBX_ERR_ARGUMENT);
    assert_non_null(strstr(error.text, "at most 100"));
}

static void capturing_is_on_and_within_the_default_limits_unless_told_otherwise(void **state)
{
    gbxi_serve_options options;
    gbx_error error;

    (void)state;
    assert_int_equal(parse("serve --capture on", &options, &error), GBX_ERR_OK);
    assert_false(options.capture_off);
    assert_int_equal(options.limits.max_captures, 0);
    assert_int_equal(options.limits.captures_per_second, 0);
    assert_int_equal(options.limits.max_capture_ms, 0);
    assert_int_equal(options.capture_memory_bytes, 0);
    assert_int_equal(parse("serve --capture off --max-captures 3 --captures-per-second 4 --max-capture-time 5 "
                           "--capture-memory 6M",
                           &options, &error),
                     GBX_ERR_OK);
    assert_true(options.capture_off);
    assert_int_equal(options.limits.max_captures, 3);
    assert_int_equal(options.limits.captures_per_second, 4);
    assert_int_equal(options.limits.max_capture_ms, 5000);
    assert_int_equal(options.capture_memory_bytes, 6 << 20);
}

static void capturing_is_open_only_when_said_in_full(void **state)
{
    gbxi_serve_options options;
    gbx_error error;

    (void)state;
    assert_int_equal(parse("serve", &options, &error), GBX_ERR_OK);
    assert_null(options.server.token_key_file);
    assert_false(options.server.allow_open_capture);
    assert_int_equal(parse("serve --allow-open-capture", &options, &error), GBX_ERR_OK);
    assert_true(options.server.allow_open_capture);
    assert_int_equal(parse("serve --key-file tokens.keys --key k.pem --cert c.pem", &options, &error), GBX_ERR_OK);
    assert_string_equal(options.server.token_key_file, "tokens.keys");
    assert_string_equal(options.server.key_file, "k.pem");
    assert_false(options.server.allow_open_capture);
}

static void nothing_is_left_of_the_parse_before(void **state)
{
    gbxi_serve_options options;
    gbx_error error;

    (void)state;
    assert_int_equal(parse("serve --port 1 --cert c.pem --key k.pem", &options, &error), GBX_ERR_OK);
    assert_int_equal(parse("serve --threads 2", &options, &error), GBX_ERR_OK);
    assert_int_equal(options.server.port, 8000);
    assert_null(options.server.cert_file);
}

static void help_wins_over_what_is_missing(void **state)
{
    gbxi_serve_options options;
    gbx_error error;

    (void)state;
    assert_int_equal(parse("serve --cert c.pem --help", &options, &error), GBX_ERR_OK);
    assert_true(options.help);
    assert_int_equal(parse("serve -h", &options, &error), GBX_ERR_OK);
    assert_true(options.help);
}

static void an_error_names_the_culprit(void **state)
{
    static const struct {
        const char *line, *text;
    } cases[] = {
        {"serve --bogus", "unknown option '--bogus'"},
        {"serve --port 1 --bogus=3 --host x", "unknown option '--bogus=3'"},
        {"serve -x", "unknown option '-x'"},
        {"serve -xh", "unknown option '-x'"},
        {"serve --port", "a value is missing after '--port'"},
        {"serve --port 65536", "--port takes a number from 0 to 65535, not '65536'"},
        {"serve --port -1", "--port takes a number from 0 to 65535, not '-1'"},
        {"serve --port 80a", "--port takes a number from 0 to 65535, not '80a'"},
        {"serve --threads 0", "--threads takes a number from 1 to 256, not '0'"},
        {"serve --threads 257", "--threads takes a number from 1 to 256, not '257'"},
        {"serve --workers 0", "--workers takes a number from 1 to 256, not '0'"},
        {"serve --queue 0", "--queue takes a number from 1 to 1000000, not '0'"},
        {"serve --slow-clients 257", "--slow-clients takes a number from 0 to 256, not '257'"},
        {"serve --inline-body -1", "--inline-body takes a number of bytes, or one with K, M or G, not '-1'"},
        {"serve --stop-timeout 3601", "--stop-timeout takes a number of seconds from 0 to 3600, not '3601'"},
        {"serve --max-connections 0", "--max-connections takes a number from 1 to 1000000, not '0'"},
        {"serve --request-timeout 0", "--request-timeout takes a number of seconds from 1 to 3600, not '0'"},
        {"serve --max-body 0", "--max-body takes a number of bytes, or one with K, M or G, not '0'"},
        {"serve --max-body 3T", "--max-body takes a number of bytes, or one with K, M or G, not '3T'"},
        {"serve --capture maybe", "--capture takes on or off, not 'maybe'"},
        {"serve --max-captures 0", "--max-captures takes a number from 1 to 1000000, not '0'"},
        {"serve --captures-per-second 0", "--captures-per-second takes a number from 1 to 1000000, not '0'"},
        {"serve --max-capture-time 86401", "--max-capture-time takes a number of seconds from 1 to 86400, not '86401'"},
        {"serve --capture-memory lots", "--capture-memory takes a number of bytes, or one with K, M or G, not 'lots'"},
        {"serve --host=", "--host needs a name or an address, not ''"},
        {"serve extra", "unexpected 'extra'"},
        {"serve --port 1 -- --host", "unexpected '--host'"},
        {"serve --key-file k --allow-open-capture", "--key-file and --allow-open-capture contradict each other"},
        {"serve --key-file", "a value is missing after '--key-file'"},
        {"serve --cert c.pem", "--cert and --key go together"},
        {"serve --key k.pem", "--cert and --key go together"},
    };

    (void)state;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        gbxi_serve_options options;
        gbx_error error = {0};
        assert_int_equal(parse(cases[i].line, &options, &error), GBX_ERR_ARGUMENT);
        assert_string_equal(error.text, cases[i].text);
    }
}

static void the_usage_names_every_option_with_its_default(void **state)
{
    static const char *const parts[] = {"--host HOST",
                                        "127.0.0.1",
                                        "--port PORT",
                                        "8000",
                                        "--threads N",
                                        "--workers N",
                                        "--queue N",
                                        "--slow-clients N",
                                        "--inline-body SIZE",
                                        "64K",
                                        "--cert FILE",
                                        "--key",
                                        "--max-body SIZE",
                                        "32M",
                                        "--help",
                                        "30",
                                        "SIGTERM",
                                        "--stop-timeout SECONDS",
                                        "--capture on|off",
                                        "SIGUSR1",
                                        "SIGUSR2",
                                        "--max-captures N",
                                        "64",
                                        "--captures-per-second N",
                                        "no limit",
                                        "--max-capture-time SECONDS",
                                        "60",
                                        "--capture-memory SIZE",
                                        "1G"};

    (void)state;
    for (size_t i = 0; i != sizeof(parts) / sizeof(parts[0]); ++i)
        assert_non_null(strstr(gbxi_serve_usage, parts[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_arguments_mean_the_documented_defaults),
        cmocka_unit_test(every_option_sets_its_field),
        cmocka_unit_test(no_body_is_small_enough_for_the_loops_when_they_take_none),
        cmocka_unit_test(no_client_may_be_slow_when_none_is_said),
        cmocka_unit_test(redactions_add_up),
        cmocka_unit_test(a_key_too_many_to_redact_is_refused),
        cmocka_unit_test(capturing_is_on_and_within_the_default_limits_unless_told_otherwise),
        cmocka_unit_test(capturing_is_open_only_when_said_in_full),
        cmocka_unit_test(nothing_is_left_of_the_parse_before),
        cmocka_unit_test(help_wins_over_what_is_missing),
        cmocka_unit_test(an_error_names_the_culprit),
        cmocka_unit_test(the_usage_names_every_option_with_its_default),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
