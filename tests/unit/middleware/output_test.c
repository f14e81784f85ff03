/* SPDX-License-Identifier: MIT */
/* The handler's body as a member of the envelope, however it is split into chunks. */
#define _GNU_SOURCE
#include "middleware/output.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MEMORY_BYTES = 2048, RESULT_BYTES = 1024 * 1024 };

static h2o_mem_pool_t pool;
static char memory[MEMORY_BYTES];
static char result[RESULT_BYTES];
static size_t result_length;
static bool asked_for_more;

static gbx_err no_more(gbxi_json_writer *writer, size_t need)
{
    (void)writer;
    (void)need;
    asked_for_more = true;
    return GBX_ERR_LIMIT;
}

static void append(const char *bytes, size_t length)
{
    assert_true(result_length + length < RESULT_BYTES);
    memcpy(result + result_length, bytes, length);
    result_length += length;
}

/* One round, as the envelope makes it. */
static void pump(gbxi_output *output, gbxi_json_writer *w)
{
    h2o_iovec_vector_t chunks = {NULL, 0, 0};
    size_t i;

    w->begin = w->at = memory;
    w->end = memory + sizeof(memory);
    gbxi_output_write(output, w);
    append(w->begin, (size_t)(w->at - w->begin));
    gbxi_output_pass(output, &pool, &chunks);
    for (i = 0; i < chunks.size; i++)
        append(chunks.entries[i].base, chunks.entries[i].len);
}

/* Sends `body` in chunks that end at `cuts` and at the end, and closes the envelope. */
static void run(gbxi_media media, bool dropped, const char *body, size_t length, const size_t *cuts, size_t cut_count)
{
    gbxi_output output = {0};
    gbxi_json_writer w;
    size_t i, at = 0;

    h2o_mem_init_pool(&pool);
    result_length = 0;
    asked_for_more = false;
    gbxi_json_writer_init(&w, no_more, NULL);
    gbxi_output_init(&output, "out", media, dropped);
    for (i = 0; i <= cut_count; i++) {
        size_t end = i < cut_count ? cuts[i] : length;
        h2o_iovec_t piece = h2o_iovec_init(body + at, end - at);

        gbxi_output_take(&output, &pool, &piece, 1, i == cut_count);
        do {
            pump(&output, &w);
        } while (gbxi_output_has_input(&output));
        at = end;
    }
    assert_true(gbxi_output_is_done(&output));
    if (!dropped) {
        gbxi_json_object_end(&w);
        append(w.at - 1, 1);
    }
    assert_int_equal(w.error, GBX_ERR_OK);
    assert_false(asked_for_more);
    h2o_mem_clear_pool(&pool);
}

static void assert_result(const char *expected)
{
    assert_int_equal(result_length, strlen(expected));
    assert_memory_equal(result, expected, result_length);
}

/* Whole, and with every cut and every pair of cuts. */
static void assert_however_cut(gbxi_media media, const char *body, size_t length, const char *expected)
{
    size_t cuts[2];

    run(media, false, body, length, NULL, 0);
    assert_result(expected);
    for (cuts[0] = 0; cuts[0] <= length; cuts[0]++) {
        for (cuts[1] = cuts[0]; cuts[1] <= length; cuts[1]++) {
            run(media, false, body, length, cuts, 2);
            assert_result(expected);
        }
    }
}

static void carries_text_as_a_string_however_it_is_cut(void **state)
{
    static const char body[] = "\"\\/\b\t\n\x01\x7F\xC3\xA9\xE2\x82\xAC\xF0\x9F\x90\xBF.";

    (void)state;
    assert_however_cut(GBXI_MEDIA_TEXT, body, sizeof(body) - 1,
                       "{\"out\":\"\\\"\\\\/\\b\\t\\n\\u0001\x7F\xC3\xA9\xE2\x82\xAC\xF0\x9F\x90\xBF.\"}");
}

static void replaces_ill_formed_text_however_it_is_cut(void **state)
{
    static const char body[] = "a\xC3|\xF0\x9F|\xED\xA0\x80|\xFF|\xE2\x82";

    (void)state;
    assert_however_cut(GBXI_MEDIA_TEXT, body, sizeof(body) - 1,
                       "{\"out\":\"a\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD|\xEF\xBF\xBD|"
                       "\xEF\xBF\xBD\"}");
}

