/* SPDX-License-Identifier: MIT */
/* Entering and leaving: nesting, restoring, misuse, and captures of other threads. */
#include "capture/lane.h"
#include <glassbox/read.h>
#define _GNU_SOURCE
#include "shape.h"
#include <glassbox/span.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void mark(const char *name)
{
    GBX_SPAN_FMT("%s", name);
}

static void check_and_drop(gbx_capture *capture, const char *expected)
{
    gbx_capture_facts facts;

    gbx_capture_finish(capture);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    if (expected == NULL)
        assert_int_equal(facts.lane_count, 0);
    else
        assert_string_equal(shape_of(capture, 0), expected);
    gbx_capture_unref(capture);
}

static void captures_nest_and_leaving_restores(void **state)
{
    gbx_capture *a = gbx_capture_new(NULL), *b = gbx_capture_new(NULL);
    gbx_scope in_a, in_b, nowhere;

    (void)state;
    assert_null(gbx_capture_current());
    in_a = gbx_capture_enter(a);
    {
        GBX_SPAN_NAMED("a");
        in_b = gbx_capture_enter(b);
        assert_ptr_equal(gbx_capture_current(), b);
        mark("b");
        nowhere = gbx_capture_enter(NULL);
        assert_null(gbx_capture_current());
        mark("nowhere");
        gbx_capture_leave(nowhere);
        gbx_capture_leave(in_b);
        assert_ptr_equal(gbx_capture_current(), a);
        mark("a2");
    }
    gbx_capture_leave(in_a);
    mark("nobody");
    assert_null(gbx_capture_current());
    check_and_drop(a, "a(a2)");
    check_and_drop(b, "b");
}

static void entering_the_same_capture_again_goes_on_in_the_same_lane(void **state)
{
    gbx_capture *a = gbx_capture_new(NULL);
    gbx_capture_facts facts;

    (void)state;
    for (int i = 0; i != 3; ++i) {
        gbx_scope outer = gbx_capture_enter(a), inner = gbx_capture_enter(a);
        mark("x");
        gbx_capture_leave(inner);
        mark("y");
        gbx_capture_leave(outer);
    }
    gbx_capture_finish(a);
    gbx_capture_facts_get(a, &facts, sizeof(facts));
    assert_int_equal(facts.lane_count, 1);
    check_and_drop(a, "x y x y x y");
}

static void leaving_closes_what_is_still_open_inside(void **state)
{
    gbx_capture *a = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(a);

    (void)state;
    {
        GBX_SPAN_NAMED("outlives");
        gbx_capture_leave(scope);
        scope = gbx_capture_enter(a);
        mark("next");
        gbx_capture_leave(scope);
    }
    check_and_drop(a, "outlives next");
}

static void a_span_older_than_the_capture_is_none_of_it(void **state)
{
    gbx_capture *a = gbx_capture_new(NULL);
    gbx_scope scope;

    (void)state;
    {
        GBX_SPAN_NAMED("older");
        scope = gbx_capture_enter(a);
        mark("x");
    }
    mark("y");
    gbx_capture_leave(scope);
    check_and_drop(a, "x y");
}

static void leaving_twice_is_counted_and_changes_nothing(void **state)
{
    gbx_capture *a = gbx_capture_new(NULL), *b = gbx_capture_new(NULL);
    gbx_scope in_a = gbx_capture_enter(a), in_b = gbx_capture_enter(b);
    uint64_t misuse = gbxi_misuse_count();

    (void)state;
    gbx_capture_leave(in_b);
    gbx_capture_leave(in_b);
    assert_int_equal(gbxi_misuse_count(), misuse + 1);
    assert_ptr_equal(gbx_capture_current(), a);
    gbx_capture_leave(in_a);
    gbx_capture_leave(in_a);
    gbx_capture_leave((gbx_scope){0});
    assert_int_equal(gbxi_misuse_count(), misuse + 2);
    check_and_drop(a, "");
    check_and_drop(b, "");
}

static void leaving_in_the_wrong_order_leaves_the_inner_ones_too(void **state)
{
    gbx_capture *a = gbx_capture_new(NULL), *b = gbx_capture_new(NULL);
    gbx_scope in_a = gbx_capture_enter(a), in_b = gbx_capture_enter(b);
    uint64_t misuse = gbxi_misuse_count();

    (void)state;
    mark("b");
    gbx_capture_leave(in_a);
    assert_null(gbx_capture_current());
    gbx_capture_unref(gbx_capture_ref(a));
    gbx_capture_leave(in_b);
    assert_null(gbx_capture_current());
    assert_int_equal(gbxi_misuse_count(), misuse + 2);
    check_and_drop(a, "");
    check_and_drop(b, "b");
}

