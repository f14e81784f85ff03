/* SPDX-License-Identifier: MIT */
/* The transformations for pages: the result for small pages, node by node. */
#include "transformed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* n0 html, n1 head, n2 title, n3 t; n4 style, n5 its text; n6 script, n7 its src; n8 link, n9 its rel, n10 its href;
 * n11 body, n12 onload; n13 div, n14 class; n15 p, n16 id, n17 style; n18 hi, n19 b, n20 x, n21 script, n22 its code.
 */
static const char page[] =
    "<html><head><title>t</title><style>b{}</style><script src=s.js></script><link rel='icon Stylesheet' href=c.css>"
    "</head><body onload=go()><div class=c><p id=i style=top:0>hi<b>x</b></p></div><script>f()</script></body></html>";

static void a_part_is_an_element_and_all_below_it(void **state)
{
    (void)state;
    transformed_page_is("body_only", page, NULL,
                        "n11:body n12:@onload=go()<n11 n13:div<n11 n14:@class=c<n13 n15:p<n13 n16:@id=i<n15 "
                        "n17:@style=top:0<n15 n18:'hi'<n15 n19:b<n15 n20:'x'<n19 n21:script<n11 n22:'f()'<n21");
    transformed_page_is("head_only", page, NULL,
                        "n1:head n2:title<n1 n3:'t'<n2 n4:style<n1 n5:'b{}'<n4 n6:script<n1 n7:@src=s.js<n6 n8:link<n1 "
                        "n9:@rel=icon Stylesheet<n8 n10:@href=c.css<n8");
}

static void a_part_that_is_not_there_is_empty(void **state)
{
    (void)state;
    transformed_page_is("head_only", "<p>x</p>", NULL, "n1:head");
    transformed_page_is("body_only", "<html><head><title>t</title></head></html>", NULL, "n4:body");
    transformed_page_is("body_only", "<html><frameset><frame src=a></frameset></html>", NULL, "");
}

static void the_full_document_is_everything_in_clusters(void **state)
{
    (void)state;
    transformed_page_is(
        "full-document", page, NULL,
        "n0:html n1:head<n0#1 n2:title<n1#1 n3:'t'<n2#1 n4:style<n1#5 n5:'b{}'<n4#5 n6:script<n1#4 n7:@src=s.js<n6#3 "
        "n8:link<n1#5 n9:@rel=icon Stylesheet<n8#3 n10:@href=c.css<n8#3 n11:body<n0#2 n12:@onload=go()<n11#3 "
        "n13:div<n11#2 n14:@class=c<n13#3 n15:p<n13#2 n16:@id=i<n15#3 n17:@style=top:0<n15#3 n18:'hi'<n15#2 "
        "n19:b<n15#2 "
        "n20:'x'<n19#2 n21:script<n11#4 n22:'f()'<n21#4");
    transformed_page_is("full-document", "<html lang=en><frameset><frame></frameset></html>", NULL,
                        "n0:html n1:@lang=en<n0#3 n2:head<n0#1 n3:frameset<n0 n4:frame<n3");
}

static void attributes_hang_from_their_elements_and_these_from_each_other(void **state)
{
    (void)state;
    transformed_page_is(
        "attributes", page, NULL,
        "n6:script n7:@src=s.js<n6 n8:link n9:@rel=icon Stylesheet<n8 n10:@href=c.css<n8 n11:body "
        "n12:@onload=go()<n11 n13:div<n11 n14:@class=c<n13 n15:p<n13 n16:@id=i<n15 n17:@style=top:0<n15");
    transformed_page_is("attributes", "<html id=a><body><div><p><b id=b>x</b></p></div><i id=c>y</i></body></html>",
                        NULL, "n0:html n1:@id=a<n0 n6:b<n0 n7:@id=b<n6 n9:i<n0 n10:@id=c<n9");
}

static void attributes_can_be_picked_by_name(void **state)
{
    (void)state;
    transformed_page_is("attributes", page, "{'names':['ID','onload','none']}",
                        "n11:body n12:@onload=go()<n11 n15:p<n11 n16:@id=i<n15");
    transformed_page_is("attributes", page, "{'names':['i']}", "");
    transformed_page_is("attributes", "<svg viewbox=1 x=2><path d=3>", "{'names':['VIEWBOX','D']}",
                        "n3:svg n4:@viewBox=1<n3 n6:path<n3 n7:@d=3<n6");
    transformed_page_is("attributes", "<svg viewbox=1>", "{'names':['viewBox']}", "n3:svg n4:@viewBox=1<n3");
    transformed_page_is("attributes", page, "{'names':['']}", "");
}

static void scripts_are_whole_and_where_they_stand(void **state)
{
    (void)state;
    transformed_page_is("scripts", page, NULL,
                        "n0:html n1:head<n0 n6:script<n1 n7:@src=s.js<n6 n11:body<n0 n21:script<n11 n22:'f()'<n21");
    transformed_page_is(
        "scripts", page, "{'handlers':true}",
        "n0:html n1:head<n0 n6:script<n1 n7:@src=s.js<n6 n11:body<n0 n12:@onload=go()<n11 n21:script<n11 "
        "n22:'f()'<n21");
}

