/* SPDX-License-Identifier: MIT */
/* The spans of a request: every phase is inside its parent, and names of a page occur only in its own trace. */
#define _GNU_SOURCE
#include "request.h"
#include "transformed.h"
#include <glassbox/read.h>

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATHS_BYTES = 65536, LEVELS = 16, THREADS = 4, ROUNDS = 25 };

/* The spans of a finished capture as lines, each the names from the root to it, joined by ">". */
typedef struct paths {
    char text[PATHS_BYTES];
    size_t used;
    size_t spans;
    char reason[256]; /* of the first failure */
} paths;

static void add(paths *p, const char *bytes, size_t length)
{
    assert_true(p->used + length < sizeof(p->text));
    memcpy(p->text + p->used, bytes, length);
    p->used += length;
    p->text[p->used] = '\0';
}

static void add_line(paths *p, const char *prefix, size_t prefix_length, const gbx_record *record)
{
    add(p, prefix, prefix_length);
    if (prefix_length > 0)
        add(p, ">", 1);
    add(p, record->name, gbx_record_name_length(record));
    add(p, "\n", 1);
    ++p->spans;
}

static void read_paths(const gbx_capture *capture, paths *p)
{
    struct {
        size_t at;
        size_t length;
    } open[LEVELS] = {{0, 0}};
    size_t depth = 0;
    gbx_reader reader;
    gbx_record record;

    p->used = p->spans = 0;
    p->text[0] = p->reason[0] = '\0';
    gbx_reader_init(&reader, capture, 0);
    while (gbx_reader_next(&reader, &record)) {
        if (record.kind == GBX_RECORD_ENTER) {
            size_t begin = p->used;

            assert_true(depth + 1 < LEVELS);
            add_line(p, p->text + open[depth].at, open[depth].length, &record);
            ++depth;
            open[depth].at = begin;
            open[depth].length = p->used - begin - 1;
        } else if (record.kind == GBX_RECORD_EXIT) {
            --depth;
        } else if (record.kind == GBX_RECORD_FAIL && p->reason[0] == '\0') {
            snprintf(p->reason, sizeof(p->reason), "%.*s", (int)record.text_length, record.text);
        }
    }
    assert_int_equal(depth, 0);
}

/* A traced request. The capture is freed, the answer forgotten: what is asked for is the trace. */
static gbx_err end_trace(gbx_capture *capture, gbx_scope scope, request_answer *answer, paths *p)
{
    gbx_err err = answer->err;

    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    read_paths(capture, p);
    gbx_capture_unref(capture);
    request_forget(answer);
    return err;
}

static gbx_err trace(const char *source, const char *engine, const char *data, size_t length, paths *p)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);
    request_answer answer = strcmp(source, "html") == 0 ? request_send_page(engine, data, length)
                                                        : request_send_data(source, engine, data, length);

    return end_trace(capture, scope, &answer, p);
}

static gbx_err trace_through(const char *transformation, const char *source, const char *body, paths *p)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);
    request_answer answer = request_send_through(source, "dot", transformation, body, strlen(body));

    return end_trace(capture, scope, &answer, p);
}

static void check_has(const paths *p, const char *const *lines)
{
    for (; *lines != NULL; lines++)
        if (strstr(p->text, *lines) == NULL)
            fail_msg("no span %sin:\n%s", *lines, p->text);
}

static const char page[] = "<html><head><title>t</title></head><body><p id=first>a</p><div>b</div>"
                           "<p id='a b'>c</p></body></html>";

static void every_phase_of_a_page_has_its_span(void **state)
{
    static const char *const lines[] = {
        "graph.run\n",
        "graph.run>graph.parse\n",
        "graph.run>graph.parse>graph.parse.body\n",
        "graph.run>graph.parse>graph.parse.html\n",
        "graph.run>graph.build\n",
        "graph.run>graph.build>section head\n",
        "graph.run>graph.build>section p#first\n",
        "graph.run>graph.build>section div\n",
        "graph.run>graph.build>section p#a b\n",
        "graph.run>graph.transform>graph.transform.default\n",
        "graph.run>graph.render>graph.render.dot>graph.render.nodes\n",
        "graph.run>graph.render>graph.render.dot>graph.render.edges\n",
        "graph.run>graph.release\n",
        NULL,
    };
    static paths p;

    (void)state;
    assert_int_equal(trace("html", "dot", page, sizeof(page) - 1, &p), GBX_ERR_OK);
    check_has(&p, lines);
    assert_string_equal(p.reason, "");
}

