/* SPDX-License-Identifier: MIT */
/* glassbox serve in processes of its own, for tests of what it prints, how it ends and what signals do. */
#ifndef GBX_TESTS_UNIT_CLI_SERVING_H
#define GBX_TESTS_UNIT_CLI_SERVING_H

#include "cli/serve_options.h"
#include <stdio.h>
#include <sys/resource.h>
#include <sys/types.h>

/* What a process prints about the settings when it has served with the options of serving_set_up. */
#define SERVING_SETTINGS "3 captures of 7000 ms in 2 blocks, on\n"

enum { SERVING_HANG_S = 60 }; /* after which a server that does not stop is killed */

extern char serving_key_file[];
extern gbxi_serve_options serving_options; /* of the next process */
extern bool serving_nobody_reads;          /* what the process prints */
extern rlim_t serving_descriptors;         /* that the process may have; 0: as many as this one */
extern unsigned serving_port;              /* of the server started last */

/* Writes the key file and sets the variables above. A test may then change them. */
int serving_set_up(void **state);
int serving_tear_down(void **state);

void serving_write_keys(const char *text);

/* Serves, then prints the process-wide settings. What serving left in the buffer of standard output is lost. */
_Noreturn void serving_run(int out);

/* Serves in a process of its own; `out` is what it prints. The second one waits until it listens. */
pid_t serving_start_process(FILE **out);
pid_t serving_start(FILE **out);

/* Compares what the process prints until it exits, and its exit status. */
void serving_check_end(pid_t child, FILE *out, const char *expected, int expected_status);

/* Compares the begin of the next line. */
void serving_expect_line(FILE *out, const char *expected);

/* A connection; -1: nobody listens there. */
int serving_connect(void);

/* A request that the server has begun to receive and does not get the end of. */
int serving_begin_request(void);

/* Returns once the server does not listen any more. */
void serving_await_stop(void);

#endif
