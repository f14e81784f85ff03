/* SPDX-License-Identifier: MIT */
/* Owns the processes and the key file for the tests of glassbox serve. */
#define _GNU_SOURCE
#include "serving.h"
#include <glassbox/capture.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define KEYS "first:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"

char serving_key_file[] = "/tmp/glassbox-serve-XXXXXX";
gbxi_serve_options serving_options;
bool serving_nobody_reads;
rlim_t serving_descriptors;
unsigned serving_port;

void serving_write_keys(const char *text)
{
    FILE *file = fopen(serving_key_file, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

int serving_set_up(void **state)
{
    int fd;

    (void)state;
    serving_nobody_reads = false;
    serving_descriptors = 0;
    strcpy(serving_key_file + strlen(serving_key_file) - 6, "XXXXXX");
    if ((fd = mkstemp(serving_key_file)) == -1) /* mode 0600 */
        return -1;
    close(fd);
    serving_write_keys(KEYS);
    serving_options = (gbxi_serve_options){.host = "127.0.0.1",
                                           .threads = 1,
                                           .workers = 1,
                                           .queue = 1,
                                           .key_file = serving_key_file,
                                           .max_body_bytes = 1024,
                                           .max_connections = 8,
                                           .request_timeout_s = 10,
                                           .capture = true,
                                           .max_captures = 3,
                                           .max_capture_time_s = 7,
                                           .capture_memory_bytes = 2 * GBX_CAPTURE_BLOCK_BYTES,
                                           .stop_timeout_s = 10};
    return 0;
}

int serving_tear_down(void **state)
{
    (void)state;
    return unlink(serving_key_file);
}

_Noreturn void serving_run(int out)
{
    gbx_limits limits;
    int status;

    alarm(SERVING_HANG_S);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    if (serving_descriptors != 0)
        setrlimit(RLIMIT_NOFILE, &(struct rlimit){serving_descriptors, serving_descriptors});
    status = gbxi_serve_run(&serving_options);
    gbx_limits_get(&limits, sizeof(limits));
    if (!serving_nobody_reads)
        dprintf(out, "%u captures of %u ms in %zu blocks, %s\n", limits.max_captures, limits.max_capture_ms,
                gbx_capture_memory_limit() / GBX_CAPTURE_BLOCK_BYTES, gbx_capture_is_on() ? "on" : "off");
    _exit(status);
}

pid_t serving_start_process(FILE **out)
{
    int ends[2];
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    child = fork();
    assert_int_not_equal(child, -1);
    if (child == 0)
        serving_run(ends[1]);
    close(ends[1]);
    *out = fdopen(ends[0], "r");
    assert_non_null(*out);
    return child;
}

pid_t serving_start(FILE **out)
{
    char line[128] = "";
    pid_t child = serving_start_process(out);

    assert_non_null(fgets(line, sizeof(line), *out));
    assert_int_equal(sscanf(line, "glassbox: listening on http://127.0.0.1:%u\n", &serving_port), 1);
    return child;
}

void serving_check_end(pid_t child, FILE *out, const char *expected, int expected_status)
{
    char text[1024];
    size_t length = fread(text, 1, sizeof(text) - 1, out);
    int status;

    text[length] = '\0';
    fclose(out);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_string_equal(text, expected);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), expected_status);
}

int serving_connect(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)serving_port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_not_equal(fd, -1);
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

int serving_begin_request(void)
{
    static const char head[] = "POST /api/graph HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n"
                               "content-type: application/json\r\ncontent-length: 9\r\n\r\n";
    char answer[32] = "";
    int fd = serving_connect();

    assert_int_not_equal(fd, -1);
    assert_int_equal(write(fd, head, sizeof(head) - 1), sizeof(head) - 1);
    assert_true(read(fd, answer, sizeof(answer) - 1) >= 12);
    assert_memory_equal(answer, "HTTP/1.1 100", 12);
    return fd;
}

void serving_await_stop(void)
{
    int fd;

    while ((fd = serving_connect()) != -1)
        close(fd);
}

void serving_expect_line(FILE *out, const char *expected)
{
    char line[512];

    assert_non_null(fgets(line, sizeof(line), out));
    assert_memory_equal(line, expected, strlen(expected));
}
