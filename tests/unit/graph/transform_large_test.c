/* SPDX-License-Identifier: MIT */
/* Every transformation on graphs that are too deep for recursion, on a small stack. */
#define _GNU_SOURCE
#include "request.h"
#include "transformed.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DEPTH = 100000, STACK_BYTES = 512 << 10 };

/* One request, to be run by a thread of its own. */
typedef struct errand {
    const char *source;
    const char *transformation;
    const char *body;
    gbx_err err;
    uint64_t nodes;
    uint64_t edges;
} errand;

static void *run(void *argument)
{
    errand *e = argument;
    request_answer answer = request_send_through(e->source, "dot", e->transformation, e->body, strlen(e->body));

    e->err = answer.err;
    if (answer.err == GBX_ERR_OK) {
        e->nodes = request_uint(&answer, "node_count");
        e->edges = request_uint(&answer, "edge_count");
    }
    request_forget(&answer);
    return NULL;
}

static errand run_in_little_stack(const char *source, const char *transformation, const char *body)
{
    errand e = {.source = source, .transformation = transformation, .body = body};
    pthread_attr_t attributes;
    pthread_t thread;

    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstacksize(&attributes, STACK_BYTES), 0);
    assert_int_equal(pthread_create(&thread, &attributes, run, &e), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attributes);
    return e;
}

static void check(const char *transformation, const char *chain, const char *config, uint64_t nodes, uint64_t edges)
{
    char *body = transformed_body(chain, config);
    errand e = run_in_little_stack("json", transformation, body);

    if (e.err != GBX_ERR_OK || e.nodes != nodes || e.edges != edges)
        fail_msg("%s: %s, %llu nodes, %llu edges", transformation, gbx_err_text(e.err), (unsigned long long)e.nodes,
                 (unsigned long long)e.edges);
    free(body);
}

static void a_long_chain_goes_through_each(void **state)
{
    char *chain = transformed_chain(DEPTH);

    (void)state;
    check("largest-component", chain, NULL, DEPTH, DEPTH - 1);
    check("largest-component", chain, "{'strong':true}", 1, 0);
    check("spanning-tree", chain, NULL, DEPTH, DEPTH - 1);
    check("k-core", chain, NULL, DEPTH, DEPTH - 1);
    check("k-core", chain, "{'k':2}", 0, 0);
    check("condense", chain, NULL, DEPTH, DEPTH - 1);
    check("reachable", chain, "{'roots':['n1']}", DEPTH - 1, DEPTH - 2);
    check("top-degree", chain, "{'n':99998}", DEPTH - 2, DEPTH - 3);
    check("dedupe", chain, NULL, DEPTH, DEPTH - 1);
    free(chain);
}

/* With an edge from the last node to the first. */
static void a_large_ring_is_one_component(void **state)
{
    char *chain = transformed_chain(DEPTH), *ring;

    (void)state;
    assert_true(asprintf(&ring, "%s n%d>n0", chain, DEPTH - 1) > 0);
    check("condense", ring, NULL, 1, 0);
    check("largest-component", ring, "{'strong':true}", DEPTH, DEPTH);
    check("spanning-tree", ring, NULL, DEPTH, DEPTH - 1);
    check("k-core", ring, "{'k':2}", DEPTH, DEPTH);
    check("k-core", ring, "{'k':3}", 0, 0);
    check("reachable", ring, "{'roots':['n7'],'direction':'in'}", DEPTH, DEPTH);
    free(chain);
    free(ring);
}

static char *deep_page(void)
{
    static const char open[] = "<b id=x>";
    char *html = malloc(DEPTH * (sizeof(open) - 1) + 2), *body;

    assert_non_null(html);
    for (size_t i = 0; i < DEPTH; i++)
        memcpy(html + i * (sizeof(open) - 1), open, sizeof(open) - 1);
    strcpy(html + DEPTH * (sizeof(open) - 1), "x");
    body = transformed_page_body(html, NULL);
    free(html);
    return body;
}

static void a_deep_page_goes_through_each(void **state)
{
    /* html, body, DEPTH elements with an attribute each, a text */
    static const struct {
        const char *name;
        uint64_t nodes;
        uint64_t edges;
    } cases[] = {
        {"default", 2 * DEPTH + 4, 2 * DEPTH + 3},
        {"body_only", 2 * DEPTH + 2, 2 * DEPTH + 1},
        {"head_only", 1, 0},
        {"full-document", 2 * DEPTH + 4, 2 * DEPTH + 3},
        {"attributes", 2 * DEPTH, 2 * DEPTH - 1},
        {"scripts", 0, 0},
        {"styles", 0, 0},
        {"elements_only", DEPTH + 3, DEPTH + 2},
        {"text_only", DEPTH + 3, DEPTH + 2},
        {"largest-component", 2 * DEPTH + 4, 2 * DEPTH + 3},
        {"condense", 2 * DEPTH + 4, 2 * DEPTH + 3},
        {"k-core", 2 * DEPTH + 4, 2 * DEPTH + 3},
        {"spanning-tree", 2 * DEPTH + 4, 2 * DEPTH + 3},
    };
    char *body = deep_page();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        errand e = run_in_little_stack("html", cases[i].name, body);

        if (e.err != GBX_ERR_OK || e.nodes != cases[i].nodes || e.edges != cases[i].edges)
            fail_msg("%s: %s, %llu nodes, %llu edges", cases[i].name, gbx_err_text(e.err), (unsigned long long)e.nodes,
                     (unsigned long long)e.edges);
    }
    free(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_chain_goes_through_each),
        cmocka_unit_test(a_large_ring_is_one_component),
        cmocka_unit_test(a_deep_page_goes_through_each),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