static void every_phase_of_a_graph_has_its_span(void **state)
{
    static const char *const lines[] = {
        "graph.run>graph.parse>graph.parse.json\n",
        "graph.run>graph.build>graph.build.nodes>graph.build.batch\n",
        "graph.run>graph.build>graph.build.edges>graph.build.batch\n",
        "graph.run>graph.render>graph.render.mermaid>graph.render.nodes\n",
        "graph.run>graph.render>graph.render.mermaid>graph.render.edges\n",
        NULL,
    };
    static const char *const tree_lines[] = {
        "graph.run>graph.render>graph.render.tree>graph.render.tree.index\n",
        "graph.run>graph.render>graph.render.tree>graph.render.tree.branch\n",
        NULL,
    };
    static paths p;
    size_t length;
    char *data = request_read_file("fixtures/graphs/karate.json", &length);

    (void)state;
    assert_non_null(data);
    assert_int_equal(trace("json", "mermaid", data, length, &p), GBX_ERR_OK);
    check_has(&p, lines);
    assert_int_equal(trace("json", "tree", data, length, &p), GBX_ERR_OK);
    check_has(&p, tree_lines);
    free(data);
}

/* The steps of each transformation, in their order; the last is graph.transform.keep unless all stay. */
static const struct {
    const char *transformation;
    const char *config;
    const char *steps;
} steps[] = {
    {"default", NULL, ""},
    {"body_only", NULL, "page.index page.mark page.down page.lift keep"},
    {"head_only", NULL, "page.index page.mark page.down page.lift keep"},
    {"full-document", NULL, "page.index full-document.assign"},
    {"attributes", NULL, "page.index attributes.mark page.lift keep"},
    {"scripts", "{'handlers':true}", "page.index scripts.mark page.down scripts.handlers page.up page.lift keep"},
    {"styles", NULL, "page.index styles.mark page.down styles.attributes page.up page.lift keep"},
    {"elements_only", NULL, "page.index elements_only.mark page.lift keep"},
    {"text_only", NULL, "page.index text_only.mark page.up page.lift keep"},
    {"largest-component", NULL, "components.weak largest-component.mark keep"},
    {"spanning-tree", "{'weight':'w'}",
     "spanning-tree.index spanning-tree.weigh spanning-tree.sort spanning-tree.join keep"},
    {"k-core", NULL, "k-core.index k-core.sort k-core.peel k-core.mark keep"},
    {"condense", NULL,
     "components.strong components.strong>graph.transform.components.index "
     "components.strong>graph.transform.components.walk condense.contract edges.sort edges.merge keep"},
    {"reachable", "{'roots':['a']}", "reachable.index find reachable.walk keep"},
    {"top-degree", NULL, "top-degree.count top-degree.sort keep"},
    {"dedupe", "{'by_label':true}", "dedupe.mark edges.labels edges.sort edges.merge keep"},
};

static void check_steps(const char *transformation, const char *names, const paths *p)
{
    static const char prefix[] = "graph.run>graph.transform>graph.transform.";
    char line[256];
    const char *from;

    snprintf(line, sizeof(line), "%s%s\n", prefix, transformation);
    if ((from = strstr(p->text, line)) == NULL)
        fail_msg("no span %sin:\n%s", line, p->text);
    while (*names != '\0') {
        int length = (int)strcspn(names, " ");

        snprintf(line, sizeof(line), "%s%s>graph.transform.%.*s\n", prefix, transformation, length, names);
        if ((from = strstr(from + 1, line)) == NULL)
            fail_msg("no span %sin its place in:\n%s", line, p->text);
        names += length + (names[length] == ' ');
    }
}

static void every_step_of_a_transformation_has_its_span(void **state)
{
    static paths p;
    size_t i = 0;

    (void)state;
    for (; transformed_all[i] != NULL; i++) {
        bool for_pages = transformed_all[i]->apply(&(gbxi_graph){0}, (gbxi_json_value){0}, NULL) == GBX_ERR_CONFLICT;
        char *body = for_pages ? transformed_page_body(page, steps[i].config)
                               : transformed_body("a b | a>b=1 b>a=2 a>a=3", steps[i].config);

        assert_string_equal(transformed_all[i]->part.name, steps[i].transformation);
        assert_int_equal(trace_through(steps[i].transformation, for_pages ? "html" : "json", body, &p), GBX_ERR_OK);
        check_steps(steps[i].transformation, steps[i].steps, &p);
        free(body);
    }
    assert_int_equal(i, sizeof(steps) / sizeof(steps[0]));
}

static void each_engine_has_spans_of_its_own(void **state)
{
    static const struct {
        const char *engine;
        const char *const lines[5];
    } cases[] = {
        {"d3", {"graph.render>graph.render.d3>graph.render.nodes\n", "graph.render.d3>graph.render.edges\n"}},
        {"cytoscape",
         {"graph.render>graph.render.cytoscape>graph.render.ids\n", "graph.render.cytoscape>graph.render.nodes\n",
          "graph.render.cytoscape>graph.render.edges\n"}},
        {"visjs",
         {"graph.render>graph.render.visjs>graph.render.ids\n", "graph.render.visjs>graph.render.nodes\n",
          "graph.render.visjs>graph.render.edges\n"}},
    };
    static paths p;
    size_t length;
    char *data = request_read_file("fixtures/graphs/karate.json", &length);

    (void)state;
    assert_non_null(data);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(trace("json", cases[i].engine, data, length, &p), GBX_ERR_OK);
        check_has(&p, cases[i].lines);
    }
    free(data);
}

