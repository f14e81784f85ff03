/* SPDX-License-Identifier: MIT */
/* The structure of what is written: containers, commas, errors, sinks. */
#include "sink.h"
#include "json/writer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void write_nested(gbxi_json_writer *w, const void *context)
{
    (void)context;
    gbxi_json_object_begin(w);
    gbxi_json_key(w, "empty");
    gbxi_json_array_begin(w);
    gbxi_json_array_end(w);
    gbxi_json_key(w, "list");
    gbxi_json_array_begin(w);
    gbxi_json_int(w, -1);
    gbxi_json_object_begin(w);
    gbxi_json_object_end(w);
    gbxi_json_boolean(w, true);
    gbxi_json_boolean(w, false);
    gbxi_json_null(w);
    gbxi_json_array_begin(w);
    gbxi_json_real(w, 0.5);
    gbxi_json_array_end(w);
    gbxi_json_raw(w, "{\"r\":[]}", 8);
    gbxi_json_string_z(w, "a string longer than any window that the sink hands out, so that it has to be split");
    gbxi_json_array_end(w);
    gbxi_json_key_n(w, "k2xxx", 2);
    gbxi_json_string_n(w, "xyz", 2);
    gbxi_json_key(w, "");
    gbxi_json_ms(w, 1500000);
    gbxi_json_object_end(w);
}

static void puts_commas_and_colons_where_they_belong(void **state)
{
    static const char expected[] = "{\"empty\":[],\"list\":[-1,{},true,false,null,[0.5],{\"r\":[]},\"a string longer "
                                   "than any window that the sink "
                                   "hands out, so that it has to be split\"],\"k2\":\"xy\",\"\":1.5}";

    (void)state;
    sink_assert_writes(write_nested, NULL, expected, sizeof(expected) - 1);
}

static void write_fragments(gbxi_json_writer *w, const void *context)
{
    char *at;

    (void)context;
    gbxi_json_array_begin(w);
    for (uint64_t i = 0; i < 3; i++) {
        if (i > 0)
            gbxi_json_literal(w, ",", 1);
        gbxi_json_literal(w, "{\"at\":", 6);
        at = gbxi_json_reserve(w, GBXI_JSON_DIGITS_MAX + 1);
        assert_non_null(at);
        at = gbxi_json_digits(at, i * 12345);
        *at++ = '}';
        gbxi_json_commit(w, at);
    }
    gbxi_json_literal(w, ",{", 2);
    gbxi_json_opened(w);
    gbxi_json_key(w, "key");
    gbxi_json_null(w);
    gbxi_json_literal(w, ",\"name\":", 8);
    gbxi_json_quote(w, "a \"b\"", 5);
    gbxi_json_literal(w, ",\"ms\":", 6);
    at = gbxi_json_reserve(w, GBXI_JSON_MS_MAX);
    assert_non_null(at);
    gbxi_json_commit(w, gbxi_json_ms_digits(at, 1500000));
    gbxi_json_literal(w, "}", 1);
    gbxi_json_literal(w, "", 0);
    gbxi_json_array_end(w);
}

static void writes_fragments_as_they_are(void **state)
{
    static const char expected[] = "[{\"at\":0},{\"at\":12345},{\"at\":24690},"
                                   "{\"key\":null,\"name\":\"a \\\"b\\\"\",\"ms\":1.5}]";

    (void)state;
    sink_assert_writes(write_fragments, NULL, expected, sizeof(expected) - 1);
}

static gbx_err write_depth(size_t depth)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;
    gbx_err code;

    gbxi_json_writer_init_buffer(&w, &buffer);
    for (size_t i = 0; i < depth; i++)
        gbxi_json_array_begin(&w);
    for (size_t i = 0; i < depth; i++)
        gbxi_json_array_end(&w);
    code = gbxi_json_writer_finish(&w);
    gbxi_json_buffer_fini(&buffer);
    return code;
}

static void nests_4096_levels_and_no_more(void **state)
{
    (void)state;
    assert_int_equal(write_depth(4096), GBX_ERR_OK);
    assert_int_equal(write_depth(4097), GBX_ERR_LIMIT);
}

static void finish_says_what_is_still_open(void **state)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;

    (void)state;
    gbxi_json_writer_init_buffer(&w, &buffer);
    gbxi_json_object_begin(&w);
    assert_int_equal(gbxi_json_writer_finish(&w), GBX_ERR_STATE);
    gbxi_json_buffer_fini(&buffer);
}

