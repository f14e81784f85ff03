/* SPDX-License-Identifier: MIT */
/* Labels for Mermaid: only what Mermaid would read as something else is escaped, and the answer says which of Mermaid's
 * limits it passes. What the real Mermaid makes of the labels, tests/e2e/engines_exact.test.js shows. */
#include "graph/engine/mermaid_label.h"
#include "request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

typedef struct label_case {
    const char *label;
    const char *written; /* NULL: as it is */
} label_case;

/* Writes a label with the engine's function and checks what is written. */
static void check_label(const label_case *it)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;
    gbxi_engine_output output;
    gbxi_json_document *document;
    gbxi_json_string text;
    const char *expected = it->written != NULL ? it->written : it->label;

    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_json_object_begin(&writer);
    gbxi_engine_output_begin(&output, &writer, "text");
    gbxi_mermaid_add_label(&output, it->label, strlen(it->label));
    (void)gbxi_engine_output_end(&output);
    gbxi_json_object_end(&writer);
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
    assert_int_equal(gbxi_json_parse(buffer.bytes, buffer.length, &document, NULL), GBX_ERR_OK);
    assert_true(gbxi_json_str(gbxi_json_member(gbxi_json_root(document), "text"), &text));
    if (!gbxi_view_is(text, expected))
        fail_msg("%s is written as %.*s, not %s", it->label, (int)text.length, text.at, expected);
    gbxi_json_free(document);
    gbxi_json_buffer_fini(&buffer);
}

