/* SPDX-License-Identifier: MIT */
/* Closed standard descriptors: their numbers are taken, and using them stays an error. */
#define _GNU_SOURCE
#include "cli/descriptors.h"
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* What a child finds. */
enum found { FOUND_GOOD, FOUND_FAILURE, FOUND_FREE_NUMBER, FOUND_USABLE, FOUND_CHANGED };

/* In a child with the descriptors of the bits closed. */
static enum found look(unsigned closed)
{
    char byte = 0;

    for (int fd = 0; fd < 3; fd++)
        if ((closed >> fd & 1) != 0)
            close(fd);
    if (!gbxi_descriptors_fill())
        return FOUND_FAILURE;
    if (dup(STDIN_FILENO) < 3)
        return FOUND_FREE_NUMBER;
    for (int fd = 0; fd < 3; fd++) {
        if ((closed >> fd & 1) == 0 && (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDWR)
            return FOUND_CHANGED;
        if ((closed >> fd & 1) != 0 && (fd == 0 ? read(fd, &byte, 1) : write(fd, &byte, 1)) != -1)
            return FOUND_USABLE;
    }
    return FOUND_GOOD;
}

static int run_child(unsigned closed, bool scarce)
{
    int status;
    pid_t child = fork();

    assert_int_not_equal(child, -1);
    if (child == 0) {
        for (int fd = 0; fd < 3; fd++)
            dup2(open("/dev/null", O_RDWR), fd);
        if (scarce)
            setrlimit(RLIMIT_NOFILE, &(struct rlimit){0, 0});
        _exit((int)look(closed));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void whichever_are_closed_no_number_is_free(void **state)
{
    (void)state;
    for (unsigned closed = 0; closed < 8; closed++)
        assert_int_equal(run_child(closed, false), FOUND_GOOD);
}

static void without_descriptors_it_says_so(void **state)
{
    (void)state;
    assert_int_equal(run_child(2, true), FOUND_FAILURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whichever_are_closed_no_number_is_free),
        cmocka_unit_test(without_descriptors_it_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
