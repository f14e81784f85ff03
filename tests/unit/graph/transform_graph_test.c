/* SPDX-License-Identifier: MIT */
/* The transformations for graphs on cases small enough to be checked by hand. */
#include "transformed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void the_largest_component_is_by_nodes_then_by_order(void **state)
{
    (void)state;
    transformed_graph_is("largest-component", "a b c d e f | b>d d>e e>b a>c", NULL, "b d e | b>d d>e e>b");
    transformed_graph_is("largest-component", "a b c d | b>d c>a", NULL, "a c | c>a");
    transformed_graph_is("largest-component", "a b c | c>c c>c", NULL, "a |");
    transformed_graph_is("largest-component", "a b c | b>a b>c", NULL, "a b c | b>a b>c");
    transformed_graph_is("largest-component", "a b c | b>a b>c", "{'strong':true}", "a |");
    transformed_graph_is("largest-component", "a b c d e | a>b b>c c>b c>d d>c d>e a>a b>b", "{'strong':true}",
                         "b c d | b>c c>b c>d d>c b>b");
    transformed_graph_fails("largest-component", "a", "{'strong':'yes'}", GBX_ERR_TYPE, "/transform_config/strong");
}

static void a_spanning_tree_is_the_first_edges_or_the_lightest(void **state)
{
    (void)state;
    transformed_graph_is("spanning-tree", "a b c d | a>b b>a b>c c>a c>c", NULL, "a b c d | a>b b>c");
    transformed_graph_is("spanning-tree", "a b c | a>b=3 b>c=2 c>a=1", "{'weight':'w'}", "a b c | b>c c>a");
    transformed_graph_is("spanning-tree", "a b c | a>b=2 b>c=2.0 c>a=2e0", "{'weight':'w'}", "a b c | a>b b>c");
    transformed_graph_is("spanning-tree", "a b | a>b=0 b>a=-0.5 a>b=-1e300 b>b=-1e301", "{'weight':'w'}", "a b | a>b");
    transformed_graph_is("spanning-tree", "a b | a>b=0 b>a=-0.0", "{'weight':'w'}", "a b | a>b");
    transformed_graph_is("spanning-tree", "a b | a>b=18446744073709551615 b>a=3", "{'weight':'w'}", "a b | b>a");
    transformed_graph_is("spanning-tree", "a b", "{'weight':'w'}", "a b |");
}

static void a_weight_must_be_there_and_a_number(void **state)
{
    (void)state;
    transformed_graph_fails("spanning-tree", "a b | a>b=1 a>b", "{'weight':'w'}", GBX_ERR_MISSING,
                            "/transform_config/weight");
    transformed_graph_fails("spanning-tree", "a b | a>b=null", "{'weight':'w'}", GBX_ERR_TYPE,
                            "/transform_config/weight");
    transformed_graph_fails("spanning-tree", "a b | a>b=1", "{'weight':'W'}", GBX_ERR_MISSING,
                            "/transform_config/weight");
    transformed_graph_fails("spanning-tree", "a b | a>b=1", "{'weight':'source'}", GBX_ERR_TYPE,
                            "/transform_config/weight");
    transformed_graph_fails("spanning-tree", "a b | a>b=1", "{'weight':''}", GBX_ERR_RANGE, "/transform_config/weight");
    transformed_graph_fails("spanning-tree", "a b | a>b=1", "{'weight':1}", GBX_ERR_TYPE, "/transform_config/weight");
}

