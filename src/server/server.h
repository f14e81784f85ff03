/* SPDX-License-Identifier: MIT */
/* The server of the graph service. Event loops, workers, TLS, routes and libh2o are hidden behind a few calls.
 *
 *     1. gbxi_server_open(&options, &server, &error);     // the server now answers at gbxi_server_url(server)
 *     2. poll gbxi_server_done_fd(server) and the program's other descriptors
 *     3. gbxi_server_stop(server);                        // no new connections; requests in flight are finished
 *     4. when the done fd is readable: gbxi_server_close(server);
 *
 * Captures reveal the internals of the service. Without a key file, everyone who can reach the server may capture.
 * Therefore a server without a key file opens on loopback addresses only, unless allow_open_capture is set.
 *
 * The process must ignore SIGPIPE. The server's threads block every signal. */
#ifndef GBX_SERVER_SERVER_H
#define GBX_SERVER_SERVER_H

#include "server/recording_options.h"
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
#define GBXI_SERVER_INLINE_BODY_BYTES_DEFAULT ((size_t)8 << 10) /* which takes 2 to 3 ms at most */
#define GBXI_SERVER_INLINE_NONE SIZE_MAX
#define GBXI_SERVER_MAX_BODY_BYTES_DEFAULT ((size_t)32 << 20)
#define GBXI_SERVER_MAX_CONNECTIONS_DEFAULT 10000
#define GBXI_SERVER_REQUEST_TIMEOUT_S_DEFAULT 30
#define GBXI_SERVER_REQUEST_TIMEOUT_S_MAX 3600

typedef struct gbxi_server gbxi_server;

/* Zero selects the default. Strings are borrowed during gbxi_server_open only. */
typedef struct gbxi_server_options {
    const char *host; /* a name or an address, an IPv6 one with or without brackets; default 127.0.0.1 */
    uint16_t port;    /* default: a free one */
    uint32_t threads; /* event loops; default: one per CPU that the process may use, but not more than 64 */
    uint32_t workers; /* threads for requests that take long; default: one less than that of `threads`, at least 1 */
    uint32_t queue;   /* requests that may wait for a worker; default GBXI_SERVER_QUEUE_DEFAULT */
    /* Requests that may wait for slow clients without occupying a worker. Default GBXI_SERVER_SLOW_CLIENTS_DEFAULT;
     * GBXI_SERVER_SLOW_CLIENTS_NONE: each such request occupies its worker. */
    uint32_t slow_clients;
    /* Requests with larger bodies go to the workers. Default GBXI_SERVER_INLINE_BODY_BYTES_DEFAULT;
     * GBXI_SERVER_INLINE_NONE: all graph requests do. */
    size_t inline_body_bytes;
    const char *cert_file; /* PEM, the whole chain; together with key_file it enables TLS */
    const char *key_file;  /* PEM, without a passphrase */
    size_t max_body_bytes; /* of a request; default GBXI_SERVER_MAX_BODY_BYTES_DEFAULT */
    /* Capturing needs a token made with a key of this file (permission/keys.h). Default: no token is needed. */
    const char *token_key_file;
    const gbx_redaction_options *redaction; /* what must not get into a trace; NULL: no redaction. Copied */
    bool allow_open_capture;                /* allows other addresses than loopback without token_key_file */
    /* Further names that requests may have as their host, besides loopback names and `host`; ended by NULL. Default:
     * none. Without them the host is checked on loopback addresses only. */
    const char *const *allowed_hosts;
    /* Open connections of all loops. Further connections wait in the kernel's queue. Default
     * GBXI_SERVER_MAX_CONNECTIONS_DEFAULT. */
    uint32_t max_connections;
    /* The time limit for an HTTP/1 request to arrive completely, for a TLS handshake, for an idle connection, and for a
     * client that reads nothing of its response. After that time the connection is closed. It is also the total time
     * that a worker waits for its client. Default GBXI_SERVER_REQUEST_TIMEOUT_S_DEFAULT. */
    uint32_t request_timeout_s;
    const gbxi_recording_options *recording; /* NULL: nothing is recorded. Copied */
    bool http2; /* also HTTP/2, whose defects in libh2o 2.2.5 are listed in SECURITY.md; default: HTTP/1.1 alone */
} gbxi_server_options;

/* Binds the address, loads the certificate and starts the loops. Owns: the caller, until gbxi_server_close. Errors:
 * ARGUMENT, IO, NO_MEMORY, with a sentence for the user in `error`. */
GBX_MUST_USE gbx_err gbxi_server_open(const gbxi_server_options *options, gbxi_server **server, gbx_error *error);

/* The server's URL, "http://HOST:PORT" or "https://HOST:PORT", with the port that was actually bound. Valid until
 * close.
 */
const char *gbxi_server_url(const gbxi_server *server);

/* Loads the key file again if there is one. The counts of token uses are kept. Errors: those of the key file, with a
 * sentence in `error`; then the keys are not changed. Thread: any. */
GBX_MUST_USE gbx_err gbxi_server_reload(gbxi_server *server, gbx_error *error);

/* Begins the graceful stop; idempotent. Thread: any. */
void gbxi_server_stop(gbxi_server *server);

/* A descriptor that becomes readable when a stopped server has answered its last request and its workers have ended.
 * Borrowed, and only for polling. */
int gbxi_server_done_fd(const gbxi_server *server);

/* Stops the server, waits until no request is in flight and the loops and workers have ended, and frees the server.
 * False if captures were lost because the store was not done in time. NULL is allowed. */
bool gbxi_server_close(gbxi_server *server);

#endif
