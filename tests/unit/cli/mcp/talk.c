/* SPDX-License-Identifier: MIT */
/* Talks with a session. */
#include "talk.h"
#include "cli/mcp/answer.h"
#include "cli/mcp/session.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void write_text_argument(gbxi_json_writer *writer, const char *name, const char *text)
{
    if (text == NULL)
        return;
    gbxi_json_key_n(writer, name, strlen(name));
    gbxi_json_string_z(writer, text);
}

static void write_number_argument(gbxi_json_writer *writer, const char *name, uint32_t number)
{
    if (number == 0)
        return;
    gbxi_json_key_n(writer, name, strlen(name));
    gbxi_json_uint(writer, number);
}

static void write_arguments(gbxi_json_writer *writer, const talk_arguments *arguments)
{
    gbxi_json_key(writer, "arguments");
    gbxi_json_object_begin(writer);
    write_text_argument(writer, "run", arguments->run);
    write_text_argument(writer, "trace", arguments->trace);
    write_text_argument(writer, "cursor", arguments->cursor);
    write_number_argument(writer, "span", arguments->span);
    write_number_argument(writer, "depth", arguments->depth);
    write_number_argument(writer, "limit", arguments->limit);
    write_number_argument(writer, "top", arguments->top);
    if (arguments->all) {
        gbxi_json_key(writer, "min_share");
        gbxi_json_uint(writer, 0);
    }
    gbxi_json_object_end(writer);
}

/* The call as a line; the caller's to free. */
static gbxi_json_buffer call_line(const char *tool, const talk_arguments *arguments)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_json_object_begin(&writer);
    write_text_argument(&writer, "jsonrpc", "2.0");
    write_number_argument(&writer, "id", 1);
    write_text_argument(&writer, "method", "tools/call");
    gbxi_json_key(&writer, "params");
    gbxi_json_object_begin(&writer);
    write_text_argument(&writer, "name", tool);
    write_arguments(&writer, arguments);
    gbxi_json_object_end(&writer);
    gbxi_json_object_end(&writer);
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
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

void talk_call(const char *store, const char *tool, const talk_arguments *arguments, talk_answer *answer)
{
    gbxi_mcp_session session = {.store = store};
    gbxi_json_buffer out = {0};
    gbxi_json_buffer line = call_line(tool, arguments);
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
        fail_msg("%.*s", (int)text.length, text.at);
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
