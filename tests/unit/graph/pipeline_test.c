/* SPDX-License-Identifier: MIT */
/* Routes, bodies and responses of the graph service that are the same for every source and engine. */
#include "graph/catalog.h"
#include "graph/registry.h"
#include "request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char page_body[] = "{\"graph_data\":{\"html\":\"<html><body><p>x</p></body></html>\"}}";

static void known_routes_are_accepted(void **state)
{
    const gbxi_part *const *sources = gbxi_parts(GBXI_PART_SOURCE);
    const gbxi_part *const *engines = gbxi_parts(GBXI_PART_ENGINE);
    gbx_error error;

    (void)state;
    for (size_t s = 0; sources[s] != NULL; s++) {
        gbxi_graph_route route = request_route(sources[s]->name, "default", "default");

        assert_int_equal(gbxi_graph_route_check(&route, &error), GBX_ERR_OK);
        for (size_t e = 0; engines[e] != NULL; e++) {
            route = request_route(sources[s]->name, engines[e]->name, "default");
            assert_int_equal(gbxi_graph_route_check(&route, &error), GBX_ERR_OK);
        }
    }
}

typedef struct route_case {
    const char *names[3];
    const char *message;
    gbxi_part_kind kind;
} route_case;

static const route_case unknown_routes[] = {
    {{"xml", "dot", "default"}, "source \"xml\"", GBXI_PART_SOURCE},
    {{"", "dot", "default"}, "source \"\"", GBXI_PART_SOURCE},
    {{"htm", "dot", "default"}, "source", GBXI_PART_SOURCE},
    {{"htmls", "dot", "default"}, "source", GBXI_PART_SOURCE},
    {{"html", "svg", "default"}, "engine \"svg\"", GBXI_PART_ENGINE},
    {{"html", "DOT", "default"}, "engine", GBXI_PART_ENGINE},
    {{"html", "dot", "none"}, "transformation \"none\"", GBXI_PART_TRANSFORMATION},
    {{"html", "dot", ""}, "transformation", GBXI_PART_TRANSFORMATION},
    {{"html", "dot", "a name that is as long as what is shown of one"}, "transformation", GBXI_PART_TRANSFORMATION},
    {{"html", "dot", "k_core"}, "transformation", GBXI_PART_TRANSFORMATION},
};

/* All names of a kind, as a refusal lists them. */
static bool are_listed(const char *message, gbxi_part_kind kind)
{
    const char *at = strstr(message, "; known: ");

    for (const gbxi_part *const *part = gbxi_parts(kind); at != NULL && *part != NULL; part++)
        at = strstr(at, (*part)->name);
    return at != NULL;
}

static void an_unknown_part_of_a_route_is_named_with_the_known_ones(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(unknown_routes) / sizeof(unknown_routes[0]); i++) {
        const route_case *it = &unknown_routes[i];
        gbxi_graph_route route = request_route(it->names[0], it->names[1], it->names[2]);
        gbxi_json_buffer text = {0};
        gbxi_json_writer writer;
        gbx_error error;

        assert_int_equal(gbxi_graph_route_check(&route, &error), GBX_ERR_UNKNOWN);
        assert_string_equal(error.pointer, "");
        assert_non_null(strstr(error.text, it->message));
        assert_true(are_listed(error.text, it->kind));
        gbxi_json_writer_init_buffer(&writer, &text);
        assert_int_equal(gbxi_graph_run(&route, page_body, sizeof(page_body) - 1, &writer, NULL), GBX_ERR_UNKNOWN);
        gbxi_json_buffer_fini(&text);
    }
}

typedef struct body_case {
    const char *source;
    const char *body;
    gbx_err err;
    const char *pointer;
} body_case;

