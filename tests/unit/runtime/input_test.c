/* SPDX-License-Identifier: MIT */
/* Buffers for input: libh2o uses ours, large ones grow without a copy, and a lack of memory is an error of one
 * connection. */
#define _GNU_SOURCE
#include "runtime/libh2o/input.h"
#include <h2o.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { PAGE = 4096, MEBIBYTE = 1 << 20, BODY_BYTES = 3 * MEBIBYTE, ONE_WRITE_BYTES = 64 << 10 };

static char pattern(size_t at)
{
    return (char)(at % 251);
}

static void fill(h2o_buffer_t **buffer, size_t bytes)
{
    h2o_iovec_t room = h2o_buffer_reserve(buffer, bytes);

    assert_non_null(room.base);
    assert_true(room.len >= bytes);
    for (size_t i = 0; i < bytes; i++)
        room.base[i] = pattern((*buffer)->size + i);
    (*buffer)->size += bytes;
}

static void check(const h2o_buffer_t *buffer, size_t consumed)
{
    for (size_t i = 0; i < buffer->size; i++)
        if (buffer->bytes[i] != pattern(consumed + i))
            fail_msg("byte %zu has changed", i);
}

static bool is_mapped(const h2o_buffer_t *buffer)
{
    return (uintptr_t)buffer % PAGE == 0;
}

/* Memory from malloc begins 16 bytes after the start of a page at the earliest, except with ThreadSanitizer. */
static void check_is_not_mapped(const h2o_buffer_t *buffer)
{
#ifdef __SANITIZE_THREAD__
    (void)buffer;
#else
    assert_false(is_mapped(buffer));
#endif
}

static bool is_page(void *address)
{
    unsigned char resident;

    return mincore(address, PAGE, &resident) == 0;
}

static void a_buffer_keeps_its_content_however_it_grows(void **state)
{
    h2o_buffer_t *buffer;

    (void)state;
    h2o_buffer_init(&buffer, &h2o_socket_buffer_prototype);
    for (size_t i = 0; i < 40; i++) {
        fill(&buffer, 1 + i * i * 100);
        check(buffer, 0);
        if (buffer->capacity >= MEBIBYTE)
            assert_true(is_mapped(buffer));
        else
            check_is_not_mapped(buffer);
    }
    assert_true(buffer->capacity >= 2 * MEBIBYTE);
    h2o_buffer_dispose(&buffer);
}

static void what_was_consumed_makes_room_for_what_comes(void **state)
{
    h2o_buffer_t *buffer;
    size_t capacity;

    (void)state;
    h2o_buffer_init(&buffer, &h2o_socket_buffer_prototype);
    fill(&buffer, 2 * MEBIBYTE);
    capacity = buffer->capacity;
    h2o_buffer_consume(&buffer, 2 * MEBIBYTE - 100);
    assert_true(h2o_buffer_reserve(&buffer, MEBIBYTE / 2).len >= MEBIBYTE / 2);
    assert_int_equal(buffer->capacity, capacity);
    check(buffer, 2 * MEBIBYTE - 100);
    assert_true(h2o_buffer_reserve(&buffer, 4 * MEBIBYTE).len >= 4 * MEBIBYTE);
    check(buffer, 2 * MEBIBYTE - 100);
    h2o_buffer_dispose(&buffer);
}

static void a_part_that_was_consumed_stays_away_when_the_pages_move(void **state)
{
    h2o_buffer_t *buffer;

    (void)state;
    h2o_buffer_init(&buffer, &h2o_socket_buffer_prototype);
    fill(&buffer, 2 * MEBIBYTE);
    h2o_buffer_consume(&buffer, 1000);
    for (size_t i = 0; i < 5; i++) {
        h2o_iovec_t room = h2o_buffer_reserve(&buffer, buffer->capacity);

        assert_true(room.len >= buffer->capacity / 2);
        assert_ptr_equal(room.base, buffer->bytes + buffer->size);
        room.base[room.len - 1] = 'x'; /* all of it is there */
        check(buffer, 1000);
    }
    h2o_buffer_dispose(&buffer);
}

static void libh2o_frees_what_was_mapped_here(void **state)
{
    h2o_buffer_t *buffer, *mapped;

    (void)state;
    h2o_buffer_init(&buffer, &h2o_socket_buffer_prototype);
    fill(&buffer, BODY_BYTES);
    mapped = buffer;
    assert_true(is_page(mapped));
    h2o_buffer_consume(&buffer, BODY_BYTES); /* inside libh2o */
    assert_false(is_page(mapped));
    assert_null(buffer->bytes);
}

