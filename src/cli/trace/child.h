/* SPDX-License-Identifier: MIT */
/* The service that is traced, as a process group of its own.
 *
 *     gbxi_child_start(&service, &options, &error)
 *     while (!gbxi_child_listens(host, port) && gbxi_child_lives(&service))
 *         ... wait a little; gbxi_child_pump(&service) ...
 *     gbxi_child_stop(&service, &error)
 *
 * What it prints comes over a pipe, and is passed on by gbxi_child_pump. */
#ifndef GBX_CLI_TRACE_CHILD_H
#define GBX_CLI_TRACE_CHILD_H

#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { GBXI_CHILD_LINE_SIZE = 200 };

typedef struct gbxi_child_options {
    char *const *command; /* NULL-terminated */
    const char *store;    /* absolute, for GLASSBOX_STORE */
    const char *keep;     /* for GLASSBOX_KEEP */
    const char *log;      /* the file that gets what it prints; NULL: standard error */
} gbxi_child_options;

/* Zeroed: none. Borrows the command. */
typedef struct gbxi_child {
    char *const *command;
    pid_t group; /* of its processes; 0: none was started */
    int output;  /* the pipe's end; -1: nothing comes any more */
    int log;
    bool logs_to_file;
    bool ended;                      /* the first process */
    int status;                      /* of its end, as waitpid has it */
    char line[GBXI_CHILD_LINE_SIZE]; /* the last one that it printed; terminated */
    size_t line_length;
    bool line_ended;
} gbxi_child;

/* Starts the command. Signals are as a shell gives them, and standard input is empty. Owns: the caller, until
 * gbxi_child_stop. Errors: IO. */
GBX_MUST_USE gbx_err gbxi_child_start(gbxi_child *service, const gbxi_child_options *options, gbx_error *error);

/* Passes on what the service has printed; never waits. */
void gbxi_child_pump(gbxi_child *service);

/* Whether its first process lives. */
bool gbxi_child_lives(gbxi_child *service);

/* The same for a service that has given no answer: one that is about to end gets a second to do so. */
bool gbxi_child_lives_on(gbxi_child *service);

/* Says how the first process ended, with the last line that it printed if that is not on standard error already. `when`
 * is what it ended before or during. Returns STATE. */
gbx_err gbxi_child_refuse(const gbxi_child *service, const char *when, gbx_error *error);

/* Whether the process does something else on SIGTERM than die: it catches, blocks or ignores it. */
bool gbxi_child_minds_end(pid_t pid);

/* Ends the group: SIGTERM, after a second and a half if its first process would die of that, so that its recorder can
 * store what it has; and SIGKILL if `is_impatient` says so or after ten seconds. NULL `is_impatient` is patient.
 * Errors: LIMIT if it had to be killed. */
GBX_MUST_USE gbx_err gbxi_child_stop(gbxi_child *service, bool (*is_impatient)(void *context), void *context,
                                     gbx_error *error);

/* Whether something accepts connections there. Cost: at most a fifth of a second, and what looking up a name takes. */
bool gbxi_child_listens(const char *host, const char *port);

#endif
