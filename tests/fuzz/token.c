/* SPDX-License-Identifier: MIT */
/* Any bytes as a token: only tokens signed with one of our keys are accepted, and no changed token is. Any bytes as
 * a key file: the keys in it, written as a file, are read back unchanged. */
#include "permission/token.h"
#include "fuzz.h"
#include "permission/base64url.h"
#include <string.h>

static const char key_text[] = "k1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
                               "2:f00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                               "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";

/* The corpus has tokens of these keys in it, so what opens is possible, and then must seal to itself. */
static void check_opened(const gbxi_keys *keys, const gbxi_token *token, const char *text, size_t length)
{
    char again[GBXI_TOKEN_TEXT_LENGTH_MAX + 1];
    bool same = false;

    FUZZ_CHECK(length <= GBXI_TOKEN_TEXT_LENGTH_MAX && token->path[0] == '/');
    for (size_t i = 0; i != keys->count && !same; ++i) {
        FUZZ_CHECK(gbxi_token_seal(token, &keys->keys[i], again, NULL) == GBX_ERR_OK);
        same = strlen(again) == length && memcmp(again, text, length) == 0;
    }
    FUZZ_CHECK(same);
}

static void open_anything(const gbxi_keys *keys, const char *text, size_t length)
{
    gbxi_token token;
    gbx_error error = {0};
    gbx_err result = gbxi_token_open(text, length, keys, &token, &error);

    if (result == GBX_ERR_OK) {
        check_opened(keys, &token, text, length);
        return;
    }
    FUZZ_CHECK(result == GBX_ERR_SYNTAX || result == GBX_ERR_UNKNOWN || result == GBX_ERR_CONFLICT);
    FUZZ_CHECK(error.code == result && error.text[0] != '\0');
}

static void spell_anything(const char *text, size_t length)
{
    uint8_t bytes[256];
    char again[2 * sizeof(bytes)];
    size_t count;

    if (!gbxi_base64url_decode(text, length, bytes, sizeof(bytes), &count))
        return;
    FUZZ_CHECK(gbxi_base64url_length(count) == length);
    FUZZ_CHECK(gbxi_base64url_encode(again, bytes, count) == again + length);
    FUZZ_CHECK(memcmp(again, text, length) == 0);
}

/* The input as changes to a token: pairs of a place and what is added to the character there. */
static void change_a_token(const gbxi_keys *keys, const uint8_t *data, size_t size)
{
    gbxi_token token = {.expires_s = 2000000000, .max_spans = 7, .uses = 3, .path = "/graph/from"}, opened;
    char text[GBXI_TOKEN_TEXT_LENGTH_MAX + 1], original[GBXI_TOKEN_TEXT_LENGTH_MAX + 1];
    size_t length;
    gbx_err result;

    token.purposes = (uint8_t)(size % GBXI_PURPOSES_ALL + 1);
    FUZZ_CHECK(gbxi_token_seal(&token, &keys->keys[size % 2], original, NULL) == GBX_ERR_OK);
    length = strlen(original);
    memcpy(text, original, length);
    for (size_t i = 0; i + 1 < size; i += 2)
        text[data[i] % length] = (char)(text[data[i] % length] + data[i + 1]);
    result = gbxi_token_open(text, length, keys, &opened, NULL);
    FUZZ_CHECK((result == GBX_ERR_OK) == (memcmp(text, original, length) == 0));
}

static void read_keys(const char *text, size_t length)
{
    gbxi_keys keys, again;
    char line[GBXI_KEY_LINE_SIZE];
    gbx_error error = {0};

    if (gbxi_keys_parse(text, length, "keys", &keys, &error) != GBX_ERR_OK) {
        FUZZ_CHECK(error.code != GBX_ERR_OK && error.text[0] != '\0' && keys.count == 0);
        return;
    }
    FUZZ_CHECK(keys.count >= 1 && keys.count <= GBXI_KEYS_MAX);
    for (size_t i = 0; i != keys.count; ++i) {
        gbxi_key_format(&keys.keys[i], line);
        FUZZ_CHECK(gbxi_keys_parse(line, strlen(line), "line", &again, NULL) == GBX_ERR_OK);
        FUZZ_CHECK(memcmp(&again.keys[0], &keys.keys[i], sizeof(again.keys[0])) == 0);
    }
    gbxi_keys_fini(&keys);
    gbxi_keys_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static gbxi_keys keys;

    if (keys.count == 0)
        FUZZ_CHECK(gbxi_keys_parse(key_text, strlen(key_text), "keys", &keys, NULL) == GBX_ERR_OK);
    open_anything(&keys, (const char *)data, size);
    spell_anything((const char *)data, size);
    change_a_token(&keys, data, size);
    read_keys((const char *)data, size);
    return 0;
}
