/* SPDX-License-Identifier: MIT */
/* Many threads attach, use and close connections at the same time; statements go from thread to thread; captures are
 * finished by others. Under ThreadSanitizer, there is no race. */
#include "fixture.h"
#include <glassbox/span.h>
#include <glassbox/sqlite.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { THREADS = 8, ROUNDS = 30 };

static void *use_connections(void *argument)
{
    (void)argument;
    for (int i = 0; i < ROUNDS; i++) {
        fixture *self;
        open_fixture((void **)&self);
        {
            GBX_ENTER(self->capture);
            GBX_SPAN_NAMED("work");
            run(self, "SELECT a FROM t", SQLITE_OK);
            run(self, "DELETE FROM t", SQLITE_OK);
        }
        gbx_capture_finish(self->capture);
        close_fixture((void **)&self);
    }
    return NULL;
}

static void connections_of_many_threads_are_independent(void **state)
{
    pthread_t threads[THREADS];

    (void)state;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use_connections, NULL), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

typedef struct handover {
    fixture *fixture;
    sqlite3_stmt *statement;
    gbx_capture *carried;
} handover;

static void *end_elsewhere(void *argument)
{
    handover *self = argument;
    GBX_RESUME(self->carried);
    GBX_SPAN_NAMED("elsewhere");

    step(self->statement, SQLITE_ROW);
    sqlite3_reset(self->statement);
    step(self->statement, SQLITE_ROW);
    sqlite3_finalize(self->statement);
    return NULL;
}

/* Lane 0 is that of the first thread. */
static void a_statement_that_moves_ends_with_its_last_row_before(void **state)
{
    handover self = {.fixture = *state};
    pthread_t thread;

    self.statement = prepare(self.fixture, "SELECT a FROM t");
    {
        GBX_ENTER(self.fixture->capture);
        GBX_SPAN_NAMED("here");
        step(self.statement, SQLITE_ROW);
        self.carried = gbx_capture_carry();
        assert_int_equal(pthread_create(&thread, NULL, end_elsewhere, &self), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
        run(self.fixture, "SELECT 1", SQLITE_OK);
    }
    check(self.fixture, "here<" SPAN("SELECT", "SELECT a FROM t", 1) SPAN("SELECT", "SELECT 1", 1) ">");
}

static void *reset_elsewhere(void *argument)
{
    GBX_ENTER(((handover *)argument)->fixture->capture);

    sqlite3_reset(((handover *)argument)->statement);
    return NULL;
}

static void a_statement_that_is_reset_elsewhere_begins_anew_here(void **state)
{
    handover self = {.fixture = *state};
    pthread_t thread;

    self.statement = prepare(self.fixture, "SELECT a FROM t");
    {
        GBX_ENTER(self.fixture->capture);
        step(self.statement, SQLITE_ROW);
        step(self.statement, SQLITE_ROW);
        assert_int_equal(pthread_create(&thread, NULL, reset_elsewhere, &self), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
        step(self.statement, SQLITE_ROW);
    }
    sqlite3_finalize(self.statement);
    check(self.fixture, SPAN("SELECT", "SELECT a FROM t", 2) SPAN("SELECT", "SELECT a FROM t", 1));
}

typedef struct cut {
    gbx_capture *capture;
    sem_t begun, finished;
} cut;

static void finish_elsewhere(sqlite3_context *context, int count, sqlite3_value **values)
{
    cut *self = sqlite3_user_data(context);

    (void)count;
    (void)values;
    sem_post(&self->begun);
    sem_wait(&self->finished);
    sqlite3_result_int(context, 1);
}

static void *finish(void *argument)
{
    cut *self = argument;

    sem_wait(&self->begun);
    gbx_capture_cut(self->capture);
    sem_post(&self->finished);
    return NULL;
}

static void a_statement_that_runs_when_the_capture_is_cut_is_in_the_trace(void **state)
{
    fixture *self = *state;
    cut shared = {.capture = self->capture};
    pthread_t thread;

    sem_init(&shared.begun, 0, 0);
    sem_init(&shared.finished, 0, 0);
    sqlite3_create_function(self->db, "cut", 0, SQLITE_UTF8, &shared, finish_elsewhere, NULL, NULL);
    assert_int_equal(pthread_create(&thread, NULL, finish, &shared), 0);
    {
        GBX_ENTER(self->capture);
        run(self, "SELECT cut()", SQLITE_OK);
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_string_equal(told_of(self->capture), "SELECT<'SELECT cut()'>");
}

static void *finish_often(void *argument)
{
    _Atomic(gbx_capture *) *shared = argument;
    gbx_capture *capture;

    while ((capture = atomic_load(shared)) != (gbx_capture *)1) {
        if (capture == NULL || !atomic_compare_exchange_strong(shared, &capture, NULL))
            continue;
        gbx_capture_cut(capture);
        gbx_capture_unref(capture);
    }
    return NULL;
}

static void a_finish_at_any_moment_leaves_a_trace_that_is_whole(void **state)
{
    static _Atomic(gbx_capture *) shared;
    fixture *self = *state;
    sqlite3_stmt *statement = prepare(self, "SELECT a FROM t");
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, finish_often, &shared), 0);
    for (int i = 0; i < 300; i++) {
        gbx_capture *capture = gbx_capture_new(NULL);
        {
            GBX_ENTER(capture);
            atomic_store(&shared, gbx_capture_ref(capture));
            for (int row = 0; row < 3; row++)
                step(statement, SQLITE_ROW);
            sqlite3_reset(statement);
        }
        while (atomic_load(&shared) != NULL)
            ;
        gbx_capture_finish(capture);
        assert_true(strlen(told_of(capture)) < 100);
        gbx_capture_unref(capture);
    }
    atomic_store(&shared, (gbx_capture *)1);
    assert_int_equal(pthread_join(thread, NULL), 0);
    sqlite3_finalize(statement);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_of_many_threads_are_independent),
        CASE(a_statement_that_moves_ends_with_its_last_row_before),
        CASE(a_statement_that_is_reset_elsewhere_begins_anew_here),
        CASE(a_statement_that_runs_when_the_capture_is_cut_is_in_the_trace),
        CASE(a_finish_at_any_moment_leaves_a_trace_that_is_whole),
    };
    return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