static void what_means_nothing_stays(void **state)
{
    static const label_case cases[] = {
        {"http://host.example/path?q=1#part", NULL},
        {"a = b == c", NULL},
        {"1.5 - 2 * 3 + 4_5 ~ ^ | ! @ [x] {y} (z) ' / , .", NULL},
        {"end", NULL},
        {"%% not a comment here", NULL},
        {"100 %", NULL},
        {"C#", NULL},
        {"#1 of 2", NULL},
        {"a`b`", NULL},
        {"$5 and $6, pid $$", NULL},
        {"fa-car", NULL},
        {"ratio: 1:2", NULL},
        {"\\ and \\t", NULL},
        {"30\xc2\xb0 stra\xc3\x9f"
         "e \xef\xac\x82",
         NULL},
        {"\xc2\xa0x", NULL},
        {"a;b;", NULL},
        {"a & b", NULL},
        {"https://host.example/?q=1&page=2&sort=3&", NULL},
        {"R&D", NULL},
        {"&;", NULL},
        {"direction", NULL},
        {"direction of LR", NULL},
        {"direction lr", NULL},
        {"directionLR", NULL},
        {"", " "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_label(&cases[i]);
}

static void what_html_and_svg_read_alike_is_an_entity(void **state)
{
    static const label_case cases[] = {
        {"&lt;", "&amp;lt;"},
        {"a&#b", "a&amp;#b"},
        {"?a=1&copy=2", "?a=1&amp;copy=2"},
        {"?a=1&ordf", "?a=1&amp;ordf"},
        {"&yumlx", "&amp;yumlx"},
        {"&unknown;", "&amp;unknown;"},
        {"&AM", NULL},
        {"<br>", "&lt;br&gt;"},
        {"x<y>z", "x&lt;y&gt;z"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_label(&cases[i]);
}

static void what_mermaid_reads_first_has_a_comment_behind_it(void **state)
{
    static const label_case cases[] = {
        {"say \"x\" now", "say &quot;x&quot; now<!--;;-->"},
        {"\"all\"", "&quot;&quot;all&quot;&quot;<!--;;-->"},
        {"\"", "&quot;&quot;&quot;<!--;;-->"},
        {"\xc2\xa0\"all\"", "&quot; &quot;all&quot;&quot;<!--;;-->"},
        {"`code`", "&grave;code`<!--;;-->"},
        {"#35;", "&num;35;<!--;;-->"},
        {"#quot; #x", "&num;quot; #x<!--;;-->"},
        {"style: #fff", "style: &num;fff<!--;;-->"},
        {"classDef a:#1", "classDef a:&num;1<!--;;-->"},
        {"%%{init: {}}%%", "&percnt;%{init: {}}%%<!--;;-->"},
        {"\"\xc2\xa0x", "&quot; x<!--;;-->"},
        {"direction LR", "direction<!----> LR<!--;;-->"},
        {"redirection TBD \xe2\x80\x89&\"", "redirection<!----> TBD \xe2\x80\x89&&quot;<!--;;-->"},
        {"direction\xe3\x80\x80 BT direction TD direction RL",
         "direction<!---->\xe3\x80\x80 BT direction<!----> TD direction<!----> RL<!--;;-->"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_label(&cases[i]);
}

static void what_mermaid_reads_last_is_a_placeholder_or_separated(void **state)
{
    static const label_case cases[] = {
        {"C:\\new", "C:#92;new<!--;;-->"},
        {"\\N", "#92;N<!--;;-->"},
        {"fa:fa-car fab:fa-git", "fa#58;fa-car fab#58;fa-git<!--;;-->"},
        {"fak:fa-x fal:fa-x far:fa-x fas:fa-x", "fak#58;fa-x fal#58;fa-x far#58;fa-x fas#58;fa-x<!--;;-->"},
        {"\xc2\xb6\xc3\x9f", "\xc2\xb6<i></i>\xc3\x9f<!--;;-->"},
        {"\xef\xac\x82\xc2\xb0", "\xef\xac\x82<i></i>\xc2\xb0<!--;;-->"},
        {"$$x$$", "#36;$x#36;$<!--;;-->"},
        {"\xef\xac\x82\xc2\xb0\xc2\xb0"
         "35\xc2\xb6\xc3\x9f",
         "\xef\xac\x82<i></i>\xc2\xb0\xc2\xb0"
         "35\xc2\xb6<i></i>\xc3\x9f<!--;;-->"},
        {"\xef\xac\x82\xc2\xb0 fa:fa-x", "\xef\xac\x82<i></i>\xc2\xb0 fa:<i></i>fa-x<!--;;-->"},
        {"\xc2\xb6\xc3\x9f fa:fa-x \\n", "\xc2\xb6<i></i>\xc3\x9f fa:<i></i>fa-x \\<i></i>n<!--;;-->"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_label(&cases[i]);
}

/* A ring of `count` nodes. */
static request_answer draw_ring(uint32_t count)
{
    static const char name[] = "node";
    gbxi_graph graph = {0};
    request_answer answer;

    for (uint32_t i = 0; i < count; i++) {
        gbxi_node node = {.kind = GBXI_NODE_ITEM, .origin = GBXI_GRAPH_NONE};
        gbxi_edge edge = {.source = i, .target = (i + 1) % count, .origin = GBXI_GRAPH_NONE};

        assert_int_equal(gbxi_texts_add(&graph.texts, name, sizeof(name) - 1, &node.name), GBX_ERR_OK);
        assert_int_equal(gbxi_graph_add_node(&graph, node), GBX_ERR_OK);
        assert_int_equal(gbxi_graph_add_edge(&graph, edge), GBX_ERR_OK);
    }
    answer = request_render("mermaid", &graph, NULL);
    gbxi_graph_fini(&graph);
    return answer;
}

static void the_limits_of_mermaid_are_said_where_they_are_passed(void **state)
{
    request_answer answer = draw_ring(500);

    (void)state;
    assert_false(request_has(&answer, "\"notes\""));
    request_forget(&answer);
    answer = draw_ring(501);
    assert_true(request_has(&answer,
                            "\"notes\":[\"Mermaid draws at most 500 edges unless it is told otherwise, and this "
                            "diagram has 501. Call mermaid.initialize({maxEdges: 501}) first; "));
    assert_false(request_has(&answer, "maxTextSize"));
    request_forget(&answer);
    answer = draw_ring(2000);
    assert_true(request_has(&answer, "maxEdges: 2000"));
    assert_true(request_uint(&answer, "mermaid_size") > 50000);
    assert_true(request_has(&answer, "Mermaid draws at most 50000 characters"));
    request_forget(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_means_nothing_stays),
        cmocka_unit_test(what_html_and_svg_read_alike_is_an_entity),
        cmocka_unit_test(what_mermaid_reads_first_has_a_comment_behind_it),
        cmocka_unit_test(what_mermaid_reads_last_is_a_placeholder_or_separated),
        cmocka_unit_test(the_limits_of_mermaid_are_said_where_they_are_passed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
