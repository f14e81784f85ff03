/* SPDX-License-Identifier: MIT */
/* Lists, measures and unlinks the files of runs. */
#define _GNU_SOURCE
#include "store/directory.h"
#include "base/file.h"
#include "base/grow.h"
#include "base/time.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first ones hold the data. The others also change when a run is only read. */
static const char *const run_suffixes[] = {".db", ".db-wal", ".db-journal", ".db-shm", ".live"};
enum { RUN_SUFFIXES = sizeof(run_suffixes) / sizeof(*run_suffixes), RUN_SUFFIXES_DATA = 3 };

char *gbxi_directory_path(const char *directory, const char *name, const char *suffix)
{
    char *path;

    return asprintf(&path, "%s/%s%s", directory, name, suffix) != -1 ? path : NULL;
}

static gbx_err directory_fail(const char *directory, int failure, gbx_error *error)
{
    if (failure == ENOTDIR)
        return gbx_error_set(error, GBX_ERR_IO, NULL, "store %s: it is no folder; a store is the folder of its files",
                             gbxi_file_path_shown(directory));
    return gbx_error_set(error, failure == ENOENT ? GBX_ERR_MISSING : GBX_ERR_IO, NULL, "store %s: %s",
                         gbxi_file_path_shown(directory), strerror(failure));
}

gbx_err gbxi_directory_make(const char *directory, gbx_error *error)
{
    struct stat status;

    if (mkdir(directory, 0700) != 0 && errno != EEXIST)
        return directory_fail(directory, errno, error);
    if (stat(directory, &status) != 0)
        return directory_fail(directory, errno, error);
    if (!S_ISDIR(status.st_mode))
        return gbx_error_set(error, GBX_ERR_STATE, NULL, "store %s: it is no folder", gbxi_file_path_shown(directory));
    return GBX_ERR_OK;
}

/* Sums up the files of a run. A file that is gone meanwhile counts nothing. */
static bool run_files_measure(int folder, gbxi_run_files *files)
{
    char name[GBXI_RUN_ID_SIZE + 16];
    struct stat status;

    for (size_t i = 0; i < RUN_SUFFIXES_DATA; i++) {
        int64_t mtime_ns;

        snprintf(name, sizeof(name), "%s%s", files->id, run_suffixes[i]);
        if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
            if (i == 0)
                return false;
            continue;
        }
        if (i == 0 && !S_ISREG(status.st_mode))
            return false;
        mtime_ns = (int64_t)status.st_mtim.tv_sec * (int64_t)GBXI_NS_PER_S + status.st_mtim.tv_nsec;
        files->bytes += (uint64_t)status.st_size;
        files->mtime_ns = mtime_ns > files->mtime_ns ? mtime_ns : files->mtime_ns;
    }
    return true;
}

static int run_files_compare(const void *a, const void *b)
{
    return strcmp(((const gbxi_run_files *)a)->id, ((const gbxi_run_files *)b)->id);
}

static gbx_err directory_collect(DIR *folder, gbxi_run_files **runs, size_t *count)
{
    const struct dirent *entry;
    size_t capacity = 0;

    while ((entry = readdir(folder)) != NULL) {
        gbxi_run_files files = {.bytes = 0};

        if (!gbxi_run_id_of_file(entry->d_name, ".db", files.id) || !run_files_measure(dirfd(folder), &files))
            continue;
        if (!gbxi_grow(runs, &capacity, *count + 1, sizeof(**runs)))
            return GBX_ERR_NO_MEMORY;
        (*runs)[(*count)++] = files;
    }
    return GBX_ERR_OK;
}

gbx_err gbxi_directory_runs(const char *directory, gbxi_run_files **runs, size_t *count, gbx_error *error)
{
    DIR *folder = opendir(directory);
    gbx_err err;

    *runs = NULL;
    *count = 0;
    if (folder == NULL)
        return directory_fail(directory, errno, error);
    err = directory_collect(folder, runs, count);
    closedir(folder);
    if (err == GBX_ERR_OK) {
        if (*count > 1)
            qsort(*runs, *count, sizeof(**runs), run_files_compare);
        return GBX_ERR_OK;
    }
    free(*runs);
    *runs = NULL;
    *count = 0;
    return gbx_error_set(error, err, NULL, "store %s: out of memory", gbxi_file_path_shown(directory));
}

/* The database is the last to go: who is killed meanwhile leaves a run, which the next one finds and removes. */
gbx_err gbxi_directory_unlink(const char *directory, const char *id, gbx_error *error)
{
    for (size_t i = 0; i < RUN_SUFFIXES; i++) {
        char *path = gbxi_directory_path(directory, id, run_suffixes[RUN_SUFFIXES - 1 - i]);
        int failure = path == NULL ? ENOMEM : unlink(path) == 0 ? 0 : errno;

        free(path);
        if (failure != 0 && failure != ENOENT)
            return gbx_error_set(error, failure == ENOMEM ? GBX_ERR_NO_MEMORY : GBX_ERR_IO, NULL, "run %s: %s", id,
                                 strerror(failure));
    }
    return GBX_ERR_OK;
}