static void a_refused_request_is_a_failed_trace(void **state)
{
    static const struct {
        const char *source;
        const char *data;
        const char *reason;
    } cases[] = {
        {"json", "{\"nodes\":7}", "nodes must be an array"},
        {"json", "{\"nodes\":[{}]}", "id is missing"},
        {"nothing", "{}", "there is no source"},
    };
    static paths p;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_not_equal(trace(cases[i].source, "dot", cases[i].data, strlen(cases[i].data), &p), GBX_ERR_OK);
        if (strstr(p.reason, cases[i].reason) == NULL)
            fail_msg("failed with \"%s\" and not \"%s\"", p.reason, cases[i].reason);
    }
}

static char *many_sections(size_t count, const char *section, size_t *length)
{
    size_t size = strlen(section);
    char *html = malloc(count * size + 1);

    assert_non_null(html);
    for (size_t i = 0; i < count; i++)
        memcpy(html + i * size, section, size);
    *length = count * size;
    return html;
}

/* A large page is a trace of hundreds of spans, not of one a node and not of one alone. */
static void a_large_page_has_hundreds_of_spans_at_most(void **state)
{
    static const struct {
        size_t count;
        const char *section;
        size_t spans_min;
        size_t spans_max;
    } cases[] = {
        {50000, "<p>x</p>", 300, 500}, /* as many sections */
        {20000, "<b>x<i>y</i></b>", 300, 500},
        {50000, "<div>", 60, 200}, /* one section, as deep */
        {20, "<p id=a>x</p>", 28, 40},
    };
    static paths p;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t length;
        char *html = many_sections(cases[i].count, cases[i].section, &length);

        assert_int_equal(trace("html", "dot", html, length, &p), GBX_ERR_OK);
        assert_in_range(p.spans, cases[i].spans_min, cases[i].spans_max);
        free(html);
    }
}

static void a_large_page_is_hundreds_of_spans_for_each_engine(void **state)
{
    const gbxi_part *const *engines = gbxi_parts(GBXI_PART_ENGINE);
    static paths p;
    size_t length;
    char *html = many_sections(20000, "<b>x<i>y</i></b>", &length);

    (void)state;
    for (size_t i = 0; engines[i] != NULL; i++) {
        assert_int_equal(trace("html", engines[i]->name, html, length, &p), GBX_ERR_OK);
        assert_in_range(p.spans, 290, 500);
    }
    free(html);
}

static void a_long_id_is_cut_in_a_name_between_code_points(void **state)
{
    static const char body[] = "<html><body><p id='\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                               "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                               "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
                               "\xc3\xa9\xc3\xa9\xc3\xa9"
                               "x\xc3\xa9\xc3\xa9"
                               "'>a</p></body></html>";
    static const char *const lines[] = {
        "section p#\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
        "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
        "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
        "\xc3\xa9\xc3\xa9\xc3\xa9x\n",
        NULL,
    };
    static paths p;

    (void)state;
    assert_int_equal(trace("html", "dot", body, sizeof(body) - 1, &p), GBX_ERR_OK);
    check_has(&p, lines);
}

/* Each thread's pages have an id that no other thread's have. Returns NULL, or the trace that held a stranger. */
static void *trace_own_pages(void *argument)
{
    size_t self = *(const size_t *)argument;
    paths *p = malloc(sizeof(*p));
    char html[128], own[64];

    snprintf(html, sizeof(html), "<html><body><p id=thread%zu>x</p></body></html>", self);
    snprintf(own, sizeof(own), "section p#thread%zu", self);
    for (int round = 0; round < ROUNDS; round++) {
        const char *at;

        if (trace("html", "tree", html, strlen(html), p) != GBX_ERR_OK || strstr(p->text, own) == NULL)
            return p;
        for (at = strstr(p->text, "section p"); at != NULL; at = strstr(at + 1, "section p"))
            if (strncmp(at, own, strlen(own)) != 0)
                return p;
    }
    free(p);
    return NULL;
}

static void requests_at_the_same_time_see_their_own_sections_only(void **state)
{
    pthread_t threads[THREADS];
    size_t numbers[THREADS];

    (void)state;
    for (size_t i = 0; i < THREADS; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, trace_own_pages, &numbers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        void *stranger;

        assert_int_equal(pthread_join(threads[i], &stranger), 0);
        assert_null(stranger);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_phase_of_a_page_has_its_span),
        cmocka_unit_test(every_phase_of_a_graph_has_its_span),
        cmocka_unit_test(every_step_of_a_transformation_has_its_span),
        cmocka_unit_test(each_engine_has_spans_of_its_own),
        cmocka_unit_test(a_refused_request_is_a_failed_trace),
        cmocka_unit_test(a_large_page_has_hundreds_of_spans_at_most),
        cmocka_unit_test(a_large_page_is_hundreds_of_spans_for_each_engine),
        cmocka_unit_test(a_long_id_is_cut_in_a_name_between_code_points),
        cmocka_unit_test(requests_at_the_same_time_see_their_own_sections_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
