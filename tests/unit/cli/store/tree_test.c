/* SPDX-License-Identifier: MIT */
/* The tree of a trace: which calls are one node, its times, failures and notes, its order, and its printed forms. */
#define _GNU_SOURCE
#include "cli/store/tree.h"
#include "cli/store/tree_json.h"
#include "cli/store/tree_print.h"
#include "reference.h"
#include "scarce_memory.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DEEP = 1500, PROGRAMS = 40 };

static const gbx_site site_a = {"a", "a", "src/a.c", 1, {0}};
static const gbx_site site_b = {"b", "b", "src/b.c", 2, {0}};
static const gbx_site site_c = {"c", "c", "src/c.c", 3, {0}};

static recording r;
static reference program;

static void call_c(recording *record, void *argument)
{
    (void)argument;
    recording_call(record, &site_c, 50);
}

/* a(b, b with a note, c that fails), a(b with another note), and c on a second thread. */
static gbx_capture *record_example(void)
{
    recording_begin(&r, NULL);
    gbxi_note_str("user", "ann\n");
    recording_enter(&r, &site_a);
    recording_call(&r, &site_b, 10);
    recording_enter(&r, &site_b);
    gbxi_note_int("n", 1);
    recording_pass(&r, 30);
    recording_exit(&r);
    recording_enter(&r, &site_c);
    gbxi_span_fail("no \x1b[1m luck");
    recording_pass(&r, 5);
    recording_exit(&r);
    recording_pass(&r, 100);
    recording_exit(&r);
    recording_enter(&r, &site_a);
    recording_enter(&r, &site_b);
    gbxi_note_str("n", "two");
    recording_pass(&r, 20);
    recording_exit(&r);
    recording_exit(&r);
    recording_on_thread(&r, "worker", 101, 0, call_c, NULL);
    return recording_finish(&r);
}

static const char *name_at(const gbxi_tree *tree, uint32_t node)
{
    return tree->trace->frames.at[tree->stacks.at[node].frame].name;
}

static void like_siblings_are_one_node_with_their_times_added_up(void **state)
{
    gbx_capture *capture = record_example();
    uint32_t a, b, c;
    gbxi_tree tree;

    (void)state;
    assert_true(gbxi_tree_init(&tree, capture));
    assert_int_equal(tree.stacks.count, 4);
    a = tree.threads[0];
    assert_string_equal(name_at(&tree, a), "a");
    assert_int_equal(tree.stacks.at[a].calls, 2);
    assert_int_equal(tree.nodes[a].total_ns, 165);
    assert_int_equal(tree.nodes[a].min_ns, 20);
    assert_int_equal(tree.nodes[a].max_ns, 145);
    assert_int_equal(tree.nodes[a].next, GBXI_STACK_NONE);
    b = tree.nodes[a].first_child;
    assert_string_equal(name_at(&tree, b), "b");
    assert_int_equal(tree.stacks.at[b].calls, 3);
    assert_int_equal(tree.nodes[b].total_ns, 60);
    c = tree.nodes[b].next;
    assert_string_equal(name_at(&tree, c), "c");
    assert_int_equal(tree.nodes[c].total_ns, 5);
    assert_int_equal(tree.nodes[c].next, GBXI_STACK_NONE);
    assert_int_equal(tree.nodes[tree.threads[1]].total_ns, 50);
    gbxi_tree_fini(&tree);
    gbx_capture_unref(capture);
}

static void a_node_has_the_first_failure_and_the_notes_of_its_longest_call(void **state)
{
    gbx_capture *capture = record_example();
    const gbxi_tree_node *b, *c;
    gbxi_tree tree;

    (void)state;
    assert_true(gbxi_tree_init(&tree, capture));
    b = &tree.nodes[tree.nodes[tree.threads[0]].first_child];
    c = &tree.nodes[b->next];
    assert_int_equal(b->failed_count, 0);
    assert_null(b->reason);
    assert_int_equal(b->noted->note_count, 1);
    assert_int_equal(b->noted->notes[0].value.integer, 1);
    assert_int_equal(c->failed_count, 1);
    assert_memory_equal(c->reason, "no ", 3);
    assert_null(c->noted);
    assert_null(tree.nodes[tree.threads[1]].reason);
    gbxi_tree_fini(&tree);
    gbx_capture_unref(capture);
}

/* The nodes from the top to the bottom, as names with their levels. */
static void assert_order(const gbxi_tree *tree, uint32_t depth, const char *expected)
{
    char text[64] = "";

    for (uint32_t node = tree->threads[0]; node != GBXI_STACK_NONE; node = gbxi_tree_next(tree, node, depth))
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%u ", name_at(tree, node),
                 tree->stacks.at[node].depth);
    assert_string_equal(text, expected);
}

static void the_order_is_that_of_the_calls_and_ends_at_the_depth(void **state)
{
    gbx_capture *capture;
    gbxi_tree tree;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &site_a);
    recording_enter(&r, &site_b);
    recording_call(&r, &site_c, 1);
    recording_exit(&r);
    recording_call(&r, &site_c, 1);
    recording_exit(&r);
    recording_call(&r, &site_b, 1);
    capture = recording_finish(&r);
    assert_true(gbxi_tree_init(&tree, capture));
    assert_order(&tree, UINT32_MAX, "a0 b1 c2 c1 b0 ");
    assert_order(&tree, 3, "a0 b1 c2 c1 b0 ");
    assert_order(&tree, 2, "a0 b1 c1 b0 ");
    assert_order(&tree, 1, "a0 b0 ");
    assert_int_equal(gbxi_tree_below(&tree, tree.threads[0]), 3);
    assert_int_equal(gbxi_tree_below(&tree, tree.nodes[tree.threads[0]].first_child), 1);
    assert_int_equal(gbxi_tree_below(&tree, tree.nodes[tree.threads[0]].next), 0);
    gbxi_tree_fini(&tree);
    gbx_capture_unref(capture);
}