/* The vectors of RFC 4648, section 10. */
static void carries_binary_in_base64_however_it_is_cut(void **state)
{
    static const struct {
        const char *body;
        const char *text;
    } vectors[] = {{"f", "Zg=="},        {"fo", "Zm8="},        {"foo", "Zm9v"},
                   {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        char expected[128];

        strcpy(stpcpy(stpcpy(expected, "{\"out\":\""), vectors[i].text), "\",\"output_encoding\":\"base64\"}");
        assert_however_cut(GBXI_MEDIA_BINARY, vectors[i].body, strlen(vectors[i].body), expected);
    }
}

static void encodes_every_byte_value(void **state)
{
    static const char expected[] = "{\"out\":\"+/v/AIB/\",\"output_encoding\":\"base64\"}";
    static const char body[] = {(char)0xFB, (char)0xFB, (char)0xFF, 0x00, (char)0x80, 0x7F};

    (void)state;
    assert_however_cut(GBXI_MEDIA_BINARY, body, sizeof(body), expected);
}

static void passes_json_as_it_is_however_it_is_cut(void **state)
{
    static const char body[] = "{\"a\": [1, 2.0, \"\xC3\xA9\\u00e9\"]}\n";

    (void)state;
    assert_however_cut(GBXI_MEDIA_JSON, body, sizeof(body) - 1, "{\"out\":{\"a\": [1, 2.0, \"\xC3\xA9\\u00e9\"]}\n}");
}

static void says_null_for_no_body(void **state)
{
    (void)state;
    assert_however_cut(GBXI_MEDIA_JSON, "", 0, "{\"out\":null}");
    assert_however_cut(GBXI_MEDIA_TEXT, "", 0, "{\"out\":null}");
    assert_however_cut(GBXI_MEDIA_BINARY, "", 0, "{\"out\":null}");
    assert_however_cut(GBXI_MEDIA_JSON, " \r\n\t", 4, "{\"out\":null}");
}

static void writes_nothing_when_only_the_trace_is_wanted(void **state)
{
    size_t cut = 2;

    (void)state;
    run(GBXI_MEDIA_JSON, true, "[1,2]", 5, &cut, 1);
    assert_result("");
    run(GBXI_MEDIA_BINARY, true, "abcde", 5, &cut, 1);
    assert_result("");
}

static void never_outgrows_its_memory_whatever_the_chunk(void **state)
{
    enum { LENGTH = 100 * 1000 };
    char *body = malloc(LENGTH);
    size_t i;

    (void)state;
    assert_non_null(body);
    memset(body, 1, LENGTH);
    run(GBXI_MEDIA_TEXT, false, body, LENGTH, NULL, 0);
    assert_int_equal(result_length, strlen("{\"out\":\"\"}") + 6 * LENGTH);
    memset(body, 0xFF, LENGTH);
    run(GBXI_MEDIA_TEXT, false, body, LENGTH, NULL, 0);
    assert_int_equal(result_length, strlen("{\"out\":\"\"}") + 3 * LENGTH);
    run(GBXI_MEDIA_BINARY, false, body, LENGTH, NULL, 0);
    assert_int_equal(result_length, strlen("{\"out\":\"\",\"output_encoding\":\"base64\"}") + (LENGTH + 2) / 3 * 4);
    for (i = 8; i < 8 + LENGTH / 3 * 4; i++)
        assert_int_equal(result[i], '/');
    free(body);
}

/* The number that four digits of base64 stand for. */
static unsigned number_of(const char *digits)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned number = 0;

    for (size_t i = 0; i < 4; i++)
        number = number << 6 | (unsigned)(strchr(alphabet, digits[i]) - alphabet);
    return number;
}

static void keeps_the_order_of_a_body_of_many_rounds(void **state)
{
    enum { GROUPS = 10 * 1000 };
    static char body[3 * GROUPS];

    (void)state;
    for (size_t i = 0; i < GROUPS; i++) {
        body[3 * i] = (char)(i >> 16);
        body[3 * i + 1] = (char)(i >> 8);
        body[3 * i + 2] = (char)i;
    }
    run(GBXI_MEDIA_BINARY, false, body, sizeof(body), NULL, 0);
    for (size_t i = 0; i < GROUPS; i++)
        assert_int_equal(number_of(result + strlen("{\"out\":\"") + 4 * i), i);
    for (size_t i = 0; i < sizeof(body); i++)
        body[i] = (char)('a' + i % 23);
    run(GBXI_MEDIA_TEXT, false, body, sizeof(body), NULL, 0);
    assert_int_equal(result_length, strlen("{\"out\":\"\"}") + sizeof(body));
    assert_memory_equal(result + strlen("{\"out\":\""), body, sizeof(body));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carries_text_as_a_string_however_it_is_cut),
        cmocka_unit_test(replaces_ill_formed_text_however_it_is_cut),
        cmocka_unit_test(carries_binary_in_base64_however_it_is_cut),
        cmocka_unit_test(encodes_every_byte_value),
        cmocka_unit_test(passes_json_as_it_is_however_it_is_cut),
        cmocka_unit_test(says_null_for_no_body),
        cmocka_unit_test(writes_nothing_when_only_the_trace_is_wanted),
        cmocka_unit_test(keeps_the_order_of_a_body_of_many_rounds),
        cmocka_unit_test(never_outgrows_its_memory_whatever_the_chunk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