static void without_memory_a_large_buffer_stays_as_it_is(void **state)
{
    const size_t too_much = (size_t)1 << 47;
    h2o_buffer_t *buffer;
    h2o_iovec_t room;

    (void)state;
    h2o_buffer_init(&buffer, &h2o_socket_buffer_prototype);
    assert_null(h2o_buffer_reserve(&buffer, too_much).base);
    fill(&buffer, 100);
    assert_null(h2o_buffer_reserve(&buffer, too_much).base);
    fill(&buffer, 2 * MEBIBYTE);
    room = h2o_buffer_reserve(&buffer, too_much);
    assert_null(room.base);
    assert_int_equal(room.len, 0);
    assert_int_equal(buffer->size, 100 + 2 * MEBIBYTE);
    check(buffer, 0);
    h2o_buffer_dispose(&buffer);
}

static void other_buffers_are_as_they_were(void **state)
{
    static h2o_buffer_prototype_t other = {.allocator = {.max = 4}, ._initial_buf = {.capacity = PAGE}};
    h2o_buffer_t *buffer;

    (void)state;
    h2o_buffer_init(&buffer, &other);
    fill(&buffer, 10);
    assert_int_equal(buffer->capacity, PAGE);
    fill(&buffer, BODY_BYTES);
    check_is_not_mapped(buffer);
    check(buffer, 0);
    h2o_buffer_dispose(&buffer);
}

static void on_read(h2o_socket_t *socket, const char *error)
{
    (void)socket;
    assert_null(error);
}

static void send_pattern(int fd, size_t at)
{
    static char bytes[ONE_WRITE_BYTES];

    for (size_t i = 0; i < ONE_WRITE_BYTES; i++)
        bytes[i] = pattern(at + i);
    assert_int_equal(write(fd, bytes, ONE_WRITE_BYTES), ONE_WRITE_BYTES);
}

static void libh2o_reads_into_what_is_mapped_here(void **state)
{
    h2o_evloop_t *loop = h2o_evloop_create();
    h2o_socket_t *socket;
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    socket = h2o_evloop_socket_create(loop, ends[0], 0);
    h2o_socket_read_start(socket, on_read);
    for (size_t at = 0; at < BODY_BYTES; at += ONE_WRITE_BYTES) {
        send_pattern(ends[1], at);
        while (socket->input->size < at + ONE_WRITE_BYTES)
            h2o_evloop_run(loop, INT32_MAX);
    }
    assert_true(is_mapped(socket->input));
    check(socket->input, 0);
    h2o_socket_close(socket);
    h2o_evloop_run(loop, 0);
    h2o_evloop_destroy(loop);
    close(ends[1]);
}

static size_t most_in_a_turn, before_the_turn;

static void on_read_in_turns(h2o_socket_t *socket, const char *error)
{
    size_t taken = socket->input->size - before_the_turn;

    assert_null(error);
    most_in_a_turn = taken > most_in_a_turn ? taken : most_in_a_turn;
    before_the_turn = socket->input->size;
    gbxi_input_end_turn();
}

/* All is there from the beginning. The first turns take least, and no turn more than is held. */
static void a_socket_that_takes_turns_reads_so_much_and_no_more(void **state)
{
    enum { LEAST = 16 << 10, SENT = 2 * ONE_WRITE_BYTES };
    h2o_loop_t *loop = h2o_evloop_create();
    h2o_socket_t *socket;
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    for (size_t at = 0; at < SENT; at += ONE_WRITE_BYTES)
        send_pattern(ends[1], at);
    socket = h2o_evloop_socket_create(loop, ends[0], 0);
    gbxi_input_take_turns(socket);
    most_in_a_turn = before_the_turn = 0;
    h2o_socket_read_start(socket, on_read_in_turns);
    while (socket->input->size == 0)
        h2o_evloop_run(loop, INT32_MAX);
    assert_int_equal(most_in_a_turn, LEAST);
    while (socket->input->size < SENT)
        h2o_evloop_run(loop, INT32_MAX);
    assert_in_range(most_in_a_turn, LEAST, SENT / 2);
    check(socket->input, 0);
    assert_null(h2o_buffer_reserve(&socket->input, (size_t)1 << 47).base); /* that much is not there */
    h2o_socket_close(socket);
    h2o_evloop_run(loop, 0);
    h2o_evloop_destroy(loop);
    close(ends[1]);
}

static void a_listening_socket_bounds_what_its_connections_hold(void **state)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0), bytes;
    socklen_t length = sizeof(bytes);

    (void)state;
    gbxi_input_bound(fd);
    assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, &length), 0);
    assert_in_range(bytes, 128 << 10, MEBIBYTE);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_keeps_its_content_however_it_grows),
        cmocka_unit_test(what_was_consumed_makes_room_for_what_comes),
        cmocka_unit_test(a_part_that_was_consumed_stays_away_when_the_pages_move),
        cmocka_unit_test(libh2o_frees_what_was_mapped_here),
        cmocka_unit_test(without_memory_a_large_buffer_stays_as_it_is),
        cmocka_unit_test(other_buffers_are_as_they_were),
        cmocka_unit_test(libh2o_reads_into_what_is_mapped_here),
        cmocka_unit_test(a_socket_that_takes_turns_reads_so_much_and_no_more),
        cmocka_unit_test(a_listening_socket_bounds_what_its_connections_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
