/* SPDX-License-Identifier: MIT */
/* The graph service as a server: event loops, TLS and routes behind a few calls; libh2o stays inside.
 *
 *     1. gbx_server_open(&options, &server, &error);     // from here on it answers at gbx_server_url(server)
 *     2. poll gbx_server_done_fd(server), and whatever else the program waits for
 *     3. gbx_server_stop(server);                        // no new connections; requests in flight are finished
 *     4. when the done fd is readable: gbx_server_close(server);
 *
 * The process must ignore SIGPIPE. The server's threads block every signal. */
#ifndef GBX_SERVER_SERVER_H
#define GBX_SERVER_SERVER_H

#include <glassbox/error.h>
#include <stddef.h>
#include <stdint.h>

#define GBX_SERVER_THREADS_MAX 256
#define GBX_SERVER_MAX_BODY_BYTES_DEFAULT ((size_t)32 << 20)

typedef struct gbx_server gbx_server;

/* Zero means the default. Strings are borrowed during gbx_server_open only. */
typedef struct gbx_server_options {
    const char *host;      /* a name or an address, an IPv6 one with or without brackets; default 127.0.0.1 */
    uint16_t port;         /* default: a free one */
    uint32_t threads;      /* event loops; default one per CPU that the process may use, at most 64 */
    const char *cert_file; /* PEM, the chain; with key_file it turns TLS on */
    const char *key_file;  /* PEM, without a passphrase */
    size_t max_body_bytes; /* of a request; default GBX_SERVER_MAX_BODY_BYTES_DEFAULT */
} gbx_server_options;

/* Binds, loads the certificate and starts the loops. Owns: the caller, until gbx_server_close. Errors: ARGUMENT, IO,
 * NO_MEMORY, with a sentence for the person at the terminal in `error`. */
GBX_MUST_USE gbx_err gbx_server_open(const gbx_server_options *options, gbx_server **server, gbx_error *error);

/* Where it listens: "http://HOST:PORT", with the port that was really bound. Valid until close. */
const char *gbx_server_url(const gbx_server *server);

/* Begins the graceful stop; idempotent. Thread: any. */
void gbx_server_stop(gbx_server *server);

/* Becomes readable when a stopped server has answered its last request. Borrowed; only for polling. */
int gbx_server_done_fd(const gbx_server *server);

/* Stops, waits for the loops for as long as requests are in flight, and frees. NULL is allowed. */
void gbx_server_close(gbx_server *server);

#endif
