/* SPDX-License-Identifier: MIT */
/* Lines are the same however the stream is cut; what is too long or has no memory is refused once. */
#define _GNU_SOURCE
#include "cli/mcp/lines.h"
#include "scarce_memory.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What was given, as text: lines in brackets, refusals by their codes. */
typedef struct given {
    char text[512];
    size_t count, bytes;
    gbx_err ends_with;
} given;

static gbx_err take_line(void *context, gbx_err refused, gbxi_view line)
{
    given *taken = context;
    size_t length = strlen(taken->text);

    taken->count++;
    taken->bytes += line.length;
    if (refused != GBX_ERR_OK)
        snprintf(taken->text + length, sizeof(taken->text) - length, "<%d>", (int)refused);
    else
        snprintf(taken->text + length, sizeof(taken->text) - length, "[%.*s]",
                 (int)(line.length > 20 ? 20 : line.length), line.at);
    return taken->ends_with;
}

static void check_lines(const char *stream, size_t length, const char *expected)
{
    for (size_t size = 1; size <= length; size++) {
        gbxi_mcp_lines lines = {0};
        given taken = {.count = 0};

        for (size_t at = 0; at < length; at += size)
            assert_int_equal(
                gbxi_mcp_lines_feed(&lines, stream + at, at + size < length ? size : length - at, take_line, &taken),
                GBX_ERR_OK);
        assert_int_equal(gbxi_mcp_lines_end(&lines, take_line, &taken), GBX_ERR_OK);
        assert_string_equal(taken.text, expected);
        gbxi_mcp_lines_fini(&lines);
    }
}

#define CHECK_LINES(stream, expected) check_lines(stream, sizeof(stream) - 1, expected)

static void lines_end_at_line_breaks_wherever_the_stream_is_cut(void **state)
{
    (void)state;
    CHECK_LINES("one\ntwo\n", "[one][two]");
    CHECK_LINES("one\r\n\n\r\ntwo", "[one][two]");
    CHECK_LINES("\n\n\n", "");
    CHECK_LINES("a\rb\n", "[a\rb]");
}

static void a_line_that_is_too_long_is_refused_once_and_takes_no_memory(void **state)
{
    enum { PIECE = 1000 };
    char piece[PIECE];
    gbxi_mcp_lines lines = {0};
    given taken = {.count = 0};

    (void)state;
    memset(piece, 'x', sizeof(piece));
    for (size_t i = 0; i < 20000; i++)
        assert_int_equal(gbxi_mcp_lines_feed(&lines, piece, sizeof(piece), take_line, &taken), GBX_ERR_OK);
    assert_string_equal(taken.text, "<2>");
    assert_int_equal(lines.capacity, 0);
    assert_int_equal(gbxi_mcp_lines_feed(&lines, "end\nnext\n", 9, take_line, &taken), GBX_ERR_OK);
    assert_string_equal(taken.text, "<2>[next]");
    gbxi_mcp_lines_fini(&lines);
}

static void a_line_of_the_maximum_is_read(void **state)
{
    char *line = malloc(GBXI_MCP_LINE_MAX + 2);
    gbxi_mcp_lines lines = {0};
    given taken = {.count = 0};

    (void)state;
    assert_non_null(line);
    memset(line, 'x', GBXI_MCP_LINE_MAX + 1);
    line[GBXI_MCP_LINE_MAX] = '\n';
    assert_int_equal(gbxi_mcp_lines_feed(&lines, line, GBXI_MCP_LINE_MAX + 1, take_line, &taken), GBX_ERR_OK);
    assert_int_equal(taken.bytes, GBXI_MCP_LINE_MAX);
    line[GBXI_MCP_LINE_MAX] = 'x';
    assert_int_equal(gbxi_mcp_lines_feed(&lines, line, GBXI_MCP_LINE_MAX + 1, take_line, &taken), GBX_ERR_OK);
    assert_int_equal(gbxi_mcp_lines_end(&lines, take_line, &taken), GBX_ERR_OK);
    assert_int_equal(taken.count, 2);
    assert_non_null(strstr(taken.text, "<2>"));
    gbxi_mcp_lines_fini(&lines);
    free(line);
}

static void without_memory_a_line_is_refused_and_the_next_is_read(void **state)
{
    gbxi_mcp_lines lines = {0};
    given taken = {.count = 0};

    (void)state;
    scarce_memory_begin(0);
    assert_int_equal(gbxi_mcp_lines_feed(&lines, "one", 3, take_line, &taken), GBX_ERR_OK);
    assert_true(scarce_memory_end());
    assert_int_equal(gbxi_mcp_lines_feed(&lines, " more\ntwo\n", 10, take_line, &taken), GBX_ERR_OK);
    assert_string_equal(taken.text, "<1>[two]");
    gbxi_mcp_lines_fini(&lines);
}

static void an_error_of_the_user_ends_the_reading(void **state)
{
    gbxi_mcp_lines lines = {0};
    given taken = {.ends_with = GBX_ERR_IO};

    (void)state;
    assert_int_equal(gbxi_mcp_lines_feed(&lines, "one\ntwo\n", 8, take_line, &taken), GBX_ERR_IO);
    assert_string_equal(taken.text, "[one]");
    gbxi_mcp_lines_fini(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_at_line_breaks_wherever_the_stream_is_cut),
        cmocka_unit_test(a_line_that_is_too_long_is_refused_once_and_takes_no_memory),
        cmocka_unit_test(a_line_of_the_maximum_is_read),
        cmocka_unit_test(without_memory_a_line_is_refused_and_the_next_is_read),
        cmocka_unit_test(an_error_of_the_user_ends_the_reading),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
