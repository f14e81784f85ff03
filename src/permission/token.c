/* SPDX-License-Identifier: MIT */
/* Owns the form of capability tokens and their signature. */
#include "permission/token.h"
#include "permission/base64url.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

enum { VERSION_CAPTURE = 1, VERSION_PURPOSES = 2, MAC_BYTES = 32 };

/* The unread rest of a payload. Reading past its end returns zeros and sets `failed`. */
typedef struct payload_reader {
    const uint8_t *at, *end;
    bool failed;
} payload_reader;

static const uint8_t *token_take_bytes(payload_reader *reader, size_t length)
{
    const uint8_t *at = reader->at;

    if (reader->failed || (size_t)(reader->end - at) < length) {
        reader->failed = true;
        return NULL;
    }
    reader->at += length;
    return at;
}

static uint64_t token_take_number(payload_reader *reader, size_t length)
{
    const uint8_t *bytes = token_take_bytes(reader, length);
    uint64_t value = 0;

    for (size_t i = 0; bytes != NULL && i < length; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* Reads a length byte and the text after it. Returns NULL and a length of 0 if there is none. */
static const char *token_take_text(payload_reader *reader, size_t *length)
{
    const uint8_t *bytes;

    *length = (size_t)token_take_number(reader, 1);
    bytes = token_take_bytes(reader, *length);
    if (bytes == NULL)
        *length = 0;
    return (const char *)bytes;
}

static uint8_t *token_put_number(uint8_t *at, uint64_t value, size_t length)
{
    for (size_t i = 0; i < length; i++)
        *at++ = (uint8_t)(value >> 8 * (length - 1 - i));
    return at;
}

static uint8_t *token_put_bytes(uint8_t *at, const void *bytes, size_t length)
{
    memcpy(at, bytes, length);
    return at + length;
}

static uint8_t *token_put_text(uint8_t *at, const char *text)
{
    size_t length = strlen(text);

    return token_put_bytes(token_put_number(at, length, 1), text, length);
}

/* The version, and what it says or leaves to be said. Programs of before version 2 accept tokens for capturing. */
static uint8_t *token_put_purposes(uint8_t *at, uint8_t purposes)
{
    if (purposes == GBXI_PURPOSE_CAPTURE)
        return token_put_number(at, VERSION_CAPTURE, 1);
    return token_put_number(token_put_number(at, VERSION_PURPOSES, 1), purposes, 1);
}

/* 0 if the payload is of another version, or is written in another way than token_put_purposes does. */
static uint8_t token_take_purposes(payload_reader *reader)
{
    uint64_t purposes;

    switch (token_take_number(reader, 1)) {
    case VERSION_CAPTURE:
        return GBXI_PURPOSE_CAPTURE;
    case VERSION_PURPOSES:
        purposes = token_take_number(reader, 1);
        return (purposes & ~(uint64_t)GBXI_PURPOSES_ALL) == 0 && purposes != GBXI_PURPOSE_CAPTURE ? (uint8_t)purposes
                                                                                                  : 0;
    default:
        return 0;
    }
}

static bool token_make_mac(const gbxi_key *key, const uint8_t *payload, size_t length, uint8_t mac[MAC_BYTES])
{
    unsigned mac_length = 0;

    return HMAC(EVP_sha256(), key->secret, key->secret_length, payload, length, mac, &mac_length) != NULL &&
           mac_length == MAC_BYTES;
}

/* Whether a path segment is "." or "..", which a normalized path does not contain. */
static bool token_is_dots(const char *segment, size_t length)
{
    return (length == 1 && segment[0] == '.') || (length == 2 && segment[0] == '.' && segment[1] == '.');
}

/* Describes what is wrong with a path; NULL if it is valid. The caller must have removed slashes at the end. */
static const char *token_path_fault(const char *path, size_t length)
{
    size_t segment = 1;

    if (length == 0 || path[0] != '/')
        return "must start with a slash";
    if (length > GBXI_TOKEN_PATH_LENGTH_MAX)
        return "is longer than 255 bytes";
    for (size_t i = 1; i <= length; i++) {
        unsigned char c = i < length ? (unsigned char)path[i] : '/';

        if (c < ' ' || c == 0x7f || c == '?' || c == '#' || c == '%')
            return "must be written as handlers see it: without a query, %-escapes or control characters";
        if (c != '/')
            continue;
        if (token_is_dots(path + segment, i - segment))
            return "must not have . or .. as a segment";
        segment = i + 1;
    }
    return NULL;
}

gbx_err gbxi_token_path_set(gbxi_token *token, const char *path, gbx_error *error)
{
    size_t length = strlen(path);
    const char *fault;

    while (length > 1 && path[length - 1] == '/')
        length--;
    if ((fault = token_path_fault(path, length)) != NULL)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "the path '%.64s' %s", path, fault);
    memcpy(token->path, path, length);
    token->path[length] = '\0';
    return GBX_ERR_OK;
}

gbx_err gbxi_token_id_draw(gbxi_token *token, gbx_error *error)
{
    if (RAND_bytes(token->id, sizeof(token->id)) != 1)
        return gbx_error_set(error, GBX_ERR_IO, NULL, "the system cannot provide random numbers");
    return GBX_ERR_OK;
}

gbx_err gbxi_token_seal(const gbxi_token *token, const gbxi_key *key, char text[GBXI_TOKEN_TEXT_LENGTH_MAX + 1],
                        gbx_error *error)
{
    uint8_t payload[GBXI_TOKEN_PAYLOAD_BYTES_MAX], mac[MAC_BYTES], *at = payload;
    char *end;

    at = token_put_purposes(at, token->purposes);
    at = token_put_text(at, key->id);
    at = token_put_number(at, token->expires_s, 8);
    at = token_put_number(at, token->max_spans, 4);
    at = token_put_number(at, token->uses, 4);
    at = token_put_bytes(at, token->id, sizeof(token->id));
    at = token_put_text(at, token->path);
    if (!token_make_mac(key, payload, (size_t)(at - payload), mac))
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "the token cannot be signed");
    end = gbxi_base64url_encode(text, payload, (size_t)(at - payload));
    *end++ = '.';
    *gbxi_base64url_encode(end, mac, sizeof(mac)) = '\0';
    return GBX_ERR_OK;
}

