/* SPDX-License-Identifier: MIT */
/* Quoted ids of DOT: escapes, and pieces that Graphviz can read, cut neither within a character nor within an escape.
 */
#define _GNU_SOURCE
#include "graph/engine/dot_quote.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PIECE = 16000 };

/* The quoted form of an id. Owns: the caller. */
static char *quote(const char *id, size_t length)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;
    gbxi_engine_output output;
    gbxi_json_document *document;
    gbxi_json_string text;
    char *copy;

    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_json_object_begin(&writer);
    gbxi_engine_output_begin(&output, &writer, "dot");
    gbxi_dot_add_quoted(&output, (gbxi_json_string){id, length});
    (void)gbxi_engine_output_end(&output);
    gbxi_json_object_end(&writer);
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
    assert_int_equal(gbxi_json_parse(buffer.bytes, buffer.length, &document, NULL), GBX_ERR_OK);
    assert_true(gbxi_json_str(gbxi_json_member(gbxi_json_root(document), "dot"), &text));
    copy = strndup(text.at, text.length);
    assert_non_null(copy);
    gbxi_json_free(document);
    gbxi_json_buffer_fini(&buffer);
    return copy;
}

static void escapes_keep_different_ids_different(void **state)
{
    static const struct {
        const char *id;
        const char *quoted;
    } cases[] = {
        {"", "\"\""},
        {"a b", "\"a b\""},
        {"\"", "\"\\\"\""},
        {"a\\", "\"a\\\\\""},
        {"a\nb", "\"a\nb\""},
        {"\n", "\"\\n\""},
        {"\r\n", "\"\\r\\n\""},
        {"\n\n", "\"\n\n\""},
        {"\"\n\"", "\"\\\"\\n\\\"\""},
        {"\\\n", "\"\\\\\\n\""},
        {"x\"\r\ny", "\"x\\\"\r\ny\""},
        {"\\n", "\"\\\\n\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *quoted = quote(cases[i].id, strlen(cases[i].id));

        assert_string_equal(quoted, cases[i].quoted);
        free(quoted);
    }
}

/* An id of `before` letters and then `unit`, `count` times. */
static char *repeated(size_t before, const char *unit, size_t count)
{
    size_t length = strlen(unit);
    char *id = malloc(before + count * length + 1);

    assert_non_null(id);
    memset(id, 'm', before);
    for (size_t i = 0; i < count; i++)
        memcpy(id + before + i * length, unit, length);
    id[before + count * length] = '\0';
    return id;
}

/* Checks that no piece is longer than PIECE bytes and that the pieces together are `id`, in which `unit` is written as
 * `written`. Returns the number of pieces. */
static size_t check_pieces(const char *id, const char *unit, const char *written)
{
    char *quoted = quote(id, strlen(id)), *at = quoted;
    size_t pieces = 0;

    while (*at == '"') {
        const char *start = ++at;

        while (*at != '"') {
            if (strncmp(at, written, strlen(written)) == 0 && strncmp(id, unit, strlen(unit)) == 0) {
                at += strlen(written);
                id += strlen(unit);
            } else {
                assert_int_equal(*at++, *id++);
            }
        }
        assert_true(at - start <= PIECE);
        pieces++;
        at++;
        if (strncmp(at, " + ", 3) == 0)
            at += 3;
    }
    assert_int_equal(*at, '\0');
    assert_int_equal(*id, '\0');
    free(quoted);
    return pieces;
}

static void a_long_id_is_written_in_pieces(void **state)
{
    static const struct {
        size_t before;
        const char *unit;
        size_t count;
        const char *written;
        size_t pieces;
    } cases[] = {
        {PIECE, "x", 0, "x", 1},
        {PIECE, "x", 1, "x", 2},
        {2 * PIECE, "x", 1, "x", 3},
        {0, "\xc3\xa9", 50000, "\xc3\xa9", 7},
        {1, "\xc3\xa9", 50000, "\xc3\xa9", 7},
        {3, "\xf0\x9f\x98\x80", 20000, "\xf0\x9f\x98\x80", 6},
        {PIECE - 1, "\\", 3, "\\\\", 2},
        {PIECE - 1, "\"", 20000, "\\\"", 4},
        {PIECE, "\n", 1, "\\n", 2},
        {PIECE, "\r\n", 1, "\\r\\n", 2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *id = repeated(cases[i].before, cases[i].unit, cases[i].count);

        assert_int_equal(check_pieces(id, cases[i].unit, cases[i].written), cases[i].pieces);
        free(id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_keep_different_ids_different),
        cmocka_unit_test(a_long_id_is_written_in_pieces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
