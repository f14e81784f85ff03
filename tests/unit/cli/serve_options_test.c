/* SPDX-License-Identifier: MIT */
/* The command line of glassbox serve: the settings, and the argument that an error names. */
#define _GNU_SOURCE
#include "cli/serve_options.h"
#include "cli/settings_read.h"
#include <glassbox/capture.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ARGUMENTS_MAX = 32 };

/* What a command line comes to. */
struct outcome {
    gbxi_settings settings;
    gbx_error error;
    gbxi_server_options server;
    gbx_limits limits;
    gbx_redaction_options redaction;
};

static const gbxi_serve_options *options_of(const struct outcome *outcome)
{
    return (const void *)outcome->settings.values;
}

/* Parses a line whose words are divided by single spaces; the words stay until the next call. */
static gbx_err parse(const char *line, struct outcome *outcome)
{
    static char words[512];
    char *argv[ARGUMENTS_MAX + 1] = {NULL}, *environment[] = {NULL};
    int argc = 0;
    gbx_err err;

    snprintf(words, sizeof(words), "%s", line);
    for (char *word = strtok(words, " "); word != NULL && argc != ARGUMENTS_MAX; word = strtok(NULL, " "))
        argv[argc++] = word;
    memset(outcome, 0xa5, sizeof(*outcome));
    err = gbxi_settings_read(&outcome->settings, &gbxi_command_serve, argc, argv, environment, &outcome->error);
    if (err == GBX_ERR_OK)
        gbxi_serve_options_apply(options_of(outcome), &outcome->server, &outcome->limits, &outcome->redaction);
    gbxi_settings_fini(&outcome->settings);
    return err;
}

static void no_arguments_mean_the_defaults_of_the_server(void **state)
{
    struct outcome outcome;

    (void)state;
    assert_int_equal(parse("serve", &outcome), GBX_ERR_OK);
    assert_string_equal(outcome.server.host, "127.0.0.1");
    assert_int_equal(outcome.server.port, 8000);
    assert_int_equal(outcome.server.threads, 0);
    assert_int_equal(outcome.server.workers, 0);
    assert_int_equal(outcome.server.queue, GBXI_SERVER_QUEUE_DEFAULT);
    assert_int_equal(outcome.server.slow_clients, GBXI_SERVER_SLOW_CLIENTS_DEFAULT);
    assert_int_equal(outcome.server.inline_body_bytes, GBXI_SERVER_INLINE_BODY_BYTES_DEFAULT);
    assert_int_equal(outcome.server.max_body_bytes, GBXI_SERVER_MAX_BODY_BYTES_DEFAULT);
    assert_int_equal(outcome.server.max_connections, GBXI_SERVER_MAX_CONNECTIONS_DEFAULT);
    assert_int_equal(outcome.server.request_timeout_s, GBXI_SERVER_REQUEST_TIMEOUT_S_DEFAULT);
    assert_null(outcome.server.cert_file);
    assert_null(outcome.server.key_file);
    assert_null(outcome.server.token_key_file);
    assert_null(outcome.server.redaction);
    assert_false(outcome.server.allow_open_capture);
    assert_null(outcome.server.allowed_hosts);
    assert_int_equal(options_of(&outcome)->stop_timeout_s, 30);
    assert_true(options_of(&outcome)->capture);
}

/* The rows say in numbers what the library does when nothing is set. */
static void the_defaults_of_capturing_are_the_librarys(void **state)
{
    gbx_limits library;
    struct outcome outcome;

    (void)state;
    assert_int_equal(gbx_limits_set(NULL), GBX_ERR_OK);
    gbx_limits_get(&library, sizeof(library));
    assert_int_equal(parse("serve", &outcome), GBX_ERR_OK);
    assert_int_equal(outcome.limits.max_captures, library.max_captures);
    assert_int_equal(outcome.limits.captures_per_second, library.captures_per_second);
    assert_int_equal(outcome.limits.max_capture_ms, library.max_capture_ms);
    gbx_capture_memory_limit_set(0);
    assert_int_equal(options_of(&outcome)->capture_memory_bytes, gbx_capture_memory_limit());
}

