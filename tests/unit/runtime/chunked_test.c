/* SPDX-License-Identifier: MIT */
/* Chunked bodies: what RFC 9112 allows is decoded however it is cut, and everything else is malformed. */
#define _GNU_SOURCE
#include "runtime/libh2o/chunked.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 32 * 1024, GOES_ON = -2, MALFORMED = -1 };

typedef struct decoded {
    char text[ROOM];
    size_t length;
    ssize_t result;
} decoded;

/* As libh2o does it: each piece behind what is decoded already. */
static void decode_piece(struct phr_chunked_decoder *decoder, decoded *out, const char *piece, size_t length)
{
    size_t size = length;

    memcpy(out->text + out->length, piece, length);
    out->result = phr_decode_chunked(decoder, out->text + out->length, &size);
    out->length += size;
}

/* Decodes `body` cut at `cut`. What follows the end is left behind the decoded bytes. */
static void decode_cut(const char *body, size_t length, size_t cut, decoded *out)
{
    struct phr_chunked_decoder decoder = {.consume_trailer = 1};

    out->length = 0;
    out->result = GOES_ON;
    decode_piece(&decoder, out, body, cut);
    if (out->result == GOES_ON)
        decode_piece(&decoder, out, body + cut, length - cut);
}

static void expect_body(const char *body, const char *text)
{
    decoded out;

    for (size_t cut = 0; cut <= strlen(body); cut++) {
        decode_cut(body, strlen(body), cut, &out);
        assert_true(out.result >= 0);
        assert_int_equal(out.length, strlen(text));
        assert_memory_equal(out.text, text, out.length);
    }
}

static void bodies_are_decoded_however_they_are_cut(void **state)
{
    (void)state;
    expect_body("5\r\nhello\r\n0\r\n\r\n", "hello");
    expect_body("0\r\n\r\n", "");
    expect_body("000000000000000\r\n\r\n", "");
    expect_body("1\r\n\n\r\n2\r\n\r\n\r\n0\r\n\r\n", "\n\r\n");
    expect_body("0000A\r\n0123456789\r\n0b\r\n0123456789a\r\n00\r\n\r\n", "01234567890123456789a");
    expect_body("3;name=\"a value;\"\t;x\r\nabc\r\n0 \t ;last\r\n\r\n", "abc");
    expect_body("1\r\nx\r\n0\r\nAuthorization: Bearer x\r\nX-Empty:\r\nName:\t\xc3\xa9\r\n\r\n", "x");
}

static void the_digits_of_each_size_count_for_themselves(void **state)
{
    enum { CHUNKS = 40 };
    static const char chunk[] = "01\r\nx\r\n";
    char body[CHUNKS * sizeof(chunk) + 8] = "", text[CHUNKS + 1] = "";

    (void)state;
    for (size_t i = 0; i < CHUNKS; i++) {
        strcat(body, chunk);
        strcat(text, "x");
    }
    strcat(body, "0\r\n\r\n");
    expect_body(body, text);
}

static void expect_malformed(const char *body, size_t length)
{
    decoded out;

    for (size_t cut = 0; cut <= length; cut++) {
        decode_cut(body, length, cut, &out);
        assert_int_equal(out.result, MALFORMED);
    }
}

