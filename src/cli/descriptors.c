/* SPDX-License-Identifier: MIT */
/* Fills the places of closed standard descriptors. */
#define _GNU_SOURCE
#include "cli/descriptors.h"
#include <fcntl.h>
#include <unistd.h>

static bool descriptor_is_closed(int fd)
{
    return fcntl(fd, F_GETFD) == -1;
}

bool gbxi_descriptors_fill(void)
{
    /* A new descriptor is the lowest that is free, and those below are open. */
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (descriptor_is_closed(fd) && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            return false;
    return true;
}
