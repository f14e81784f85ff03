/* SPDX-License-Identifier: MIT */
/* Work that is stopped, and work that gets too little memory: at every place it ends with an error and leaves nothing.
 */
#include "base/account.h"
#include "graph/pipeline.h"
#include "graph/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* More than one look of every loop that looks every 1,024 turns. */
enum { NODES = 1200, BODY_BYTES_MAX = 1 << 20 };

/* The look that is answered with "stop", and all further ones. */
static size_t looks, stop_at = SIZE_MAX;

bool __wrap_gbxi_account_is_stopped(void);
bool __wrap_gbxi_account_is_stopped(void)
{
    return looks++ >= stop_at;
}

typedef struct body {
    char text[BODY_BYTES_MAX];
    size_t length;
} body;

static void add(body *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(body *to, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    to->length += (size_t)vsnprintf(to->text + to->length, sizeof(to->text) - to->length, format, arguments);
    va_end(arguments);
    assert_true(to->length < sizeof(to->text));
}

static const char *config_of(const char *transformation)
{
    if (strcmp(transformation, "reachable") == 0)
        return ",\"transform_config\":{\"roots\":[0],\"direction\":\"both\"}";
    if (strcmp(transformation, "spanning-tree") == 0)
        return ",\"transform_config\":{\"weight\":\"w\"}";
    if (strcmp(transformation, "dedupe") == 0)
        return ",\"transform_config\":{\"by_label\":true}";
    if (strcmp(transformation, "largest-component") == 0)
        return ",\"transform_config\":{\"strong\":true}";
    return "";
}

/* A ring with chords, so that it is one component in every sense. */
static void make_graph(body *to, const char *transformation)
{
    to->length = 0;
    add(to, "{\"graph_data\":{\"nodes\":[");
    for (int i = 0; i < NODES; i++)
        add(to, "%s{\"id\":%d}", i > 0 ? "," : "", i);
    add(to, "],\"edges\":[");
    for (int i = 0; i < 2 * NODES; i++)
        add(to, "%s{\"source\":%d,\"target\":%d,\"label\":\"%d\",\"w\":%d}", i > 0 ? "," : "", i % NODES,
            (i * (i / NODES + 1) + 1) % NODES, i % 7, i * 7919 % 1000);
    add(to, "]}%s}", config_of(transformation));
}

static void make_page(body *to, const char *transformation)
{
    to->length = 0;
    add(to, "{\"graph_data\":{\"html\":\"<title>t</title><style>s</style><script>f()</script><body>");
    for (int i = 0; i < NODES / 2; i++)
        add(to, "<p id=x%d style=a onclick=b>text%s", i, i % 2 == 0 ? "<b>" : "");
    add(to, "\"}%s}", config_of(transformation));
}

static gbx_err run_route(const body *given, const char *source, const char *engine, const char *transformation,
                         gbx_error *error)
{
    const gbxi_graph_route route = {source,         strlen(source), engine,
                                    strlen(engine), transformation, strlen(transformation)};
    gbxi_json_buffer text = {0};
    gbxi_json_writer writer;
    gbx_err err;

    looks = 0;
    gbxi_json_writer_init_buffer(&writer, &text);
    err = gbxi_graph_run(&route, given->text, given->length, &writer, error);
    gbxi_json_buffer_fini(&text);
    return err;
}

typedef void check_route(const body *given, const char *source, const char *engine, const char *transformation);

/* All transformations with one engine, and all engines with one transformation. */
static void check_routes(check_route *check)
{
    static body given;
    const gbxi_part *const *transformations = gbxi_parts(GBXI_PART_TRANSFORMATION);
    const gbxi_part *const *engines = gbxi_parts(GBXI_PART_ENGINE);

    for (size_t t = 0; transformations[t] != NULL; t++) {
        make_graph(&given, transformations[t]->name);
        check(&given, "json", "d3", transformations[t]->name);
        make_page(&given, transformations[t]->name);
        check(&given, "html", "d3", transformations[t]->name);
    }
    for (size_t e = 0; engines[e] != NULL; e++) {
        make_graph(&given, "default");
        check(&given, "json", engines[e]->name, "default");
        make_page(&given, "full-document");
        check(&given, "html", engines[e]->name, "full-document");
    }
}

/* A route may also refuse the graph, if the transformation is not for that source. */
static void check_stops(const body *given, const char *source, const char *engine, const char *transformation)
{
    gbx_error error;
    gbx_err whole = run_route(given, source, engine, transformation, &error);
    size_t all_looks = looks;

    assert_true(all_looks > 3);
    for (size_t at = 0; at < all_looks; at += 1 + all_looks / 200) { /* a parser looks at every tag */
        gbx_err err;

        stop_at = at;
        err = run_route(given, source, engine, transformation, &error);
        stop_at = SIZE_MAX;
        if (err != GBX_ERR_IO && (whole == GBX_ERR_OK || err != whole))
            fail_msg("%s %s %s, stopped at look %zu: %d %s", source, engine, transformation, at, err, error.text);
    }
}

static void stopped_work_ends_with_an_error_wherever_it_is(void **state)
{
    (void)state;
    check_routes(check_stops);
}

/* Looks that one run takes at most, from stopping to its end: the loops end, and each is only asked a few times. */
static void stopped_work_does_not_go_on(void **state)
{
    static body given;
    gbx_error error;

    (void)state;
    make_graph(&given, "default");
    stop_at = 10;
    assert_int_equal(run_route(&given, "json", "tree", "default", &error), GBX_ERR_IO);
    stop_at = SIZE_MAX;
    assert_true(looks < 20);
}

static void check_limits(const body *given, const char *source, const char *engine, const char *transformation)
{
    size_t limit = (size_t)64 << 10, refusals = 0;
    gbx_error error;
    gbx_err whole = run_route(given, source, engine, transformation, &error), err;

    do {
        gbxi_account account = {.size = GBXI_WORK_LARGE};

        gbxi_work_memory_limit_set(limit);
        gbxi_account_enter(&account);
        err = run_route(given, source, engine, transformation, &error);
        gbxi_account_leave(&account);
        gbxi_work_memory_limit_set(GBXI_WORK_MEMORY_UNLIMITED);
        assert_int_equal(gbxi_work_memory_look().used, 0);
        refusals += account.refused;
        if (account.refused ? err != GBX_ERR_NO_MEMORY && err != whole : err != whole)
            fail_msg("%s %s %s with %zu bytes: %d %s", source, engine, transformation, limit, err, error.text);
        limit += limit / 4;
    } while (err != whole);
    assert_true(refusals > 1);
}

static void with_any_limit_it_is_an_error_or_the_whole_result(void **state)
{
    (void)state;
    check_routes(check_limits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stopped_work_ends_with_an_error_wherever_it_is),
        cmocka_unit_test(stopped_work_does_not_go_on),
        cmocka_unit_test(with_any_limit_it_is_an_error_or_the_whole_result),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
