/* SPDX-License-Identifier: MIT */
/* The memory that the process may use, from files as the kernel has them. */
#define _GNU_SOURCE
#include "server/machine_memory.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char top[64];

static int make_top(void **state)
{
    (void)state;
    strcpy(top, "/tmp/glassbox-memory-XXXXXX");
    return mkdtemp(top) != NULL ? 0 : -1;
}

static int remove_one(const char *name, const struct stat *what, int kind, struct FTW *place)
{
    (void)what;
    (void)kind;
    (void)place;
    return remove(name);
}

static int remove_top(void **state)
{
    (void)state;
    return nftw(top, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Writes a file below the top, with its folders. */
static void put(const char *name, const char *text)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof(path), "%s%s", top, name);
    for (char *slash = path + strlen(top) + 1; (slash = strchr(slash, '/')) != NULL; *slash++ = '/') {
        *slash = '\0';
        mkdir(path, 0700);
    }
    assert_non_null(file = fopen(path, "w"));
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static size_t physical_memory(void)
{
    return (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
}

static void without_groups_it_is_the_machines(void **state)
{
    (void)state;
    assert_int_equal(gbxi_machine_memory(top), physical_memory());
}

static void the_group_of_the_process_limits(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "0::/system.slice/glassbox.service\n");
    put("/sys/fs/cgroup/system.slice/glassbox.service/memory.max", "104857600\n");
    put("/sys/fs/cgroup/system.slice/memory.max", "max\n");
    assert_int_equal(gbxi_machine_memory(top), 100 << 20);
}

static void a_parent_limits_too(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "0::/a/b/c\n");
    put("/sys/fs/cgroup/a/b/c/memory.max", "max\n");
    put("/sys/fs/cgroup/a/memory.max", "4096000\n");
    put("/sys/fs/cgroup/memory.max", "8192000\n");
    assert_int_equal(gbxi_machine_memory(top), 4096000);
}

static void in_a_container_the_group_is_the_root(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "0::/\n");
    put("/sys/fs/cgroup/memory.max", "8192000\n");
    assert_int_equal(gbxi_machine_memory(top), 8192000);
}

static void groups_of_version_1_limit(void **state)
{
    (void)state;
    put("/proc/self/cgroup", "12:cpu,cpuacct:/x\n4:hugetlb,memory:/docker/abc\n1:name=systemd:/y\n0::/z\n");
    put("/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "5000000\n");
    put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assert_int_equal(gbxi_machine_memory(top), 5000000);
}

static void what_is_no_number_or_more_than_there_is_limits_nothing(void **state)
{
    static const char *const texts[] = {
        "max\n", "", "\n", "x12\n", "99999999999999999999999\n", "9223372036854771712\n"};

    (void)state;
    put("/proc/self/cgroup", "nonsense\n0:\n0::relative\n0::/g\n");
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        put("/sys/fs/cgroup/g/memory.max", texts[i]);
        assert_int_equal(gbxi_machine_memory(top), physical_memory());
    }
}

static void of_this_process_it_is_something(void **state)
{
    (void)state;
    assert_in_range(gbxi_machine_memory(""), 1 << 20, physical_memory());
}

#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, make_top, remove_top)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILES(without_groups_it_is_the_machines),
        WITH_FILES(the_group_of_the_process_limits),
        WITH_FILES(a_parent_limits_too),
        WITH_FILES(in_a_container_the_group_is_the_root),
        WITH_FILES(groups_of_version_1_limit),
        WITH_FILES(what_is_no_number_or_more_than_there_is_limits_nothing),
        cmocka_unit_test(of_this_process_it_is_something),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
