/* SPDX-License-Identifier: MIT */
/* Builds the OpenSSL context that all loops share. */
#define _GNU_SOURCE
#include "runtime/tls.h"
#include "base/file.h"
#include <h2o.h>
#include <openssl/err.h>
#include <string.h>

/* The reason of the oldest error in OpenSSL's queue, which is the root cause. Empties the queue. */
static const char *tls_take_reason(void)
{
    unsigned long code = ERR_peek_error();
    const char *reason = ERR_SYSTEM_ERROR(code) ? strerror(ERR_GET_REASON(code)) : ERR_reason_error_string(code);

    ERR_clear_error();
    return reason != NULL ? reason : "unknown reason";
}

/* A key with a passphrase is an error. Without this callback OpenSSL would prompt for the passphrase. */
static int tls_no_passphrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer, (void)size, (void)writing, (void)context;
    return -1;
}

/* OpenSSL opens a file by its name, so it is opened twice: first without waiting, to see that it is a regular one. */
static gbx_err tls_check_file(gbxi_file *file, gbx_error *error)
{
    gbx_err err = gbxi_file_open(file, error);

    gbxi_file_close(file);
    return err;
}

static gbx_err tls_load_files(SSL_CTX *context, const char *cert_file, const char *key_file, gbx_error *error)
{
    gbxi_file cert = {.what = "certificate", .path = cert_file}, key = {.what = "private key", .path = key_file};
    gbx_err err;

    SSL_CTX_set_default_passwd_cb(context, tls_no_passphrase);
    ERR_clear_error();
    if ((err = tls_check_file(&cert, error)) != GBX_ERR_OK)
        return err;
    if (SSL_CTX_use_certificate_chain_file(context, cert_file) != 1)
        return gbxi_file_refuse(&cert, GBX_ERR_IO, tls_take_reason(), error);
    if ((err = tls_check_file(&key, error)) != GBX_ERR_OK)
        return err;
    if (SSL_CTX_use_PrivateKey_file(context, key_file, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
        return gbxi_file_refuse(&key, GBX_ERR_IO, tls_take_reason(), error);
    return GBX_ERR_OK;
}

/* TLS 1.2 only with keys of its own for each connection and with authenticated encryption, as TLS 1.3 always is. A
 * recorded connection with static RSA could be read by whoever gets the server's key later. */
static gbx_err tls_limit(SSL_CTX *context, gbx_error *error)
{
    ERR_clear_error();
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!PSK") != 1)
        return gbx_error_set(error, GBX_ERR_IO, NULL, "cannot set up TLS: %s", tls_take_reason());
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    return GBX_ERR_OK;
}

gbx_err gbxi_tls_new(const char *cert_file, const char *key_file, bool http2, SSL_CTX **context, gbx_error *error)
{
    static const h2o_iovec_t http1_alone[] = {{H2O_STRLIT("http/1.1")}, {NULL, 0}};
    SSL_CTX *made = SSL_CTX_new(TLS_server_method());
    gbx_err err;

    if (made == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "cannot set up TLS: %s", tls_take_reason());
    if ((err = tls_limit(made, error)) != GBX_ERR_OK ||
        (err = tls_load_files(made, cert_file, key_file, error)) != GBX_ERR_OK) {
        SSL_CTX_free(made);
        return err;
    }
    h2o_ssl_register_alpn_protocols(made, http2 ? h2o_alpn_protocols : http1_alone);
    *context = made;
    return GBX_ERR_OK;
}
