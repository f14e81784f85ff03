/* SPDX-License-Identifier: MIT */
/* Writes and reads frames. */
#define _GNU_SOURCE
#include "frames.h"
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { HEAD_BYTES = 9, INITIAL_WINDOW_SIZE = 4 };

static void put(frames_message *m, const void *bytes, size_t length)
{
    assert_true(m->length + length <= sizeof(m->bytes));
    if (length != 0)
        memcpy(m->bytes + m->length, bytes, length);
    m->length += length;
}

void frames_put(frames_message *m, unsigned type, unsigned flags, uint32_t stream, const void *payload, size_t length)
{
    const uint8_t head[HEAD_BYTES] = {(uint8_t)(length >> 16), (uint8_t)(length >> 8), (uint8_t)length,
                                      (uint8_t)type,           (uint8_t)flags,         (uint8_t)(stream >> 24),
                                      (uint8_t)(stream >> 16), (uint8_t)(stream >> 8), (uint8_t)stream};

    put(m, head, sizeof(head));
    put(m, payload, length);
}

void frames_put_window(frames_message *m, uint32_t size)
{
    const uint8_t payload[] = {
        0, INITIAL_WINDOW_SIZE, (uint8_t)(size >> 24), (uint8_t)(size >> 16), (uint8_t)(size >> 8), (uint8_t)size};

    frames_put(m, SETTINGS, 0, 0, payload, sizeof(payload));
}

void frames_put_ping(frames_message *m)
{
    frames_put(m, PING, 0, 0, "12345678", 8);
}

static void put_literal(frames_message *block, const char *name, const char *value)
{
    const uint8_t name_head[] = {0, (uint8_t)strlen(name)}, value_head = (uint8_t)strlen(value);

    put(block, name_head, sizeof(name_head));
    put(block, name, strlen(name));
    put(block, &value_head, 1);
    put(block, value, strlen(value));
}

void frames_put_request(frames_message *m, unsigned flags, uint32_t stream, const char *method, const char *path)
{
    static frames_message block;

    block.length = 0;
    put_literal(&block, ":method", method);
    put_literal(&block, ":scheme", "http");
    put_literal(&block, ":path", path);
    put_literal(&block, ":authority", "127.0.0.1");
    if (strcmp(method, "POST") == 0)
        put_literal(&block, "content-type", "application/json");
    frames_put(m, HEADERS, flags, stream, block.bytes, block.length);
}

void frames_send(int fd, const frames_message *m)
{
    assert_int_equal(send(fd, m->bytes, m->length, MSG_NOSIGNAL), m->length);
}

int frames_open(const gbxi_server *server, uint32_t window, frames_message *m)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), small = 4096, segment = 1460;

    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
    assert_int_equal(setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof(segment)), 0);
    client_connect_with(fd, client_port(server));
    m->length = 0;
    put(m, FRAMES_PREFACE, strlen(FRAMES_PREFACE));
    frames_put_window(m, window);
    return fd;
}

void frames_read_bytes(int fd, uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        ssize_t count;

        assert_true(client_wait(fd, CLIENT_PATIENCE_MS));
        count = read(fd, bytes + i, length - i);
        assert_true(count > 0);
        i += (size_t)count;
    }
}

void frames_read(int fd, frames_frame *f)
{
    uint8_t head[HEAD_BYTES];

    frames_read_bytes(fd, head, sizeof(head));
    f->length = (size_t)head[0] << 16 | (size_t)head[1] << 8 | head[2];
    f->type = head[3];
    f->flags = head[4];
    assert_true(f->length <= sizeof(f->payload));
    frames_read_bytes(fd, f->payload, f->length);
}

void frames_read_until(int fd, frames_frame *f, unsigned type)
{
    do
        frames_read(fd, f);
    while (f->type != type);
}

void frames_read_pong(int fd)
{
    frames_frame f;

    do
        frames_read_until(fd, &f, PING);
    while (f.flags != ACK);
}
