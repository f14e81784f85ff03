/* SPDX-License-Identifier: MIT */
/* The ids of spans. */
#include "otlp/span_id.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static int compare_ids(const void *a, const void *b)
{
    return memcmp(a, b, GBXI_OTLP_SPAN_ID_BYTES);
}

static void ids_are_never_zero_and_all_different(void **state)
{
    enum { COUNT = 100000 };
    static uint8_t ids[COUNT][GBXI_OTLP_SPAN_ID_BYTES];
    static const uint8_t none[GBXI_OTLP_SPAN_ID_BYTES], trace_id[GBXI_OTLP_TRACE_ID_BYTES] = {1};

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        gbxi_otlp_span_id(trace_id, i, ids[i]);
        assert_memory_not_equal(ids[i], none, sizeof(none));
    }
    qsort(ids, COUNT, sizeof(*ids), compare_ids);
    for (size_t i = 1; i < COUNT; i++)
        assert_memory_not_equal(ids[i], ids[i - 1], sizeof(*ids));
}

/* The sequence of this trace id has 0 as its number 5. */
static void the_number_that_would_have_no_id_has_one(void **state)
{
    static const uint8_t trace_id[GBXI_OTLP_TRACE_ID_BYTES] = {0,    0,    0,    0,    0,    0,    0,    0,
                                                               0xd4, 0x3e, 0x0b, 0x90, 0x5e, 0x6e, 0x46, 0x11};
    static const uint8_t one[GBXI_OTLP_SPAN_ID_BYTES] = {0, 0, 0, 0, 0, 0, 0, 1};
    uint8_t id[GBXI_OTLP_SPAN_ID_BYTES];

    (void)state;
    gbxi_otlp_span_id(trace_id, 5, id);
    assert_memory_equal(id, one, sizeof(one));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_never_zero_and_all_different),
        cmocka_unit_test(the_number_that_would_have_no_id_has_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
