/* SPDX-License-Identifier: MIT */
/* The output of the engines, byte for byte against fixtures/graphs, and properties that hold for any graph.
 *
 * After an intended change: run this program with --update from the source root, and read the difference. */
#define _GNU_SOURCE
#include "request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool update;

typedef struct engine_case {
    const char *engine;
    const char *member; /* that holds its text; NULL: it writes JSON */
    const char *size;   /* the member that holds the text's size; NULL for none */
    const char *ending;
} engine_case;

static const engine_case engines[] = {
    {"dot", "dot", "dot_size", "dot"},
    {"mermaid", "mermaid", "mermaid_size", "mmd"},
    {"tree", "tree", NULL, "txt"},
    {"d3", NULL, NULL, "d3.json"},
    {"cytoscape", NULL, NULL, "cytoscape.json"},
    {"visjs", NULL, NULL, "visjs.json"},
};
enum { ENGINES = sizeof(engines) / sizeof(engines[0]) };

static void write_file(const char *path, gbxi_json_string text)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text.at, 1, text.length, file), text.length);
    assert_int_equal(fclose(file), 0);
}

static void check_golden(const char *name, const char *ending, gbxi_json_string text)
{
    char path[128], *expected;
    size_t length;

    snprintf(path, sizeof(path), "fixtures/graphs/%s.%s", name, ending);
    if (update)
        write_file(path, text);
    expected = request_read_file(path, &length);
    assert_non_null(expected);
    if (length != text.length || memcmp(expected, text.at, length) != 0)
        fail_msg("%s differs; now:\n%.*s", path, (int)text.length, text.at);
    free(expected);
}

static request_answer ask(const char *source, const char *engine, const char *data, size_t length)
{
    return strcmp(source, "html") == 0 ? request_send_page(engine, data, length)
                                       : request_send_data(source, engine, data, length);
}

/* What an engine wrote: its text, or the answer without its duration, which is another one each time and is cut off
 * here; so once an answer. */
static gbxi_json_string written(const request_answer *answer, const engine_case *it)
{
    char *end;

    if (it->member != NULL)
        return request_text(answer, it->member);
    end = memmem(answer->text.bytes, answer->text.length, ",\"duration\":", 12);
    assert_non_null(end);
    *end = '}';
    return (gbxi_json_string){answer->text.bytes, (size_t)(end + 1 - answer->text.bytes)};
}

static void check_engines(const char *source, const char *name, const char *ending)
{
    char path[128], *data;
    size_t length;

    snprintf(path, sizeof(path), "fixtures/graphs/%s.%s", name, ending);
    data = request_read_file(path, &length);
    assert_non_null(data);
    for (size_t i = 0; i < ENGINES; i++) {
        request_answer answer = ask(source, engines[i].engine, data, length);

        assert_int_equal(answer.err, GBX_ERR_OK);
        request_text_is(&answer, "engine", engines[i].engine);
        check_golden(name, engines[i].ending, written(&answer, &engines[i]));
        if (engines[i].size != NULL)
            assert_int_equal(request_uint(&answer, engines[i].size), written(&answer, &engines[i]).length);
        else if (engines[i].member != NULL)
            request_text_is(&answer, "output_format", "text");
        request_forget(&answer);
    }
    free(data);
}

static void a_small_graph_is_written_as_ever(void **state)
{
    (void)state;
    check_engines("json", "small", "json");
}

static void hostile_ids_and_labels_are_written_as_ever(void **state)
{
    (void)state;
    check_engines("json", "hostile", "json");
}

static void a_page_is_written_as_ever(void **state)
{
    (void)state;
    check_engines("html", "page", "html");
}

static size_t count(gbxi_json_string text, const char *part)
{
    const char *at = text.at, *end = text.at + text.length;
    size_t found = 0;

    while ((at = memmem(at, (size_t)(end - at), part, strlen(part))) != NULL) {
        ++found;
        at += strlen(part);
    }
    return found;
}

static void a_graph_without_nodes_is_written_too(void **state)
{
    static const char *const texts[ENGINES] = {
        "digraph G {\n}\n",          "flowchart TD\n", "", "\"nodes\":[],\"links\":[],", "{\"nodes\":[],\"edges\":[]}",
        "\"nodes\":[],\"edges\":[],"};
    static const char no_scripts[] = "{\"graph_data\":{\"html\":\"\"},\"transform_config\":{}}";

    (void)state;
    for (size_t i = 0; i < ENGINES; i++) {
        request_answer page =
            request_send_through("html", engines[i].engine, "scripts", no_scripts, strlen(no_scripts));
        request_answer graph = request_send_data("json", engines[i].engine, "{\"nodes\":[]}", 12);

        assert_int_equal(page.err, GBX_ERR_OK);
        assert_int_equal(request_uint(&page, "node_count"), 0);
        assert_int_equal(request_uint(&page, "edge_count"), 0);
        if (engines[i].member != NULL) {
            request_text_is(&page, engines[i].member, texts[i]);
            request_text_is(&graph, engines[i].member, texts[i]);
        } else {
            assert_int_equal(count(written(&page, &engines[i]), texts[i]), 1);
            assert_int_equal(count(written(&graph, &engines[i]), texts[i]), 1);
        }
        request_forget(&page);
        request_forget(&graph);
    }
}

