/* SPDX-License-Identifier: MIT */
/* Random ids: what they look like, where they come from, and that no two processes make the same. */
#define _GNU_SOURCE
#include "capture/random_id.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { ID_BYTES = 16 };

static size_t calls;
static bool is_empty; /* the kernel's entropy pool is not ready */

ssize_t __real_getrandom(void *bytes, size_t count, unsigned flags);
ssize_t __wrap_getrandom(void *bytes, size_t count, unsigned flags);

/* The kernel, counted. */
ssize_t __wrap_getrandom(void *bytes, size_t count, unsigned flags)
{
    calls++;
    if (!is_empty)
        return __real_getrandom(bytes, count, flags);
    errno = EAGAIN;
    return -1;
}

static void assert_is_random_uuid(const uint8_t id[ID_BYTES])
{
    assert_int_equal(id[6] >> 4, 4);
    assert_int_equal(id[8] >> 6, 2);
}

static void an_id_is_a_random_uuid_of_one_system_call(void **state)
{
    uint8_t id[ID_BYTES];

    (void)state;
    calls = 0;
    gbxi_random_id(id);
    assert_int_equal(calls, 1);
    for (int i = 0; i < 100; i++) {
        gbxi_random_id(id);
        assert_is_random_uuid(id);
    }
}

static void every_other_bit_varies(void **state)
{
    uint8_t id[ID_BYTES], first[ID_BYTES], varied[ID_BYTES] = {0};

    (void)state;
    gbxi_random_id(first);
    for (int i = 0; i < 200; i++) {
        gbxi_random_id(id);
        for (int at = 0; at < ID_BYTES; at++)
            varied[at] |= (uint8_t)(id[at] ^ first[at]);
    }
    for (int at = 0; at < ID_BYTES; at++)
        assert_int_equal(varied[at], at == 6 ? 0x0f : at == 8 ? 0x3f : 0xff);
}

static void without_entropy_ids_come_from_libuuid(void **state)
{
    uint8_t one[ID_BYTES] = {0}, two[ID_BYTES] = {0};

    (void)state;
    is_empty = true;
    gbxi_random_id(one);
    gbxi_random_id(two);
    is_empty = false;
    assert_is_random_uuid(one);
    assert_is_random_uuid(two);
    assert_memory_not_equal(one, two, ID_BYTES);
}

static void a_child_makes_other_ids_than_its_parent(void **state)
{
    uint8_t ours[ID_BYTES], childs[ID_BYTES];
    int ends[2], status;
    pid_t child;

    (void)state;
    gbxi_random_id(ours); /* whatever could be kept for later is kept now */
    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_int_not_equal(child, -1);
    gbxi_random_id(child == 0 ? childs : ours);
    if (child == 0)
        _exit(write(ends[1], childs, ID_BYTES) == ID_BYTES ? 0 : 1);
    assert_int_equal(read(ends[0], childs, ID_BYTES), ID_BYTES);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_memory_not_equal(ours, childs, ID_BYTES);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_a_random_uuid_of_one_system_call),
        cmocka_unit_test(every_other_bit_varies),
        cmocka_unit_test(without_entropy_ids_come_from_libuuid),
        cmocka_unit_test(a_child_makes_other_ids_than_its_parent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
