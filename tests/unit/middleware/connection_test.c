/* SPDX-License-Identifier: MIT */
/* The middleware on real connections: clients that leave or seem to, and what they see of an answer that breaks off.
 * Client, loop and handler share one thread. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glassbox/export.h>
#include <glassbox/h2o.h>
#include <glassbox/span.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { TURNS_MAX = 2000, TURN_MS = 5 }; /* until a test gives up */

static h2o_globalconf_t config;
static h2o_context_t ctx;
static h2o_accept_ctx_t accept_ctx;
static h2o_socket_t *listener;
static struct sockaddr_in address;

/* The handler keeps the request until `answer` is called, which may be while the interim answer is being written. */
static h2o_req_t *kept;
static void (*at_interim)(void);
static unsigned interims;

/* More headers of the requests. */
static const char *extra;

void __real_h2o_socket_write(h2o_socket_t *socket, h2o_iovec_t *buffers, size_t count, h2o_socket_cb done);
void __wrap_h2o_socket_write(h2o_socket_t *socket, h2o_iovec_t *buffers, size_t count, h2o_socket_cb done);

void __wrap_h2o_socket_write(h2o_socket_t *socket, h2o_iovec_t *buffers, size_t count, h2o_socket_cb done)
{
    bool interim = count == 1 && buffers[0].len > 12 && memcmp(buffers[0].base, "HTTP/1.1 102", 12) == 0;

    __real_h2o_socket_write(socket, buffers, count, done);
    interims += interim;
    if (interim && at_interim != NULL)
        at_interim();
}

/* Calls until the exporter fails; 0: it does not. */
static int exporter_fails;

ptrdiff_t __real_gbx_exporter_read(gbx_exporter *exporter, void *memory, size_t size);
ptrdiff_t __wrap_gbx_exporter_read(gbx_exporter *exporter, void *memory, size_t size);

ptrdiff_t __wrap_gbx_exporter_read(gbx_exporter *exporter, void *memory, size_t size)
{
    return exporter_fails != 0 && --exporter_fails == 0 ? -1 : __real_gbx_exporter_read(exporter, memory, size);
}

static bool no_descriptors;
static int watcher_fd = -1;

int __real_epoll_create1(int flags);
int __wrap_epoll_create1(int flags);

int __wrap_epoll_create1(int flags)
{
    if (!no_descriptors)
        return watcher_fd = __real_epoll_create1(flags);
    errno = EMFILE;
    return -1;
}

static int keep(h2o_handler_t *self, h2o_req_t *req)
{
    GBX_SPAN_NAMED("test.keep");
    (void)self;
    kept = req;
    return 0;
}

static void answer(void)
{
    h2o_req_t *req = kept;
    int status = 0;

    kept = NULL;
    sscanf(strstr(req->path.base, "status="), "status=%d", &status);
    req->res.status = status;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/json"));
    h2o_send_inline(req, H2O_STRLIT("[\"whole\"]"));
}

static void abort_answer(void)
{
    static h2o_generator_t generator;
    h2o_req_t *req = kept;

    kept = NULL;
    req->res.status = 404;
    h2o_start_response(req, &generator);
    h2o_send(req, NULL, 0, H2O_SEND_STATE_ERROR);
}

static void on_sent(h2o_generator_t *self, h2o_req_t *req)
{
    (void)self;
    (void)req;
}

/* The first bytes of an answer, and the rest. */
static void answer_half(bool last)
{
    static h2o_generator_t generator = {on_sent, NULL};
    h2o_iovec_t half = h2o_iovec_init(last ? "\"]" : "[\"whole", last ? 2 : 7);

    if (!last) {
        kept->res.status = 200;
        h2o_add_header(&kept->pool, &kept->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/json"));
        h2o_start_response(kept, &generator);
    }
    h2o_send(kept, &half, 1, last ? H2O_SEND_STATE_FINAL : H2O_SEND_STATE_IN_PROGRESS);
}

static void on_accept(h2o_socket_t *from, const char *error)
{
    h2o_socket_t *socket = error == NULL ? h2o_evloop_socket_accept(from) : NULL;

    if (socket != NULL)
        h2o_accept(&accept_ctx, socket);
}

static void listen_here(void)
{
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(fd, SOMAXCONN), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    listener = h2o_evloop_socket_create(ctx.loop, fd, H2O_SOCKET_FLAG_DONT_READ);
    h2o_socket_read_start(listener, on_accept);
}

static int open_host(void **state)
{
    h2o_pathconf_t *path;

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    h2o_config_init(&config);
    path = h2o_config_register_path(h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535),
                                    "/", 0);
    if (gbx_h2o_register(path, NULL) != GBX_ERR_OK)
        return -1;
    h2o_create_handler(path, sizeof(h2o_handler_t))->on_req = keep;
    h2o_context_init(&ctx, h2o_evloop_create(), &config);
    accept_ctx = (h2o_accept_ctx_t){.ctx = &ctx, .hosts = config.hosts};
    listen_here();
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    kept = NULL;
    at_interim = NULL;
    interims = 0;
    extra = "";
    exporter_fails = 0;
    return 0;
}