static void ending_what_was_not_begun_is_an_error_that_stays(void **state)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;

    (void)state;
    gbxi_json_writer_init_buffer(&w, &buffer);
    gbxi_json_array_end(&w);
    gbxi_json_int(&w, 1);
    gbxi_json_array_begin(&w);
    assert_int_equal(gbxi_json_writer_finish(&w), GBX_ERR_STATE);
    assert_int_equal(buffer.length, 0);
    gbxi_json_buffer_fini(&buffer);
}

/* Everything there is to call. */
static void write_everything(gbxi_json_writer *w)
{
    gbxi_json_text text;

    write_nested(w, NULL);
    write_nested(w, NULL);
    gbxi_json_uint(w, 7);
    gbxi_json_text_begin(w, &text);
    gbxi_json_text_add(w, &text, "\xE2\x82", 2);
    gbxi_json_text_add(w, &text, "\xAC\n\xFF", 3);
    gbxi_json_text_end(w, &text);
    gbxi_json_string_z(w, "\"\\\n\xFF");
    gbxi_json_literal(w, ",1", 2);
    gbxi_json_commit(w, w->at);
}

static void a_failing_sink_ends_the_writing_for_good(void **state)
{
    size_t calls;
    gbxi_json_writer w;
    sink to;

    (void)state;
    sink_begin(&to, &w, 1);
    write_everything(&w);
    assert_int_equal(sink_finish(&to, &w), GBX_ERR_OK);
    calls = to.more_count;
    assert_in_range(calls, 50, 10000);
    sink_fini(&to);
    for (size_t fail_at = 1; fail_at <= calls; fail_at++) {
        sink_begin(&to, &w, 1);
        to.fail_at = fail_at;
        write_everything(&w);
        assert_null(gbxi_json_reserve(&w, 1));
        assert_int_equal(sink_finish(&to, &w), GBX_ERR_IO);
        assert_int_equal(to.more_count, fail_at);
        sink_fini(&to);
    }
}

static gbx_err stingy_more(gbxi_json_writer *writer, size_t need)
{
    static char window[GBXI_JSON_NEED_MAX];

    writer->begin = writer->at = window;
    writer->end = window + need - 1;
    return GBX_ERR_OK;
}

static void a_sink_that_gives_too_little_is_an_error(void **state)
{
    gbxi_json_writer w;

    (void)state;
    gbxi_json_writer_init(&w, stingy_more, NULL);
    gbxi_json_int(&w, 1);
    gbxi_json_int(&w, 2);
    assert_int_equal(gbxi_json_writer_finish(&w), GBX_ERR_STATE);
}

static void a_room_takes_what_fits_and_no_more(void **state)
{
    char room[16];
    gbxi_json_writer w;

    (void)state;
    gbxi_json_writer_init_room(&w, room, sizeof(room));
    gbxi_json_literal(&w, "[1234567890123]", 15);
    assert_int_equal(gbxi_json_writer_finish(&w), GBX_ERR_OK);
    assert_int_equal(w.at - w.begin, 15);
    assert_memory_equal(room, "[1234567890123]", 15);
    gbxi_json_writer_init_room(&w, room, sizeof(room));
    gbxi_json_literal(&w, "[12345678901234567]", 19);
    assert_int_equal(gbxi_json_writer_finish(&w), GBX_ERR_LIMIT);
    gbxi_json_writer_init_room(&w, NULL, 0);
    gbxi_json_null(&w);
    assert_int_equal(gbxi_json_writer_finish(&w), GBX_ERR_LIMIT);
}

static void a_buffer_goes_on_after_its_text(void **state)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;

    (void)state;
    for (int i = 0; i < 500; i++) {
        gbxi_json_writer_init_buffer(&w, &buffer);
        gbxi_json_string_z(&w, "word");
        assert_int_equal(gbxi_json_writer_finish(&w), GBX_ERR_OK);
        assert_int_equal(buffer.length, 6 * (size_t)(i + 1));
    }
    for (size_t i = 0; i < buffer.length; i += 6)
        assert_memory_equal(buffer.bytes + i, "\"word\"", 6);
    gbxi_json_buffer_fini(&buffer);
    assert_null(buffer.bytes);
    gbxi_json_buffer_fini(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_commas_and_colons_where_they_belong),
        cmocka_unit_test(writes_fragments_as_they_are),
        cmocka_unit_test(nests_4096_levels_and_no_more),
        cmocka_unit_test(finish_says_what_is_still_open),
        cmocka_unit_test(ending_what_was_not_begun_is_an_error_that_stays),
        cmocka_unit_test(a_failing_sink_ends_the_writing_for_good),
        cmocka_unit_test(a_sink_that_gives_too_little_is_an_error),
        cmocka_unit_test(a_room_takes_what_fits_and_no_more),
        cmocka_unit_test(a_buffer_goes_on_after_its_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
