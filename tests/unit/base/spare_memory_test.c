/* SPDX-License-Identifier: MIT */
/* Looking for memory: there is some, and there is an end of it. */
#include "base/spare_memory.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void looking_takes_nothing(void **state)
{
    enum { TURNS = 1 << 16 }; /* which would exceed the address space if they added up */

    (void)state;
    for (int i = 0; i < TURNS; i++)
        assert_true(gbxi_memory_is_spare((size_t)4 << 30));
}

static void more_than_there_is_is_not_found(void **state)
{
    (void)state;
    assert_false(gbxi_memory_is_spare(SIZE_MAX / 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looking_takes_nothing),
        cmocka_unit_test(more_than_there_is_is_not_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
