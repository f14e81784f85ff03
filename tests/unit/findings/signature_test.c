/* SPDX-License-Identifier: MIT */
/* Signatures as another program computes them. */
#include "findings/signature.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* By Python's hashlib. */
static void is_the_sha_256_of_all_texts(void **state)
{
    static const char *const texts[] = {"n-plus-one", "GET /orders", "load_customer"};
    char signature[GBXI_SIGNATURE_SIZE];

    (void)state;
    assert_int_equal(gbxi_signature_make(texts, 3, signature), GBX_ERR_OK);
    assert_string_equal(signature, "1f8ded55304156a3d26b2686e3b433908c90c1ae6411dd8c3730c8188c8b7edf");
    assert_int_equal(gbxi_signature_make(texts, 0, signature), GBX_ERR_OK);
    assert_string_equal(signature, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void tells_where_a_text_ends(void **state)
{
    static const char *const ab_c[] = {"ab", "c"}, *const a_bc[] = {"a", "bc"};
    char first[GBXI_SIGNATURE_SIZE], second[GBXI_SIGNATURE_SIZE];

    (void)state;
    assert_int_equal(gbxi_signature_make(ab_c, 2, first), GBX_ERR_OK);
    assert_int_equal(gbxi_signature_make(a_bc, 2, second), GBX_ERR_OK);
    assert_string_not_equal(first, second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_sha_256_of_all_texts),
        cmocka_unit_test(tells_where_a_text_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