/* Reads a complete payload; false if it is none. */
static bool token_read_payload(const uint8_t *payload, size_t length, gbxi_token *token, const char **key_id,
                               size_t *key_id_length)
{
    payload_reader reader = {.at = payload, .end = payload + length};
    const uint8_t *id;
    const char *path;
    size_t path_length;

    if ((token->purposes = token_take_purposes(&reader)) == 0)
        return false;
    *key_id = token_take_text(&reader, key_id_length);
    token->expires_s = token_take_number(&reader, 8);
    token->max_spans = (uint32_t)token_take_number(&reader, 4);
    token->uses = (uint32_t)token_take_number(&reader, 4);
    id = token_take_bytes(&reader, sizeof(token->id));
    path = token_take_text(&reader, &path_length);
    if (reader.failed || reader.at != reader.end || !gbxi_key_id_is_valid(*key_id, *key_id_length) ||
        token_path_fault(path, path_length) != NULL || (path_length > 1 && path[path_length - 1] == '/'))
        return false;
    memcpy(token->id, id, sizeof(token->id));
    memcpy(token->path, path, path_length);
    token->path[path_length] = '\0';
    return true;
}

/* Decodes the two halves of a token's text; false if they are not base64url or do not have the size of a token's. */
static bool token_split(const char *text, size_t length, uint8_t payload[GBXI_TOKEN_PAYLOAD_BYTES_MAX],
                        size_t *payload_length, uint8_t mac[MAC_BYTES])
{
    const char *dot = length <= GBXI_TOKEN_TEXT_LENGTH_MAX ? memchr(text, '.', length) : NULL;
    size_t mac_length;

    return dot != NULL &&
           gbxi_base64url_decode(text, (size_t)(dot - text), payload, GBXI_TOKEN_PAYLOAD_BYTES_MAX, payload_length) &&
           gbxi_base64url_decode(dot + 1, length - (size_t)(dot + 1 - text), mac, MAC_BYTES, &mac_length) &&
           mac_length == MAC_BYTES;
}

gbx_err gbxi_token_open(const char *text, size_t length, const gbxi_keys *keys, gbxi_token *token, gbx_error *error)
{
    uint8_t payload[GBXI_TOKEN_PAYLOAD_BYTES_MAX], mac[MAC_BYTES], expected[MAC_BYTES];
    size_t payload_length, key_id_length;
    const char *key_id;
    const gbxi_key *key;

    if (!token_split(text, length, payload, &payload_length, mac) ||
        !token_read_payload(payload, payload_length, token, &key_id, &key_id_length))
        return gbx_error_set(error, GBX_ERR_SYNTAX, NULL, "the token was not issued by this server, or it is damaged");
    if ((key = gbxi_keys_find(keys, key_id, key_id_length)) == NULL)
        return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "the token was made with a key that is not accepted here");
    if (!token_make_mac(key, payload, payload_length, expected))
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "the token cannot be checked because memory is short");
    if (CRYPTO_memcmp(mac, expected, MAC_BYTES) != 0)
        return gbx_error_set(error, GBX_ERR_CONFLICT, NULL, "the token's signature is wrong");
    memcpy(token->key_id, key->id, sizeof(token->key_id));
    return GBX_ERR_OK;
}

bool gbxi_token_covers(const gbxi_token *token, const char *path, size_t length)
{
    size_t prefix = strlen(token->path);

    if (prefix == 1) /* the root covers every absolute path */
        return length > 0 && path[0] == '/';
    return length >= prefix && memcmp(path, token->path, prefix) == 0 && (length == prefix || path[prefix] == '/');
}