static void handlers_are_attributes_with_code_in_any_case(void **state)
{
    (void)state;
    transformed_page_is("scripts", "<html><body><a href=' JavaScript:f()' title=javascript:x on=x>y</a></body></html>",
                        "{'handlers':true}", "n0:html n2:body<n0 n3:a<n2 n4:@href= JavaScript:f()<n3");
    transformed_page_is("scripts", "<html><body><p onclick=x>javascript:</p><a href=javascript>y</a></body></html>",
                        "{'handlers':true}", "n0:html n2:body<n0 n3:p<n2 n4:@onclick=x<n3");
    transformed_page_is("scripts", "<html><body><p onclick=x></p></body></html>", "{'handlers':false}", "");
}

static void styles_are_elements_links_and_attributes(void **state)
{
    (void)state;
    transformed_page_is("styles", page, NULL,
                        "n0:html n1:head<n0 n4:style<n1 n5:'b{}'<n4 n8:link<n1 n9:@rel=icon Stylesheet<n8 "
                        "n10:@href=c.css<n8 n11:body<n0 n13:div<n11 n15:p<n13 n17:@style=top:0<n15");
    transformed_page_is("styles", "<html><head><link rel=stylesheets><link><link href=a rel=icon></head></html>", NULL,
                        "");
}

static void elements_only_are_the_skeleton(void **state)
{
    (void)state;
    transformed_page_is("elements_only", page, NULL,
                        "n0:html n1:head<n0 n2:title<n1 n4:style<n1 n6:script<n1 n8:link<n1 n11:body<n0 n13:div<n11 "
                        "n15:p<n13 n19:b<n15 n21:script<n11");
}

static void texts_are_those_to_read(void **state)
{
    (void)state;
    transformed_page_is("text_only", page, NULL,
                        "n0:html n1:head<n0 n2:title<n1 n3:'t'<n2 n11:body<n0 n13:div<n11 n15:p<n13 n18:'hi'<n15 "
                        "n19:b<n15 n20:'x'<n19");
    transformed_page_is("text_only", "<html><body><script>f()</script></body></html>", NULL, "");
}

static void a_graph_is_refused_with_what_to_use_instead(void **state)
{
    static const char *const names[] = {"body_only", "head_only", "full-document", "attributes",
                                        "scripts",   "styles",    "elements_only", "text_only"};

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        transformed_graph_fails(names[i], "a b | a>b", NULL, GBX_ERR_CONFLICT, "/graph_data");
}

static void options_are_checked(void **state)
{
    (void)state;
    transformed_graph_fails("attributes", "a", "{'names':'id'}", GBX_ERR_TYPE, "/transform_config/names");
    transformed_graph_fails("attributes", "a", "{'names':['id',1]}", GBX_ERR_TYPE, "/transform_config/names/1");
    transformed_graph_fails("attributes", "a", "{'names':[]}", GBX_ERR_RANGE, "/transform_config/names");
    transformed_graph_fails("attributes", "a", "{'name':[]}", GBX_ERR_UNKNOWN, "/transform_config/name");
    transformed_graph_fails("scripts", "a", "{'handlers':1}", GBX_ERR_TYPE, "/transform_config/handlers");
    transformed_graph_fails("styles", "a", "{'handlers':true}", GBX_ERR_UNKNOWN, "/transform_config/handlers");
}

/* A page is a graph: a tree, to be exact. */
static void a_page_goes_through_the_transformations_for_graphs(void **state)
{
    static const char tree[] = "<html><head><title>t</title></head><body id=b><p>x</p></body></html>";
    static const char whole[] = "n0:html n1:head<n0 n2:title<n1 n3:'t'<n2 n4:body<n0 n5:@id=b<n4 n6:p<n4 n7:'x'<n6";

    (void)state;
    transformed_page_is("largest-component", tree, NULL, whole);
    transformed_page_is("largest-component", tree, "{'strong':true}", "n0:html");
    transformed_page_is("spanning-tree", tree, NULL, whole);
    transformed_page_is("condense", tree, NULL, whole);
    transformed_page_is("dedupe", tree, "{'directed':false,'drop_loops':true,'by_label':true}", whole);
    transformed_page_is("k-core", tree, NULL, whole);
    transformed_page_is("k-core", tree, "{'k':2}", "");
    transformed_page_is("top-degree", tree, "{'n':2}", "n0:html n4:body<n0");
    transformed_page_is("reachable", tree, "{'roots':['n4']}", "n4:body n5:@id=b<n4 n6:p<n4 n7:'x'<n6");
    transformed_page_is("reachable", tree, "{'roots':['n3'],'direction':'in'}",
                        "n0:html n1:head<n0 n2:title<n1 n3:'t'<n2");
    transformed_page_is("reachable", tree, "{'roots':['n1'],'direction':'both','depth':1}",
                        "n0:html n1:head<n0 n2:title<n1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_is_an_element_and_all_below_it),
        cmocka_unit_test(a_part_that_is_not_there_is_empty),
        cmocka_unit_test(the_full_document_is_everything_in_clusters),
        cmocka_unit_test(attributes_hang_from_their_elements_and_these_from_each_other),
        cmocka_unit_test(attributes_can_be_picked_by_name),
        cmocka_unit_test(scripts_are_whole_and_where_they_stand),
        cmocka_unit_test(handlers_are_attributes_with_code_in_any_case),
        cmocka_unit_test(styles_are_elements_links_and_attributes),
        cmocka_unit_test(elements_only_are_the_skeleton),
        cmocka_unit_test(texts_are_those_to_read),
        cmocka_unit_test(a_graph_is_refused_with_what_to_use_instead),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(a_page_goes_through_the_transformations_for_graphs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
