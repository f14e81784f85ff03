/* SPDX-License-Identifier: MIT */
/* Makes descriptors non-blocking. */
#define _GNU_SOURCE
#include "cli/output.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens the same pipe or terminal again, because its flags belong to all who share the open one. Returns -1 if that is
 * not possible, as for a socket. */
static int output_reopen(int fd)
{
    char path[32];

    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

void gbxi_output_never_wait(int fd)
{
    struct stat status;
    int again;

    if (fstat(fd, &status) != 0 || S_ISREG(status.st_mode))
        return;
    if ((again = output_reopen(fd)) == -1) {
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
        return;
    }
    dup2(again, fd);
    close(again);
}
