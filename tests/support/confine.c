/* SPDX-License-Identifier: MIT */
/* Owns gbx-confine, which runs a program in a sandbox like that of the systemd unit, so that a test can check it there.
 *
 *     gbx-confine SYSCALLS FAMILIES PROGRAM [ARGUMENT...]
 *
 * Both lists are comma-separated numbers. A system call that is not in SYSCALLS kills the program. So does requesting
 * memory that is writable and executable, or making memory executable later. Creating a socket of a family that is not
 * in FAMILIES fails with EAFNOSUPPORT. clone3 fails with ENOSYS, because a filter cannot read its flags. A program
 * started by root runs as nobody, without privileges. */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#else
#error "the filter does not support this machine"
#endif

enum { INSTRUCTIONS_MAX = 2048, NOBODY = 65534 };

static struct sock_filter filter[INSTRUCTIONS_MAX];
static unsigned short length;

static _Noreturn void fail(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

static void add(uint16_t code, uint32_t k, uint8_t when_true, uint8_t when_false)
{
    if (length == INSTRUCTIONS_MAX) {
        errno = E2BIG;
        fail("gbx-confine: filter");
    }
    filter[length++] = (struct sock_filter){.code = code, .jt = when_true, .jf = when_false, .k = k};
}

static void load(size_t offset)
{
    add(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void decide(uint32_t action)
{
    add(BPF_RET | BPF_K, action, 0, 0);
}

/* Executes the next instruction only for that value. */
static void only_for(uint32_t value)
{
    add(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
}

/* Takes `action` for every number in the list. */
static void decide_for_list(const char *list, uint32_t action)
{
    char *end;

    for (const char *at = list; *at != '\0'; at = *end == ',' ? end + 1 : end) {
        only_for((uint32_t)strtoul(at, &end, 10));
        decide(action);
        if (end == at) {
            errno = EINVAL;
            fail("gbx-confine: list");
        }
    }
}

/* Kills the program if the third argument of `call` has all bits of `protection`. */
static void kill_protection(uint32_t call, uint32_t protection)
{
    add(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 5);
    load(offsetof(struct seccomp_data, args[2]));
    add(BPF_ALU | BPF_AND | BPF_K, protection, 0, 0);
    only_for(protection);
    decide(SECCOMP_RET_KILL_PROCESS);
    load(offsetof(struct seccomp_data, nr));
}

static void build(const char *calls, const char *families)
{
    unsigned short socket_at;

    load(offsetof(struct seccomp_data, arch));
    add(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 1, 0);
    decide(SECCOMP_RET_KILL_PROCESS);
    load(offsetof(struct seccomp_data, nr));
    only_for(SYS_clone3);
    decide(SECCOMP_RET_ERRNO | ENOSYS);
    kill_protection(SYS_mmap, PROT_WRITE | PROT_EXEC);
    kill_protection(SYS_mprotect, PROT_EXEC);
    socket_at = length;
    only_for(SYS_socket);
    load(offsetof(struct seccomp_data, args[0]));
    decide_for_list(families, SECCOMP_RET_ALLOW);
    decide(SECCOMP_RET_ERRNO | EAFNOSUPPORT);
    filter[socket_at].jf = (uint8_t)(length - socket_at - 1);
    decide_for_list(calls, SECCOMP_RET_ALLOW);
    decide(SECCOMP_RET_KILL_PROCESS);
}

static void become_nobody(void)
{
    if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
        fail("gbx-confine: nobody");
}

int main(int argc, char **argv)
{
    struct sock_fprog program = {.filter = filter};

    if (argc < 4) {
        fprintf(stderr, "usage: gbx-confine SYSCALLS FAMILIES PROGRAM [ARGUMENT...]\n");
        return EXIT_FAILURE;
    }
    build(argv[1], argv[2]);
    program.len = length;
    become_nobody();
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        fail("gbx-confine: seccomp");
    execv(argv[3], argv + 3);
    fail(argv[3]);
}
