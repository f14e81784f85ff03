/* SPDX-License-Identifier: MIT */
/* The advice about huge pages reaches the kernel for large blocks, and for no others. */
#define _GNU_SOURCE
#include "json/huge_pages.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

enum { LARGE = 16 << 20, SMALL = 1 << 20 };

/* Whether the kernel was advised for the mapping around `place`. */
static bool is_advised(const void *place)
{
    FILE *maps = fopen("/proc/self/smaps", "r");
    uintptr_t begin, end, at = (uintptr_t)place;
    bool inside = false, advised = false;
    char line[512];

    assert_non_null(maps);
    while (fgets(line, sizeof(line), maps) != NULL) {
        if (sscanf(line, "%lx-%lx ", &begin, &end) == 2)
            inside = begin <= at && at < end;
        else if (inside && strncmp(line, "VmFlags:", 8) == 0)
            advised = strstr(line, " hg") != NULL;
    }
    fclose(maps);
    return advised;
}

static char *map(size_t bytes)
{
    char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    assert_ptr_not_equal(memory, MAP_FAILED);
    return memory;
}

static void a_large_block_is_advised_to_its_ends(void **state)
{
    char *memory = map(LARGE);

    (void)state;
    memset(memory, 'a', 100);
    gbx__huge_pages(memory + 16, LARGE - 32); /* as the allocator hands it out: not at the start of a page */
    if (access("/sys/kernel/mm/transparent_hugepage", F_OK) == 0) {
        assert_true(is_advised(memory + 16));
        assert_true(is_advised(memory + LARGE / 2));
        assert_true(is_advised(memory + LARGE - 17));
    }
    assert_int_equal(memory[99], 'a');
    assert_int_equal(memory[100], 0);
    munmap(memory, LARGE);
}

static void a_small_one_is_left_alone(void **state)
{
    char *memory = map(SMALL);

    (void)state;
    gbx__huge_pages(memory, SMALL);
    assert_false(is_advised(memory));
    munmap(memory, SMALL);
}

static void none_is_fine(void **state)
{
    (void)state;
    gbx__huge_pages(NULL, LARGE);
    gbx__huge_pages(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_block_is_advised_to_its_ends),
        cmocka_unit_test(a_small_one_is_left_alone),
        cmocka_unit_test(none_is_fine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
