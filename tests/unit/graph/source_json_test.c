/* SPDX-License-Identifier: MIT */
/* Graphs given as JSON: accepted input, and the exact pointers of errors. */
#include "graph/graph.h"
#include "graph/registry.h"
#include "request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct accepted_case {
    const char *data;
    uint64_t nodes;
    uint64_t edges;
} accepted_case;

static void graphs_are_counted(void **state)
{
    static const accepted_case cases[] = {
        {"{\"nodes\":[],\"edges\":[]}", 0, 0},
        {"{\"nodes\":[]}", 0, 0},
        {"{\"nodes\":[{\"id\":\"a\"}]}", 1, 0},
        {"{\"nodes\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"edges\":[{\"source\":\"a\",\"target\":\"b\"}]}", 2, 1},
        {"{\"nodes\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"links\":[{\"source\":\"a\",\"target\":\"b\"}]}", 2, 1},
        {"{\"edges\":[{\"source\":\"a\",\"target\":\"a\"}],\"nodes\":[{\"id\":\"a\"}]}", 1, 1},
        {"{\"nodes\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"edges\":[{\"source\":\"a\",\"target\":\"b\"},"
         "{\"source\":\"a\",\"target\":\"b\"}]}",
         2, 2},
        {"{\"nodes\":[{\"id\":\"a\"},{\"id\":\"A\"},{\"id\":\"\"},{\"id\":\" a\"}]}", 4, 0},
        {"{\"nodes\":[{\"id\":\"\\u00e9\"},{\"id\":\"e\\u0301\"}]}", 2, 0},
        {"{\"nodes\":[{\"id\":\"a\\u0000b\"},{\"id\":\"a\"}]}", 2, 0},
        {"{\"nodes\":[{\"id\":1},{\"id\":\"2\"}],\"edges\":[{\"source\":\"1\",\"target\":2},"
         "{\"source\":1.0,\"target\":2e0}]}",
         2, 2},
        {"{\"nodes\":[{\"id\":0.5},{\"id\":-7},{\"id\":18446744073709551615}],"
         "\"edges\":[{\"source\":\"0.5\",\"target\":\"18446744073709551615\"},{\"source\":-7.0,\"target\":5e-1}]}",
         3, 2},
        {"{\"nodes\":[{\"id\":-0.0}],\"edges\":[{\"source\":0,\"target\":\"0\"}]}", 1, 1},
        {"{\"nodes\":[{\"id\":\"a\",\"label\":7,\"x\":{\"y\":[]}}],"
         "\"edges\":[{\"source\":\"a\",\"target\":\"a\",\"label\":null,\"weight\":2}]}",
         1, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        request_answer answer = request_send_data("json", "dot", cases[i].data, strlen(cases[i].data));

        if (answer.err != GBX_ERR_OK)
            fail_msg("%s: %s", cases[i].data, answer.error.text);
        assert_int_equal(request_uint(&answer, "node_count"), cases[i].nodes);
        assert_int_equal(request_uint(&answer, "edge_count"), cases[i].edges);
        request_forget(&answer);
    }
}

typedef struct refused_case {
    const char *data;
    gbx_err err;
    const char *pointer;
} refused_case;

static void faults_are_told_with_their_place(void **state)
{
    static const refused_case cases[] = {
        {"null", GBX_ERR_TYPE, "/graph_data"},
        {"[]", GBX_ERR_TYPE, "/graph_data"},
        {"\"x\"", GBX_ERR_TYPE, "/graph_data"},
        {"{}", GBX_ERR_MISSING, "/graph_data/nodes"},
        {"{\"nodes\":{}}", GBX_ERR_TYPE, "/graph_data/nodes"},
        {"{\"nodes\":null}", GBX_ERR_TYPE, "/graph_data/nodes"},
        {"{\"nodes\":[],\"nodes\":[]}", GBX_ERR_CONFLICT, "/graph_data/nodes"},
        {"{\"nodes\":[],\"edges\":{}}", GBX_ERR_TYPE, "/graph_data/edges"},
        {"{\"nodes\":[],\"links\":3}", GBX_ERR_TYPE, "/graph_data/links"},
        {"{\"nodes\":[],\"edges\":[],\"links\":[]}", GBX_ERR_CONFLICT, "/graph_data/links"},
        {"{\"nodes\":[],\"edgse\":[]}", GBX_ERR_UNKNOWN, "/graph_data/edgse"},
        {"{\"nodes\":[],\"a/b~c\":1}", GBX_ERR_UNKNOWN, "/graph_data/a~1b~0c"},
        {"{\"nodes\":[1]}", GBX_ERR_TYPE, "/graph_data/nodes/0"},
        {"{\"nodes\":[{\"id\":1},[]]}", GBX_ERR_TYPE, "/graph_data/nodes/1"},
        {"{\"nodes\":[{\"id\":1},{\"id\":2},{\"id\":3},{\"name\":4}]}", GBX_ERR_MISSING, "/graph_data/nodes/3/id"},
        {"{\"nodes\":[{\"id\":null}]}", GBX_ERR_TYPE, "/graph_data/nodes/0/id"},
        {"{\"nodes\":[{\"id\":true}]}", GBX_ERR_TYPE, "/graph_data/nodes/0/id"},
        {"{\"nodes\":[{\"id\":[1]}]}", GBX_ERR_TYPE, "/graph_data/nodes/0/id"},
        {"{\"nodes\":[{\"id\":1,\"id\":2}]}", GBX_ERR_CONFLICT, "/graph_data/nodes/0/id"},
        {"{\"nodes\":[{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"a\"}]}", GBX_ERR_CONFLICT, "/graph_data/nodes/2/id"},
        {"{\"nodes\":[{\"id\":1},{\"id\":\"1\"}]}", GBX_ERR_CONFLICT, "/graph_data/nodes/1/id"},
        {"{\"nodes\":[{\"id\":1},{\"id\":1.0}]}", GBX_ERR_CONFLICT, "/graph_data/nodes/1/id"},
        {"{\"nodes\":[{\"id\":1}],\"edges\":[7]}", GBX_ERR_TYPE, "/graph_data/edges/0"},
        {"{\"nodes\":[{\"id\":1}],\"edges\":[{}]}", GBX_ERR_MISSING, "/graph_data/edges/0/source"},
        {"{\"nodes\":[{\"id\":1}],\"edges\":[{\"source\":1}]}", GBX_ERR_MISSING, "/graph_data/edges/0/target"},
        {"{\"nodes\":[{\"id\":1}],\"edges\":[{\"source\":{},\"target\":1}]}", GBX_ERR_TYPE,
         "/graph_data/edges/0/source"},
        {"{\"nodes\":[{\"id\":1}],\"edges\":[{\"source\":1,\"target\":1},{\"source\":1,\"target\":\"x\"}]}",
         GBX_ERR_UNKNOWN, "/graph_data/edges/1/target"},
        {"{\"nodes\":[{\"id\":1}],\"links\":[{\"source\":2,\"target\":1}]}", GBX_ERR_UNKNOWN,
         "/graph_data/links/0/source"},
        {"{\"nodes\":[{\"id\":1}],\"links\":[{\"source\":1,\"source\":1,\"target\":1}]}", GBX_ERR_CONFLICT,
         "/graph_data/links/0/source"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        request_answer answer = request_send_data("json", "dot", cases[i].data, strlen(cases[i].data));

        if (answer.err != cases[i].err || strcmp(answer.error.pointer, cases[i].pointer) != 0)
            fail_msg("%s: %s at %s (%s)", cases[i].data, gbx_err_text(answer.err), answer.error.pointer,
                     answer.error.text);
        assert_int_equal(answer.error.code, answer.err);
        assert_true(strlen(answer.error.text) > 10);
        request_forget(&answer);
    }
}

/* Two integers that are the same double are two ids. An id that is given as a text names the same node. */
static void integers_of_any_size_are_ids_as_written(void **state)
{
    static const char data[] = "{\"nodes\":[{\"id\":123456789012345678901234567890},"
                               "{\"id\":123456789012345678901234567891,\"size\":-99999999999999999999999},"
                               "{\"id\":1000000000000000000000,\"label\":\"x\"},{\"id\":1e21}],"
                               "\"edges\":[{\"source\":123456789012345678901234567890,"
                               "\"target\":\"123456789012345678901234567891\"}]}";
    request_answer answer = request_send_data("json", "d3", data, sizeof(data) - 1);

    (void)state;
    assert_int_equal(answer.err, GBX_ERR_OK);
    assert_int_equal(request_uint(&answer, "node_count"), 4);
    assert_true(request_has(&answer, "{\"id\":\"123456789012345678901234567890\",\"label\":\"1234567890123456"));
    assert_true(request_has(&answer, "\"size\":-99999999999999999999999}"));
    assert_true(request_has(&answer, "{\"id\":\"1000000000000000000000\",\"label\":\"x\"}"));
    assert_true(request_has(&answer, "{\"id\":\"1e+21\""));
    assert_true(request_has(&answer, "{\"source\":\"123456789012345678901234567890\","
                                     "\"target\":\"123456789012345678901234567891\"}"));
    request_forget(&answer);
}

static void an_integer_of_many_digits_is_an_id_and_one_that_is_wrong_is_named(void **state)
{
    static const char twice[] = "{\"nodes\":[{\"id\":100000000000000000000},{\"id\":100000000000000000000}]}";
    enum { DIGITS = 10000 };
    char data[DIGITS + 64] = "{\"nodes\":[{\"id\":", id[DIGITS + 1];
    request_answer answer;

    (void)state;
    memset(id, '7', DIGITS);
    id[DIGITS] = '\0';
    strcat(strcat(data, id), "}]}");
    answer = request_send_data("json", "d3", data, strlen(data));
    assert_int_equal(answer.err, GBX_ERR_OK);
    assert_true(request_has(&answer, id));
    request_forget(&answer);
    answer = request_send_data("json", "d3", twice, sizeof(twice) - 1);
    assert_int_equal(answer.err, GBX_ERR_CONFLICT);
    assert_non_null(strstr(answer.error.text, "\"100000000000000000000\""));
    request_forget(&answer);
}

/* Zachary (1977): 34 members of a club, 78 friendships. */
static void the_karate_club_has_its_members_and_friendships(void **state)
{
    static const char *const engines[] = {"dot", "mermaid", "tree"};
    size_t length;
    char *data = request_read_file("fixtures/graphs/karate.json", &length);

    (void)state;
    assert_non_null(data);
    for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++) {
        request_answer answer = request_send_data("json", engines[i], data, length);

        assert_int_equal(answer.err, GBX_ERR_OK);
        assert_int_equal(request_uint(&answer, "node_count"), 34);
        assert_int_equal(request_uint(&answer, "edge_count"), 78);
        request_forget(&answer);
    }
    free(data);
}

/* What transformations and engines to come will need of a node: its own JSON object. */
static void fields_travel_along(void **state)
{
    static const char data[] = "{\"nodes\":[{\"id\":\"a\"},{\"id\":\"b\",\"weight\":2.5}],"
                               "\"edges\":[{\"source\":\"b\",\"target\":\"a\",\"label\":\"to\",\"kind\":\"k\"}]}";
    gbxi_json_document *document;
    gbxi_graph graph = {0};
    gbx_error error;
    gbxi_json_string text;
    double weight = 0;
    void *parsed = NULL;

    (void)state;
    assert_int_equal(gbxi_json_parse(data, sizeof(data) - 1, &document, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_source_json.parse(gbxi_json_root(document), &parsed, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_source_json.build(parsed, &graph, &error), GBX_ERR_OK);
    assert_true(gbxi_json_double(gbxi_json_member(graph.node_values[graph.nodes[1].origin], "weight"), &weight));
    assert_true(weight == 2.5);
    assert_true(gbxi_json_str(gbxi_json_member(graph.edge_values[graph.edges[0].origin], "kind"), &text));
    assert_memory_equal(text.at, "k", 1);
    assert_int_equal(graph.edges[0].source, 1);
    assert_int_equal(graph.edges[0].target, 0);
    assert_memory_equal(gbxi_texts_at(&graph.texts, graph.edges[0].label), "to", 2);
    gbxi_source_json.free(parsed);
    gbxi_graph_fini(&graph);
    gbxi_json_free(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(graphs_are_counted),
        cmocka_unit_test(faults_are_told_with_their_place),
        cmocka_unit_test(integers_of_any_size_are_ids_as_written),
        cmocka_unit_test(an_integer_of_many_digits_is_an_id_and_one_that_is_wrong_is_named),
        cmocka_unit_test(the_karate_club_has_its_members_and_friendships),
        cmocka_unit_test(fields_travel_along),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
