/* SPDX-License-Identifier: MIT */
/* TLS for the listeners: certificate, key, versions and protocol negotiation. */
#ifndef GBX_RUNTIME_TLS_H
#define GBX_RUNTIME_TLS_H

#include <glassbox/error.h>
#include <openssl/ssl.h>
#include <stdbool.h>

/* Creates a context that offers TLS 1.2 with ephemeral keys and AEAD ciphers, and TLS 1.3, with http/1.1 by ALPN, and
 * with h2 before it if `http2`. Owns: the caller, until SSL_CTX_free. Thread: any number of loops may use the context.
 * Errors: IO, and STATE for a file that is not a regular one, with the file and the reason in `error`; NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_tls_new(const char *cert_file, const char *key_file, bool http2, SSL_CTX **context,
                                  gbx_error *error);

#endif
