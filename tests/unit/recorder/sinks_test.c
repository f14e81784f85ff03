/* SPDX-License-Identifier: MIT */
/* What is said of sinks that fail, of a full queue and of their recovery, and how often. The test passes the time. */
#include "recorder/sinks.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define S UINT64_C(1000000000)

/* A sink that fails with what the test sets, and counts its calls. */
typedef struct frail {
    gbx_err err;
    const char *text;
    int takes, flushes, ticks, disposals;
} frail;

static gbxi_sinks sinks;
static frail frails[2];
static char reports[4096]; /* one a line */
static const gbx_recording nothing = {.size = sizeof(nothing)};
static const gbx_process_state idle = {.size = sizeof(idle)};

static void write_report(void *context, const char *text)
{
    size_t length = strlen(reports);

    assert_ptr_equal(context, &frails);
    snprintf(reports + length, sizeof(reports) - length, "%s\n", text);
}

static gbx_err fail_as_told(const frail *sink, gbx_error *error)
{
    if (sink->err != GBX_ERR_OK && sink->text != NULL)
        return gbx_error_set(error, sink->err, NULL, "%s", sink->text);
    return sink->err;
}

static gbx_err frail_take(void *context, const gbx_recording *recording, gbx_error *error)
{
    assert_ptr_equal(recording, &nothing);
    ((frail *)context)->takes++;
    return fail_as_told(context, error);
}

static gbx_err frail_flush(void *context, gbx_error *error)
{
    ((frail *)context)->flushes++;
    return fail_as_told(context, error);
}

static gbx_err frail_tick(void *context, const gbx_process_state *state, gbx_error *error)
{
    assert_ptr_equal(state, &idle);
    ((frail *)context)->ticks++;
    return fail_as_told(context, error);
}

static void frail_dispose(void *context)
{
    ((frail *)context)->disposals++;
}

static int begin(void **state)
{
    (void)state;
    memset(&sinks, 0, sizeof(sinks));
    memset(frails, 0, sizeof(frails));
    reports[0] = '\0';
    sinks.report = write_report;
    sinks.context = frails;
    return 0;
}

static gbx_sink frail_sink(const char *name, frail *context)
{
    return (gbx_sink){.size = sizeof(gbx_sink), .name = name, .take = frail_take, .context = context};
}

static void add(gbx_sink sink)
{
    assert_int_equal(gbxi_sinks_add(&sinks, &sink), GBX_ERR_OK);
}

static void check_reports(const char *expected)
{
    assert_string_equal(reports, expected);
    reports[0] = '\0';
}

static void a_failure_is_reported_once_in_ten_seconds(void **state)
{
    (void)state;
    add(frail_sink("disk", &frails[0]));
    frails[0] = (frail){.err = GBX_ERR_IO, .text = "the disk is full"};
    gbxi_sinks_take(&sinks, &nothing, 100 * S);
    check_reports("disk: the disk is full\n");
    for (uint64_t at = 100 * S; at < 110 * S; at += S / 2)
        gbxi_sinks_take(&sinks, &nothing, at);
    check_reports("");
    gbxi_sinks_take(&sinks, &nothing, 110 * S);
    check_reports("disk: the disk is full\n");
    gbxi_sinks_take(&sinks, &nothing, 120 * S - 1);
    check_reports("");
    assert_int_equal((int)gbxi_sinks_dropped(&sinks), 23);
    assert_int_equal(frails[0].takes, 23);
}

static void its_end_is_reported_with_what_was_refused(void **state)
{
    (void)state;
    add(frail_sink("disk", &frails[0]));
    gbxi_sinks_take(&sinks, &nothing, 99 * S);
    check_reports("");
    frails[0].err = GBX_ERR_NO_MEMORY;
    gbxi_sinks_take(&sinks, &nothing, 100 * S);
    gbxi_sinks_take(&sinks, &nothing, 101 * S);
    check_reports("disk: out of memory\n");
    frails[0].err = GBX_ERR_OK;
    gbxi_sinks_take(&sinks, &nothing, 102 * S); /* it may only come and go */
    check_reports("");
    gbxi_sinks_take(&sinks, &nothing, 110 * S);
    check_reports("disk: works again; captures were lost meanwhile: at least 2\n");
    gbxi_sinks_take(&sinks, &nothing, 130 * S);
    check_reports("");
}