static void turn(void)
{
    assert_int_equal(h2o_evloop_run(ctx.loop, TURN_MS), 0);
}

/* More than anything takes. */
static void turns(void)
{
    for (int i = 0; i < 10; i++)
        turn();
}

static uint32_t under_way(void)
{
    gbx_capture_counts counts;

    gbx_capture_counts_get(&counts, sizeof(counts));
    return counts.under_way;
}

/* A connection with one traced request, which the handler has. */
static int ask(const char *version, int status)
{
    const char body[] = "{\"trace_config\":{\"capture_traces\":true}}";
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char request[512];
    int length = snprintf(request, sizeof(request),
                          "POST /a/full?status=%d HTTP/%s\r\nHost: x\r\nConnection: close%s\r\n"
                          "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                          status, version, extra, strlen(body), body);

    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(send(fd, request, (size_t)length, 0), length);
    for (int i = 0; i < TURNS_MAX && kept == NULL; i++)
        turn();
    assert_non_null(kept);
    assert_int_equal(under_way(), 1);
    return fd;
}

/* What the client has got; `error` is 0 at the end of the data. */
typedef struct received {
    char text[8192];
    size_t length;
    int error;
} received;

static bool receive(int fd, received *all)
{
    ssize_t count = recv(fd, all->text + all->length, sizeof(all->text) - 1 - all->length, MSG_DONTWAIT);

    if (count > 0)
        all->length += (size_t)count;
    all->error = count == -1 ? errno : 0;
    return count == 0 || (count == -1 && errno != EAGAIN);
}

static void receive_to_end(int fd, received *all)
{
    bool ended = false;

    *all = (received){.length = 0};
    for (int i = 0; i < TURNS_MAX && !ended; i++) {
        turn();
        ended = receive(fd, all);
    }
    assert_true(ended);
    close(fd);
    assert_int_equal(under_way(), 0);
    assert_int_equal(gbx_capture_live_count(), 0);
}

static void check_whole(const received *all)
{
    assert_int_equal(all->error, 0);
    assert_non_null(strstr(all->text, "HTTP/1.1 200 "));
    assert_non_null(strstr(all->text, "{\"output\":[\"whole\"],\"traces\":{"));
    assert_non_null(strstr(all->text, "test.keep"));
    assert_string_equal(all->text + all->length - 7, "\r\n0\r\n\r\n");
}

static void a_client_that_ends_its_side_is_asked_once_and_answered(void **state)
{
    int fd = ask("1.1", 200);
    received all;

    (void)state;
    shutdown(fd, SHUT_WR);
    turns();
    assert_int_equal(under_way(), 1);
    answer();
    receive_to_end(fd, &all);
    assert_memory_equal(all.text, "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 ", 40);
    check_whole(&all);
    assert_int_equal(interims, 1);
}

static void an_answer_waits_until_the_question_is_written(void **state)
{
    int fd = ask("1.1", 200);
    received all;

    (void)state;
    at_interim = answer;
    shutdown(fd, SHUT_WR);
    receive_to_end(fd, &all);
    assert_int_equal(interims, 1);
    check_whole(&all);
}

static void so_does_one_that_breaks_off(void **state)
{
    int fd = ask("1.1", 404);
    received all;

    (void)state;
    at_interim = abort_answer;
    shutdown(fd, SHUT_WR);
    receive_to_end(fd, &all);
    assert_true(interims == 1 && all.error == ECONNRESET);
}

static void check_left(int fd, bool with_reset)
{
    const struct linger at_once = {.l_onoff = with_reset, .l_linger = 0};

    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)), 0);
    close(fd);
    for (int i = 0; i < TURNS_MAX && under_way() != 0; i++)
        turn();
    assert_true(under_way() == 0 && gbx_capture_live_count() == 0);
    assert_non_null(kept); /* the handler still has the request, and answers nobody */
    answer();
    turns();
}

static void a_client_that_leaves_gives_its_place_back_while_the_handler_waits(void **state)
{
    (void)state;
    check_left(ask("1.1", 200), false);
    check_left(ask("1.1", 404), false);
    assert_int_equal(interims, 2);
    check_left(ask("1.1", 200), true);
    check_left(ask("1.0", 200), true);
    assert_int_equal(interims, 2);
}

