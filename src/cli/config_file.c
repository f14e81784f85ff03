/* SPDX-License-Identifier: MIT */
/* The configuration file as a source of options. */
#define _GNU_SOURCE
#include "cli/config.h"
#include "cli/source.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gbx_err refuse_file(const char *path, gbx_err err, const char *reason, gbx_error *error)
{
    return gbx_error_set(error, err, NULL, "configuration file %s: %s", gbxi_settings_path_shown(path), reason);
}

/* Reads to the end or to the size limit: the file may grow while it is read. */
static gbx_err read_config_text(int fd, const char *path, char *text, size_t *length, gbx_error *error)
{
    ssize_t count;

    for (*length = 0; (count = read(fd, text + *length, GBXI_CONFIG_BYTES_MAX + 1 - *length)) != 0;) {
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return refuse_file(path, GBX_ERR_IO, strerror(errno), error);
        *length += (size_t)count;
        if (*length > GBXI_CONFIG_BYTES_MAX)
            return refuse_file(path, GBX_ERR_LIMIT, "larger than 1 MiB", error);
    }
    return GBX_ERR_OK;
}

static gbx_err open_config(const char *path, int *fd, gbx_error *error)
{
    struct stat status;

    /* Opening a pipe without a writer must not block the start. */
    if ((*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) == -1)
        return refuse_file(path, GBX_ERR_IO, strerror(errno), error);
    if (fstat(*fd, &status) != 0)
        return refuse_file(path, GBX_ERR_IO, strerror(errno), error);
    if (!S_ISREG(status.st_mode))
        return refuse_file(path, GBX_ERR_IO, "not a regular file", error);
    return GBX_ERR_OK;
}

static gbx_err set_from_file(void *context, unsigned line, const char *name, const char *value, gbx_error *error)
{
    gbxi_settings *settings = context;
    size_t index = gbxi_settings_find(settings, name, strlen(name));

    if (index == SIZE_MAX)
        return gbxi_settings_refuse_name(settings, name, "", error);
    if (gbxi_command_option(settings->command, index)->scope != GBXI_SCOPE_EVERYWHERE)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s cannot be set in a configuration file", name);
    return gbxi_settings_set(settings, index, GBXI_FROM_FILE, line, value, name, error);
}

gbx_err gbxi_config_file_read(gbxi_settings *settings, gbx_error *error)
{
    const char *path = settings->common.config;
    char *text = NULL;
    size_t length;
    int fd = -1;
    gbx_err err;

    if ((err = open_config(path, &fd, error)) != GBX_ERR_OK)
        goto Exit;
    if ((text = gbxi_settings_keep(settings, GBXI_CONFIG_BYTES_MAX + 1)) == NULL) {
        err = refuse_file(path, GBX_ERR_NO_MEMORY, "out of memory", error);
        goto Exit;
    }
    if ((err = read_config_text(fd, path, text, &length, error)) == GBX_ERR_OK)
        err = gbxi_config_parse(text, length, gbxi_settings_path_shown(path), set_from_file, settings, error);

Exit:
    if (fd != -1)
        close(fd);
    return err;
}
