/* SPDX-License-Identifier: MIT */
/* A call whose memory runs out is answered with an error, or not at all, and nothing is lost; the next is answered. */
#define _GNU_SOURCE
#include "cli/mcp/session.h"
#include "scarce_memory.h"
#include "storing.h"
#include "talk.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *directory;

static int make_small_store(void **state)
{
    const stored_case what = {.frames = 2};
    char id[GBXI_RUN_ID_SIZE];

    (void)state;
    directory = storing_begin();
    storing_run(directory, &what, 2, id);
    return 0;
}

static int remove_small_store(void **state)
{
    (void)state;
    storing_end(directory);
    return 0;
}

static void check_is_message(const gbxi_json_buffer *out)
{
    gbxi_json_document *document = NULL;

    assert_int_equal(gbxi_json_parse(out->bytes, out->length, &document, NULL), GBX_ERR_OK);
    assert_int_equal(gbxi_json_typeof(gbxi_json_root(document)), GBXI_JSON_OBJECT);
    gbxi_json_free(document);
}

/* Answers the line with so many allocations. Returns whether one was refused. */
static bool answer_with(size_t grants, const char *line, bool *answered)
{
    gbxi_mcp_session session = {.store = directory};
    gbxi_json_buffer out = {0};
    gbx_err err;
    bool refused;

    scarce_memory_begin(grants);
    err = gbxi_mcp_session_answer(&session, GBX_ERR_OK, gbxi_view_of(line), &out);
    refused = scarce_memory_end();
    assert_true(err == GBX_ERR_OK || err == GBX_ERR_NO_MEMORY);
    assert_true(err == GBX_ERR_OK || refused);
    if (out.length > 0)
        check_is_message(&out);
    *answered = out.length > 0;
    gbxi_json_buffer_fini(&out);
    return refused;
}

static void check_each_failing(const char *line)
{
    bool answered;

    assert_false(answer_with(SIZE_MAX, line, &answered)); /* what is kept for later is allocated now */
    assert_true(answered);
    for (size_t grants = 0; answer_with(grants, line, &answered); grants += grants < 60 ? 1 : 5)
        continue;
    assert_true(answered);
}

/* The same, and no block is lost. SQLite and libc allocate beside the count, so this is for lines that do without. */
static void check_each_failing_and_blocks(const char *line)
{
    long before = scarce_memory_blocks();

    check_each_failing(line);
    assert_int_equal(scarce_memory_blocks(), before);
}

static void every_failing_allocation_of_a_message_is_survived(void **state)
{
    (void)state;
    check_each_failing_and_blocks("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
    check_each_failing_and_blocks(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"x\"}}");
    check_each_failing_and_blocks("[{}]");
    check_each_failing_and_blocks("nonsense");
    check_each_failing_and_blocks(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"list\","
        "\"arguments\":{\"run\":\"latest\",\"limit\":1,\"failed\":\"maybe\"}}}");
}

static void every_failing_allocation_of_a_call_is_survived(void **state)
{
    (void)state;
    check_each_failing("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"list\"}}");
    check_each_failing("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"list\","
                       "\"arguments\":{\"run\":\"latest\",\"limit\":1}}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failing_allocation_of_a_message_is_survived),
        cmocka_unit_test(every_failing_allocation_of_a_call_is_survived),
    };

    return cmocka_run_group_tests(tests, make_small_store, remove_small_store);
}
