/* SPDX-License-Identifier: MIT */
/* Which HTTP status an error becomes. */
#define _GNU_SOURCE
#include "http/respond.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_code_has_the_status_of_the_contract(void **state)
{
    static const struct {
        gbx_err code;
        int whole_request, field;
    } cases[] = {
        {GBX_ERR_NO_MEMORY, 503, 503}, {GBX_ERR_LIMIT, 400, 400},   {GBX_ERR_ARGUMENT, 500, 422},
        {GBX_ERR_SYNTAX, 400, 400},    {GBX_ERR_TYPE, 400, 422},    {GBX_ERR_RANGE, 422, 422},
        {GBX_ERR_MISSING, 422, 422},   {GBX_ERR_UNKNOWN, 404, 422}, {GBX_ERR_CONFLICT, 422, 422},
        {GBX_ERR_STATE, 500, 422},     {GBX_ERR_IO, 500, 422},
    };
    gbx_error error;

    (void)state;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        gbx_error_set(&error, cases[i].code, NULL, "x");
        assert_int_equal(gbxi_status_of(&error), cases[i].whole_request);
        gbx_error_set(&error, cases[i].code, "/a/field", "x");
        assert_int_equal(gbxi_status_of(&error), cases[i].field);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_the_status_of_the_contract),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
