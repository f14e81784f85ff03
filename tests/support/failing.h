/* SPDX-License-Identifier: MIT */
/* Makes library calls fail on request. The test must be linked with -Wl,--wrap=NAME. */
#ifndef GBX_TESTS_SUPPORT_FAILING_H
#define GBX_TESTS_SUPPORT_FAILING_H

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>

/* Counts down to the call that fails: 1 is the next, 0 is none. Thread: any. */
static inline bool failing_now(atomic_int *fails_in)
{
    return atomic_load(fails_in) != 0 && atomic_fetch_sub(fails_in, 1) == 1;
}

/* Wraps the function NAME, which returns `failure` when the countdown `name_fails_in` reaches it. Defines that counter.
 */
#define FAILING(type, name, parameters, arguments, failure)                                                            \
    static atomic_int name##_fails_in;                                                                                 \
    FAILING_TOGETHER(type, name, parameters, arguments, failure, name##_fails_in)

/* Like FAILING, with an existing counter, so that several functions can share it. */
#define FAILING_TOGETHER(type, name, parameters, arguments, failure, fails_in)                                         \
    type __real_##name parameters;                                                                                     \
    type __wrap_##name parameters;                                                                                     \
    type __wrap_##name parameters                                                                                      \
    {                                                                                                                  \
        return failing_now(&(fails_in)) ? (failure) : __real_##name arguments;                                         \
    }

/* The functions that tests make fail. */
#define FAILING_CALLOC FAILING(void *, calloc, (size_t count, size_t size), (count, size), (errno = ENOMEM, NULL))
#define FAILING_PTHREAD_CREATE                                                                                         \
    FAILING(int, pthread_create,                                                                                       \
            (pthread_t * thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument),             \
            (thread, attributes, body, argument), EAGAIN)

#endif
