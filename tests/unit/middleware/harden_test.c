/* SPDX-License-Identifier: MIT */
/* The settings of a hardened configuration. */
#define _GNU_SOURCE
#include <glassbox/h2o.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void http2_is_off_and_everything_is_bounded(void **state)
{
    h2o_globalconf_t config;

    (void)state;
    h2o_config_init(&config);
    gbx_h2o_harden(&config);
    assert_false(config.http1.upgrade_to_http2);
    assert_int_equal(config.http1.req_timeout, 30 * 1000);
    assert_int_equal(config.http2.idle_timeout, 30 * 1000);
    assert_int_equal(config.handshake_timeout, 10 * 1000);
    assert_int_equal(config.max_request_entity_size, 32 << 20);
    h2o_config_dispose(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(http2_is_off_and_everything_is_bounded)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
