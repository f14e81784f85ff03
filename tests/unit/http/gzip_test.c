/* SPDX-License-Identifier: MIT */
/* Whole gzip bodies: what was packed comes out again, and nothing else does. */
#include "base/account.h"
#include "http/gzip.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LARGE = 300000 };

static size_t largest; /* allocation since it was set to 0 */
static size_t refused_from = SIZE_MAX;

void *__real_malloc(size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__real_realloc(void *memory, size_t bytes);
void *__wrap_realloc(void *memory, size_t bytes);

void *__wrap_malloc(size_t bytes)
{
    return bytes < refused_from ? __real_malloc(bytes) : NULL;
}

void *__wrap_realloc(void *memory, size_t bytes)
{
    largest = bytes > largest ? bytes : largest;
    return bytes < refused_from ? __real_realloc(memory, bytes) : NULL;
}

/* Bytes that pack well, or hardly at all. */
static char *make_text(size_t length, bool random)
{
    char *text = malloc(length + 1);
    uint32_t seed = 1;

    assert_non_null(text);
    for (size_t i = 0; i < length; i++) {
        seed = seed * 1664525 + 1013904223;
        text[i] = random ? (char)(seed >> 24) : (char)('a' + i % 7);
    }
    return text;
}

static gbxi_view pack(const char *text, size_t length)
{
    char *packed = NULL;
    size_t packed_length = 0;

    assert_int_equal(gbxi_gzip_pack((gbxi_view){text, length}, &packed, &packed_length, NULL), GBX_ERR_OK);
    return (gbxi_view){packed, packed_length};
}

static void let_go(gbxi_view packed)
{
    gbxi_account_free((char *)packed.at);
}

static void unpacks_what_it_packs(void **state)
{
    static const size_t lengths[] = {0, 1, 4095, 4096, 4097, LARGE};

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(lengths) / sizeof(lengths[0]); i++) {
        size_t length = lengths[i / 2], unpacked_length = 0;
        char *text = make_text(length, i % 2 != 0), *unpacked = NULL;
        gbxi_view packed = pack(text, length);

        assert_int_equal(gbxi_gzip_unpack(packed, length + 1, &unpacked, &unpacked_length, NULL), GBX_ERR_OK);
        assert_int_equal(unpacked_length, length);
        assert_memory_equal(unpacked, text, length);
        gbxi_account_free(unpacked);
        let_go(packed);
        free(text);
    }
}

static void several_members_are_one_text(void **state)
{
    gbxi_view one = pack("one ", 4), two = pack("two", 3);
    char *both = malloc(one.length + two.length), *text = NULL;
    size_t length = 0;

    (void)state;
    assert_non_null(both);
    memcpy(both, one.at, one.length);
    memcpy(both + one.length, two.at, two.length);
    assert_int_equal(gbxi_gzip_unpack((gbxi_view){both, one.length + two.length}, 99, &text, &length, NULL),
                     GBX_ERR_OK);
    assert_int_equal(length, 7);
    assert_memory_equal(text, "one two", 7);
    gbxi_account_free(text);
    free(both);
    let_go(one);
    let_go(two);
}

static void stops_at_the_limit_and_never_allocates_much_more(void **state)
{
    char *text = make_text(LARGE, false), *unpacked = NULL;
    gbxi_view packed = pack(text, LARGE);
    gbx_error error = {0};
    size_t length;

    (void)state;
    for (size_t most = LARGE - 1; most <= LARGE; most++) {
        largest = 0;
        assert_int_equal(gbxi_gzip_unpack(packed, most, &unpacked, &length, &error),
                         most < LARGE ? GBX_ERR_LIMIT : GBX_ERR_OK);
        assert_int_equal(largest, most + 1);
    }
    assert_non_null(strstr(error.text, "more than 299999 bytes"));
    gbxi_account_free(unpacked);
    largest = 0;
    assert_int_equal(gbxi_gzip_unpack(packed, 10, &unpacked, &length, &error), GBX_ERR_LIMIT);
    assert_int_equal(largest, 11);
    let_go(packed);
    free(text);
}

static void refuses_what_is_not_gzip_or_damaged_or_cut(void **state)
{
    char *text = make_text(5000, true), *unpacked = NULL, *changed;
    gbxi_view packed = pack(text, 5000);
    gbx_error error = {0};
    size_t length;

    (void)state;
    for (size_t cut = 0; cut < packed.length; cut += cut < 40 || cut > 4990 ? 1 : 97) {
        assert_int_equal(gbxi_gzip_unpack((gbxi_view){packed.at, cut}, 9999, &unpacked, &length, &error),
                         GBX_ERR_SYNTAX);
        assert_non_null(strstr(error.text, "gzip"));
    }
    changed = malloc(packed.length + 1);
    assert_non_null(changed);
    memcpy(changed, packed.at, packed.length);
    changed[packed.length] = 'x'; /* something behind the end */
    assert_int_equal(gbxi_gzip_unpack((gbxi_view){changed, packed.length + 1}, 9999, &unpacked, &length, &error),
                     GBX_ERR_SYNTAX);
    changed[packed.length - 8] ^= 1; /* the checksum */
    assert_int_equal(gbxi_gzip_unpack((gbxi_view){changed, packed.length}, 9999, &unpacked, &length, &error),
                     GBX_ERR_SYNTAX);
    assert_int_equal(gbxi_gzip_unpack(gbxi_view_of("{\"a\":1}"), 9999, &unpacked, &length, &error), GBX_ERR_SYNTAX);
    free(changed);
    let_go(packed);
    free(text);
}

static void says_when_memory_is_short(void **state)
{
    gbxi_view packed = pack("text", 4);
    char *result = NULL;
    size_t length;

    (void)state;
    refused_from = 1;
    assert_int_equal(gbxi_gzip_unpack(packed, 9999, &result, &length, NULL), GBX_ERR_NO_MEMORY);
    assert_int_equal(gbxi_gzip_pack(gbxi_view_of("text"), &result, &length, NULL), GBX_ERR_NO_MEMORY);
    refused_from = SIZE_MAX;
    let_go(packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unpacks_what_it_packs),
        cmocka_unit_test(several_members_are_one_text),
        cmocka_unit_test(stops_at_the_limit_and_never_allocates_much_more),
        cmocka_unit_test(refuses_what_is_not_gzip_or_damaged_or_cut),
        cmocka_unit_test(says_when_memory_is_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
