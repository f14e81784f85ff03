/* SPDX-License-Identifier: MIT */
/* What a parse counts in the thread's account is at least what it really allocates. */
#include "base/account.h"
#include "new_delete.h"
#include "json/reader.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static gbxi_account *account; /* of the parse under way */
static size_t real_bytes, real_bytes_max;
static size_t uncounted_bytes_max; /* more in use than counted */

void *new_allocate(size_t bytes, bool throwing)
{
    void *memory = malloc(bytes);

    (void)throwing;
    real_bytes += malloc_usable_size(memory);
    if (real_bytes > real_bytes_max)
        real_bytes_max = real_bytes;
    if (account != NULL && real_bytes > account->held + uncounted_bytes_max)
        uncounted_bytes_max = real_bytes - account->held;
    return memory;
}

void delete_release(void *memory)
{
    real_bytes -= malloc_usable_size(memory);
    free(memory);
}

/* A document and a parser have a few hundred bytes of their own, beside those that grow with the text. */
enum { FIXED_BYTES = 4096, TEXT_BYTES = 1 << 20 };

static char text[TEXT_BYTES + 64];

/* Fills the text with an array of `unit`, which ends with a comma. */
static size_t fill(const char *unit, size_t length)
{
    size_t at = 1;

    text[0] = '[';
    for (; at + strlen(unit) + 2 < length; at += strlen(unit))
        memcpy(text + at, unit, strlen(unit));
    memcpy(text + at, "1]", 2);
    return at + 2;
}

static const char *const units[] = {"[],",           "{},", "\"\",", "7,", "\"abcdefgh\",", "99999999999999999999,",
                                    "{\"a\":[1.5]},"};

static void what_is_allocated_is_counted_at_every_moment(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        for (size_t size = 10; size <= TEXT_BYTES; size *= 4) {
            size_t length = fill(units[i], size < 40 ? 40 : size);
            gbxi_account own = {.size = GBXI_WORK_LARGE};
            gbxi_json_document *document = NULL;

            gbxi_account_enter(&own);
            account = &own;
            uncounted_bytes_max = 0;
            assert_int_equal(gbxi_json_parse(text, length, &document, NULL), GBX_ERR_OK);
            assert_in_range(uncounted_bytes_max, 0, FIXED_BYTES);
            assert_true(own.held + FIXED_BYTES >= real_bytes);
            gbxi_json_free(document);
            assert_int_equal(own.held, 0);
            account = NULL;
            gbxi_account_leave(&own);
            assert_int_equal(real_bytes, 0);
        }
}

/* A tape for any text of that length would have 8 bytes for each of its bytes. */
static void a_text_of_few_values_keeps_little(void **state)
{
    gbxi_account own = {.size = GBXI_WORK_LARGE};
    gbxi_json_document *document;
    gbxi_json_string value;

    (void)state;
    memset(text, 'x', TEXT_BYTES);
    text[0] = '"';
    text[TEXT_BYTES - 1] = '"';
    gbxi_account_enter(&own);
    assert_int_equal(gbxi_json_parse(text, TEXT_BYTES, &document, NULL), GBX_ERR_OK);
    assert_true(real_bytes < 2 * TEXT_BYTES);
    assert_true(own.held < 3 * TEXT_BYTES);
    assert_true(gbxi_json_str(gbxi_json_root(document), &value));
    assert_int_equal(value.length, TEXT_BYTES - 2);
    gbxi_json_free(document);
    assert_int_equal(own.held, 0);
    gbxi_account_leave(&own);
}

static void what_does_not_fit_is_refused_before_it_is_allocated(void **state)
{
    size_t length = fill("[],", TEXT_BYTES);
    gbxi_account own = {.size = GBXI_WORK_SMALL};
    gbxi_json_document *document = NULL;
    gbx_error error;

    (void)state;
    gbxi_work_memory_limit_set(10 * length);
    gbxi_account_enter(&own);
    real_bytes_max = 0;
    assert_int_equal(gbxi_json_parse(text, length, &document, &error), GBX_ERR_NO_MEMORY);
    assert_true(own.refused && own.never);
    assert_in_range(real_bytes_max, 0, FIXED_BYTES);
    assert_int_equal(own.held, 0);
    assert_int_equal(real_bytes, 0);
    gbxi_account_leave(&own);
    gbxi_work_memory_limit_set(GBXI_WORK_MEMORY_UNLIMITED);
    assert_int_equal(gbxi_work_memory_look().used, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_allocated_is_counted_at_every_moment),
        cmocka_unit_test(a_text_of_few_values_keeps_little),
        cmocka_unit_test(what_does_not_fit_is_refused_before_it_is_allocated),
    };

    real_bytes = 0; /* the libraries have allocated before */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
