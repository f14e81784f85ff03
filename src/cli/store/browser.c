/* SPDX-License-Identifier: MIT */
/* Starts the browser as a process of its own. */
#define _GNU_SOURCE
#include "cli/store/browser.h"
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* BROWSER may have arguments. The shell divides it and leaves the address, its first parameter, alone. Started in the
 * background, the browser belongs to no one who would have to wait for it, and the shell's status says whether there is
 * such a command. */
static const char LAUNCH[] = "set -f; set -- ${BROWSER:-xdg-open} \"$1\"; command -v \"$1\" >/dev/null 2>&1 || exit 1; "
                             "\"$@\" >/dev/null 2>&1 </dev/null &";

/* The browser must not inherit the signals that this program has blocked, nor that it ignores SIGPIPE. */
static bool set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, defaults;

    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    return posix_spawnattr_setsigmask(attributes, &none) == 0 &&
           posix_spawnattr_setsigdefault(attributes, &defaults) == 0 && posix_spawnattr_setpgroup(attributes, 0) == 0 &&
           posix_spawnattr_setflags(attributes,
                                    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP) == 0;
}

bool gbxi_browser_start(const char *url)
{
    char shell[] = "sh", command[] = "-c", *address = (char *)url;
    char *argv[] = {shell, command, (char *)LAUNCH, shell, address, NULL};
    posix_spawnattr_t attributes;
    bool started;
    pid_t child;
    int status;

    if (posix_spawnattr_init(&attributes) != 0)
        return false;
    started = set_attributes(&attributes) && posix_spawn(&child, "/bin/sh", NULL, &attributes, argv, environ) == 0;
    posix_spawnattr_destroy(&attributes);
    return started && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
