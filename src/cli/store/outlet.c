/* SPDX-License-Identifier: MIT */
/* Writes documents to standard output and to files. */
#define _GNU_SOURCE
#include "cli/store/outlet.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gbx_err outlet_fail(const gbxi_outlet *outlet, gbx_error *error)
{
    return gbx_error_set(error, errno == ENOMEM ? GBX_ERR_NO_MEMORY : GBX_ERR_IO, NULL, "cannot write %s: %s",
                         outlet->shown, strerror(errno));
}

/* The permissions that a new file of this process has. */
static mode_t usual_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

/* Opens a new file beside `place`, with these permissions. */
static bool open_beside(gbxi_outlet *outlet, mode_t mode)
{
    if (outlet->place == NULL || asprintf(&outlet->beside, "%s.XXXXXX", outlet->place) == -1) {
        outlet->beside = NULL;
        errno = ENOMEM;
        return false;
    }
    if ((outlet->descriptor = mkostemp(outlet->beside, O_CLOEXEC)) == -1) {
        free(outlet->beside); /* there is nothing to remove */
        outlet->beside = NULL;
        return false;
    }
    return fchmod(outlet->descriptor, mode) == 0;
}

gbx_err gbxi_outlet_open(gbxi_outlet *outlet, const char *path, gbx_error *error)
{
    struct stat status;
    bool replaces;

    *outlet = (gbxi_outlet){.shown = "standard output", .descriptor = STDOUT_FILENO};
    if (path == NULL)
        return GBX_ERR_OK;
    *outlet = (gbxi_outlet){.shown = gbxi_file_path_shown(path), .descriptor = -1};
    replaces = stat(path, &status) == 0;
    if (replaces && !S_ISREG(status.st_mode)) {
        outlet->descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
        return outlet->descriptor != -1 ? GBX_ERR_OK : outlet_fail(outlet, error);
    }
    /* Of a symbolic link, the file that it leads to is replaced; a link to nothing is replaced itself. */
    if ((outlet->place = realpath(path, NULL)) == NULL && errno == ENOENT)
        outlet->place = strdup(path);
    return open_beside(outlet, replaces ? status.st_mode & 0777 : usual_mode()) ? GBX_ERR_OK
                                                                                : outlet_fail(outlet, error);
}

gbx_err gbxi_outlet_write(gbxi_outlet *outlet, const void *bytes, size_t length, gbx_error *error)
{
    const char *at = bytes;
    ssize_t count;

    while (length > 0) {
        count = write(outlet->descriptor, at, length);
        if (count < 0 && errno != EINTR)
            return outlet_fail(outlet, error);
        if (count > 0) {
            at += count;
            length -= (size_t)count;
        }
    }
    return GBX_ERR_OK;
}

/* The bytes must be on the disk before the name is, or a crash could leave a name without them. */
gbx_err gbxi_outlet_commit(gbxi_outlet *outlet, gbx_error *error)
{
    if (outlet->beside == NULL)
        return GBX_ERR_OK;
    if (fsync(outlet->descriptor) != 0 || rename(outlet->beside, outlet->place) != 0)
        return outlet_fail(outlet, error);
    free(outlet->beside);
    outlet->beside = NULL;
    return GBX_ERR_OK;
}

void gbxi_outlet_close(gbxi_outlet *outlet)
{
    if (outlet->beside != NULL)
        unlink(outlet->beside);
    if (outlet->descriptor > STDERR_FILENO)
        close(outlet->descriptor);
    free(outlet->beside);
    free(outlet->place);
    *outlet = (gbxi_outlet){.descriptor = -1};
}