/* A label is cut, so a megabyte of it is not a megabyte of output; an id is not cut, because edges refer to it. */
static void a_megabyte_is_cut_in_a_label_and_whole_in_an_id(void **state)
{
    enum { SIZE = 1000000, PIECE = 16000 }; /* dot writes a long id in pieces */
    char *text = malloc(SIZE + 1);
    gbxi_json_buffer data = {0};
    gbxi_json_writer w;

    (void)state;
    assert_non_null(text);
    memset(text, 'm', SIZE);
    text[SIZE] = '\0';
    gbxi_json_writer_init_buffer(&w, &data);
    gbxi_json_object_begin(&w);
    gbxi_json_key(&w, "nodes");
    gbxi_json_array_begin(&w);
    gbxi_json_object_begin(&w);
    gbxi_json_key(&w, "id");
    gbxi_json_string_z(&w, text);
    gbxi_json_key(&w, "label");
    gbxi_json_string_z(&w, text);
    gbxi_json_object_end(&w);
    gbxi_json_array_end(&w);
    gbxi_json_object_end(&w);
    assert_int_equal(gbxi_json_writer_finish(&w), GBX_ERR_OK);
    text[PIECE] = '\0';
    for (size_t i = 0; i < ENGINES; i++) {
        request_answer answer = request_send_data("json", engines[i].engine, data.bytes, data.length);
        gbxi_json_string text_of = written(&answer, &engines[i]);
        bool has_id = strcmp(engines[i].engine, "mermaid") != 0 && strcmp(engines[i].engine, "tree") != 0;

        assert_int_equal(count(text_of, text), has_id ? SIZE / PIECE : 0);
        assert_true(text_of.length < (has_id ? SIZE + 6000 : 400));
        request_forget(&answer);
    }
    gbxi_json_buffer_fini(&data);
    free(text);
}

/* Every node and every edge has a line in dot and mermaid, and an object in JSON; a tree has a line for each root and
 * each edge. */
static void counts_are_those_of_the_text(void **state)
{
    size_t length;
    char *data = request_read_file("fixtures/graphs/karate.json", &length);

    (void)state;
    assert_non_null(data);
    for (size_t i = 0; i < ENGINES; i++) {
        request_answer answer = request_send_data("json", engines[i].engine, data, length);
        gbxi_json_string text = written(&answer, &engines[i]);

        if (engines[i].member == NULL) {
            assert_int_equal(count(text, "\"label\":"), engines[i].ending[0] == 'c' ? 36 : 34); /* two in the style */
            assert_int_equal(count(text, "\"target\":") + count(text, "\"to\":"),
                             engines[i].ending[0] == 'v' ? 79 : 78);
        } else if (i == 0) {
            assert_int_equal(count(text, "label="), 34);
            assert_int_equal(count(text, " -> "), 78);
        } else if (i == 1) {
            assert_int_equal(count(text, "\"]\n"), 34);
            assert_int_equal(count(text, " --> "), 78);
        } else {
            size_t again = count(text, " (cycle)\n") + count(text, " (shown above)\n"), lines = count(text, "\n");
            size_t inner = count(text, "── ");

            assert_int_equal(lines - again, 34);
            assert_int_equal(inner, 78);
        }
        request_forget(&answer);
    }
    free(data);
}

/* A line's length is bounded however deep it is, so the text grows with the nodes and not with their depth. */
static void a_deep_page_is_a_tree_that_grows_with_its_nodes_only(void **state)
{
    enum { LEVELS = 10000, WIDTH = 5 };
    char *html = malloc(LEVELS * WIDTH + 1);
    request_answer answer;
    gbxi_json_string text;

    (void)state;
    assert_non_null(html);
    for (size_t i = 0; i < LEVELS; i++)
        memcpy(html + i * WIDTH, "<div>", WIDTH);
    answer = request_send_page("tree", html, LEVELS * WIDTH);
    assert_int_equal(answer.err, GBX_ERR_OK);
    assert_int_equal(request_uint(&answer, "node_count"), LEVELS + 3);
    text = request_text(&answer, "tree");
    assert_int_equal(count(text, "\n"), LEVELS + 3);
    assert_true(text.length < LEVELS * 200);
    assert_true(request_text_has(&answer, "tree", "··· 10001: <div>\n"));
    request_forget(&answer);
    free(html);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_graph_is_written_as_ever),
        cmocka_unit_test(hostile_ids_and_labels_are_written_as_ever),
        cmocka_unit_test(a_page_is_written_as_ever),
        cmocka_unit_test(a_graph_without_nodes_is_written_too),
        cmocka_unit_test(a_megabyte_is_cut_in_a_label_and_whole_in_an_id),
        cmocka_unit_test(counts_are_those_of_the_text),
        cmocka_unit_test(a_deep_page_is_a_tree_that_grows_with_its_nodes_only),
    };

    update = argc > 1 && strcmp(argv[1], "--update") == 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
