/* SPDX-License-Identifier: MIT */
/* Goes through the descriptors of the process. */
#define _GNU_SOURCE
#include "runtime/reset_all.h"
#include <dirent.h>
#include <stdlib.h>
#include <sys/socket.h>

/* A connection that lingers for no time is reset. Has no effect on other descriptors. */
static void reset_at_exit(int fd)
{
    const struct linger none = {.l_onoff = 1, .l_linger = 0};

    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
}

void gbxi_reset_all_at_exit(void)
{
    DIR *descriptors = opendir("/proc/self/fd");
    struct dirent *entry;

    if (descriptors == NULL)
        return;
    while ((entry = readdir(descriptors)) != NULL)
        if (entry->d_name[0] != '.')
            reset_at_exit(atoi(entry->d_name));
    closedir(descriptors);
}