static void every_option_sets_its_field(void **state)
{
    struct outcome outcome;

    (void)state;
    assert_int_equal(parse("serve --host ::1 --port=0 --threads 7 --cert c.pem --key k.pem --max-body=5M "
                           "--stop-timeout 2 --max-connections 9 --request-timeout=3 --workers=11 --queue=12 "
                           "--inline-body=13K --slow-clients 14 --key-file t.keys",
                           &outcome),
                     GBX_ERR_OK);
    assert_string_equal(outcome.server.host, "::1");
    assert_int_equal(outcome.server.port, 0);
    assert_int_equal(outcome.server.threads, 7);
    assert_string_equal(outcome.server.cert_file, "c.pem");
    assert_string_equal(outcome.server.key_file, "k.pem");
    assert_string_equal(outcome.server.token_key_file, "t.keys");
    assert_int_equal(outcome.server.max_body_bytes, 5 << 20);
    assert_int_equal(outcome.server.max_connections, 9);
    assert_int_equal(outcome.server.request_timeout_s, 3);
    assert_int_equal(options_of(&outcome)->stop_timeout_s, 2);
    assert_int_equal(outcome.server.workers, 11);
    assert_int_equal(outcome.server.queue, 12);
    assert_int_equal(outcome.server.slow_clients, 14);
    assert_int_equal(outcome.server.inline_body_bytes, 13 << 10);
    assert_int_equal(parse("serve --allow-open-capture", &outcome), GBX_ERR_OK);
    assert_true(outcome.server.allow_open_capture);
}

static void zero_is_none_at_all_where_it_may_be_said(void **state)
{
    struct outcome outcome;

    (void)state;
    assert_int_equal(parse("serve --inline-body 0 --slow-clients 0", &outcome), GBX_ERR_OK);
    assert_int_equal(outcome.server.inline_body_bytes, GBXI_SERVER_INLINE_NONE);
    assert_int_equal(outcome.server.slow_clients, GBXI_SERVER_SLOW_CLIENTS_NONE);
}

static void redactions_add_up(void **state)
{
    struct outcome outcome;

    (void)state;
    assert_int_equal(parse("serve --redact password --redact-reasons --redact=user.*", &outcome), GBX_ERR_OK);
    assert_ptr_equal(outcome.server.redaction, &outcome.redaction);
    assert_string_equal(outcome.redaction.keys[0], "password");
    assert_string_equal(outcome.redaction.keys[1], "user.*");
    assert_null(outcome.redaction.keys[2]);
    assert_true(outcome.redaction.reasons && !outcome.redaction.names);
    assert_int_equal(parse("serve --redact-names", &outcome), GBX_ERR_OK);
    assert_true(outcome.server.redaction->names && !outcome.redaction.reasons);
    assert_null(outcome.redaction.keys[0]);
}

static void allowed_hosts_add_up(void **state)
{
    struct outcome outcome;

    (void)state;
    assert_int_equal(parse("serve --allow-host a.test --allow-host=b.test", &outcome), GBX_ERR_OK);
    assert_string_equal(outcome.server.allowed_hosts[0], "a.test");
    assert_string_equal(outcome.server.allowed_hosts[1], "b.test");
    assert_null(outcome.server.allowed_hosts[2]);
}

static void a_key_too_many_to_redact_is_refused(void **state)
{
    char name[] = "serve", option[] = "--redact=x";
    char *argv[GBXI_LIST_MAX + 3] = {name}, *environment[] = {NULL};
    gbxi_settings settings;
    gbx_error error;

    (void)state;
    for (size_t i = 1; i <= GBXI_LIST_MAX; i++)
        argv[i] = option;
    assert_int_equal(gbxi_settings_read(&settings, &gbxi_command_serve, GBXI_LIST_MAX + 1, argv, environment, &error),
                     GBX_ERR_OK);
    argv[GBXI_LIST_MAX + 1] = option;
    assert_int_equal(gbxi_settings_read(&settings, &gbxi_command_serve, GBXI_LIST_MAX + 2, argv, environment, &error),
                     GBX_ERR_ARGUMENT);
    assert_string_equal(error.text, "--redact may be given at most 100 times");
}

