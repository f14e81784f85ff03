/* SPDX-License-Identifier: MIT */
/* Maps the page of a run's counters, and holds the lock that says who writes the run. */
#define _GNU_SOURCE
#include "store/live.h"
#include "base/atomic.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char live_magic[8] = "GBXLIVE1";

static gbx_err live_fail(const char *path, gbx_error *error)
{
    return gbx_error_set(error, GBX_ERR_IO, NULL, "%s: %s", gbxi_file_path_shown(path), strerror(errno));
}

static bool live_map(gbxi_live *live)
{
    void *page = mmap(NULL, sizeof(gbxi_live_page), PROT_READ | PROT_WRITE, MAP_SHARED, live->descriptor, 0);

    live->page = page != MAP_FAILED ? page : NULL;
    return live->page != NULL;
}

/* The page's blocks are allocated now: a page without blocks would end the process with SIGBUS on a full disk. */
static bool live_prepare(gbxi_live *live)
{
    int failure = posix_fallocate(live->descriptor, 0, sizeof(gbxi_live_page));

    if (failure != 0) {
        errno = failure;
        return false;
    }
    if (!live_map(live))
        return false;
    live->page->pid = (uint64_t)getpid();
    memcpy(live->page->magic, live_magic, sizeof(live_magic));
    return true;
}

gbx_err gbxi_live_create(gbxi_live *live, const char *path, gbx_error *error)
{
    gbx_err err;

    *live = (gbxi_live){.descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (live->descriptor == -1)
        return live_fail(path, error);
    if (flock(live->descriptor, LOCK_EX | LOCK_NB) == 0 && live_prepare(live))
        return GBX_ERR_OK;
    err = live_fail(path, error);
    unlink(path);
    gbxi_live_close(live);
    return err;
}

/* Whether the file is whole, so that its page can be touched. */
static bool live_is_whole(const gbxi_live *live)
{
    struct stat status;

    return fstat(live->descriptor, &status) == 0 && status.st_size >= (off_t)sizeof(gbxi_live_page);
}

static bool live_is_known(const gbxi_live *live)
{
    return memcmp(live->page->magic, live_magic, sizeof(live_magic)) == 0;
}

/* A file that is too short, or of another kind, counts nothing; its page is private then. */
static bool live_map_whole(gbxi_live *live)
{
    if (live_is_whole(live) && live_map(live) && live_is_known(live))
        return true;
    if (live->page != NULL)
        munmap(live->page, sizeof(*live->page));
    live->page = mmap(NULL, sizeof(*live->page), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (live->page == MAP_FAILED)
        live->page = NULL;
    return live->page != NULL;
}

gbx_err gbxi_live_open(gbxi_live *live, const char *path, gbx_error *error)
{
    gbx_err err = GBX_ERR_OK;

    *live = (gbxi_live){.descriptor = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK)};
    if (live->descriptor == -1 && errno == ENOENT)
        return gbx_error_set(error, GBX_ERR_MISSING, NULL, "%s: there is no such file", gbxi_file_path_shown(path));
    if (live->descriptor == -1)
        return live_fail(path, error);
    if (flock(live->descriptor, LOCK_EX | LOCK_NB) != 0)
        err = errno == EWOULDBLOCK ? gbx_error_set(error, GBX_ERR_CONFLICT, NULL, "%s: the run is being written",
                                                   gbxi_file_path_shown(path))
                                   : live_fail(path, error);
    else if (!live_map_whole(live))
        err = live_fail(path, error);
    if (err != GBX_ERR_OK)
        gbxi_live_close(live);
    return err;
}

void gbxi_live_close(gbxi_live *live)
{
    if (live->page != NULL && !live->lent)
        gbxi_live_page_unmap(live->page);
    if (live->descriptor > 0)
        close(live->descriptor);
    *live = (gbxi_live){0};
}

gbxi_live_page *gbxi_live_lend(gbxi_live *live)
{
    live->lent = true;
    return live->page;
}

void gbxi_live_page_unmap(gbxi_live_page *page)
{
    munmap(page, sizeof(*page));
}

gbxi_live_counts gbxi_live_read(const gbxi_live *live)
{
    uint64_t offered = gbxi_load_relaxed(&live->page->offered), taken = gbxi_load_relaxed(&live->page->taken);

    return (gbxi_live_counts){
        .kept = offered > taken ? offered : taken,
        .missed = gbxi_load_relaxed(&live->page->missed),
        .failed = gbxi_load_relaxed(&live->page->failed),
    };
}

gbxi_live_state gbxi_live_look(const char *path, gbxi_live_counts *counts)
{
    gbxi_live live = {.descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    gbxi_live_page page = {.pid = 0};
    gbxi_live_state state = GBXI_LIVE_LEFT;

    *counts = (gbxi_live_counts){0};
    if (live.descriptor == -1)
        return GBXI_LIVE_NONE;
    if (flock(live.descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        state = GBXI_LIVE_HELD;
    else if (pread(live.descriptor, &page, sizeof(page), 0) == sizeof(page) &&
             memcmp(page.magic, live_magic, sizeof(live_magic)) == 0)
        *counts = gbxi_live_read(&(gbxi_live){.page = &page});
    close(live.descriptor);
    return state;
}
