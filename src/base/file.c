/* SPDX-License-Identifier: MIT */
/* Opens and reads regular files. */
#define _GNU_SOURCE
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SHOWN_MAX = 80 };

const char *gbxi_file_path_shown(const char *path)
{
    size_t length = strlen(path);
    const char *shown = length > PATH_SHOWN_MAX ? path + length - PATH_SHOWN_MAX : path;

    while (shown != path && ((unsigned char)*shown & 0xc0) == 0x80) /* not within a character of UTF-8 */
        shown++;
    return shown;
}

gbx_err gbxi_file_refuse(const gbxi_file *file, gbx_err err, const char *reason, gbx_error *error)
{
    return gbx_error_set(error, err, NULL, "%s %s: %s", file->what, gbxi_file_path_shown(file->path), reason);
}

gbx_err gbxi_file_open(gbxi_file *file, gbx_error *error)
{
    struct stat status;

    file->descriptor = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (file->descriptor == -1 || fstat(file->descriptor, &status) != 0)
        return gbxi_file_refuse(file, GBX_ERR_IO, strerror(errno), error);
    if (!S_ISREG(status.st_mode))
        return gbxi_file_refuse(file, GBX_ERR_STATE, "not a regular file", error);
    return GBX_ERR_OK;
}

static gbx_err file_refuse_size(const gbxi_file *file, size_t max, gbx_error *error)
{
    char reason[64];

    if (max >> 20 != 0)
        snprintf(reason, sizeof(reason), "larger than %zu MiB", max >> 20);
    else
        snprintf(reason, sizeof(reason), "larger than %zu KiB", max >> 10);
    return gbxi_file_refuse(file, GBX_ERR_LIMIT, reason, error);
}

gbx_err gbxi_file_read(const gbxi_file *file, char *text, size_t max, size_t *length, gbx_error *error)
{
    ssize_t count;

    *length = 0;
    while ((count = read(file->descriptor, text + *length, max + 1 - *length)) != 0) {
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return gbxi_file_refuse(file, GBX_ERR_IO, strerror(errno), error);
        *length += (size_t)count;
        if (*length > max)
            return file_refuse_size(file, max, error);
    }
    return GBX_ERR_OK;
}

void gbxi_file_close(gbxi_file *file)
{
    if (file->descriptor > 0)
        close(file->descriptor);
    file->descriptor = -1;
}