static void a_core_is_what_keeps_its_edges(void **state)
{
    static const char kite[] = "a b c d e | a>b b>c c>a c>d d>e";

    (void)state;
    transformed_graph_is("k-core", kite, NULL, "a b c | a>b b>c c>a");
    transformed_graph_is("k-core", kite, "{'k':0}", "a b c d e | a>b b>c c>a c>d d>e");
    transformed_graph_is("k-core", kite, "{'k':1}", "a b c d e | a>b b>c c>a c>d d>e");
    transformed_graph_is("k-core", kite, "{'k':2.0}", "a b c | a>b b>c c>a");
    transformed_graph_is("k-core", kite, "{'k':3}", "|");
    transformed_graph_is("k-core", kite, "{'k':4294967295}", "|");
    transformed_graph_is("k-core", "a b c | a>a a>a b>c c>c", NULL, "b c | b>c c>c");
    transformed_graph_is("k-core", "a b c | a>b a>b b>a b>c", "{'k':3}", "a b | a>b a>b b>a");
    transformed_graph_is("k-core", "a b | a>a", NULL, "a b | a>a");
    transformed_graph_is("k-core", "a b c d e f g h | a>b a>c a>d b>c b>d c>d e>a f>e g>h h>g g>h", NULL,
                         "a b c d g h | a>b a>c a>d b>c b>d c>d g>h h>g g>h");
    transformed_graph_fails("k-core", "a", "{'k':-1}", GBX_ERR_RANGE, "/transform_config/k");
    transformed_graph_fails("k-core", "a", "{'k':1.5}", GBX_ERR_RANGE, "/transform_config/k");
    transformed_graph_fails("k-core", "a", "{'k':4294967296}", GBX_ERR_RANGE, "/transform_config/k");
    transformed_graph_fails("k-core", "a", "{'k':'2'}", GBX_ERR_TYPE, "/transform_config/k");
}

static void a_component_becomes_its_first_node(void **state)
{
    (void)state;
    transformed_graph_is("condense", "a b c d | a>b b>c c>a c>d:l a>d d>d", NULL, "a+2 d | a>d:l+1");
    transformed_graph_is("condense", "a b c d e f | d>e e>d e>b f>b b>f f>d c>a a>a a>a c>a", NULL, "a b+3 c | c>a+1");
    transformed_graph_is("condense", "a b c d e | a>b b>c c>b c>d d>e e>d", NULL, "a b+1 d+1 | a>b b>d");
    transformed_graph_is("condense", "a b | a>b b>a a>a", NULL, "a+1 |");
    transformed_graph_is("condense", "a b c | c>b b>a", NULL, "a b c | c>b b>a");
    transformed_graph_fails("condense", "a", "{'k':1}", GBX_ERR_UNKNOWN, "/transform_config/k");
}

static void what_edges_lead_to_is_reachable(void **state)
{
    static const char ring[] = "a b c d e | a>b b>c c>d d>a c>a e>a a>a a>b";

    (void)state;
    transformed_graph_is("reachable", ring, "{'roots':['a']}", "a b c d | a>b b>c c>d d>a c>a a>a a>b");
    transformed_graph_is("reachable", ring, "{'roots':['a'],'depth':1}", "a b | a>b a>a a>b");
    transformed_graph_is("reachable", ring, "{'roots':['c'],'depth':0}", "c |");
    transformed_graph_is("reachable", ring, "{'roots':['a'],'direction':'in','depth':1}",
                         "a c d e | c>d d>a c>a e>a a>a");
    transformed_graph_is("reachable", ring, "{'roots':['e'],'direction':'in'}", "e |");
    transformed_graph_is("reachable", ring, "{'roots':['e'],'direction':'both','depth':1}", "a e | e>a a>a");
    transformed_graph_is("reachable", ring, "{'roots':['e','e','b'],'depth':0}", "b e |");
    transformed_graph_is("reachable", "1 2 0.5 | 1>2", "{'roots':[1.0,0.5]}", "1 2 0.5 | 1>2");
    transformed_graph_is("reachable", "-0 0 7 | 0>7", "{'roots':[-0.0]}", "0 7 | 0>7");
}

static void roots_must_be_given_and_known(void **state)
{
    (void)state;
    transformed_graph_fails("reachable", "a", NULL, GBX_ERR_MISSING, "/transform_config/roots");
    transformed_graph_fails("reachable", "a", "{'depth':1}", GBX_ERR_MISSING, "/transform_config/roots");
    transformed_graph_fails("reachable", "a", "{'roots':[]}", GBX_ERR_RANGE, "/transform_config/roots");
    transformed_graph_fails("reachable", "a", "{'roots':'a'}", GBX_ERR_TYPE, "/transform_config/roots");
    transformed_graph_fails("reachable", "a", "{'roots':['a',null]}", GBX_ERR_TYPE, "/transform_config/roots/1");
    transformed_graph_fails("reachable", "a", "{'roots':['a','b','c']}", GBX_ERR_UNKNOWN, "/transform_config/roots/1");
    transformed_graph_fails("reachable", "a", "{'roots':['A']}", GBX_ERR_UNKNOWN, "/transform_config/roots/0");
    transformed_graph_fails("reachable", "", "{'roots':['']}", GBX_ERR_UNKNOWN, "/transform_config/roots/0");
    transformed_graph_fails("reachable", "a", "{'roots':['a'],'depth':-1}", GBX_ERR_RANGE, "/transform_config/depth");
    transformed_graph_fails("reachable", "a", "{'roots':['a'],'direction':'up'}", GBX_ERR_RANGE,
                            "/transform_config/direction");
}

