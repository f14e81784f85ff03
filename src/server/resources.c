/* SPDX-License-Identifier: MIT */
/* Opens descriptors and allocates memory on trial. */
#define _GNU_SOURCE
#include "server/resources.h"
#include "base/spare_memory.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

/* What a loop opens: a listener, an epoll instance and a pipe of libh2o, and an epoll instance for clients that leave.
 * The spare ones are for signals, the end of the server, a file and the first connection. */
enum { LOOP_DESCRIPTORS = 5, SPARE_DESCRIPTORS = 4 };

enum { CONFIGURATION_BYTES = 16 << 20 }; /* far more than libh2o takes for it */

/* `missing` descriptors more than the process may have. */
static gbx_err resources_refuse_descriptors(size_t missing, size_t loop_count, gbx_error *error)
{
    int reason = errno;
    struct rlimit limit;

    if (reason != EMFILE || getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return gbx_error_set(error, GBX_ERR_IO, NULL, "cannot open descriptors: %s", strerror(reason));
    return gbx_error_set(error, GBX_ERR_IO, NULL,
                         "the process needs %zu descriptors with --threads %zu, and %zu are allowed (ulimit -n)",
                         (size_t)limit.rlim_cur + missing, loop_count, (size_t)limit.rlim_cur);
}

static gbx_err resources_check_descriptors(size_t loop_count, gbx_error *error)
{
    size_t needed = loop_count * LOOP_DESCRIPTORS + SPARE_DESCRIPTORS, opened = 0;
    int *fds = calloc(needed, sizeof(*fds));
    gbx_err err = GBX_ERR_OK;

    if (fds == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    while (opened < needed && (fds[opened] = eventfd(0, EFD_CLOEXEC)) != -1)
        opened++;
    if (opened < needed)
        err = resources_refuse_descriptors(needed - opened, loop_count, error);
    while (opened > 0)
        close(fds[--opened]);
    free(fds);
    return err;
}

gbx_err gbxi_resources_check(size_t loop_count, gbx_error *error)
{
    if (!gbxi_memory_is_spare(CONFIGURATION_BYTES))
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    return resources_check_descriptors(loop_count, error);
}
