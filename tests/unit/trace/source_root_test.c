/* SPDX-License-Identifier: MIT */
/* Which file names are relative to the source root, and to what. */
#include "trace/source_root.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

typedef struct naming {
    const char *root;
    const char *file;
    const char *shown;
} naming;

static const naming namings[] = {
    {"/srv/code/app", "/srv/code/app/src/a.c", "src/a.c"},
    {"/srv/code/app/", "/srv/code/app/src/a.c", "src/a.c"},
    {"/srv/code/app//", "/srv/code/app///src//a.c", "src//a.c"},
    {"/srv/code/app", "/srv/code/apple/a.c", "/srv/code/apple/a.c"},
    {"/srv/code/app", "/srv/code/app", "/srv/code/app"},
    {"/srv/code/app", "/srv/code/app/", "/srv/code/app/"},
    {"/srv/code/app", "/srv/code/ap", "/srv/code/ap"},
    {"/srv/code/app", "/usr/include/a.h", "/usr/include/a.h"},
    {"/srv/code/app", "src/a.c", "src/a.c"},
    {"/srv/code/app", "", ""},
    {"/srv/code/app", "/x/srv/code/app/a.c", "/x/srv/code/app/a.c"},
    {"..", "../src/a.c", "src/a.c"},
    {"..", "../../a.c", "../a.c"},
    {"src", "src/src/a.c", "src/a.c"},
    {"/", "/usr/include/a.h", "usr/include/a.h"},
    {"/", "a.c", "a.c"},
    {"/", "/", "/"},
    {"", "/usr/a.c", "/usr/a.c"},
    {NULL, "/usr/a.c", "/usr/a.c"},
};

enum { NAMINGS = sizeof(namings) / sizeof(namings[0]) };

static void a_name_below_the_root_loses_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAMINGS; i++) {
        gbxi_frame frames[] = {{.file = namings[i].file}, {.file = "elsewhere.c"}, {.file = namings[i].file}};

        gbxi_frames_cut_root(&(gbxi_frames){.at = frames, .count = 3}, namings[i].root);
        assert_string_equal(frames[0].file, namings[i].shown);
        assert_string_equal(frames[1].file, "elsewhere.c");
        assert_string_equal(frames[2].file, namings[i].shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_below_the_root_loses_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
