/* SPDX-License-Identifier: MIT */
/* Any input of glassbox mcp, in any pieces: every line has at most one answer, which is a JSON document of limited
 * size, and the same however the input was cut. */
#define _GNU_SOURCE
#include "cli/mcp/answer.h"
#include "cli/mcp/lines.h"
#include "cli/mcp/session.h"
#include "fuzz.h"
#include <string.h>

/* All answers together. */
typedef struct fuzz_talk {
    gbxi_mcp_session session;
    gbxi_json_buffer answers;
    size_t line_count, answer_count;
} fuzz_talk;

static void check_answer(const char *bytes, size_t length)
{
    gbxi_json_document *document = NULL;
    gbxi_json_type type;

    FUZZ_CHECK(memchr(bytes, '\n', length) == NULL);
    FUZZ_CHECK(gbxi_json_parse(bytes, length, &document, NULL) == GBX_ERR_OK);
    type = gbxi_json_typeof(gbxi_json_root(document));
    FUZZ_CHECK(type == GBXI_JSON_OBJECT || type == GBXI_JSON_ARRAY);
    FUZZ_CHECK(type == GBXI_JSON_ARRAY || length <= GBXI_MCP_MESSAGE_MAX);
    gbxi_json_free(document);
}

static gbx_err answer_fuzzed(void *context, gbx_err refused, gbxi_view line)
{
    fuzz_talk *talk = context;
    size_t before = talk->answers.length;

    FUZZ_CHECK(line.length <= GBXI_MCP_LINE_MAX && (line.length > 0) == (refused == GBX_ERR_OK));
    talk->line_count++;
    FUZZ_CHECK(gbxi_mcp_session_answer(&talk->session, refused, line, &talk->answers) == GBX_ERR_OK);
    if (talk->answers.length > before) {
        talk->answer_count++;
        check_answer(talk->answers.bytes + before, talk->answers.length - before);
    }
    return GBX_ERR_OK;
}

static void talk_in_pieces(fuzz_talk *talk, const uint8_t *data, size_t size, size_t piece)
{
    gbxi_mcp_lines lines = {0};

    for (size_t at = 0; at < size; at += piece)
        FUZZ_CHECK(gbxi_mcp_lines_feed(&lines, (const char *)data + at, at + piece < size ? piece : size - at,
                                       answer_fuzzed, talk) == GBX_ERR_OK);
    FUZZ_CHECK(gbxi_mcp_lines_end(&lines, answer_fuzzed, talk) == GBX_ERR_OK);
    gbxi_mcp_lines_fini(&lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_talk whole = {.session = {.store = "/nowhere"}}, pieces = whole;

    talk_in_pieces(&whole, data, size, size);
    talk_in_pieces(&pieces, data, size, 1 + size / 7);
    FUZZ_CHECK(whole.answer_count <= whole.line_count && whole.line_count == pieces.line_count);
    FUZZ_CHECK(whole.answers.length == pieces.answers.length);
    FUZZ_CHECK(whole.answers.length == 0 ||
               memcmp(whole.answers.bytes, pieces.answers.bytes, whole.answers.length) == 0);
    gbxi_json_buffer_fini(&whole.answers);
    gbxi_json_buffer_fini(&pieces.answers);
    return 0;
}
