/* SPDX-License-Identifier: MIT */
/* HTTP/2 by the byte, for clients that no library would let us be. A call that fails makes the test fail. */
#ifndef GBX_TESTS_SUPPORT_FRAMES_H
#define GBX_TESTS_SUPPORT_FRAMES_H

#include "client.h"
#include <stdint.h>

enum { DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION };
enum { END_STREAM = 1, ACK = 1, END_HEADERS = 4 };

#define FRAMES_PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

/* A growing message of frames. */
typedef struct frames_message {
    uint8_t bytes[1 << 18];
    size_t length;
} frames_message;

typedef struct frames_frame {
    unsigned type, flags;
    size_t length;
    uint8_t payload[16384];
} frames_frame;

void frames_put(frames_message *m, unsigned type, unsigned flags, uint32_t stream, const void *payload, size_t length);
/* Settings with this initial window of streams. */
void frames_put_window(frames_message *m, uint32_t size);
void frames_put_ping(frames_message *m);
/* Headers with every field written out. */
void frames_put_request(frames_message *m, unsigned flags, uint32_t stream, const char *method, const char *path);
void frames_send(int fd, const frames_message *m);

/* Connects with small buffers and begins `m` with the preface and a window for streams. */
int frames_open(const gbxi_server *server, uint32_t window, frames_message *m);

void frames_read_bytes(int fd, uint8_t *bytes, size_t length);
void frames_read(int fd, frames_frame *f);
/* Skips all frames up to one of this type. */
void frames_read_until(int fd, frames_frame *f, unsigned type);
void frames_read_pong(int fd);

#endif
