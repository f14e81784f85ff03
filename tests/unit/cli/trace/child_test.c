/* SPDX-License-Identifier: MIT */
/* Services as processes: how they start, what they print, and how they end. */
#define _GNU_SOURCE
#include "cli/trace/child.h"
#include "tests/support/no_names.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char sh[] = "sh", dash_c[] = "-c";

/* Starts a shell command whose output goes nowhere. */
static void start_shell(gbxi_child *child, char *script, char **command)
{
    const gbxi_child_options options = {.command = command, .store = "/store", .keep = "all", .log = "/dev/null"};
    gbx_error error = {0};

    command[0] = sh;
    command[1] = dash_c;
    command[2] = script;
    command[3] = NULL;
    assert_int_equal(gbxi_child_start(child, &options, &error), GBX_ERR_OK);
}

/* Reads what it prints until it has ended. */
static void read_all(gbxi_child *child)
{
    while (child->output != -1) {
        struct pollfd poller = {.fd = child->output, .events = POLLIN};

        poll(&poller, 1, -1);
        gbxi_child_pump(child);
    }
    while (gbxi_child_lives(child))
        ;
}

static void it_gets_the_store_and_no_input(void **state)
{
    static char script[] = "read -r line; echo \"$GLASSBOX_STORE $GLASSBOX_KEEP <$line>\"";
    gbxi_child child;
    char *command[4];

    (void)state;
    start_shell(&child, script, command);
    read_all(&child);
    assert_string_equal(child.line, "/store all <>");
    assert_int_equal(gbxi_child_stop(&child, NULL, NULL, NULL), GBX_ERR_OK);
}

static void the_last_line_is_remembered_also_without_an_end(void **state)
{
    static char script[] = "echo one; printf 'two\\nthree'; exit 4";
    gbxi_child child;
    gbx_error error = {0};
    char *command[4];

    (void)state;
    start_shell(&child, script, command);
    read_all(&child);
    assert_int_equal(gbxi_child_refuse(&child, "early", &error), GBX_ERR_STATE);
    assert_string_equal(error.text, "'sh' ended early, with status 4; it printed: three");
    assert_int_equal(gbxi_child_stop(&child, NULL, NULL, NULL), GBX_ERR_OK);
}

static void a_long_line_is_remembered_from_its_begin(void **state)
{
    static char script[] = "printf '%0400d' 0";
    gbxi_child child;
    char *command[4];

    (void)state;
    start_shell(&child, script, command);
    read_all(&child);
    assert_int_equal(child.line_length, GBXI_CHILD_LINE_SIZE - 1);
    assert_int_equal(strlen(child.line), GBXI_CHILD_LINE_SIZE - 1);
    assert_int_equal(gbxi_child_stop(&child, NULL, NULL, NULL), GBX_ERR_OK);
}

static void what_it_printed_last_is_passed_on_after_its_end(void **state)
{
    static char script[] = "echo last";
    gbxi_child child;
    char *command[4];

    (void)state;
    start_shell(&child, script, command);
    while (gbxi_child_lives(&child))
        ;
    assert_string_equal(child.line, "");
    assert_int_equal(gbxi_child_stop(&child, NULL, NULL, NULL), GBX_ERR_OK);
    assert_string_equal(child.line, "last");
}

/* One that has more to print than a pipe holds ends only when somebody reads it. */
static void one_that_is_about_to_end_is_waited_for(void **state)
{
    static char script[] = "printf '%0200000d' 0; exit 6";
    gbxi_child child;
    char *command[4];

    (void)state;
    start_shell(&child, script, command);
    assert_true(gbxi_child_lives(&child));
    assert_false(gbxi_child_lives_on(&child));
    assert_int_equal(WEXITSTATUS(child.status), 6);
    assert_int_equal(gbxi_child_stop(&child, NULL, NULL, NULL), GBX_ERR_OK);
}

static bool never_patient(void *context)
{
    (void)context;
    return true;
}

