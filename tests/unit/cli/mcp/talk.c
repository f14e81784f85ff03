/* SPDX-License-Identifier: MIT */
/* Talks with a session. */
#define _GNU_SOURCE
#include "talk.h"
#include "cli/mcp/answer.h"
#include "cli/mcp/session.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* The call as a line; the caller's to free. */
static gbxi_json_buffer call_line(const char *tool, const char *arguments, const char *cursor)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;
    char *whole;

    assert_true(asprintf(&whole, cursor[0] != '\0' ? "%s,\"cursor\":\"%s\"}" : "%s}", arguments, cursor) > 0);
    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_json_object_begin(&writer);
    gbxi_json_key(&writer, "jsonrpc");
    gbxi_json_string_z(&writer, "2.0");
    gbxi_json_key(&writer, "id");
    gbxi_json_int(&writer, 1);
    gbxi_json_key(&writer, "method");
    gbxi_json_string_z(&writer, "tools/call");
    gbxi_json_key(&writer, "params");
    gbxi_json_object_begin(&writer);
    gbxi_json_key(&writer, "name");
    gbxi_json_string_z(&writer, tool);
    gbxi_json_key(&writer, "arguments");
    gbxi_json_raw(&writer, whole, strlen(whole));
    gbxi_json_object_end(&writer);
    gbxi_json_object_end(&writer);
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
    free(whole);
    return buffer;
}

static void check_size(talk_answer *answer, size_t length)
{
    gbxi_json_value size = gbxi_json_member(answer->root, "size");
    gbxi_json_string cursor = {0};
    uint64_t bytes = 0, tokens = 0;

    assert_true(gbxi_json_uint64(gbxi_json_member(size, "bytes"), &bytes));
    assert_true(gbxi_json_uint64(gbxi_json_member(size, "estimated_tokens"), &tokens));
    assert_int_equal(bytes, length);
    assert_int_equal(tokens, (length + 2) / 3);
    answer->cursor[0] = '\0';
    if (gbxi_json_str(gbxi_json_member(size, "next_cursor"), &cursor))
        snprintf(answer->cursor, sizeof(answer->cursor), "%.*s", (int)cursor.length, cursor.at);
}

static gbxi_json_value first_of(gbxi_json_value array)
{
    gbxi_json_iterator each = gbxi_json_each(array);

    assert_true(gbxi_json_next(&each));
    return each.value;
}

void talk_call(const char *store, const char *tool, const char *arguments, const char *cursor, talk_answer *answer)
{
    gbxi_mcp_session session = {.store = store};
    gbxi_json_buffer out = {0};
    gbxi_json_buffer line = call_line(tool, arguments, cursor);
    gbxi_json_value result;
    gbxi_json_string text = {0};
    bool failed = true;

    assert_int_equal(gbxi_mcp_session_answer(&session, GBX_ERR_OK, (gbxi_view){line.bytes, line.length}, &out),
                     GBX_ERR_OK);
    assert_in_range(out.length, 1, GBXI_MCP_MESSAGE_MAX);
    assert_null(memchr(out.bytes, '\n', out.length));
    assert_int_equal(gbxi_json_parse(out.bytes, out.length, &answer->message, NULL), GBX_ERR_OK);
    result = gbxi_json_member(gbxi_json_root(answer->message), "result");
    assert_true(gbxi_json_bool(gbxi_json_member(result, "isError"), &failed));
    assert_true(gbxi_json_str(gbxi_json_member(first_of(gbxi_json_member(result, "content")), "text"), &text));
    if (failed)
        fail_msg("%s: %.*s", arguments, (int)text.length, text.at);
    assert_int_equal(gbxi_json_parse(text.at, text.length, &answer->document, NULL), GBX_ERR_OK);
    answer->root = gbxi_json_root(answer->document);
    check_size(answer, text.length);
    gbxi_json_buffer_fini(&out);
    gbxi_json_buffer_fini(&line);
}

void talk_free(talk_answer *answer)
{
    gbxi_json_free(answer->message);
    gbxi_json_free(answer->document);
}