static void faults_of_the_body_are_told_with_their_place(void **state)
{
    static const body_case cases[] = {
        {"html", "", GBX_ERR_SYNTAX, ""},
        {"html", "   ", GBX_ERR_SYNTAX, ""},
        {"html", "nonsense", GBX_ERR_SYNTAX, ""},
        {"html", "{\"graph_data\":{\"html\":\"x\"}", GBX_ERR_SYNTAX, ""},
        {"html", "[]", GBX_ERR_SYNTAX, ""},
        {"html", "null", GBX_ERR_SYNTAX, ""},
        {"html", "\"{}\"", GBX_ERR_SYNTAX, ""},
        {"html", "{}", GBX_ERR_MISSING, "/graph_data"},
        {"json", "{}", GBX_ERR_MISSING, "/graph_data"},
        {"html", "{\"graphdata\":{\"html\":\"x\"}}", GBX_ERR_UNKNOWN, "/graphdata"},
        {"html", "{\"graph_data\":{\"html\":\"x\"},\"graph_data\":{\"html\":\"y\"}}", GBX_ERR_CONFLICT, "/graph_data"},
        {"html", "{\"graph_data\":7}", GBX_ERR_TYPE, "/graph_data"},
        {"html", "{\"graph_data\":null}", GBX_ERR_TYPE, "/graph_data"},
        {"html", "{\"graph_data\":{}}", GBX_ERR_MISSING, "/graph_data/html"},
        {"html", "{\"graph_data\":{\"html\":null}}", GBX_ERR_TYPE, "/graph_data/html"},
        {"html", "{\"graph_data\":{\"html\":[\"x\"]}}", GBX_ERR_TYPE, "/graph_data/html"},
        {"html", "{\"graph_data\":{\"html\":\"x\",\"url\":\"y\"}}", GBX_ERR_UNKNOWN, "/graph_data/url"},
        {"html", "{\"graph_data\":{\"html\":\"x\"},\"transform_config\":[]}", GBX_ERR_TYPE, "/transform_config"},
        {"html", "{\"graph_data\":{\"html\":\"x\"},\"transform_config\":null}", GBX_ERR_TYPE, "/transform_config"},
        {"html", "{\"graph_data\":{\"html\":\"x\"},\"transform_config\":{\"x\":1}}", GBX_ERR_UNKNOWN,
         "/transform_config/x"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        request_answer answer = request_send(cases[i].source, "dot", cases[i].body, strlen(cases[i].body));

        if (answer.err != cases[i].err || strcmp(answer.error.pointer, cases[i].pointer) != 0)
            fail_msg("%s: %s at %s (%s)", cases[i].body, gbx_err_text(answer.err), answer.error.pointer,
                     answer.error.text);
        assert_int_equal(answer.error.code, answer.err);
        assert_true(strlen(answer.error.text) > 10);
        request_forget(&answer);
    }
}

static void a_page_that_is_made_to_be_slow_is_told_with_its_place(void **state)
{
    enum { SIZE = 300000, WIDTH = 5 };
    static char html[2 * SIZE];
    request_answer answer;

    (void)state;
    for (size_t i = 0; i < SIZE; i += WIDTH)
        memcpy(html + i, i == 0 ? "   <i" : "<div>", WIDTH);
    html[WIDTH] = '>';
    for (size_t i = SIZE; i + 4 <= sizeof(html); i += 4)
        memcpy(html + i, "</i>", 4);
    answer = request_send_page("dot", html, sizeof(html));
    assert_int_equal(answer.err, GBX_ERR_RANGE);
    assert_string_equal(answer.error.pointer, "/graph_data/html");
    request_forget(&answer);
}

static void what_is_not_the_services_is_left_alone(void **state)
{
    static const char *const bodies[] = {
        "{\"graph_data\":{\"html\":\"x\"},\"trace_config\":{\"capture_traces\":true,\"anything\":1}}",
        "{\"graph_data\":{\"html\":\"x\"},\"trace_config\":null}",
        "{\"trace_config\":7,\"transform_config\":{},\"graph_data\":{\"html\":\"x\"}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        request_answer answer = request_send("html", "dot", bodies[i], strlen(bodies[i]));

        assert_int_equal(answer.err, GBX_ERR_OK);
        request_forget(&answer);
    }
}

static void an_answer_has_its_members(void **state)
{
    static const char *const members[] = {"duration", "transformation", "engine", "node_count", "edge_count",
                                          "dot",      "dot_size"};
    request_answer answer = request_send("html", "default", page_body, sizeof(page_body) - 1);
    double duration = -1;

    (void)state;
    assert_int_equal(answer.err, GBX_ERR_OK);
    assert_int_equal(gbxi_json_count(answer.root), sizeof(members) / sizeof(members[0]));
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        assert_int_not_equal(gbxi_json_typeof(gbxi_json_member(answer.root, members[i])), GBXI_JSON_ABSENT);
    request_text_is(&answer, "engine", "dot");
    request_text_is(&answer, "transformation", "default");
    assert_int_equal(request_uint(&answer, "node_count"), 5);
    assert_int_equal(request_uint(&answer, "edge_count"), 4);
    assert_true(gbxi_json_double(gbxi_json_member(answer.root, "duration"), &duration));
    assert_true(duration > 0 && duration < 60);
    request_forget(&answer);
}

/* Two answers to one request differ in the duration's digits only. */
static void answers_are_the_same_but_for_the_duration(void **state)
{
    request_answer one = request_send("html", "dot", page_body, sizeof(page_body) - 1);
    request_answer two = request_send("html", "dot", page_body, sizeof(page_body) - 1);
    const char *end = strstr(one.text.bytes, "\"duration\"");

    (void)state;
    assert_non_null(end);
    assert_memory_equal(one.text.bytes, two.text.bytes, (size_t)(end - one.text.bytes) + sizeof("\"duration\":") - 1);
    request_forget(&one);
    request_forget(&two);
}

typedef void (*list_function)(gbxi_json_writer *out);

static void check_list(list_function list, const char *key, const gbxi_part *const *parts)
{
    static const char *const members[] = {"name", "label", "description"};
    request_answer answer = {0};
    gbxi_json_writer writer;
    gbxi_json_iterator each;
    gbxi_json_string text;

    gbxi_json_writer_init_buffer(&writer, &answer.text);
    list(&writer);
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
    assert_int_equal(gbxi_json_parse(answer.text.bytes, answer.text.length, &answer.document, &answer.error),
                     GBX_ERR_OK);
    answer.root = gbxi_json_root(answer.document);
    request_text_is(&answer, "default", parts[0]->name);
    each = gbxi_json_each(gbxi_json_member(answer.root, key));
    for (; gbxi_json_next(&each); parts++) {
        const char *const expected[] = {(*parts)->name, (*parts)->label, (*parts)->description};

        for (size_t i = 0; i < 3; i++) {
            assert_true(gbxi_json_str(gbxi_json_member(each.value, members[i]), &text));
            assert_true(gbxi_view_is(text, expected[i]));
        }
    }
    assert_null(*parts);
    request_forget(&answer);
}

static void engines_and_transformations_are_listed_with_their_defaults(void **state)
{
    (void)state;
    check_list(gbxi_graph_write_engines, "engines", gbxi_parts(GBXI_PART_ENGINE));
    check_list(gbxi_graph_write_transformations, "transformations", gbxi_parts(GBXI_PART_TRANSFORMATION));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_routes_are_accepted),
        cmocka_unit_test(an_unknown_part_of_a_route_is_named_with_the_known_ones),
        cmocka_unit_test(faults_of_the_body_are_told_with_their_place),
        cmocka_unit_test(a_page_that_is_made_to_be_slow_is_told_with_its_place),
        cmocka_unit_test(what_is_not_the_services_is_left_alone),
        cmocka_unit_test(an_answer_has_its_members),
        cmocka_unit_test(answers_are_the_same_but_for_the_duration),
        cmocka_unit_test(engines_and_transformations_are_listed_with_their_defaults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