static void what_does_not_end_is_killed(void **state)
{
    static char script[] = "trap '' TERM; echo ready; while :; do sleep 1; done";
    gbxi_child child;
    gbx_error error = {0};
    char *command[4];
    pid_t group;

    (void)state;
    start_shell(&child, script, command);
    group = child.group;
    while (strcmp(child.line, "ready") != 0) {
        struct pollfd poller = {.fd = child.output, .events = POLLIN};

        poll(&poller, 1, -1);
        gbxi_child_pump(&child);
    }
    assert_int_equal(gbxi_child_stop(&child, never_patient, NULL, &error), GBX_ERR_LIMIT);
    assert_string_equal(error.text, "'sh' did not end after SIGTERM, and was killed");
    assert_int_equal(kill(-group, 0), -1);
    assert_int_equal(errno, ESRCH);
}

static void take_signal(int signal)
{
    (void)signal;
}

/* What a service stores a while after its last answer. */
typedef struct storing {
    gbxi_child *child;
    const char *sign; /* file that makes it store */
} storing;

static bool let_it_store(void *context)
{
    const storing *s = context;

    close(open(s->sign, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    read_all(s->child);
    return false;
}

static void what_would_die_of_its_end_may_store_before(void **state)
{
    char folder[] = "/tmp/glassbox-child-XXXXXX", sign[64], script[128], *command[4];
    gbxi_child child;
    storing s = {&child, sign};

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(sign, sizeof(sign), "%s/sign", folder);
    snprintf(script, sizeof(script), "until [ -e %s ]; do :; done; echo stored", sign);
    start_shell(&child, script, command);
    assert_int_equal(gbxi_child_stop(&child, let_it_store, &s, NULL), GBX_ERR_OK);
    assert_string_equal(child.line, "stored");
    unlink(sign);
    rmdir(folder);
}

static void it_is_known_whether_a_process_minds_its_end(void **state)
{
    sigset_t end, before;

    (void)state;
    assert_false(gbxi_child_minds_end(getpid()));
    signal(SIGTERM, SIG_IGN);
    assert_true(gbxi_child_minds_end(getpid()));
    signal(SIGTERM, take_signal);
    assert_true(gbxi_child_minds_end(getpid()));
    signal(SIGTERM, SIG_DFL);
    assert_false(gbxi_child_minds_end(getpid()));
    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    sigprocmask(SIG_BLOCK, &end, &before);
    assert_true(gbxi_child_minds_end(getpid()));
    sigprocmask(SIG_SETMASK, &before, NULL);
    assert_false(gbxi_child_minds_end(0));
}

static void none_ends_at_once(void **state)
{
    gbxi_child child = {0};

    (void)state;
    assert_false(gbxi_child_lives(&child));
    assert_int_equal(gbxi_child_stop(&child, NULL, NULL, NULL), GBX_ERR_OK);
}

static void a_port_listens_or_not(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char port[8];

    (void)state;
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    snprintf(port, sizeof(port), "%d", ntohs(address.sin_port));
    assert_false(gbxi_child_listens("127.0.0.1", port));
    assert_int_equal(listen(fd, 1), 0);
    assert_true(gbxi_child_listens("127.0.0.1", port));
    knows_no_names = true;
    assert_true(gbxi_child_listens("localhost", port));
    knows_no_names = false;
    close(fd);
    assert_false(gbxi_child_listens("no such host", port));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_gets_the_store_and_no_input),
        cmocka_unit_test(the_last_line_is_remembered_also_without_an_end),
        cmocka_unit_test(a_long_line_is_remembered_from_its_begin),
        cmocka_unit_test(what_it_printed_last_is_passed_on_after_its_end),
        cmocka_unit_test(one_that_is_about_to_end_is_waited_for),
        cmocka_unit_test(what_does_not_end_is_killed),
        cmocka_unit_test(what_would_die_of_its_end_may_store_before),
        cmocka_unit_test(it_is_known_whether_a_process_minds_its_end),
        cmocka_unit_test(none_ends_at_once),
        cmocka_unit_test(a_port_listens_or_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
