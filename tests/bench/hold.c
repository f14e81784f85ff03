/* SPDX-License-Identifier: MIT */
/* W3: preloaded into a server, tells how long its event loops work between two waits. GLASSBOX_HOLD_FILE is a file that
 * is mapped: its first 8 bytes are the longest time in ns of CPU since somebody last set them to zero.
 *
 * CPU time, because on a busy machine a loop also waits for its turn, which is not the work of the request. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

typedef int wait_function(int fd, struct epoll_event *events, int count, int timeout_ms);

static _Atomic(uint64_t) *longest_ns;
static wait_function *real_wait;
static _Thread_local uint64_t began_ns; /* the CPU time of this thread when its last wait ended; 0: none has */

static uint64_t thread_cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

__attribute__((constructor)) static void hold_open(void)
{
    const char *name = getenv("GLASSBOX_HOLD_FILE");
    int fd = name != NULL ? open(name, O_RDWR | O_CLOEXEC) : -1;
    void *memory = fd != -1 ? mmap(NULL, sizeof(*longest_ns), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;

    real_wait = (wait_function *)dlsym(RTLD_NEXT, "epoll_wait");
    if (fd != -1)
        close(fd);
    if (memory != MAP_FAILED)
        longest_ns = memory;
}

static void hold_note(uint64_t ns)
{
    uint64_t longest = atomic_load(longest_ns);

    while (ns > longest && !atomic_compare_exchange_weak(longest_ns, &longest, ns))
        ;
}

/* Takes the place of the C library's. */
int epoll_wait(int fd, struct epoll_event *events, int count, int timeout_ms)
{
    int ready;

    if (longest_ns != NULL && began_ns != 0)
        hold_note(thread_cpu_ns() - began_ns);
    ready = real_wait(fd, events, count, timeout_ms);
    began_ns = thread_cpu_ns();
    return ready;
}