static void the_top_has_the_most_edges_then_the_first_place(void **state)
{
    static const char star[] = "a b c d | b>a b>c b>d c>d d>d";

    (void)state;
    transformed_graph_is("top-degree", star, "{'n':1}", "d | d>d");
    transformed_graph_is("top-degree", star, "{'n':2}", "b d | b>d d>d");
    transformed_graph_is("top-degree", star, "{'n':1,'direction':'out'}", "b |");
    transformed_graph_is("top-degree", star, "{'n':2,'direction':'out'}", "b c | b>c");
    transformed_graph_is("top-degree", star, "{'n':2,'direction':'in'}", "a d | d>d");
    transformed_graph_is("top-degree", star, NULL, "a b c d | b>a b>c b>d c>d d>d");
    transformed_graph_is("top-degree", "a b c d e f g h i j k l | l>l", NULL, "a b c d e f g h i l | l>l");
    transformed_graph_fails("top-degree", "a", "{'n':0}", GBX_ERR_RANGE, "/transform_config/n");
    transformed_graph_fails("top-degree", "a", "{'direction':'none'}", GBX_ERR_RANGE, "/transform_config/direction");
}

static void duplicates_are_merged_into_the_first(void **state)
{
    static const char doubles[] = "a b | a>b:x b>a:x a>b:y a>a a>a a>b:x";

    (void)state;
    transformed_graph_is("dedupe", doubles, NULL, "a b | a>b:x+2 b>a:x a>a+1");
    transformed_graph_is("dedupe", doubles, "{'directed':false}", "a b | a>b:x+3 a>a+1");
    transformed_graph_is("dedupe", doubles, "{'by_label':true}", "a b | a>b:x+1 b>a:x a>b:y a>a+1");
    transformed_graph_is("dedupe", doubles, "{'by_label':true,'directed':false}", "a b | a>b:x+2 a>b:y a>a+1");
    transformed_graph_is("dedupe", doubles, "{'drop_loops':true}", "a b | a>b:x+2 b>a:x");
    transformed_graph_is("dedupe", "a b c | b>a a>b c>a a>c b>a", "{'directed':false}", "a b c | b>a+2 c>a+1");
    transformed_graph_fails("dedupe", "a", "{'directed':null}", GBX_ERR_TYPE, "/transform_config/directed");
}

static void nothing_and_one_node_stay_what_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; transformed_all[i] != NULL; i++) {
        const char *name = transformed_all[i]->part.name;
        const char *config = transformed_all[i] == &gbxi_transformation_reachable ? "{'roots':['a']}" : NULL;

        if (transformed_all[i]->apply(&(gbxi_graph){0}, (gbxi_json_value){0}, &(gbx_error){0}) == GBX_ERR_CONFLICT)
            continue; /* for pages */
        if (config == NULL)
            transformed_graph_is(name, "", NULL, "|");
        transformed_graph_is(name, "a", config, "a |");
        transformed_graph_is(name, "a | a>a", config,
                             transformed_all[i] == &gbxi_transformation_condense ||
                                     transformed_all[i] == &gbxi_transformation_spanning_tree
                                 ? "a |"
                                 : "a | a>a");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_component_is_by_nodes_then_by_order),
        cmocka_unit_test(a_spanning_tree_is_the_first_edges_or_the_lightest),
        cmocka_unit_test(a_weight_must_be_there_and_a_number),
        cmocka_unit_test(a_core_is_what_keeps_its_edges),
        cmocka_unit_test(a_component_becomes_its_first_node),
        cmocka_unit_test(what_edges_lead_to_is_reachable),
        cmocka_unit_test(roots_must_be_given_and_known),
        cmocka_unit_test(the_top_has_the_most_edges_then_the_first_place),
        cmocka_unit_test(duplicates_are_merged_into_the_first),
        cmocka_unit_test(nothing_and_one_node_stay_what_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
