/* SPDX-License-Identifier: MIT */
/* The responses for embedded files: headers, form and bytes, 304 for a client that has the file, and the lookup. */
#define _GNU_SOURCE
#include "http/asset.h"
#include "reply.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

/* The compressed bytes are sent as they are, so they need not be gzip here. */
static const gbxi_embedded table[] = {
    {"both.css", "text/css", "tag-1", 5, "plain", "zip", 3},
    {"plain.txt", "text/plain", "tag-2", 4, "text", NULL, 0},
    {NULL, NULL, NULL, 0, NULL, NULL, 0},
};

/* The status that an earlier handler left must be replaced. */
static void answer_both(h2o_req_t *req)
{
    req->res.reason = "left by another handler";
    gbxi_asset_answer(req, &table[0]);
}

static void answer_plain(h2o_req_t *req)
{
    gbxi_asset_answer(req, &table[1]);
}

/* A file that is stored compressed only and is larger than a piece. */
enum { LONG_BYTES = 40000 };
static char long_text[LONG_BYTES + 1];
static unsigned char long_gzip[LONG_BYTES];
static gbxi_embedded long_file = {"long", "text/plain", "tag-3", LONG_BYTES, NULL, (const char *)long_gzip, 0};

static void answer_long(h2o_req_t *req)
{
    gbxi_asset_answer(req, &long_file);
}

static void compress_long_file(void)
{
    z_stream stream = {.next_in = (unsigned char *)long_text,
                       .avail_in = LONG_BYTES,
                       .next_out = long_gzip,
                       .avail_out = sizeof(long_gzip)};

    for (size_t i = 0; i < LONG_BYTES; i++)
        long_text[i] = (char)('a' + i * i % 23);
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    long_file.gzip_length = stream.total_out;
    assert_int_equal(deflateEnd(&stream), Z_OK);
}

static size_t ended;
int __real_inflateEnd(z_streamp stream);
int __wrap_inflateEnd(z_streamp stream);
int __wrap_inflateEnd(z_streamp stream)
{
    ended++;
    return __real_inflateEnd(stream);
}

static int set_up(void **state)
{
    static const gbxi_endpoint endpoints[] = {
        {"GET", "/both.css", NULL, NULL, false, answer_both, ""},
        {"GET", "/plain.txt", NULL, NULL, false, answer_plain, ""},
        {"GET", "/long", NULL, NULL, false, answer_long, ""},
    };
    static const gbxi_router router = {.endpoints = endpoints, .count = 3, .advice = ""};

    (void)state;
    compress_long_file();
    return reply_routes(&router);
}

static void check_reply(const reply *answer, int status, const char *reason, const char *head, const char *body)
{
    assert_int_equal(answer->status, status);
    assert_string_equal(answer->reason, reason);
    assert_string_equal(answer->head, head);
    assert_string_equal(answer->body, body);
}

static void a_file_has_its_type_its_tag_and_the_form_the_client_accepts(void **state)
{
    reply answer;

    (void)state;
    reply_to("GET", "/both.css", &answer);
    check_reply(&answer, 200, "OK",
                "vary: accept-encoding\nx-content-type-options: nosniff\netag: W/\"tag-1\"\ncache-control: no-cache\n"
                "content-type: text/css\n",
                "plain");
    assert_int_equal(answer.content_length, 5);
    reply_to_header("GET", "/both.css", "accept-encoding", "gzip", &answer);
    check_reply(&answer, 200, "OK",
                "vary: accept-encoding\nx-content-type-options: nosniff\netag: W/\"tag-1\"\ncache-control: no-cache\n"
                "content-type: text/css\ncontent-encoding: gzip\n",
                "zip");
    assert_int_equal(answer.content_length, 3);
    reply_to_header("GET", "/plain.txt", "accept-encoding", "gzip", &answer);
    check_reply(&answer, 200, "OK",
                "x-content-type-options: nosniff\netag: W/\"tag-2\"\ncache-control: no-cache\n"
                "content-type: text/plain\n",
                "text");
    assert_int_equal(answer.content_length, 4);
    reply_to("HEAD", "/plain.txt", &answer);
    assert_string_equal(answer.body, "");
    assert_int_equal(answer.content_length, 4);
}

static void a_compressed_file_is_unpacked_piece_by_piece(void **state)
{
    reply answer;

    (void)state;
    ended = 0;
    reply_to("GET", "/long", &answer);
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.content_length, LONG_BYTES);
    assert_int_equal(answer.body_length, LONG_BYTES);
    assert_string_equal(answer.body, long_text);
    assert_int_equal(answer.pieces, 3); /* of 16 KiB */
    assert_int_equal(ended, 1);
}

static void a_client_that_has_the_file_gets_304_without_a_body(void **state)
{
    reply answer;

    (void)state;
    reply_to_header("GET", "/plain.txt", "if-none-match", "\"other\", W/\"tag-2\"", &answer);
    check_reply(&answer, 304, "Not Modified",
                "x-content-type-options: nosniff\netag: W/\"tag-2\"\ncache-control: no-cache\n", "");
    reply_to_header("GET", "/plain.txt", "if-none-match", "W/\"tag-1\"", &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "text");
}

static void a_name_is_one_segment_in_the_folder(void **state)
{
    static const char *const none[] = {"/ui/", "/ui", "/uj/a", "/ui/a/b", "/ui/a/", "/"};
    h2o_iovec_t name = gbxi_asset_name_in("/ui/page.css?", 12, "/ui/");

    (void)state;
    assert_int_equal(name.len, 8);
    assert_memory_equal(name.base, "page.css", 8);
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_null(gbxi_asset_name_in(none[i], strlen(none[i]), "/ui/").base);
}

static void a_file_is_found_by_its_whole_name(void **state)
{
    static const char *const none[] = {"", "both", "both.css2", "both.cst", "plain"};

    (void)state;
    assert_ptr_equal(gbxi_asset_find(table, "both.css", 8), &table[0]);
    assert_ptr_equal(gbxi_asset_find(table, "plain.txt?", 9), &table[1]);
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_null(gbxi_asset_find(table, none[i], strlen(none[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_has_its_type_its_tag_and_the_form_the_client_accepts),
        cmocka_unit_test(a_compressed_file_is_unpacked_piece_by_piece),
        cmocka_unit_test(a_client_that_has_the_file_gets_304_without_a_body),
        cmocka_unit_test(a_name_is_one_segment_in_the_folder),
        cmocka_unit_test(a_file_is_found_by_its_whole_name),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
