/* SPDX-License-Identifier: MIT */
/* Owns the syntax of key files and the life of secrets in memory. */
#define _GNU_SOURCE
#include "permission/keys.h"
#include "base/file.h"
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_BYTES_MAX = 16 * 1024, GENERATED_SECRET_BYTES = 32, GENERATED_ID_BYTES = 4 };

static bool key_is_id_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

bool gbxi_key_id_is_valid(const char *id, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!key_is_id_letter(id[i]))
            return false;
    return length > 0 && length <= GBXI_KEY_ID_LENGTH_MAX;
}

static int key_hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit = (char)(digit | ('a' - 'A'));
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static bool key_parse_secret(const char *digits, size_t length, gbxi_key *key)
{
    if (length % 2 != 0 || length < 2 * GBXI_KEY_SECRET_BYTES_MIN || length > 2 * GBXI_KEY_SECRET_BYTES_MAX)
        return false;
    key->secret_length = (uint8_t)(length / 2);
    for (size_t i = 0; i < length / 2; i++) {
        int high = key_hex_digit(digits[2 * i]), low = key_hex_digit(digits[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        key->secret[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* Parses a line that is not empty. */
static gbx_err key_parse(const char *line, size_t length, gbxi_keys *keys, const char **reason)
{
    const char *colon = memchr(line, ':', length);
    size_t id_length = colon != NULL ? (size_t)(colon - line) : 0;
    gbxi_key *key;

    *reason = "a key has the form id:secret, with an id of 1 to 32 letters, digits, '-', '_' and '.'";
    if (colon == NULL || !gbxi_key_id_is_valid(line, id_length))
        return GBX_ERR_SYNTAX;
    *reason = "a line above has the same id";
    if (gbxi_keys_find(keys, line, id_length) != NULL)
        return GBX_ERR_CONFLICT;
    *reason = "a file may have at most 16 keys";
    if (keys->count == GBXI_KEYS_MAX)
        return GBX_ERR_LIMIT;
    *reason = "a secret is 64 to 128 hexadecimal digits, which are 32 to 64 bytes";
    key = &keys->keys[keys->count];
    if (!key_parse_secret(colon + 1, length - id_length - 1, key))
        return GBX_ERR_SYNTAX;
    memcpy(key->id, line, id_length); /* the byte behind it is 0 */
    keys->count++;
    return GBX_ERR_OK;
}

static bool key_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static gbx_err key_parse_line(const char *line, const char *end, gbxi_keys *keys, const char **reason)
{
    while (line != end && key_is_space(*line))
        line++;
    while (line != end && key_is_space(end[-1]))
        end--;
    if (line == end || *line == '#')
        return GBX_ERR_OK;
    return key_parse(line, (size_t)(end - line), keys, reason);
}

gbx_err gbxi_keys_parse(const char *text, size_t length, const char *name, gbxi_keys *keys, gbx_error *error)
{
    const char *end = text + length, *line_end, *reason = NULL;
    gbx_err err = GBX_ERR_OK;
    unsigned number = 0;

    *keys = (gbxi_keys){0};
    for (const char *line = text; err == GBX_ERR_OK && line < end; line = line_end + 1) {
        if ((line_end = memchr(line, '\n', (size_t)(end - line))) == NULL)
            line_end = end;
        number++;
        err = key_parse_line(line, line_end, keys, &reason);
    }
    if (err != GBX_ERR_OK)
        gbx_error_set(error, err, NULL, "key file %s, line %u: %s", name, number, reason);
    else if (keys->count == 0)
        err = gbx_error_set(error, GBX_ERR_MISSING, NULL, "key file %s contains no key", name);
    if (err != GBX_ERR_OK)
        gbxi_keys_fini(keys);
    return err;
}

static gbx_err key_check_mode(const gbxi_file *file, gbx_error *error)
{
    char reason[96];
    struct stat status;

    if (fstat(file->descriptor, &status) != 0)
        return gbxi_file_refuse(file, GBX_ERR_IO, strerror(errno), error);
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0)
        return GBX_ERR_OK;
    snprintf(reason, sizeof(reason), "open to others (mode %04o); only its owner may have access: chmod 600",
             (unsigned)(status.st_mode & 07777));
    return gbxi_file_refuse(file, GBX_ERR_STATE, reason, error);
}

gbx_err gbxi_keys_load(const char *path, gbxi_keys *keys, gbx_error *error)
{
    gbxi_file file = {.what = "key file", .path = path};
    char text[FILE_BYTES_MAX + 1];
    size_t length;
    gbx_err err;

    *keys = (gbxi_keys){0};
    if ((err = gbxi_file_open(&file, error)) == GBX_ERR_OK && (err = key_check_mode(&file, error)) == GBX_ERR_OK &&
        (err = gbxi_file_read(&file, text, FILE_BYTES_MAX, &length, error)) == GBX_ERR_OK)
        err = gbxi_keys_parse(text, length, gbxi_file_path_shown(path), keys, error);
    OPENSSL_cleanse(text, sizeof(text));
    gbxi_file_close(&file);
    return err;
}

const gbxi_key *gbxi_keys_find(const gbxi_keys *keys, const char *id, size_t length)
{
    for (size_t i = 0; i < keys->count; i++)
        if (strlen(keys->keys[i].id) == length && memcmp(keys->keys[i].id, id, length) == 0)
            return &keys->keys[i];
    return NULL;
}

void gbxi_keys_fini(gbxi_keys *keys)
{
    OPENSSL_cleanse(keys, sizeof(*keys));
}

static char *key_put_hex(char *text, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < length; i++) {
        *text++ = digits[bytes[i] >> 4];
        *text++ = digits[bytes[i] & 15];
    }
    *text = '\0';
    return text;
}

gbx_err gbxi_key_generate(gbxi_key *key, gbx_error *error)
{
    uint8_t id[GENERATED_ID_BYTES];

    *key = (gbxi_key){.secret_length = GENERATED_SECRET_BYTES};
    if (RAND_bytes(id, sizeof(id)) != 1 || RAND_priv_bytes(key->secret, key->secret_length) != 1)
        return gbx_error_set(error, GBX_ERR_IO, NULL, "the system cannot provide random numbers");
    key_put_hex(key->id, id, sizeof(id));
    return GBX_ERR_OK;
}

void gbxi_key_format(const gbxi_key *key, char line[GBXI_KEY_LINE_SIZE])
{
    size_t length = strlen(key->id);

    memcpy(line, key->id, length);
    line[length] = ':';
    key_put_hex(line + length + 1, key->secret, key->secret_length);
}