static void limits_of_capturing_are_as_told(void **state)
{
    struct outcome outcome;

    (void)state;
    assert_int_equal(parse("serve --capture off --max-captures 3 --captures-per-second 4 --max-capture-time 5 "
                           "--capture-memory 6M --work-memory 7M",
                           &outcome),
                     GBX_ERR_OK);
    assert_false(options_of(&outcome)->capture);
    assert_int_equal(outcome.limits.max_captures, 3);
    assert_int_equal(outcome.limits.captures_per_second, 4);
    assert_int_equal(outcome.limits.max_capture_ms, 5000);
    assert_int_equal(options_of(&outcome)->capture_memory_bytes, 6 << 20);
    assert_int_equal(options_of(&outcome)->work_memory_bytes, 7 << 20);
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
        {"serve --port", "missing value after '--port'"},
        {"serve --port 65536", "--port takes a number from 0 to 65535, not '65536'"},
        {"serve --port -1", "--port takes a number from 0 to 65535, not '-1'"},
        {"serve --port 80a", "--port takes a number from 0 to 65535, not '80a'"},
        {"serve --threads 0", "--threads takes a number from 1 to 256, not '0'"},
        {"serve --threads 257", "--threads takes a number from 1 to 256, not '257'"},
        {"serve --workers 0", "--workers takes a number from 1 to 256, not '0'"},
        {"serve --queue 0", "--queue takes a number from 1 to 1000000, not '0'"},
        {"serve --slow-clients 257", "--slow-clients takes a number from 0 to 256, not '257'"},
        {"serve --inline-body -1",
         "--inline-body takes a number of bytes, optionally with K, M or G, from 0, not '-1'"},
        {"serve --stop-timeout 3601", "--stop-timeout takes a number of seconds from 0 to 3600, not '3601'"},
        {"serve --max-connections 0", "--max-connections takes a number from 1 to 1000000, not '0'"},
        {"serve --request-timeout 0", "--request-timeout takes a number of seconds from 1 to 3600, not '0'"},
        {"serve --max-body 0", "--max-body takes a number of bytes, optionally with K, M or G, from 1, not '0'"},
        {"serve --max-body 3T", "--max-body takes a number of bytes, optionally with K, M or G, from 1, not '3T'"},
        {"serve --capture maybe", "--capture takes on or off, not 'maybe'"},
        {"serve --max-captures 0", "--max-captures takes a number from 1 to 1000000, not '0'"},
        {"serve --captures-per-second 0", "--captures-per-second takes a number from 1 to 1000000, not '0'"},
        {"serve --max-capture-time 86401", "--max-capture-time takes a number of seconds from 1 to 86400, not '86401'"},
        {"serve --capture-memory lots",
         "--capture-memory takes a number of bytes, optionally with K, M or G, from 1, not 'lots'"},
        {"serve --host=", "--host must not be empty"},
        {"serve --cert=", "--cert must not be empty"},
        {"serve --redact=", "--redact must not be empty"},
        {"serve --redact-names=1", "--redact-names takes on or off, not '1'"},
        {"serve --max-b 3", "unknown option '--max-b'; did you mean --max-body?"},
        {"serve extra", "unexpected 'extra'"},
        {"serve --port 1 -- --host", "unexpected '--host'"},
        {"serve --key-file k --allow-open-capture", "--key-file and --allow-open-capture cannot be used together"},
        {"serve --key-file", "missing value after '--key-file'"},
        {"serve --cert c.pem", "--cert and --key must be used together"},
        {"serve --keep all", "--keep has no effect without --store"},
        {"serve --run-bytes 1M", "--run-bytes has no effect without --store"},
        {"serve --run-time 1h", "--run-time has no effect without --store"},
        {"serve --keep-runs 10", "--keep-runs has no effect without --store"},
        {"serve --keep-bytes 1G", "--keep-bytes has no effect without --store"}, /* though it is the default */
        {"serve --keep-bytes 1M", "--keep-bytes has no effect without --store"},
        {"serve --keep-age 1d", "--keep-age has no effect without --store"},
        {"serve --store s --keep none,first", "--keep: 'none' excludes every other rule"},
        {"serve --store s --keep slow=1", "--keep: 'slow=1' is not a rule: slow=100ms, errors, 1/1000, all, first and "
                                          "none are"},
        {"serve --key k.pem", "--cert and --key must be used together"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct outcome outcome;

        assert_int_equal(parse(cases[i].line, &outcome), GBX_ERR_ARGUMENT);
        assert_string_equal(outcome.error.text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_arguments_mean_the_defaults_of_the_server),
        cmocka_unit_test(the_defaults_of_capturing_are_the_librarys),
        cmocka_unit_test(every_option_sets_its_field),
        cmocka_unit_test(zero_is_none_at_all_where_it_may_be_said),
        cmocka_unit_test(redactions_add_up),
        cmocka_unit_test(allowed_hosts_add_up),
        cmocka_unit_test(a_key_too_many_to_redact_is_refused),
        cmocka_unit_test(limits_of_capturing_are_as_told),
        cmocka_unit_test(an_error_names_the_culprit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
