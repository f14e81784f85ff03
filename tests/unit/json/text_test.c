/* SPDX-License-Identifier: MIT */
/* Written strings: escapes, ill-formed UTF-8, strings in pieces. */
#include "sink.h"
#include "json/reader.h"
#include "json/writer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FFFD "\xEF\xBF\xBD"

typedef struct text_case {
    const char *text;
    size_t length;
    const char *written; /* without the quotes */
} text_case;

#define TEXT(literal) literal, sizeof(literal) - 1

static const text_case escapes[] = {
    {TEXT(""), ""},
    {TEXT("plain"), "plain"},
    {TEXT("\"\\/"), "\\\"\\\\/"},
    {TEXT("\b\f\n\r\t"), "\\b\\f\\n\\r\\t"},
    {TEXT("\0\x01\x0b\x0e\x1b\x1f"), "\\u0000\\u0001\\u000b\\u000e\\u001b\\u001f"},
    {TEXT("\x7f"), "\x7f"},
    {TEXT("\xE2\x80\xA8\xE2\x80\xA9"), "\xE2\x80\xA8\xE2\x80\xA9"},
    {TEXT("</script><!--&'"), "</script><!--&'"},
    {TEXT("12345678\n2345678\"1234567\\12345678901234\t"), "12345678\\n2345678\\\"1234567\\\\12345678901234\\t"},
};

/* Well-formed sequences at the ends of their ranges stay; of ill-formed ones each maximal subpart becomes one U+FFFD.
 */
static const text_case sequences[] = {
    {TEXT("\xC2\x80\xDF\xBF"), "\xC2\x80\xDF\xBF"},
    {TEXT("\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"), "\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"},
    {TEXT("\xF0\x90\x80\x80\xF3\xBF\xBF\xBF\xF4\x8F\xBF\xBF"), "\xF0\x90\x80\x80\xF3\xBF\xBF\xBF\xF4\x8F\xBF\xBF"},
    {TEXT("a\x80z"), "a" FFFD "z"},
    {TEXT("\x80\xBF"), FFFD FFFD},
    {TEXT("\xC0\x80\xC1\xBF"), FFFD FFFD FFFD FFFD},
    {TEXT("\xC3"), FFFD},
    {TEXT("\xC3z"), FFFD "z"},
    {TEXT("\xC3\""), FFFD "\\\""},
    {TEXT("\xC3\xC3\xA9"), FFFD "\xC3\xA9"},
    {TEXT("\xE0\x80\x80"), FFFD FFFD FFFD},
    {TEXT("\xE0\x9F\xBF"), FFFD FFFD FFFD},
    {TEXT("\xE2\x82"), FFFD},
    {TEXT("\xE2\x82z"), FFFD "z"},
    {TEXT("\xE2z"), FFFD "z"},
    {TEXT("\xE2\x82\xE2\x82\xAC"), FFFD "\xE2\x82\xAC"},
    {TEXT("\xED\xA0\x80"), FFFD FFFD FFFD},
    {TEXT("\xED\xBF\xBF"), FFFD FFFD FFFD},
    {TEXT("\xF0\x80\x80\x80"), FFFD FFFD FFFD FFFD},
    {TEXT("\xF0\x8F\xBF\xBF"), FFFD FFFD FFFD FFFD},
    {TEXT("\xF0\x9F"), FFFD},
    {TEXT("\xF0\x9F\x98"), FFFD},
    {TEXT("\xF0\x9F\x98z"), FFFD "z"},
    {TEXT("\xF0\x9F\x98\xF0\x9F\x98\x80"), FFFD "\xF0\x9F\x98\x80"},
    {TEXT("\xF4\x90\x80\x80"), FFFD FFFD FFFD FFFD},
    {TEXT("\xF5\x80\x80\x80"), FFFD FFFD FFFD FFFD},
    {TEXT("\xF8\x88\x80\x80\x80\xFF\xFE"), FFFD FFFD FFFD FFFD FFFD FFFD FFFD},
    {TEXT("a\xF1\x80\x80\xE1\x80\xC2"
          "b\x80"
          "c\x80\xBF"
          "d"),
     "a" FFFD FFFD FFFD "b" FFFD "c" FFFD FFFD "d"},
    {TEXT("twelve bytes\xE2\x82\xAC and more\x9D, then the end"),
     "twelve bytes\xE2\x82\xAC and more" FFFD ", then the end"},
};

