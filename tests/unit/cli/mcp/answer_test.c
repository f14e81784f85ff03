/* SPDX-License-Identifier: MIT */
/* Documents stay below their limit, whatever is put into them, and say what was cut. */
#define _GNU_SOURCE
#include "cli/mcp/answer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The document as text, terminated; it stays until the next call. */
static const char *ended_text(gbxi_mcp_answer *answer)
{
    static char text[GBXI_MCP_MESSAGE_MAX + 1];
    gbx_error error = {0};

    assert_int_equal(gbxi_mcp_answer_end(answer, &error), GBX_ERR_OK);
    assert_in_range(answer->document.length, 1, GBXI_MCP_DOCUMENT_MAX);
    memcpy(text, answer->document.bytes, answer->document.length);
    text[answer->document.length] = '\0';
    gbxi_mcp_answer_fini(answer);
    return text;
}

static void put_part(gbxi_mcp_answer *answer, const char *json)
{
    gbxi_json_raw(gbxi_mcp_part(answer), json, strlen(json));
}

static void a_document_has_its_parts_and_its_size(void **state)
{
    gbxi_mcp_answer answer;

    (void)state;
    gbxi_mcp_answer_init(&answer);
    put_part(&answer, "{\"a\":[1,2.5,null,true,\"x\"]}");
    gbxi_mcp_answer_member(&answer, "part");
    gbxi_mcp_answer_list(&answer, "list");
    put_part(&answer, "1");
    assert_true(gbxi_mcp_answer_item(&answer));
    put_part(&answer, "2");
    assert_true(gbxi_mcp_answer_item(&answer));
    gbxi_mcp_answer_list_end(&answer);
    gbxi_mcp_answer_more(&answer, "%d", 3);
    assert_string_equal(ended_text(&answer),
                        "{\"part\":{\"a\":[1,2.5,null,true,\"x\"]},\"list\":[1,2],\"size\":{\"bytes\":135,"
                        "\"estimated_tokens\":45,\"truncated\":true,\"cut\":0,\"next_cursor\":\"3\"}}");
}

static void what_is_long_is_cut_at_a_character_and_counted(void **state)
{
    gbxi_mcp_answer answer;

    (void)state;
    gbxi_mcp_answer_init(&answer);
    answer.trim = (gbxi_mcp_trim){.text_bytes_max = 4, .count_max = 2, .level_max = 2};
    put_part(&answer, "{\"abc\xc3\xa9\":\"abc\xc3\xa9z\",\"b\":[1,2,3,4],\"c\":3}");
    gbxi_mcp_answer_member(&answer, "part");
    put_part(&answer, "[[[1]]]");
    gbxi_mcp_answer_member(&answer, "deep");
    assert_non_null(strstr(ended_text(&answer), "{\"part\":{\"abc\":\"abc... (3 more bytes)\",\"b\":[1,2]},"
                                                "\"deep\":[[null]],\"size\":{"));
}

static void a_list_ends_where_the_room_does(void **state)
{
    enum { ITEM = 200 };
    char item[ITEM + 3];
    gbxi_mcp_answer answer;
    size_t count = 0;

    (void)state;
    memset(item, '"', sizeof(item)); /* the begin of an escape each second byte */
    for (size_t i = 1; i < sizeof(item) - 2; i += 2)
        item[i] = '\\';
    item[ITEM + 1] = '"';
    item[ITEM + 2] = '\0';
    gbxi_mcp_answer_init(&answer);
    gbxi_mcp_answer_list(&answer, "list");
    for (put_part(&answer, item); gbxi_mcp_answer_item(&answer); put_part(&answer, item))
        count++;
    gbxi_mcp_answer_list_end(&answer);
    assert_in_range(count, 100, 200);
    put_part(&answer, item); /* there may be room for something that is smaller */
    gbxi_mcp_answer_member(&answer, "after");
    assert_non_null(strstr(ended_text(&answer), "\"size\":{"));
}

static void the_first_item_always_finds_room(void **state)
{
    enum { MEMBERS = 400 };
    gbxi_mcp_answer answer;
    gbxi_json_writer *writer;
    char name[16];

    (void)state;
    gbxi_mcp_answer_init(&answer);
    answer.trim = (gbxi_mcp_trim){.text_bytes_max = 4000, .count_max = MEMBERS, .level_max = 3};
    gbxi_mcp_answer_list(&answer, "list");
    writer = gbxi_mcp_part(&answer);
    gbxi_json_object_begin(writer);
    for (size_t i = 0; i < MEMBERS; i++) {
        snprintf(name, sizeof(name), "m%zu", i);
        gbxi_json_key_n(writer, name, strlen(name));
        gbxi_json_string_z(writer,
                           "a text that is so long that all of them together are longer than a document may be, "
                           "which takes some words more than one would think at first, and then some, and more");
    }
    gbxi_json_object_end(writer);
    assert_true(gbxi_mcp_answer_item(&answer));
    gbxi_mcp_answer_list_end(&answer);
    assert_non_null(strstr(ended_text(&answer), "\"m0\":\"a text that is so long that all ... ("));
}

static void a_part_that_is_not_whole_is_an_error(void **state)
{
    gbxi_mcp_answer answer;
    gbx_error error = {0};

    (void)state;
    gbxi_mcp_answer_init(&answer);
    gbxi_json_array_begin(gbxi_mcp_part(&answer));
    gbxi_mcp_answer_member(&answer, "part");
    put_part(&answer, "1");
    gbxi_mcp_answer_member(&answer, "other");
    assert_int_equal(gbxi_mcp_answer_end(&answer, &error), GBX_ERR_STATE);
    assert_non_null(strstr(error.text, "cannot make the answer"));
    gbxi_mcp_answer_fini(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_has_its_parts_and_its_size),
        cmocka_unit_test(what_is_long_is_cut_at_a_character_and_counted),
        cmocka_unit_test(a_list_ends_where_the_room_does),
        cmocka_unit_test(the_first_item_always_finds_room),
        cmocka_unit_test(a_part_that_is_not_whole_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
