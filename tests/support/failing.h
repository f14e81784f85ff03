/* SPDX-License-Identifier: MIT */
/* Calls that fail when a test wants them to. The test is linked with -Wl,--wrap=NAME. */
#ifndef GBX_TESTS_SUPPORT_FAILING_H
#define GBX_TESTS_SUPPORT_FAILING_H

#include <stdatomic.h>
#include <stdbool.h>

/* Counts down to the call that fails: 1 is the next, 0 is none. Thread: any. */
static inline bool failing_now(atomic_int *fails_in)
{
    return atomic_load(fails_in) != 0 && atomic_fetch_sub(fails_in, 1) == 1;
}

/* Makes the function NAME return `failure` where `name_fails_in`, which this defines, says so. */
#define FAILING(type, name, parameters, arguments, failure)                                                            \
    static atomic_int name##_fails_in;                                                                                 \
    FAILING_TOGETHER(type, name, parameters, arguments, failure, name##_fails_in)

/* The same with a count that is there already, so that several functions share it. */
#define FAILING_TOGETHER(type, name, parameters, arguments, failure, fails_in)                                         \
    type __real_##name parameters;                                                                                     \
    type __wrap_##name parameters;                                                                                     \
    type __wrap_##name parameters                                                                                      \
    {                                                                                                                  \
        return failing_now(&(fails_in)) ? (failure) : __real_##name arguments;                                         \
    }

/* What tests make fail. */
#define FAILING_CALLOC FAILING(void *, calloc, (size_t count, size_t size), (count, size), NULL)
#define FAILING_PTHREAD_CREATE                                                                                         \
    FAILING(int, pthread_create,                                                                                       \
            (pthread_t * thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument),             \
            (thread, attributes, body, argument), EAGAIN)

#endif