#define EACH(table, item) (const text_case *item = table; item < table + sizeof(table) / sizeof(*table); item++)

static void write_string(gbxi_json_writer *w, const void *context)
{
    const text_case *item = context;

    gbxi_json_string_n(w, item->text, item->length);
}

static void write_key(gbxi_json_writer *w, const void *context)
{
    const text_case *item = context;

    gbxi_json_object_begin(w);
    gbxi_json_key_n(w, item->text, item->length);
    gbxi_json_null(w);
    gbxi_json_object_end(w);
}

static void assert_string(const text_case *item)
{
    char expected[256];
    size_t length = strlen(item->written);

    assert_in_range(length, 0, sizeof(expected) - 16);
    expected[0] = '"';
    memcpy(expected + 1, item->written, length);
    expected[length + 1] = '"';
    sink_assert_writes(write_string, item, expected, length + 2);
    memcpy(expected, "{\"", 2);
    memcpy(expected + 2, item->written, length);
    memcpy(expected + 2 + length, "\":null}", 7);
    sink_assert_writes(write_key, item, expected, length + 9);
}

static void escapes_what_must_be_and_nothing_else(void **state)
{
    (void)state;
    for
        EACH(escapes, item)
    assert_string(item);
}

static void replaces_each_maximal_ill_formed_subpart_once(void **state)
{
    (void)state;
    for
        EACH(sequences, item)
    assert_string(item);
}

static void write_zero_terminated(gbxi_json_writer *w, const void *text)
{
    gbxi_json_string_z(w, text);
}

static void null_is_written_as_null(void **state)
{
    (void)state;
    sink_assert_writes(write_zero_terminated, NULL, "null", 4);
    sink_assert_writes(write_zero_terminated, "", "\"\"", 2);
    sink_assert_writes(write_string, &(text_case){NULL, 0, NULL}, "null", 4);
}

/* A run of plain bytes with a special one in it. */
static void check_special(const text_case *item, size_t at, size_t run)
{
    enum { RUN_MAX = 64 };
    char text[RUN_MAX];
    char written[RUN_MAX + 8];
    size_t length = strlen(item->written);

    memset(text, 'x', sizeof(text));
    memset(written, 'x', sizeof(written));
    text[at] = item->text[0];
    memcpy(written + at, item->written, length);
    written[run - 1 + length] = '\0';
    assert_string(&(text_case){text, run, written});
}

/* A special byte at every place of runs of every length, so that it meets every lane of the scans. */
static void finds_special_bytes_at_every_offset(void **state)
{
    static const text_case specials[] = {
        {TEXT("\""), "\\\""}, {TEXT("\\"), "\\\\"}, {TEXT("\x1f"), "\\u001f"}, {TEXT("\0"), "\\u0000"},
        {TEXT("\x80"), FFFD}, {TEXT("\xFF"), FFFD}, {TEXT("\x7f"), "\x7f"},    {TEXT(" "), " "},
        {TEXT("!"), "!"},     {TEXT("#"), "#"},     {TEXT("["), "["},          {TEXT("]"), "]"},
    };
    enum { RUN = 40 };

    (void)state;
    for
        EACH(specials, item)
        {
            for (size_t run = 1; run <= RUN; run++)
                for (size_t at = 0; at < run; at++)
                    check_special(item, at, run);
        }
}

typedef struct pieces {
    const text_case *item;
    size_t first;
    size_t second;
} pieces;

