/* SPDX-License-Identifier: MIT */
/* The notes of a request's spans: which sizes and names the trace has of each phase. */
#define _GNU_SOURCE
#include "request.h"
#include "transformed.h"
#include <glassbox/read.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LEVELS = 16 };

static void write_note(FILE *out, const gbx_record *span, const gbx_record *note)
{
    fprintf(out, "%.*s %.*s=", (int)gbx_record_name_length(span), span->name, (int)note->key_length, note->key);
    if (note->kind == GBX_RECORD_NOTE_INT)
        fprintf(out, "%lld\n", (long long)note->integer);
    else
        fprintf(out, "%.*s\n", (int)note->text_length, note->text);
}

/* The notes of a finished capture as lines "SPAN KEY=VALUE". Owns: the caller. */
static char *notes_of(const gbx_capture *capture)
{
    char *text = NULL;
    size_t length, depth = 0;
    FILE *out = open_memstream(&text, &length);
    gbx_record open[LEVELS], record;
    gbx_reader reader;

    assert_non_null(out);
    assert_int_equal(gbx_reader_init(&reader, capture, 0), GBX_ERR_OK);
    while (gbx_reader_next(&reader, &record)) {
        if (record.kind == GBX_RECORD_ENTER) {
            assert_true(depth < LEVELS);
            open[depth++] = record;
        } else if (record.kind == GBX_RECORD_EXIT) {
            depth--;
        } else {
            assert_true(depth > 0);
            write_note(out, &open[depth - 1], &record);
        }
    }
    assert_int_equal(fclose(out), 0);
    return text;
}

static char *notes_of_request(const char *source, const char *engine, const char *transformation, const char *body)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);
    request_answer answer = request_send_through(source, engine, transformation, body, strlen(body));
    char *notes;

    assert_int_equal(answer.err, GBX_ERR_OK);
    request_forget(&answer);
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    notes = notes_of(capture);
    gbx_capture_unref(capture);
    return notes;
}

/* `body` is freed. */
static void check_notes(const char *source, const char *engine, const char *transformation, char *body,
                        const char *expected)
{
    char *notes = notes_of_request(source, engine, transformation, body);

    assert_string_equal(notes, expected);
    free(notes);
    free(body);
}

static void a_page_has_its_sizes_in_every_phase(void **state)
{
    (void)state;
    check_notes("html", "dot", "full-document", transformed_page_body("<html><body><p id=a>x</p></body></html>", NULL),
                "graph.parse source=html\n"
                "graph.parse.body bytes=65\n"
                "graph.parse.html bytes=39\n"
                "graph.parse.html records=6\n"
                "section head nodes=1\n"
                "section p#a nodes=3\n"
                "graph.build nodes=6\n"
                "graph.build edges=5\n"
                "graph.transform transformation=full-document\n"
                "graph.render engine=dot\n"
                "graph.render.clusters clusters=5\n"
                "graph.render.nodes first=0\n"
                "graph.render.nodes count=1\n"
                "graph.render.nodes first=1\n"
                "graph.render.nodes count=1\n"
                "graph.render.nodes first=2\n"
                "graph.render.nodes count=3\n"
                "graph.render.nodes first=5\n"
                "graph.render.nodes count=1\n"
                "graph.render.edges first=0\n"
                "graph.render.edges count=5\n"
                "graph.render.dot bytes=415\n");
}

static void a_graph_has_its_sizes_in_every_phase(void **state)
{
    (void)state;
    check_notes("json", "tree", "default", transformed_body("a b c | a>b b>c", NULL),
                "graph.parse source=json\n"
                "graph.parse.body bytes=125\n"
                "graph.parse.json nodes=3\n"
                "graph.parse.json edges=2\n"
                "graph.build.nodes count=3\n"
                "graph.build.batch first=0\n"
                "graph.build.edges count=2\n"
                "graph.build.batch first=0\n"
                "graph.build nodes=3\n"
                "graph.build edges=2\n"
                "graph.transform transformation=default\n"
                "graph.transform.default nodes=3\n"
                "graph.transform.default edges=2\n"
                "graph.render engine=tree\n"
                "graph.render.tree.branch depth=1\n"
                "graph.render.tree bytes=30\n");
}

/* `lines` occur one after the other, with others between them. `body` is freed. */
static void check_lines(const char *source, const char *transformation, char *body, const char *const *lines)
{
    char *notes = notes_of_request(source, "dot", transformation, body);
    const char *at = notes;

    for (; *lines != NULL; lines++)
        if ((at = strstr(at, *lines)) == NULL)
            fail_msg("no %sin its place in:\n%s", *lines, notes);
    free(notes);
    free(body);
}

static void each_batch_says_where_it_begins(void **state)
{
    static const char *const chain_lines[] = {
        "graph.build.nodes count=300\ngraph.build.batch first=0\ngraph.build.batch first=256\n",
        "graph.build.edges count=299\ngraph.build.batch first=0\ngraph.build.batch first=256\n",
        "graph.render.nodes first=0\ngraph.render.nodes count=256\n",
        "graph.render.nodes first=256\ngraph.render.nodes count=44\n",
        "graph.render.edges first=256\ngraph.render.edges count=43\n",
        NULL,
    };
    static const char *const page_lines[] = {
        "section div nodes=301\ngraph.build.batch first=3\ngraph.build.batch count=256\n",
        "graph.build.batch first=259\ngraph.build.batch count=45\n",
        NULL,
    };
    char *chain = transformed_chain(300), page[2048] = "<html><body><div>";

    (void)state;
    check_lines("json", "default", transformed_body(chain, NULL), chain_lines);
    free(chain);
    for (size_t i = 0; i < 300; i++)
        strcat(page, "<br>");
    check_lines("html", "default", transformed_page_body(page, NULL), page_lines);
}

static void transformations_say_what_they_have_found(void **state)
{
    static const struct {
        const char *transformation, *config, *lines[4];
    } cases[] = {
        {"largest-component",
         NULL,
         {"graph.transform.largest-component.mark size=2\n", "graph.transform.keep nodes=2\n",
          "graph.transform.keep edges=3\n"}},
        {"k-core",
         NULL,
         {"graph.transform.k-core.mark k=3\n", "graph.transform.keep nodes=2\n", "graph.transform.keep edges=3\n"}},
        {"dedupe",
         NULL,
         {"graph.transform.edges.sort edges=4\n", "graph.transform.keep nodes=4\n", "graph.transform.keep edges=3\n"}},
        {"reachable",
         "{'roots':['c','d']}",
         {"graph.transform.find ids=2\n", "graph.transform.reachable.walk levels=1\n",
          "graph.transform.keep nodes=2\n"}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_lines("json", cases[i].transformation, transformed_body("a b c d | a>b b>a a>b c>d", cases[i].config),
                    cases[i].lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_has_its_sizes_in_every_phase),
        cmocka_unit_test(a_graph_has_its_sizes_in_every_phase),
        cmocka_unit_test(each_batch_says_where_it_begins),
        cmocka_unit_test(transformations_say_what_they_have_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
