/* SPDX-License-Identifier: MIT */
/* A program that is compiled with GBX_DISABLE can attach connections. Its statements are spans where the capture is one
 * of another part of the program. */
#define GBX_DISABLE
#include "fixture.h"
#include <glassbox/span.h>
#include <glassbox/sqlite.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_disabled_program_attaches(void **state)
{
    fixture *self = *state;
    {
        GBX_ENTER(self->capture);
        GBX_SPAN_NAMED("disabled");
        run(self, "SELECT 1", SQLITE_OK);
    }
    check(self, SPAN("SELECT", "SELECT 1", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_disabled_program_attaches, open_fixture, close_fixture)};
    return cmocka_run_group_tests_name("disable", tests, NULL, NULL);
}