static void past_32_levels_nothing_is_recorded_and_leaving_still_restores(void **state)
{
    gbx_capture *a = gbx_capture_new(NULL), *b = gbx_capture_new(NULL);
    gbx_scope scopes[40];
    gbx_capture_facts facts;

    (void)state;
    for (int i = 0; i != 40; ++i)
        scopes[i] = gbx_capture_enter(i < 32 ? a : b);
    assert_null(gbx_capture_current());
    mark("lost");
    for (int i = 39; i >= 32; --i) {
        assert_null(gbx_capture_current());
        gbx_capture_leave(scopes[i]);
    }
    assert_ptr_equal(gbx_capture_current(), a);
    for (int i = 31; i >= 0; --i)
        gbx_capture_leave(scopes[i]);
    assert_null(gbx_capture_current());
    gbx_capture_finish(b);
    gbx_capture_facts_get(b, &facts, sizeof(facts));
    assert_true(facts.truncated);
    check_and_drop(a, "");
    check_and_drop(b, NULL);
}

static void leaving_a_stored_level_leaves_the_levels_past_32_too(void **state)
{
    gbx_capture *a = gbx_capture_new(NULL);
    gbx_scope scopes[34];
    uint64_t misuse = gbxi_misuse_count();

    (void)state;
    for (size_t i = 0; i < 34; i++)
        scopes[i] = gbx_capture_enter(a);
    gbx_capture_leave(scopes[31]);
    assert_int_equal(gbxi_misuse_count(), misuse + 1);
    assert_ptr_equal(gbx_capture_current(), a);
    gbx_capture_leave(scopes[33]);
    assert_int_equal(gbxi_misuse_count(), misuse + 2);
    gbx_capture_leave(scopes[0]);
    assert_int_equal(gbxi_misuse_count(), misuse + 3);
    check_and_drop(a, "");
}

static gbx_scope foreign;

static void *enter_foreign(void *capture)
{
    foreign = gbx_capture_enter(capture);
    return NULL;
}

static void *leave_foreign(void *unused)
{
    gbx_capture_leave(foreign);
    return unused;
}

static void run(void *(*body)(void *), void *argument)
{
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, body, argument), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void leaving_on_another_thread_is_counted_and_changes_nothing(void **state)
{
    gbx_capture *a = gbx_capture_new(NULL);
    uint64_t misuse = gbxi_misuse_count();

    (void)state;
    foreign = gbx_capture_enter(a);
    run(leave_foreign, NULL);
    assert_int_equal(gbxi_misuse_count(), misuse + 1);
    assert_ptr_equal(gbx_capture_current(), a);
    gbx_capture_leave(foreign);
    check_and_drop(a, "");
}

static void past_32_levels_the_scope_of_another_thread_is_counted_too(void **state)
{
    gbx_capture *a = gbx_capture_new(NULL);
    uint64_t misuse = gbxi_misuse_count();
    gbx_scope scopes[33];

    (void)state;
    run(enter_foreign, a);
    for (size_t i = 0; i < 33; i++)
        scopes[i] = gbx_capture_enter(a);
    gbx_capture_leave(foreign);
    assert_int_equal(gbxi_misuse_count(), misuse + 1);
    assert_null(gbx_capture_current());
    for (size_t i = 33; i != 0; i--)
        gbx_capture_leave(scopes[i - 1]);
    assert_int_equal(gbxi_misuse_count(), misuse + 1);
    check_and_drop(a, "");
}

static void a_capture_lives_as_long_as_someone_is_inside(void **state)
{
    size_t live = gbx_capture_live_count();
    gbx_capture *a = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(a);

    (void)state;
    gbx_capture_finish(a);
    gbx_capture_unref(a);
    assert_int_equal(gbx_capture_live_count(), live + 1);
    mark("into the closed capture");
    gbx_capture_leave(scope);
    assert_int_equal(gbx_capture_live_count(), live);
}

static void finishing_freezes_what_can_be_read(void **state)
{
    gbx_capture *a = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(a);

    (void)state;
    {
        GBX_SPAN_NAMED("open");
        mark("before");
        gbx_capture_finish(a);
        mark("after");
        gbx_capture_finish(a);
    }
    assert_string_equal(shape_of(a, 0), "open(before)");
    gbx_capture_leave(scope);
    scope = gbx_capture_enter(a);
    assert_null(gbx_capture_current());
    mark("later");
    gbx_capture_leave(scope);
    check_and_drop(a, "open(before)");
}