static void write_pieces(gbxi_json_writer *w, const void *context)
{
    const pieces *cut = context;
    const char *text = cut->item->text;
    gbxi_json_text open;

    gbxi_json_array_begin(w);
    gbxi_json_int(w, 1);
    gbxi_json_text_begin(w, &open);
    gbxi_json_text_add(w, &open, text, cut->first);
    gbxi_json_text_add(w, &open, NULL, 0);
    gbxi_json_text_add(w, &open, text + cut->first, cut->second - cut->first);
    gbxi_json_text_add(w, &open, text + cut->second, cut->item->length - cut->second);
    gbxi_json_text_end(w, &open);
    gbxi_json_int(w, 2);
    gbxi_json_array_end(w);
}

static void assert_pieces(const text_case *item)
{
    char expected[256] = "[1,\"";

    strcat(expected, item->written);
    strcat(expected, "\",2]");
    for (size_t first = 0; first <= item->length; first++) {
        for (size_t second = first; second <= item->length; second++)
            sink_assert_writes(write_pieces, &(pieces){item, first, second}, expected, strlen(expected));
    }
}

static void pieces_cut_anywhere_write_the_same_string(void **state)
{
    (void)state;
    for
        EACH(escapes, item)
    assert_pieces(item);
    for
        EACH(sequences, item)
    assert_pieces(item);
}

static void bytes_one_by_one_write_the_same_string(void **state)
{
    (void)state;
    for
        EACH(sequences, item)
        {
            gbxi_json_buffer buffer = {0};
            gbxi_json_writer w;
            gbxi_json_text text;

            gbxi_json_writer_init_buffer(&w, &buffer);
            gbxi_json_text_begin(&w, &text);
            for (size_t i = 0; i < item->length; i++)
                gbxi_json_text_add(&w, &text, item->text + i, 1);
            gbxi_json_text_end(&w, &text);
            assert_int_equal(gbxi_json_writer_finish(&w), GBX_ERR_OK);
            assert_int_equal(buffer.length, strlen(item->written) + 2);
            assert_memory_equal(buffer.bytes + 1, item->written, strlen(item->written));
            gbxi_json_buffer_fini(&buffer);
        }
}

static void every_code_point_reads_back(void **state)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;
    gbxi_json_document *document;
    gbxi_json_string read;
    gbx_error error;
    size_t length = 0;
    char *text = malloc(4 * 0x110000);

    (void)state;
    assert_non_null(text);
    for (unsigned c = 0; c < 0x110000; c++) {
        if (c >= 0xD800 && c < 0xE000)
            continue;
        if (c < 0x80) {
            text[length++] = (char)c;
            continue;
        }
        if (c >= 0x10000) {
            text[length++] = (char)(0xF0 | c >> 18);
            text[length++] = (char)(0x80 | (c >> 12 & 0x3F));
        } else if (c >= 0x800) {
            text[length++] = (char)(0xE0 | c >> 12);
        }
        text[length++] = (char)(c < 0x800 ? 0xC0 | c >> 6 : 0x80 | (c >> 6 & 0x3F));
        text[length++] = (char)(0x80 | (c & 0x3F));
    }
    gbxi_json_writer_init_buffer(&w, &buffer);
    gbxi_json_string_n(&w, text, length);
    assert_int_equal(gbxi_json_writer_finish(&w), GBX_ERR_OK);
    assert_int_equal(gbxi_json_parse(buffer.bytes, buffer.length, &document, &error), GBX_ERR_OK);
    assert_true(gbxi_json_str(gbxi_json_root(document), &read));
    assert_int_equal(read.length, length);
    assert_memory_equal(read.at, text, length);
    gbxi_json_free(document);
    gbxi_json_buffer_fini(&buffer);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_what_must_be_and_nothing_else),
        cmocka_unit_test(replaces_each_maximal_ill_formed_subpart_once),
        cmocka_unit_test(null_is_written_as_null),
        cmocka_unit_test(finds_special_bytes_at_every_offset),
        cmocka_unit_test(pieces_cut_anywhere_write_the_same_string),
        cmocka_unit_test(bytes_one_by_one_write_the_same_string),
        cmocka_unit_test(every_code_point_reads_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
