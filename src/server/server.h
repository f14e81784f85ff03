/* SPDX-License-Identifier: MIT */
/* The graph service as a server: event loops, workers, TLS and routes behind a few calls; libh2o stays inside.
 *
 *     1. gbxi_server_open(&options, &server, &error);     // from here on it answers at gbxi_server_url(server)
 *     2. poll gbxi_server_done_fd(server), and whatever else the program waits for
 *     3. gbxi_server_stop(server);                        // no new connections; requests in flight are finished
 *     4. when the done fd is readable: gbxi_server_close(server);
 *
 * Capturing shows the inside of the service. Without a file of token keys anyone who reaches the server may capture, so
 * then it opens on a loopback address only, unless told that this is meant.
 *
 * The process must ignore SIGPIPE. The server's threads block every signal. */
#ifndef GBX_SERVER_SERVER_H
#define GBX_SERVER_SERVER_H

#include <glassbox/error.h>
#include <glassbox/redaction.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GBXI_SERVER_THREADS_MAX 256
#define GBXI_SERVER_WORKERS_MAX 256
#define GBXI_SERVER_QUEUE_DEFAULT 64
#define GBXI_SERVER_SLOW_CLIENTS_DEFAULT 8
#define GBXI_SERVER_SLOW_CLIENTS_MAX 256
#define GBXI_SERVER_SLOW_CLIENTS_NONE UINT32_MAX
#define GBXI_SERVER_INLINE_BODY_BYTES_DEFAULT ((size_t)64 << 10)
#define GBXI_SERVER_INLINE_NONE SIZE_MAX
#define GBXI_SERVER_MAX_BODY_BYTES_DEFAULT ((size_t)32 << 20)
#define GBXI_SERVER_MAX_CONNECTIONS_DEFAULT 10000
#define GBXI_SERVER_REQUEST_TIMEOUT_S_DEFAULT 30
#define GBXI_SERVER_REQUEST_TIMEOUT_S_MAX 3600

typedef struct gbxi_server gbxi_server;

/* Zero means the default. Strings are borrowed during gbxi_server_open only. */
typedef struct gbxi_server_options {
    const char *host; /* a name or an address, an IPv6 one with or without brackets; default 127.0.0.1 */
    uint16_t port;    /* default: a free one */
    uint32_t threads; /* event loops; default one per CPU that the process may use, at most 64 */
    uint32_t workers; /* threads for requests that take long; default one per such CPU, less one for the loops */
    uint32_t queue;   /* such requests that may wait for one; default GBXI_SERVER_QUEUE_DEFAULT */
    /* Requests that may wait for clients slow to take their answers without keeping a worker from the next one. Default
     * GBXI_SERVER_SLOW_CLIENTS_DEFAULT; GBXI_SERVER_SLOW_CLIENTS_NONE: each keeps its worker. */
    uint32_t slow_clients;
    /* A request with a larger body takes long. Default GBXI_SERVER_INLINE_BODY_BYTES_DEFAULT; GBXI_SERVER_INLINE_NONE:
     * every graph request does. */
    size_t inline_body_bytes;
    const char *cert_file; /* PEM, the chain; with key_file it turns TLS on */
    const char *key_file;  /* PEM, without a passphrase */
    size_t max_body_bytes; /* of a request; default GBXI_SERVER_MAX_BODY_BYTES_DEFAULT */
    /* Who captures needs a token made with a key of this file (permission/keys.h); default: nobody needs one. */
    const char *token_key_file;
    const gbx_redaction_options *redaction; /* what must not get into a trace; NULL: nothing. Copied */
    bool allow_open_capture;                /* without token_key_file: open also where other machines can reach it */
    /* At the same time, over all loops; further ones wait in the kernel's queue until one ends. Default
     * GBXI_SERVER_MAX_CONNECTIONS_DEFAULT. */
    uint32_t max_connections;
    /* How long an HTTP/1 request may take to arrive whole, a TLS handshake to end, a connection to be idle, and an
     * answer to wait for a client that takes none of it; then the connection is ended. Also how long, in all, a worker
     * may wait for its client. Default GBXI_SERVER_REQUEST_TIMEOUT_S_DEFAULT. */
    uint32_t request_timeout_s;
} gbxi_server_options;

/* Binds, loads the certificate and starts the loops. Owns: the caller, until gbxi_server_close. Errors: ARGUMENT, IO,
 * NO_MEMORY, with a sentence for the person at the terminal in `error`. */
GBX_MUST_USE gbx_err gbxi_server_open(const gbxi_server_options *options, gbxi_server **server, gbx_error *error);

/* Where it listens: "http://HOST:PORT", with the port that was really bound. Valid until close. */
const char *gbxi_server_url(const gbxi_server *server);

/* Reads the token keys again, where there are any; uses of tokens stay counted. Errors: those of the key file, with a
 * sentence in `error`; then the keys stay as they were. Thread: any. */
GBX_MUST_USE gbx_err gbxi_server_reload(gbxi_server *server, gbx_error *error);

/* Begins the graceful stop; idempotent. Thread: any. */
void gbxi_server_stop(gbxi_server *server);

/* Becomes readable when a stopped server has answered its last request and its workers have ended. Borrowed; only for
 * polling. */
int gbxi_server_done_fd(const gbxi_server *server);

/* Stops, waits for the loops and workers for as long as requests are in flight, and frees. NULL is allowed. */
void gbxi_server_close(gbxi_server *server);

#endif