static void trouble_soon_after_its_end_waits_for_its_report(void **state)
{
    (void)state;
    add(frail_sink("disk", &frails[0]));
    frails[0].err = GBX_ERR_IO;
    gbxi_sinks_take(&sinks, &nothing, 100 * S);
    frails[0].err = GBX_ERR_OK;
    gbxi_sinks_take(&sinks, &nothing, 110 * S);
    check_reports("disk: input or output failed\ndisk: works again; captures were lost meanwhile: at least 1\n");
    frails[0].err = GBX_ERR_IO;
    gbxi_sinks_take(&sinks, &nothing, 111 * S);
    gbxi_sinks_take(&sinks, &nothing, 112 * S);
    check_reports("");
    frails[0].err = GBX_ERR_OK;
    gbxi_sinks_take(&sinks, &nothing, 113 * S);
    check_reports("");
    gbxi_sinks_take(&sinks, &nothing, 120 * S);
    check_reports("disk: works again; captures were lost meanwhile: at least 2\n");
}

static void a_sink_that_can_flush_works_when_it_has_flushed(void **state)
{
    gbx_sink sink = frail_sink("disk", &frails[0]);

    (void)state;
    sink.flush = frail_flush;
    add(sink);
    gbxi_sinks_flush(&sinks, 100 * S);
    assert_int_equal(frails[0].flushes, 0); /* nothing was taken */
    gbxi_sinks_take(&sinks, &nothing, 100 * S);
    frails[0].err = GBX_ERR_IO;
    gbxi_sinks_flush(&sinks, 101 * S);
    check_reports("disk: input or output failed\n");
    gbxi_sinks_flush(&sinks, 102 * S);
    assert_int_equal(frails[0].flushes, 1);
    frails[0].err = GBX_ERR_OK;
    gbxi_sinks_take(&sinks, &nothing, 120 * S);
    check_reports("");
    gbxi_sinks_flush(&sinks, 121 * S);
    check_reports("disk: works again; captures were lost meanwhile: at least 0\n");
    assert_int_equal((int)gbxi_sinks_dropped(&sinks), 0); /* takes only */
}

static void a_tick_that_fails_is_reported(void **state)
{
    gbx_sink sink = frail_sink("disk", &frails[0]);

    (void)state;
    sink.tick = frail_tick;
    add(sink);
    add(frail_sink("other", &frails[1]));
    gbxi_sinks_tick(&sinks, &idle, 100 * S);
    check_reports("");
    frails[0].err = GBX_ERR_IO;
    gbxi_sinks_tick(&sinks, &idle, 101 * S);
    check_reports("disk: input or output failed\n");
    assert_int_equal(frails[0].ticks, 2);
    assert_int_equal(frails[1].ticks, 0);
}

static void every_sink_has_its_own_trouble(void **state)
{
    (void)state;
    add(frail_sink("one", &frails[0]));
    add(frail_sink(NULL, &frails[1]));
    frails[0].err = GBX_ERR_IO;
    gbxi_sinks_take(&sinks, &nothing, 100 * S);
    frails[1].err = GBX_ERR_LIMIT;
    gbxi_sinks_take(&sinks, &nothing, 101 * S);
    check_reports("one: input or output failed\nsink: a limit was reached\n");
    assert_int_equal((int)gbxi_sinks_dropped(&sinks), 3);
    assert_int_equal(frails[1].takes, 2); /* whatever the one before it did */
}