static gbx_capture *handed_over;

static void *go_on(void *unused)
{
    GBX_RESUME(handed_over);
    mark("elsewhere");
    return unused;
}

static void carried_work_records_into_the_capture_it_came_from(void **state)
{
    size_t live = gbx_capture_live_count();
    gbx_capture *a = gbx_capture_new(NULL);

    (void)state;
    {
        GBX_ENTER(a);
        mark("here");
        handed_over = gbx_capture_carry();
    }
    run(go_on, NULL);
    gbx_capture_finish(a);
    assert_string_equal(shape_of(a, 1), "elsewhere");
    check_and_drop(a, "here");
    assert_int_equal(gbx_capture_live_count(), live);
}

/* A callback of an event loop: what it goes on with, and what it then hands to a later turn. */
typedef struct callback {
    gbx_capture *carried;
    const char *name;
} callback;

static void turn(callback *self)
{
    GBX_RESUME(self->carried);
    mark(self->name);
    self->carried = gbx_capture_carry();
}

static void interleaved_requests_on_one_loop_never_see_each_other(void **state)
{
    gbx_capture *a = gbx_capture_new(NULL), *b = gbx_capture_new(NULL);
    callback loop[] = {{gbx_capture_ref(a), "a"}, {NULL, "uncaptured"}, {gbx_capture_ref(b), "b"}};

    (void)state;
    for (int i = 0; i != 9; ++i)
        turn(&loop[i % 3]);
    assert_null(gbx_capture_current());
    assert_null(loop[1].carried);
    gbx_capture_unref(loop[0].carried);
    gbx_capture_unref(loop[2].carried);
    check_and_drop(a, "a a a");
    check_and_drop(b, "b b b");
}

static void a_forked_child_records_into_its_own_copy(void **state)
{
    gbx_capture *a = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(a);
    pid_t child;
    int status;

    (void)state;
    mark("before");
    if ((child = fork()) == 0) {
        for (int i = 0; i != 10000; ++i)
            mark("child");
        gbx_capture_leave(scope);
        gbx_capture_finish(a);
        gbx_capture_unref(a);
        _exit(gbx_capture_live_count() == 0 ? 0 : 1);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    mark("after");
    gbx_capture_leave(scope);
    check_and_drop(a, "before after");
}

static void debug_builds_stop_at_misuse(void **state)
{
    pid_t child;
    int status;

    (void)state;
    if ((child = fork()) == 0) {
        gbx_capture *a = gbx_capture_new(NULL);
        gbx_scope scope = gbx_capture_enter(a);
        gbxi_misuse_tolerate(false);
        signal(SIGABRT, SIG_DFL);
        freopen("/dev/null", "w", stderr);
        gbx_capture_leave(scope);
        gbx_capture_leave(scope);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
#ifdef NDEBUG
    assert_true(WIFEXITED(status));
#else
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carried_work_records_into_the_capture_it_came_from),
        cmocka_unit_test(interleaved_requests_on_one_loop_never_see_each_other),
        cmocka_unit_test(a_forked_child_records_into_its_own_copy),
        cmocka_unit_test(debug_builds_stop_at_misuse),
        cmocka_unit_test(captures_nest_and_leaving_restores),
        cmocka_unit_test(entering_the_same_capture_again_goes_on_in_the_same_lane),
        cmocka_unit_test(leaving_closes_what_is_still_open_inside),
        cmocka_unit_test(a_span_older_than_the_capture_is_none_of_it),
        cmocka_unit_test(leaving_twice_is_counted_and_changes_nothing),
        cmocka_unit_test(leaving_in_the_wrong_order_leaves_the_inner_ones_too),
        cmocka_unit_test(past_32_levels_nothing_is_recorded_and_leaving_still_restores),
        cmocka_unit_test(leaving_a_stored_level_leaves_the_levels_past_32_too),
        cmocka_unit_test(past_32_levels_the_scope_of_another_thread_is_counted_too),
        cmocka_unit_test(leaving_on_another_thread_is_counted_and_changes_nothing),
        cmocka_unit_test(a_capture_lives_as_long_as_someone_is_inside),
        cmocka_unit_test(finishing_freezes_what_can_be_read),
    };
    gbxi_misuse_tolerate(true);
    return cmocka_run_group_tests_name("scope", tests, NULL, NULL);
}
