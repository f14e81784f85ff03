/* SPDX-License-Identifier: MIT */
/* The server's decision on a request to capture: header, key, time, path and uses, with a clock that the test
 * controls. */
#define _GNU_SOURCE
#include "permission/permission.h"
#include "permission/token.h"
#include "tests/support/failing.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define NO_USE_LEFT_OF_2                                                                                               \
    "the token has no use left now: it is valid for 2 uses, and one comes back only if its request is not captured "   \
    "after all"

#define OLD_KEY "old:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
#define NEW_KEY "new:f00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
enum { EXPIRES_S = 5000 };

static uint64_t clock_s;
static char key_file[] = "/tmp/glassbox-permission-XXXXXX";
static gbxi_permission *permission;

static atomic_int fails_in; /* which allocation fails, counted down to 1; 0 is none */

FAILING_TOGETHER(void *, malloc, (size_t size), (size), NULL, fails_in)
FAILING_TOGETHER(void *, calloc, (size_t count, size_t size), (count, size), NULL, fails_in)
FAILING_TOGETHER(char *, strdup, (const char *text), (text), NULL, fails_in)

static uint64_t test_clock(void)
{
    return clock_s;
}

static void write_keys(const char *text)
{
    FILE *file = fopen(key_file, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(key_file + strlen(key_file) - 6, "XXXXXX");
    close(mkstemp(key_file)); /* mode 0600 */
    write_keys(OLD_KEY);
    clock_s = 1000;
    assert_int_equal(gbxi_permission_new(key_file, test_clock, &permission, NULL), GBX_ERR_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    gbxi_permission_free(permission);
    unlink(key_file);
    return 0;
}

/* "Bearer " and a token of that key, good until EXPIRES_S. */
static void make_header_for(uint8_t purposes, char *header, const char *key_line, const char *path, uint32_t max_spans,
                            uint32_t uses)
{
    gbxi_token token = {.expires_s = EXPIRES_S, .max_spans = max_spans, .uses = uses, .purposes = purposes};
    gbxi_keys keys;

    assert_int_equal(gbxi_keys_parse(key_line, strlen(key_line), "keys", &keys, NULL), GBX_ERR_OK);
    assert_int_equal(gbxi_token_path_set(&token, path, NULL), GBX_ERR_OK);
    assert_int_equal(gbxi_token_id_draw(&token, NULL), GBX_ERR_OK);
    strcpy(header, "Bearer ");
    assert_int_equal(gbxi_token_seal(&token, &keys.keys[0], header + strlen(header), NULL), GBX_ERR_OK);
}

static void make_header(char *header, const char *key_line, const char *path, uint32_t max_spans, uint32_t uses)
{
    make_header_for(GBXI_PURPOSE_CAPTURE, header, key_line, path, max_spans, uses);
}

enum { HEADER_SIZE = 8 + GBXI_TOKEN_TEXT_LENGTH_MAX + 8 };

static void expect(const char *header, const char *path, gbxi_verdict verdict, const char *text)
{
    gbxi_permission_grant grant = {0};
    gbx_error error = {0};

    assert_int_equal(gbxi_permission_judge(permission, GBXI_PURPOSE_CAPTURE, header,
                                           header != NULL ? strlen(header) : 0, path, strlen(path), &grant, &error),
                     verdict);
    assert_string_equal(error.text, text);
}

static void no_token_is_missing_whatever_else_is_there(void **state)
{
    static const char *const headers[] = {NULL,      "",           "Basic dXNlcjpwYXNz", "Bearer", "Digest dXNl",
                                          "Bearer ", "Bearer    ", "Bearerx y",          "token"};

    (void)state;
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
        expect(
            headers[i], "/graph", GBXI_PERMISSION_MISSING,
            "capturing needs a token, sent as 'Authorization: Bearer TOKEN'; the operator creates one with 'glassbox "
            "token'");
}

static void a_token_grants_with_its_limit_of_spans(void **state)
{
    char header[HEADER_SIZE], spelled[HEADER_SIZE + 16];
    gbxi_permission_grant grant = {0};

    (void)state;
    make_header(header, OLD_KEY, "/graph", 1234, 0);
    assert_int_equal(
        gbxi_permission_judge(permission, GBXI_PURPOSE_CAPTURE, header, strlen(header), "/graph/x", 8, &grant, NULL),
        GBXI_PERMISSION_GRANTED);
    assert_int_equal(grant.max_spans, 1234);
    snprintf(spelled, sizeof(spelled), "bEARER   %s \t ", header + strlen("Bearer "));
    expect(spelled, "/graph", GBXI_PERMISSION_GRANTED, "");
}

static void a_token_is_good_before_its_second_and_not_from_it_on(void **state)
{
    char header[HEADER_SIZE];

    (void)state;
    make_header(header, OLD_KEY, "/graph", 0, 0);
    clock_s = 0;
    expect(header, "/graph", GBXI_PERMISSION_GRANTED, "");
    clock_s = EXPIRES_S - 1;
    expect(header, "/graph", GBXI_PERMISSION_GRANTED, "");
    clock_s = EXPIRES_S;
    expect(header, "/graph", GBXI_PERMISSION_REFUSED, "the token expired 0 seconds ago");
    clock_s = EXPIRES_S + 61;
    expect(header, "/graph", GBXI_PERMISSION_REFUSED, "the token expired 61 seconds ago");
    clock_s = UINT64_MAX;
    expect(header, "/graph", GBXI_PERMISSION_REFUSED, "the token expired 18446744073709546615 seconds ago");
}

static void the_reason_of_a_refusal_is_clear_and_shows_no_token(void **state)
{
    char header[HEADER_SIZE], *in_signature;

    (void)state;
    expect("Bearer nonsense", "/graph", GBXI_PERMISSION_REFUSED,
           "the token was not issued by this server, or it is damaged");
    make_header(header, OLD_KEY, "/graph", 0, 0);
    expect(header, "/graphics", GBXI_PERMISSION_REFUSED, "the token is valid for /graph, not for this path");
    in_signature = &header[strlen(header) - 3];
    *in_signature = *in_signature == 'A' ? 'B' : 'A';
    expect(header, "/graph", GBXI_PERMISSION_REFUSED, "the token's signature is wrong");
    make_header(header, NEW_KEY, "/graph", 0, 0);
    expect(header, "/graph", GBXI_PERMISSION_REFUSED, "the token was made with a key that is not accepted here");
}

static void expect_for(gbxi_purpose purpose, const char *header, gbxi_verdict verdict, const char *text)
{
    gbxi_permission_grant grant = {0};
    gbx_error error = {0};

    assert_int_equal(gbxi_permission_judge(permission, purpose, header, header != NULL ? strlen(header) : 0, "/x", 2,
                                           &grant, &error),
                     verdict);
    assert_string_equal(error.text, text);
    if (verdict == GBXI_PERMISSION_GRANTED)
        assert_string_equal(grant.key_id, "old");
}

static void a_token_is_good_for_its_purposes_alone(void **state)
{
    char capture[HEADER_SIZE], read[HEADER_SIZE], both[HEADER_SIZE];

    (void)state;
    make_header(capture, OLD_KEY, "/", 0, 0);
    make_header_for(GBXI_PURPOSE_READ, read, OLD_KEY, "/", 0, 1);
    make_header_for(GBXI_PURPOSE_READ | GBXI_PURPOSE_OPERATE, both, OLD_KEY, "/", 0, 0);
    expect_for(GBXI_PURPOSE_CAPTURE, capture, GBXI_PERMISSION_GRANTED, "");
    expect_for(GBXI_PURPOSE_READ, capture, GBXI_PERMISSION_REFUSED,
               "the token is for the purpose 'capture', and this needs 'read'");
    expect_for(GBXI_PURPOSE_OPERATE, read, GBXI_PERMISSION_REFUSED,
               "the token is for the purpose 'read', and this needs 'operate'");
    expect_for(GBXI_PURPOSE_READ, read, GBXI_PERMISSION_GRANTED, ""); /* its one use is not lost by the refusal */
    expect_for(GBXI_PURPOSE_READ, both, GBXI_PERMISSION_GRANTED, "");
    expect_for(GBXI_PURPOSE_OPERATE, both, GBXI_PERMISSION_GRANTED, "");
    expect_for(GBXI_PURPOSE_CAPTURE, both, GBXI_PERMISSION_REFUSED,
               "the token is for the purpose 'read,operate', and this needs 'capture'");
    expect_for(GBXI_PURPOSE_READ, NULL, GBXI_PERMISSION_MISSING,
               "this needs a token for the purpose 'read', sent as 'Authorization: Bearer TOKEN'; the operator creates "
               "one with 'glassbox token --allow read'");
}

static void a_refused_request_uses_nothing_up(void **state)
{
    char header[HEADER_SIZE];

    (void)state;
    make_header(header, OLD_KEY, "/graph", 0, 2);
    expect(header, "/other", GBXI_PERMISSION_REFUSED, "the token is valid for /graph, not for this path");
    expect(header, "/graph", GBXI_PERMISSION_GRANTED, "");
    expect(header, "/graph", GBXI_PERMISSION_GRANTED, "");
    expect(header, "/graph", GBXI_PERMISSION_REFUSED, NO_USE_LEFT_OF_2);
    clock_s = EXPIRES_S;
    expect(header, "/graph", GBXI_PERMISSION_REFUSED, "the token expired 0 seconds ago");
}

static void keys_rotate_and_uses_stay_counted(void **state)
{
    char old_header[HEADER_SIZE], new_header[HEADER_SIZE];
    gbx_error error;

    (void)state;
    make_header(old_header, OLD_KEY, "/", 0, 2);
    make_header(new_header, NEW_KEY, "/", 0, 0);
    expect(old_header, "/graph", GBXI_PERMISSION_GRANTED, "");
    write_keys(NEW_KEY OLD_KEY);
    expect(new_header, "/graph", GBXI_PERMISSION_REFUSED, "the token was made with a key that is not accepted here");
    assert_int_equal(gbxi_permission_reload(permission, &error), GBX_ERR_OK);
    expect(new_header, "/graph", GBXI_PERMISSION_GRANTED, "");
    expect(old_header, "/graph", GBXI_PERMISSION_GRANTED, "");
    expect(old_header, "/graph", GBXI_PERMISSION_REFUSED, NO_USE_LEFT_OF_2);
    write_keys(NEW_KEY);
    assert_int_equal(gbxi_permission_reload(permission, &error), GBX_ERR_OK);
    expect(old_header, "/graph", GBXI_PERMISSION_REFUSED, "the token was made with a key that is not accepted here");
    expect(new_header, "/graph", GBXI_PERMISSION_GRANTED, "");
}

static void keys_stay_when_the_file_has_become_unusable(void **state)
{
    char header[HEADER_SIZE];
    gbx_error error;

    (void)state;
    make_header(header, OLD_KEY, "/", 0, 0);
    write_keys("old:123\n");
    assert_int_equal(gbxi_permission_reload(permission, &error), GBX_ERR_SYNTAX);
    expect(header, "/graph", GBXI_PERMISSION_GRANTED, "");
    write_keys(NEW_KEY);
    assert_int_equal(chmod(key_file, 0644), 0);
    assert_int_equal(gbxi_permission_reload(permission, &error), GBX_ERR_STATE);
    expect(header, "/graph", GBXI_PERMISSION_GRANTED, "");
    unlink(key_file);
    assert_int_equal(gbxi_permission_reload(permission, &error), GBX_ERR_IO);
    expect(header, "/graph", GBXI_PERMISSION_GRANTED, "");
}

static gbxi_verdict judge(const char *header, gbxi_permission_grant *grant)
{
    gbx_error error = {0};

    return gbxi_permission_judge(permission, GBXI_PURPOSE_CAPTURE, header, strlen(header), "/graph", 6, grant, &error);
}

static void a_use_is_given_back_once_and_whatever_became_of_the_key(void **state)
{
    char header[HEADER_SIZE];
    gbxi_permission_grant grant = {0}, refused = {.max_spans = 7};

    (void)state;
    make_header(header, OLD_KEY, "/graph", 0, 1);
    assert_int_equal(judge(header, &grant), GBXI_PERMISSION_GRANTED);
    assert_true(grant.use.is_counted);
    assert_int_equal(judge(header, &refused), GBXI_PERMISSION_REFUSED);
    assert_int_equal(refused.max_spans, 7); /* untouched */
    write_keys(NEW_KEY);
    assert_int_equal(gbxi_permission_reload(permission, NULL), GBX_ERR_OK);
    gbxi_permission_give_back(permission, &grant.use);
    assert_false(grant.use.is_counted);
    write_keys(OLD_KEY);
    assert_int_equal(gbxi_permission_reload(permission, NULL), GBX_ERR_OK);
    assert_int_equal(judge(header, &refused), GBXI_PERMISSION_GRANTED);
    gbxi_permission_give_back(permission, &grant.use); /* it was given back before */
    assert_int_equal(judge(header, &grant), GBXI_PERMISSION_REFUSED);
}

static void a_token_with_any_number_of_uses_has_none_to_give_back(void **state)
{
    char header[HEADER_SIZE];
    gbxi_permission_grant grant = {.use.is_counted = true};

    (void)state;
    make_header(header, OLD_KEY, "/graph", 0, 0);
    assert_int_equal(judge(header, &grant), GBXI_PERMISSION_GRANTED);
    assert_false(grant.use.is_counted);
    gbxi_permission_give_back(permission, &grant.use);
    assert_int_equal(judge(header, &grant), GBXI_PERMISSION_GRANTED);
}

static void opening_fails_with_a_reason(void **state)
{
    gbxi_permission *made = NULL;
    gbx_error error;

    (void)state;
    for (int i = 1; i != 4; ++i) {
        atomic_store(&fails_in, i);
        assert_int_equal(gbxi_permission_new(key_file, test_clock, &made, &error), GBX_ERR_NO_MEMORY);
        assert_string_equal(error.text, "out of memory");
        assert_int_equal(atomic_load(&fails_in), 0);
    }
    assert_int_equal(gbxi_permission_new("/no/keys", test_clock, &made, &error), GBX_ERR_IO);
    assert_string_equal(error.text, "key file /no/keys: No such file or directory");
    assert_null(made);
    gbxi_permission_free(NULL);
}

static atomic_uint granted;
static char raced_header[HEADER_SIZE];

static void *judge_often(void *context)
{
    (void)context;
    for (int i = 0; i != 200; ++i) {
        gbxi_permission_grant grant = {0};
        gbx_error error = {0};
        if (gbxi_permission_judge(permission, GBXI_PURPOSE_CAPTURE, raced_header, strlen(raced_header), "/x", 2, &grant,
                                  &error) == GBXI_PERMISSION_GRANTED)
            atomic_fetch_add(&granted, 1);
    }
    return NULL;
}

static void threads_judge_while_keys_are_reloaded(void **state)
{
    pthread_t threads[4];

    (void)state;
    make_header(raced_header, OLD_KEY, "/", 0, 300);
    atomic_store(&granted, 0);
    for (size_t i = 0; i != 4; ++i)
        assert_int_equal(pthread_create(&threads[i], NULL, judge_often, NULL), 0);
    for (int i = 0; i != 50; ++i)
        assert_int_equal(gbxi_permission_reload(permission, NULL), GBX_ERR_OK);
    for (size_t i = 0; i != 4; ++i)
        pthread_join(threads[i], NULL);
    assert_int_equal(granted, 300);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(no_token_is_missing_whatever_else_is_there),
        TEST(a_token_grants_with_its_limit_of_spans),
        TEST(a_token_is_good_before_its_second_and_not_from_it_on),
        TEST(the_reason_of_a_refusal_is_clear_and_shows_no_token),
        TEST(a_token_is_good_for_its_purposes_alone),
        TEST(a_refused_request_uses_nothing_up),
        TEST(keys_rotate_and_uses_stay_counted),
        TEST(keys_stay_when_the_file_has_become_unusable),
        TEST(a_use_is_given_back_once_and_whatever_became_of_the_key),
        TEST(a_token_with_any_number_of_uses_has_none_to_give_back),
        TEST(opening_fails_with_a_reason),
        TEST(threads_judge_while_keys_are_reloaded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
