/* SPDX-License-Identifier: MIT */
/* What happens when memory is short: every allocation of a parse and of a growing buffer fails in turn. */
#include "new_delete.h"
#include "json/reader.h"
#include "json/writer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void *__real_realloc(void *memory, size_t bytes);
void *__wrap_realloc(void *memory, size_t bytes);

static size_t calls;
static size_t fail_at; /* the call that fails, from 1; 0 is none */
static size_t live;    /* blocks of the C++ functions */
static size_t throwing_calls;

/* A parse must not use the throwing ones, for nothing would catch. */
void *new_allocate(size_t bytes, bool throwing)
{
    throwing_calls += throwing;
    if (++calls == fail_at)
        return NULL;
    live++;
    return malloc(bytes);
}

void delete_release(void *memory)
{
    live -= memory != NULL;
    free(memory);
}

void *__wrap_realloc(void *memory, size_t bytes)
{
    return ++calls == fail_at ? NULL : __real_realloc(memory, bytes);
}

/* Parses with each allocation failing in turn, until one is not reached; returns how many there are. */
static size_t fail_each(const char *text, gbx_err expected)
{
    for (size_t n = 1;; n++) {
        gbxi_json_document *document = NULL;
        gbx_error error = {0};
        gbx_err code;
        bool reached;

        calls = throwing_calls = live = 0;
        fail_at = n;
        code = gbxi_json_parse(text, strlen(text), &document, &error);
        reached = calls >= n;
        fail_at = 0;
        assert_int_equal(throwing_calls, 0);
        if (reached) {
            assert_int_equal(code, GBX_ERR_NO_MEMORY);
            assert_null(document);
            assert_string_equal(error.text, "not enough memory to parse the JSON");
        } else {
            assert_int_equal(code, expected);
            gbxi_json_free(document);
        }
        assert_int_equal(live, 0);
        if (!reached)
            return n - 1;
    }
}

static void a_parse_without_memory_says_so_and_leaks_nothing(void **state)
{
    (void)state;
    assert_in_range(fail_each("{\"a\":[1,2,3]}", GBX_ERR_OK), 5, 100);
}

static void a_refused_parse_leaks_nothing(void **state)
{
    (void)state;
    assert_in_range(fail_each("{\"a\":[1,2,}", GBX_ERR_SYNTAX), 5, 100);
}

static void a_widened_parse_without_memory_says_so(void **state)
{
    size_t plain = fail_each("{\"a\":1}", GBX_ERR_OK);

    (void)state;
    assert_in_range(fail_each("{\"a\":123456789012345678901234567890}", GBX_ERR_OK), plain + 5, 100);
}

static void a_buffer_that_cannot_grow_keeps_what_it_has(void **state)
{
    for (size_t n = 1; n <= 4; n++) {
        gbxi_json_buffer buffer = {0};
        gbxi_json_writer w;

        calls = 0;
        fail_at = n;
        gbxi_json_writer_init_buffer(&w, &buffer);
        gbxi_json_array_begin(&w);
        for (int i = 0; i < 10000; i++)
            gbxi_json_int(&w, i);
        gbxi_json_array_end(&w);
        fail_at = 0;
        assert_int_equal(gbxi_json_writer_finish(&w), GBX_ERR_NO_MEMORY);
        assert_int_equal(calls, n);
        assert_true(buffer.length <= buffer.capacity);
        assert_true(n == 1 ? buffer.length == 0 : memcmp(buffer.bytes, "[0,1,2,", 7) == 0);
        gbxi_json_buffer_fini(&buffer);
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parse_without_memory_says_so_and_leaks_nothing),
        cmocka_unit_test(a_refused_parse_leaks_nothing),
        cmocka_unit_test(a_widened_parse_without_memory_says_so),
        cmocka_unit_test(a_buffer_that_cannot_grow_keeps_what_it_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
