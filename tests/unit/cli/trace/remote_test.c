/* SPDX-License-Identifier: MIT */
/* How often a server may ask to wait, and what is said of it after that. */
#include "cli/trace/remote.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const gbxi_trace_url target = {.shown = (char[]){"http://h/x"}};

/* Takes an answer without a trace. Returns what follows it. */
static gbxi_answer_verdict take(gbxi_remote *remote, uint32_t status, uint32_t retry_after_s, gbx_error *error)
{
    const gbxi_answer answer = {.target = &target, .status = status, .retry_after_s = retry_after_s, .body = ""};
    gbxi_remote_result result;
    gbx_err err = gbxi_remote_take(remote, &answer, "GET", &result, error);

    assert_int_equal(err == GBX_ERR_OK, result.verdict == GBXI_ANSWER_AGAIN);
    return result.verdict;
}

/* The next answers do not come while the last one is waited for. */
static void take_five(gbxi_remote *remote)
{
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(take(remote, 429, 1, NULL), GBXI_ANSWER_AGAIN);
        remote->waits_until_ns = 0;
    }
}

static void five_waits_are_enough(void **state)
{
    gbxi_remote remote = {0};
    gbx_error error = {0};

    (void)state;
    take_five(&remote);
    assert_int_equal(take(&remote, 429, 1, &error), GBXI_ANSWER_NEXT_URL);
    assert_string_equal(error.text, "http://h/x: status 429; a lower --concurrency may help");
}

static void an_answer_in_between_permits_five_more(void **state)
{
    const gbxi_answer off = {.target = &target, .status = 200, .has_capture = true, .body = ""};
    gbxi_remote remote = {0};
    gbxi_remote_result result;

    (void)state;
    take_five(&remote);
    assert_int_equal(gbxi_remote_take(&remote, &off, "GET", &result, NULL), GBX_ERR_STATE);
    take_five(&remote);
}

static void who_asks_during_a_wait_asks_for_the_same(void **state)
{
    gbxi_remote remote = {0};

    (void)state;
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(take(&remote, 429, 60, NULL), GBXI_ANSWER_AGAIN);
}

static void a_minute_is_the_longest_wait(void **state)
{
    gbxi_remote remote = {0};

    (void)state;
    assert_int_equal(take(&remote, 429, 61, NULL), GBXI_ANSWER_NEXT_URL);
    assert_int_equal(take(&remote, 429, 60, NULL), GBXI_ANSWER_AGAIN);
}

static void a_service_that_fails_is_waited_for_if_it_says_so(void **state)
{
    gbxi_remote remote = {0};
    gbx_error error = {0};

    (void)state;
    assert_int_equal(take(&remote, 503, 0, &error), GBXI_ANSWER_NEXT_URL);
    assert_string_equal(error.text,
                        "http://h/x/full: status 503 without a trace: the service, or a proxy before it, failed");
    assert_int_equal(take(&remote, 503, 1, &error), GBXI_ANSWER_AGAIN);
    remote.waits_until_ns = 0;
    assert_int_equal(take(&remote, 429, 0, &error), GBXI_ANSWER_AGAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_waits_are_enough),
        cmocka_unit_test(an_answer_in_between_permits_five_more),
        cmocka_unit_test(who_asks_during_a_wait_asks_for_the_same),
        cmocka_unit_test(a_minute_is_the_longest_wait),
        cmocka_unit_test(a_service_that_fails_is_waited_for_if_it_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