/* The total of a node is its self time and the totals of its children. */
static void check_sums(const gbxi_tree *tree)
{
    uint64_t self_ns = 0;

    for (uint32_t i = 0; i < tree->stacks.count; i++) {
        uint64_t total_ns = tree->stacks.at[i].self_ns;

        for (uint32_t child = tree->nodes[i].first_child; child != GBXI_STACK_NONE; child = tree->nodes[child].next)
            total_ns += tree->nodes[child].total_ns;
        assert_true(total_ns == tree->nodes[i].total_ns);
        assert_true(tree->nodes[i].min_ns <= tree->nodes[i].max_ns);
        self_ns += tree->stacks.at[i].self_ns;
    }
    assert_true(self_ns == tree->trace->self_ns);
}

static void the_times_of_random_programs_add_up(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= PROGRAMS; seed++) {
        gbx_capture *capture = reference_run(&program, seed, 200);
        gbxi_tree tree;

        assert_true(gbxi_tree_init(&tree, capture));
        check_sums(&tree);
        gbxi_tree_fini(&tree);
        gbx_capture_unref(capture);
    }
}

static char *printed_tree(const gbx_capture *capture, uint32_t depth)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    const gbxi_terminal terminal = {.out = out, .columns = SIZE_MAX};
    gbxi_tree tree;

    assert_true(gbxi_tree_init(&tree, capture));
    assert_true(gbxi_tree_print(&tree, depth, &terminal));
    gbxi_tree_fini(&tree);
    fclose(out);
    return text;
}

static void a_thread_without_a_name_is_printed_as_one(void **state)
{
    gbx_capture *capture;
    char *text;

    (void)state;
    recording_begin(&r, NULL);
    recording_on_thread(&r, "", 101, 0, call_c, NULL);
    capture = recording_finish(&r);
    text = printed_tree(capture, UINT32_MAX);
    assert_non_null(strstr(text, "[thread] "));
    free(text);
    gbx_capture_unref(capture);
}

static void it_is_printed_with_shares_notes_and_harmless_failures(void **state)
{
    gbx_capture *capture = record_example();
    char *text = printed_tree(capture, UINT32_MAX), *short_text = printed_tree(capture, 1);

    (void)state;
    assert_non_null(strstr(text, "CALLS   TOTAL    SELF    SHARE\n"));
    assert_non_null(strstr(text, "  x2  165 ns  100 ns  100.0 %  ####################\n    b   "));
    assert_non_null(strstr(text, "  x3   60 ns   60 ns   36.4 %  ########\n      n=1\n    c   "));
    assert_non_null(strstr(text, "      failed: no \\x1b[1m luck\n"));
    assert_non_null(strstr(text, "[worker]"));
    assert_memory_equal(text, "notes: user=ann\\x0a\n\n", 21);
    assert_null(strchr(text, '\x1b'));
    assert_non_null(strstr(short_text, "\n    2 more below\n"));
    assert_null(strstr(short_text, "  b "));
    free(text);
    free(short_text);
    gbx_capture_unref(capture);
}

static void a_deep_trace_is_printed_and_written(void **state)
{
    gbx_capture *capture;
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;
    gbxi_tree tree;
    char *text;

    (void)state;
    recording_begin(&r, &(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_depth = DEEP});
    for (int i = 0; i < DEEP; i++)
        recording_enter(&r, &site_a);
    recording_pass(&r, 10);
    for (int i = 0; i < DEEP; i++)
        recording_exit(&r);
    capture = recording_finish(&r);
    text = printed_tree(capture, UINT32_MAX);
    assert_non_null(strstr(text, " 1500: a"));
    free(text);
    assert_true(gbxi_tree_init(&tree, capture));
    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_json_object_begin(&writer);
    assert_true(gbxi_tree_write(&writer, &tree, UINT32_MAX));
    gbxi_json_object_end(&writer);
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
    gbxi_json_buffer_fini(&buffer);
    gbxi_tree_fini(&tree);
    gbx_capture_unref(capture);
}

static void short_memory_makes_no_tree_and_loses_nothing(void **state)
{
    gbx_capture *capture = record_example();
    bool refused = true;
    long before;

    (void)state;
    free(printed_tree(capture, UINT32_MAX)); /* what is kept for later is allocated now */
    before = scarce_memory_blocks();
    for (size_t grants = 0; refused; grants++) {
        gbxi_tree tree;
        bool made;

        scarce_memory_begin(grants);
        made = gbxi_tree_init(&tree, capture);
        refused = scarce_memory_end();
        assert_int_equal(made, !refused);
        gbxi_tree_fini(&tree);
        assert_int_equal(scarce_memory_blocks(), before);
    }
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(like_siblings_are_one_node_with_their_times_added_up),
        cmocka_unit_test(a_node_has_the_first_failure_and_the_notes_of_its_longest_call),
        cmocka_unit_test(the_order_is_that_of_the_calls_and_ends_at_the_depth),
        cmocka_unit_test(the_times_of_random_programs_add_up),
        cmocka_unit_test(a_thread_without_a_name_is_printed_as_one),
        cmocka_unit_test(it_is_printed_with_shares_notes_and_harmless_failures),
        cmocka_unit_test(a_deep_trace_is_printed_and_written),
        cmocka_unit_test(short_memory_makes_no_tree_and_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
