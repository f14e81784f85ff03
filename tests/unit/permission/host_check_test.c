/* SPDX-License-Identifier: MIT */
/* Which hosts a request may have: loopback names and given ones, in any spelling, and no others. */
#define _GNU_SOURCE
#include "permission/host_check.h"
#include "tests/support/failing.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static atomic_int fails_in; /* which allocation fails, counted down to 1; 0 is none */

FAILING_TOGETHER(void *, calloc, (size_t count, size_t size), (count, size), NULL, fails_in)

static gbxi_host_check *make_check(const char *listen_host, const char *const *names)
{
    gbxi_host_check *check = NULL;

    assert_int_equal(gbxi_host_check_new(listen_host, names, &check, NULL), GBX_ERR_OK);
    return check;
}

static void expect_all(const gbxi_host_check *check, const char *const *authorities, bool allowed)
{
    for (size_t i = 0; authorities[i] != NULL; i++)
        if (gbxi_host_check_allows(check, gbxi_view_of(authorities[i])) != allowed)
            fail_msg("%s: expected %d", authorities[i], allowed);
}

static void loopback_is_allowed_in_any_spelling_and_with_any_port(void **state)
{
    static const char *const allowed[] = {
        "localhost",   "localhost:",      "localhost:8000",      "LocalHost:80",       "localhost.",  "localhost.:80",
        "a.localhost", "a.b.LOCALHOST:1", "127.0.0.1",           "127.0.0.1:8000",     "127.255.1.2", "127.0.0.1.:80",
        "[::1]",       "[::1]:8000",      "[0:0:0:0:0:0:0:1]:1", "[::ffff:127.0.0.1]", NULL};
    static const char *const others[] = {"evil.test",
                                         "evil.test:8000",
                                         "localhost.evil.test",
                                         ".localhost",
                                         "a..localhost",
                                         "localhost..",
                                         ".",
                                         "evillocalhost",
                                         "127.0.0.1.evil.test",
                                         "127.0.0.1evil.test",
                                         "128.0.0.1",
                                         "0.0.0.0",
                                         "10.0.0.1",
                                         "[::2]",
                                         "[::]",
                                         "[::ffff:10.0.0.1]",
                                         "::1",
                                         "[::1",
                                         "[::1]x",
                                         "[localhost]",
                                         "[127.0.0.1]",
                                         "localhost:80x",
                                         "localhost:80:80",
                                         "localhost:-1",
                                         "user@localhost",
                                         "localhost/",
                                         "localhost ",
                                         " localhost",
                                         "",
                                         ".",
                                         ":",
                                         ":80",
                                         "127.1",
                                         "2130706433",
                                         "localhost\xc2\xad",
                                         NULL};
    gbxi_host_check *check = make_check("127.0.0.1", NULL);

    (void)state;
    expect_all(check, allowed, true);
    expect_all(check, others, false);
    assert_false(gbxi_host_check_allows(check, (gbxi_view){"localhost\0.evil.test", 20}));
    assert_false(gbxi_host_check_allows(check, (gbxi_view){NULL, 0}));
    gbxi_host_check_free(check);
}

static void the_listening_host_and_given_names_are_allowed(void **state)
{
    static const char *const names[] = {"example.com", "my-host_1.test", "[2001:db8::1]", "fe80::2", "192.0.2.1", NULL};
    static const char *const allowed[] = {
        "inside.test", "inside.test:8000", "example.com", "EXAMPLE.com.:443",  "[2001:DB8:0::1]:80",
        "[fe80::2]",   "192.0.2.1:80",     "localhost",   "My-Host_1.test:80", NULL};
    static const char *const others[] = {"www.example.com", "example.com.evil.test", "example.co", "[fe80::3]",
                                         "192.0.2.2",       "[c000:201::]",          NULL};
    gbxi_host_check *check = make_check("inside.test", names);

    (void)state;
    expect_all(check, allowed, true);
    expect_all(check, others, false);
    gbxi_host_check_free(check);
}

static void a_name_that_is_none_is_refused_and_shown(void **state)
{
    static const char *const none[] = {"",    "[]",       ".", "example.com:80",     "http://example.com",
                                       "a b", "[::1]:80", "*", "ex\xc3\xa4mple.com", "a\x1b[31m",
                                       NULL};

    (void)state;
    for (size_t i = 0; none[i] != NULL; i++) {
        const char *const names[] = {"good.test", none[i], NULL};
        gbxi_host_check *check = NULL;
        gbx_error error;

        assert_int_equal(gbxi_host_check_new("127.0.0.1", names, &check, &error), GBX_ERR_ARGUMENT);
        assert_null(check);
        assert_non_null(strstr(error.text, "without a port, not \""));
        assert_null(strchr(error.text, 0x1b));
    }
}

static void a_name_that_is_too_long_is_no_host(void **state)
{
    gbxi_host_check *check = make_check("localhost", NULL);
    char longest[300];

    (void)state;
    memset(longest, 'a', sizeof(longest));
    memcpy(longest + 255 - 10, ".localhost", 10);
    assert_true(gbxi_host_check_allows(check, (gbxi_view){longest, 255}));
    memset(longest, 'a', sizeof(longest));
    memcpy(longest + 256 - 10, ".localhost", 10);
    assert_false(gbxi_host_check_allows(check, (gbxi_view){longest, 256}));
    gbxi_host_check_free(check);
}

static void without_memory_there_is_no_check(void **state)
{
    gbxi_host_check *check = NULL;
    gbx_error error;

    (void)state;
    fails_in = 1;
    assert_int_equal(gbxi_host_check_new("localhost", NULL, &check, &error), GBX_ERR_NO_MEMORY);
    fails_in = 0;
    assert_null(check);
    gbxi_host_check_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loopback_is_allowed_in_any_spelling_and_with_any_port),
        cmocka_unit_test(the_listening_host_and_given_names_are_allowed),
        cmocka_unit_test(a_name_that_is_none_is_refused_and_shown),
        cmocka_unit_test(a_name_that_is_too_long_is_no_host),
        cmocka_unit_test(without_memory_there_is_no_check),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