static void an_answer_to_a_client_that_leaves_at_the_question_ends_the_connection(void **state)
{
    (void)state;
    at_interim = answer;
    close(ask("1.1", 200));
    for (int i = 0; i < TURNS_MAX && (under_way() != 0 || gbx_capture_live_count() != 0); i++)
        turn();
    assert_int_equal(interims, 1);
    assert_true(under_way() == 0 && gbx_capture_live_count() == 0);
}

static void http_1_0_knows_no_interim_answer(void **state)
{
    int fd = ask("1.0", 200);
    received all;

    (void)state;
    shutdown(fd, SHUT_WR);
    turns();
    assert_int_equal(under_way(), 1);
    answer();
    receive_to_end(fd, &all);
    assert_int_equal(interims, 0);
    assert_non_null(strstr(all.text, "{\"output\":[\"whole\"],\"traces\":{"));
}

static void nobody_is_asked_once_the_answer_has_begun(void **state)
{
    int fd = ask("1.1", 200);
    received all;

    (void)state;
    answer_half(false);
    turns();
    shutdown(fd, SHUT_WR);
    turns();
    answer_half(true);
    receive_to_end(fd, &all);
    assert_int_equal(interims, 0);
    assert_non_null(strstr(all.text, "\"traces\":{"));
}

/* The handler may be about to take the connection over. */
static void nobody_is_asked_on_a_connection_that_is_upgraded(void **state)
{
    received all;
    int fd;

    (void)state;
    extra = ", upgrade\r\nUpgrade: test";
    fd = ask("1.1", 200);
    shutdown(fd, SHUT_WR);
    turns();
    answer();
    receive_to_end(fd, &all);
    assert_int_equal(interims, 0);
    check_whole(&all);
}

/* The trace breaks off behind its first bytes. */
static void a_trace_that_breaks_off_never_looks_whole(void **state)
{
    static const struct {
        const char *version;
        int status;
    } cases[] = {{"1.0", 200}, {"1.0", 500}, {"1.1", 404}, {"1.1", 200}};
    received all;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool chunked = strcmp(cases[i].version, "1.1") == 0 && cases[i].status == 200;
        int fd = ask(cases[i].version, cases[i].status);

        exporter_fails = 2;
        answer();
        receive_to_end(fd, &all);
        if (chunked)
            assert_null(strstr(all.text, "\r\n0\r\n\r\n")); /* a missing last chunk is enough */
        assert_int_equal(all.error, chunked ? 0 : ECONNRESET);
    }
}

/* Runs first, because the watcher is created once. */
static void without_a_descriptor_requests_are_answered_all_the_same(void **state)
{
    received all;
    int fd;

    (void)state;
    no_descriptors = true;
    fd = ask("1.1", 200);
    no_descriptors = false;
    shutdown(fd, SHUT_WR);
    answer();
    receive_to_end(fd, &all);
    check_whole(&all);
    assert_int_equal(interims, 0);
}

static void a_context_closes_its_watcher(void **state)
{
    (void)state;
    assert_int_not_equal(watcher_fd, -1);
    assert_int_not_equal(fcntl(watcher_fd, F_GETFD), -1);
    h2o_context_dispose_pathconf_context(&ctx, &config.hosts[0]->paths.entries[0]);
    assert_int_equal(fcntl(watcher_fd, F_GETFD), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(without_a_descriptor_requests_are_answered_all_the_same, set_up),
        cmocka_unit_test_setup(a_client_that_ends_its_side_is_asked_once_and_answered, set_up),
        cmocka_unit_test_setup(an_answer_waits_until_the_question_is_written, set_up),
        cmocka_unit_test_setup(so_does_one_that_breaks_off, set_up),
        cmocka_unit_test_setup(a_client_that_leaves_gives_its_place_back_while_the_handler_waits, set_up),
        cmocka_unit_test_setup(an_answer_to_a_client_that_leaves_at_the_question_ends_the_connection, set_up),
        cmocka_unit_test_setup(http_1_0_knows_no_interim_answer, set_up),
        cmocka_unit_test_setup(nobody_is_asked_once_the_answer_has_begun, set_up),
        cmocka_unit_test_setup(nobody_is_asked_on_a_connection_that_is_upgraded, set_up),
        cmocka_unit_test_setup(a_trace_that_breaks_off_never_looks_whole, set_up),
        cmocka_unit_test_setup(a_context_closes_its_watcher, set_up),
    };

    return cmocka_run_group_tests(tests, open_host, NULL);
}
