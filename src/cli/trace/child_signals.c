/* SPDX-License-Identifier: MIT */
/* Asks the system what a process does with the signal that ends it. */
#define _GNU_SOURCE
#include "cli/trace/child.h"
#include <inttypes.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>

enum { STATUS_LINE_SIZE = 256, STATUS_PATH_SIZE = 32 };

bool gbxi_child_minds_end(pid_t pid)
{
    char path[STATUS_PATH_SIZE], line[STATUS_LINE_SIZE];
    uint64_t minded = 0, mask;
    FILE *status;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    if ((status = fopen(path, "re")) == NULL)
        return false;
    while (fgets(line, sizeof(line), status) != NULL)
        if (sscanf(line, "SigBlk: %" SCNx64, &mask) == 1 || sscanf(line, "SigIgn: %" SCNx64, &mask) == 1 ||
            sscanf(line, "SigCgt: %" SCNx64, &mask) == 1)
            minded |= mask;
    fclose(status);
    return (minded >> (SIGTERM - 1) & 1) != 0;
}
