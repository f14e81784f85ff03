/* SPDX-License-Identifier: MIT */
/* Gates of path configurations, and the middleware's structs in other versions than its own. */
#define _GNU_SOURCE
#include "exchange.h"
#include <glassbox/export.h>
#include <glassbox/limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CAPTURE "{\"trace_config\":{\"capture_traces\":true}}"

static exchange x;
static uint64_t set_at; /* the byte of a grant that a newer host's callback sets */

static int answer(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    req->res.status = 200;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/json"));
    h2o_send_inline(req, "[]", 2);
    return 0;
}

static gbx_h2o_verdict grant_something_new(h2o_req_t *req, void *context, gbx_h2o_grant *grant, gbx_error *error)
{
    (void)req;
    (void)context;
    (void)error;
    assert_int_equal(grant->size, sizeof(*grant));
    if (set_at != 0)
        ((unsigned char *)grant)[set_at] = 1;
    return GBX_H2O_GRANTED;
}

static int set_up(void **state)
{
    (void)state;
    exchange_handler = answer;
    return 0;
}

static int ask(const char *path)
{
    int status;

    exchange_post(&x, path, CAPTURE);
    exchange_finish(&x);
    status = x.status;
    exchange_end(&x);
    return status;
}

static gbx_capture_counts counts_of(const gbx_gate *gate)
{
    gbx_capture_counts counts;

    gbx_gate_counts_get(gate, &counts, sizeof(counts));
    return counts;
}

static void two_path_configurations_have_limits_and_counts_of_their_own(void **state)
{
    const gbx_limits one_a_second = {.size = sizeof(one_a_second), .captures_per_second = 1};
    gbx_capture_counts before, after;

    (void)state;
    exchange_open();
    assert_int_equal(gbx_gate_limits_set(exchange_gates[0], &one_a_second), GBX_ERR_OK);
    gbx_capture_counts_get(&before, sizeof(before));
    assert_int_equal(ask("/gated0/full"), 200);
    assert_int_equal(ask("/gated0/full"), 429);
    assert_int_equal(ask("/gated1/full"), 200);
    assert_int_equal(ask("/gated1/full"), 200);
    gbx_capture_counts_get(&after, sizeof(after));
    assert_memory_equal(&after, &before, sizeof(after));
    assert_int_equal(counts_of(exchange_gates[0]).captured, 1);
    assert_int_equal(counts_of(exchange_gates[0]).refused_rate, 1);
    assert_int_equal(counts_of(exchange_gates[1]).captured, 2);
    assert_int_equal(counts_of(exchange_gates[1]).under_way, 0);
}

static void a_gates_switch_is_its_own(void **state)
{
    (void)state;
    exchange_open();
    assert_int_equal(gbx_gate_limits_set(exchange_gates[0], NULL), GBX_ERR_OK);
    gbx_gate_switch(exchange_gates[1], false);
    assert_false(gbx_gate_is_on(exchange_gates[1]));
    assert_true(gbx_gate_is_on(exchange_gates[0]) && gbx_capture_is_on());
    assert_int_equal(ask("/gated1/full"), 200);
    assert_int_equal(counts_of(exchange_gates[1]).off, 1);
    gbx_gate_switch(exchange_gates[1], true);
}

static void a_gate_without_limits_has_the_defaults_and_wrong_ones_are_refused(void **state)
{
    gbx_limits limits = {.size = 1};
    gbx_gate *gate = gbx_gate_new(NULL);

    (void)state;
    assert_null(gbx_gate_new(&limits));
    assert_int_equal(gbx_gate_limits_set(gate, &limits), GBX_ERR_ARGUMENT);
    gbx_gate_limits_get(gate, &limits, sizeof(limits));
    assert_int_equal(limits.max_captures, 64);
    assert_int_equal(gbx_gate_limits_set(gate, &limits), GBX_ERR_OK);
    limits.reserved = 1;
    assert_int_equal(gbx_gate_limits_set(gate, &limits), GBX_ERR_ARGUMENT);
    assert_ptr_equal(gbx_gate_ref(gate), gate);
    gbx_gate_unref(gate);
    gbx_gate_unref(gate);
}

static void a_permission_that_says_more_than_is_known_is_none(void **state)
{
    (void)state;
    exchange_permit = grant_something_new;
    set_at = 0;
    assert_int_equal(ask("/guarded/full"), 200);
    for (set_at = offsetof(gbx_h2o_grant, reserved); set_at != GBX_H2O_GRANT_BYTES_MAX; ++set_at)
        assert_int_equal(ask("/guarded/full"),
                         set_at >= offsetof(gbx_h2o_grant, receipt) && set_at < sizeof(gbx_h2o_grant) ? 200 : 403);
}

static bool accepts_config(const void *given)
{
    h2o_globalconf_t config;
    h2o_hostconf_t *host;
    gbx_err code;

    h2o_config_init(&config);
    host = h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    code = gbx_h2o_register(h2o_config_register_path(host, "/", 0), given);
    h2o_config_dispose(&config);
    return code == GBX_ERR_OK;
}

static bool accepts_limits(const void *given)
{
    gbx_gate *gate = gbx_gate_new(given);

    gbx_gate_unref(gate);
    return gate != NULL;
}

static gbx_capture *finished;

static bool accepts_export_options(const void *given)
{
    gbx_exporter *exporter = gbx_exporter_new(finished, GBX_FORMAT_FULL, given);

    gbx_exporter_free(exporter);
    return exporter != NULL;
}

/* A program of the first version knows `size` bytes, and this library knows `known`. */
static void check_sizes(size_t size, size_t known, bool (*accepts)(const void *given))
{
    unsigned char room[160] = {0};

    for (size_t claimed = 0; claimed <= sizeof(room); ++claimed) {
        memcpy(room, &claimed, sizeof(claimed));
        assert_int_equal(accepts(room), claimed >= size);
        if (claimed <= known)
            continue;
        room[claimed - 1] = 1;
        assert_false(accepts(room));
        room[claimed - 1] = 0;
    }
}

static void every_struct_is_taken_from_older_and_newer_programs(void **state)
{
    (void)state;
    finished = gbx_capture_new(NULL);
    gbx_capture_finish(finished);
    check_sizes(offsetof(gbx_h2o_config, give_back), sizeof(gbx_h2o_config), accepts_config);
    check_sizes(sizeof(gbx_limits), sizeof(gbx_limits), accepts_limits);
    check_sizes(offsetof(gbx_export_options, source_root), sizeof(gbx_export_options), accepts_export_options);
    gbx_capture_unref(finished);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(two_path_configurations_have_limits_and_counts_of_their_own, set_up),
        cmocka_unit_test_setup(a_gates_switch_is_its_own, set_up),
        cmocka_unit_test_setup(a_gate_without_limits_has_the_defaults_and_wrong_ones_are_refused, set_up),
        cmocka_unit_test_setup(a_permission_that_says_more_than_is_known_is_none, set_up),
        cmocka_unit_test_setup(every_struct_is_taken_from_older_and_newer_programs, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