static void a_sink_tells_what_it_has_done(void **state)
{
    gbxi_sink_state states[GBXI_SINKS_MAX];
    int64_t since_unix_ns;

    (void)state;
    add(frail_sink("one", &frails[0]));
    add(frail_sink("two", &frails[1]));
    gbxi_sinks_take(&sinks, &nothing, 99 * S);
    frails[0] = (frail){.err = GBX_ERR_IO, .text = "the disk is full"};
    gbxi_sinks_take(&sinks, &nothing, 100 * S);
    frails[0].err = GBX_ERR_LIMIT;
    frails[0].text = NULL;
    gbxi_sinks_take(&sinks, &nothing, 101 * S); /* told although nothing is reported */
    assert_int_equal(gbxi_sinks_look(&sinks, 7, states), 2);
    assert_string_equal(states[0].name, "one");
    assert_int_equal(states[0].sequence, 3);
    assert_int_equal(states[0].lag, 4);
    assert_int_equal(states[0].delivered, 1);
    assert_int_equal(states[0].dropped, 2);
    assert_true(states[0].failure.is_on);
    assert_string_equal(states[0].failure.text, "a limit was reached");
    assert_true(states[0].failure.since_unix_ns > 0);
    assert_true(states[0].failure.last_unix_ns >= states[0].failure.since_unix_ns);
    since_unix_ns = states[0].failure.since_unix_ns;
    assert_string_equal(states[1].name, "two");
    assert_int_equal(states[1].delivered, 3);
    assert_int_equal(states[1].failure.last_unix_ns, 0);
    frails[0].err = GBX_ERR_OK;
    gbxi_sinks_take(&sinks, &nothing, 102 * S);
    assert_int_equal(gbxi_sinks_look(&sinks, 3, states), 2); /* read before the last one was taken */
    assert_false(states[0].failure.is_on);
    assert_int_equal(states[0].lag, 0);
    assert_string_equal(states[0].failure.text, "a limit was reached");
    assert_int_equal(states[0].failure.since_unix_ns, since_unix_ns);
    reports[0] = '\0';
}

static void a_full_queue_is_reported_and_its_end(void **state)
{
    (void)state;
    gbxi_sinks_watch_queue(&sinks, 0, 99 * S);
    check_reports("");
    gbxi_sinks_watch_queue(&sinks, 5, 100 * S);
    check_reports("the queue of captures is full: 5 were lost so far\n");
    gbxi_sinks_watch_queue(&sinks, 9, 101 * S);
    check_reports("");
    gbxi_sinks_watch_queue(&sinks, 12, 110 * S);
    check_reports("the queue of captures is full: 12 were lost so far\n");
    gbxi_sinks_watch_queue(&sinks, 12, 119 * S);
    check_reports("");
    gbxi_sinks_watch_queue(&sinks, 12, 120 * S);
    check_reports("the queue of captures has room again: 12 were lost so far\n");
    gbxi_sinks_watch_queue(&sinks, 12, 150 * S);
    check_reports("");
}

static void no_loss_of_the_queue_stays_unsaid(void **state)
{
    (void)state;
    gbxi_sinks_watch_queue(&sinks, 1, 100 * S);
    gbxi_sinks_watch_queue(&sinks, 1, 110 * S);
    check_reports("the queue of captures is full: 1 were lost so far\n"
                  "the queue of captures has room again: 1 were lost so far\n");
    gbxi_sinks_watch_queue(&sinks, 2, 111 * S); /* too soon after the last report */
    gbxi_sinks_watch_queue(&sinks, 2, 112 * S);
    check_reports("");
    gbxi_sinks_watch_queue(&sinks, 2, 120 * S);
    check_reports("the queue of captures is full: 2 were lost so far\n");
    gbxi_sinks_watch_queue(&sinks, 2, 130 * S);
    check_reports("the queue of captures has room again: 2 were lost so far\n");
}

static void nobody_need_be_told(void **state)
{
    (void)state;
    sinks.report = NULL;
    add(frail_sink("disk", &frails[0]));
    frails[0].err = GBX_ERR_IO;
    gbxi_sinks_take(&sinks, &nothing, 100 * S);
    gbxi_sinks_watch_queue(&sinks, 7, 100 * S);
    frails[0].err = GBX_ERR_OK;
    gbxi_sinks_take(&sinks, &nothing, 110 * S);
    assert_int_equal((int)gbxi_sinks_dropped(&sinks), 1);
}