static void what_the_standard_forbids_is_malformed_however_it_is_cut(void **state)
{
    static const char *const bodies[] = {
        "\r\n",
        " 5\r\n",
        "g\r\n",
        "-1\r\n",
        "+5\r\n",
        "0x5\r\n",
        ";\r\n", /* sizes */
        "11112222333344445\r\n",
        "00000000000000000\r\n",
        "fffffffffffffffff\r\n",
        "5\nhello\r\n0\r\n\r\n",
        "5\r\rhello",
        "5\r;\r\n",
        "5 \r\n",
        "5 x\r\n",
        "5;a\x01\r\n",
        "5;a\nb\r\n",
        "5;\x7f\r\n",
        "5\r\nhello!\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhello\r\r\n0\r\n\r\n",
        "5\r\nhello0\r\n\r\n", /* ends of chunks */
        "1\r\nx\r\n\r\n",
        "0\n\n",
        "0\r\n\n",
        "0\r\n\r\r\n",
        "0\r\nno colon\r\n\r\n",
        "0\r\nname\r\n\r\n",
        "0\r\n: no name\r\n\r\n", /* trailers */
        "0\r\n\x7fname: 1\r\n\r\n",
        "0\r\nn\xc3\xa4me: 1\r\n\r\n",
        "0\r\nname : 1\r\n\r\n",
        "0\r\n folded: 1\r\n\r\n",
        "0\r\nname: 1\n\r\n",
        "0\r\nname: 1\r\n more\r\n\r\n",
        "0\r\nname: \x02\r\n\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
        expect_malformed(bodies[i], strlen(bodies[i]));
    expect_malformed("0;\0\r\n\r\n", 7);
    expect_malformed("0\r\na\0b: c\r\n\r\n", 13);
}

static void what_follows_the_end_is_left_for_the_next_request(void **state)
{
    static const char body[] = "3\r\nabc\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n";
    decoded out;

    (void)state;
    decode_cut(body, strlen(body), 0, &out);
    assert_int_equal(out.result, strlen("GET / HTTP/1.1\r\n\r\n"));
    assert_int_equal(out.length, 3);
    assert_memory_equal(out.text, "abcGET / HTTP/1.1\r\n\r\n", strlen("abcGET / HTTP/1.1\r\n\r\n"));
}

/* A body whose extension has `length` bytes with its semicolon. */
static size_t make_extension(char *body, size_t length)
{
    int used = snprintf(body, ROOM, "0;%0*d\r\n\r\n", (int)length - 1, 0);

    return (size_t)used;
}

static void extensions_and_trailers_have_a_limit_together(void **state)
{
    static char body[ROOM];
    decoded out;
    size_t length;

    (void)state;
    length = make_extension(body, GBXI_CHUNKED_OVERHEAD_MAX);
    decode_cut(body, length, 0, &out);
    assert_int_equal(out.result, 0);
    length = make_extension(body, GBXI_CHUNKED_OVERHEAD_MAX + 1);
    decode_cut(body, length, 0, &out);
    assert_int_equal(out.result, MALFORMED);
    length = make_extension(body, GBXI_CHUNKED_OVERHEAD_MAX - 1) - strlen("\r\n");
    strcpy(body + length, "a:\r\n\r\n");
    decode_cut(body, strlen(body), 0, &out);
    assert_int_equal(out.result, MALFORMED);
}

static void a_malformed_body_stays_malformed(void **state)
{
    struct phr_chunked_decoder decoder = {.consume_trailer = 1};
    decoded out = {.length = 0};

    (void)state;
    decode_piece(&decoder, &out, "x", 1);
    assert_int_equal(out.result, MALFORMED);
    decode_piece(&decoder, &out, "0\r\n\r\n", 5);
    assert_int_equal(out.result, MALFORMED);
}

/* libh2o's client reads responses in this way: what follows the last chunk's line is not the decoder's. */
static void without_trailers_the_body_ends_with_its_last_chunk(void **state)
{
    struct phr_chunked_decoder decoder = {.consume_trailer = 0};
    decoded out = {.length = 0};

    (void)state;
    decode_piece(&decoder, &out, "2\r\na", 4);
    assert_int_equal(out.result, GOES_ON);
    assert_true(phr_decode_chunked_is_in_data(&decoder));
    decode_piece(&decoder, &out, "b\r\n0\r\n\r\n", 8);
    assert_int_equal(out.result, 2);
    assert_false(phr_decode_chunked_is_in_data(&decoder));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_are_decoded_however_they_are_cut),
        cmocka_unit_test(the_digits_of_each_size_count_for_themselves),
        cmocka_unit_test(what_the_standard_forbids_is_malformed_however_it_is_cut),
        cmocka_unit_test(what_follows_the_end_is_left_for_the_next_request),
        cmocka_unit_test(extensions_and_trailers_have_a_limit_together),
        cmocka_unit_test(a_malformed_body_stays_malformed),
        cmocka_unit_test(without_trailers_the_body_ends_with_its_last_chunk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