static void names_are_copied_and_cut(void **state)
{
    char name[] = "0123456789012345678901234567890\303\244";

    (void)state;
    add(frail_sink(name, &frails[0]));
    name[30] = '\303';
    name[31] = '\244';
    name[32] = '\0';
    add(frail_sink(name, &frails[1]));
    memset(name, '?', sizeof(name) - 1);
    frails[0].err = frails[1].err = GBX_ERR_IO;
    gbxi_sinks_take(&sinks, &nothing, 100 * S);
    check_reports("0123456789012345678901234567890: input or output failed\n"
                  "012345678901234567890123456789: input or output failed\n");
}

static void refuses_more_than_eight_and_what_api_h_refuses(void **state)
{
    gbx_sink sink = frail_sink("disk", &frails[0]);
    struct {
        gbx_sink known;
        uint64_t unknown;
    } newer = {.known = sink};

    (void)state;
    sink.take = NULL;
    assert_int_equal(gbxi_sinks_add(&sinks, &sink), GBX_ERR_ARGUMENT);
    sink.take = frail_take;
    for (size_t size = 0; size < sizeof(sink); size += 8) {
        sink.size = size;
        assert_int_equal(gbxi_sinks_add(&sinks, &sink), GBX_ERR_ARGUMENT);
    }
    sink.size = 4097;
    assert_int_equal(gbxi_sinks_add(&sinks, &sink), GBX_ERR_ARGUMENT);
    assert_int_equal(gbxi_sinks_add(&sinks, NULL), GBX_ERR_ARGUMENT);
    newer.known.size = sizeof(newer);
    newer.unknown = 1;
    assert_int_equal(gbxi_sinks_add(&sinks, &newer.known), GBX_ERR_ARGUMENT);
    assert_int_equal(gbxi_sinks_count(&sinks), 0);
    newer.unknown = 0;
    for (int i = 0; i < GBXI_SINKS_MAX; i++)
        assert_int_equal(gbxi_sinks_add(&sinks, &newer.known), GBX_ERR_OK);
    assert_int_equal(gbxi_sinks_add(&sinks, &newer.known), GBX_ERR_LIMIT);
    gbxi_sinks_take_back(&sinks);
    assert_int_equal(gbxi_sinks_count(&sinks), GBXI_SINKS_MAX - 1);
}

static void each_is_disposed_of_once(void **state)
{
    gbx_sink sink = frail_sink("disk", &frails[0]);

    (void)state;
    add(frail_sink("none", &frails[1]));
    sink.dispose = frail_dispose;
    add(sink);
    gbxi_sinks_fini(&sinks);
    gbxi_sinks_fini(&sinks);
    assert_int_equal(frails[0].disposals, 1);
    assert_int_equal(frails[1].disposals, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_failure_is_reported_once_in_ten_seconds, begin),
        cmocka_unit_test_setup(its_end_is_reported_with_what_was_refused, begin),
        cmocka_unit_test_setup(trouble_soon_after_its_end_waits_for_its_report, begin),
        cmocka_unit_test_setup(a_sink_that_can_flush_works_when_it_has_flushed, begin),
        cmocka_unit_test_setup(a_tick_that_fails_is_reported, begin),
        cmocka_unit_test_setup(every_sink_has_its_own_trouble, begin),
        cmocka_unit_test_setup(a_sink_tells_what_it_has_done, begin),
        cmocka_unit_test_setup(a_full_queue_is_reported_and_its_end, begin),
        cmocka_unit_test_setup(no_loss_of_the_queue_stays_unsaid, begin),
        cmocka_unit_test_setup(nobody_need_be_told, begin),
        cmocka_unit_test_setup(names_are_copied_and_cut, begin),
        cmocka_unit_test_setup(refuses_more_than_eight_and_what_api_h_refuses, begin),
        cmocka_unit_test_setup(each_is_disposed_of_once, begin),
    };

    return cmocka_run_group_tests_name("sinks", tests, NULL, NULL);
}
