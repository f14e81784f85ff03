/* SPDX-License-Identifier: MIT */
/* Capability tokens: their bytes as computed by another program, invalid tokens, and the paths that tokens cover. */
#include "permission/base64url.h"
#include "permission/token.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TEN_P "pppppppppp"
#define FIFTY_P TEN_P TEN_P TEN_P TEN_P TEN_P

/* HMACs by Python's hmac module over payloads packed by its struct module; the secret of k1 is 00 01 ... 1f, that of
 * the long id 64 65 ... a3. */
static const char plain_text[] =
    "AQJrMQAAAAB3NZQAAAAD6AAAAAOgoaKjpKWmp6ipqqusra6vBi9ncmFwaA.A9AcCwncRNqpu40-ScJ7mk0gzR29jcJFx42lD9n9Tbc";
static const char root_text[] =
    "AQJrMQAAAAB3NZQAAAAAAAAAAACgoaKjpKWmp6ipqqusra6vAS8.LUsGZLXj1M3xI5LEuIbeTNO6H7AMBw1vayplgY2lP3A";
static const char longest_text[] =
    "ASB4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eP___________________________________________y9wcHBwcHBw"
    "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw"
    "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw"
    "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw"
    "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcA.aGRH-vk4qdev9jkdH3PESb0q5ZDDc7UzoWrinjvwpZw";

/* Version 2: for reading and operating, and for all purposes. */
static const char operate_text[] =
    "AgYCazEAAAAAdzWUAAAAAAAAAAAAoKGio6SlpqeoqaqrrK2urwEv.xinwSRJ5XU0GujxCjQ3vjuTBYafkzT4IerRxzWvEzLM";
static const char longest_purposes_text[] =
    "AgcgeHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHj___________________________________________8vcHBw"
    "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw"
    "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw"
    "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw"
    "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHA.VuwtyVclDLnS6-g6unlJT1eYQ8jpLv7AFuvuVTqGEMw";

static const char key_text[] = "k1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
                               "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx:"
                               "6465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f80818283"
                               "8485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3\n";
static gbxi_keys keys;

static gbxi_token make(const char *path, uint64_t expires_s, uint32_t max_spans, uint32_t uses)
{
    gbxi_token token = {.expires_s = expires_s, .max_spans = max_spans, .uses = uses, .purposes = GBXI_PURPOSE_CAPTURE};

    for (int i = 0; i != GBXI_TOKEN_ID_BYTES; ++i)
        token.id[i] = (uint8_t)(0xa0 + i);
    assert_int_equal(gbxi_token_path_set(&token, path, NULL), GBX_ERR_OK);
    return token;
}

static gbxi_token make_longest(void)
{
    gbxi_token token = make("/" FIFTY_P FIFTY_P FIFTY_P FIFTY_P FIFTY_P "pppp", UINT64_MAX, UINT32_MAX, UINT32_MAX);

    memset(token.id, 0xff, sizeof(token.id));
    return token;
}

static gbx_err open_text(const char *text, size_t length)
{
    gbxi_token token;

    return gbxi_token_open(text, length, &keys, &token, NULL);
}

static void expect_vector(const gbxi_token *token, const gbxi_key *key, const char *expected)
{
    char text[GBXI_TOKEN_TEXT_LENGTH_MAX + 1];
    gbxi_token opened;

    assert_int_equal(gbxi_token_seal(token, key, text, NULL), GBX_ERR_OK);
    assert_string_equal(text, expected);
    assert_int_equal(gbxi_token_open(expected, strlen(expected), &keys, &opened, NULL), GBX_ERR_OK);
    assert_int_equal(opened.expires_s, token->expires_s);
    assert_int_equal(opened.max_spans, token->max_spans);
    assert_int_equal(opened.uses, token->uses);
    assert_memory_equal(opened.id, token->id, sizeof(opened.id));
    assert_int_equal(opened.purposes, token->purposes);
    assert_string_equal(opened.key_id, key->id);
    assert_string_equal(opened.path, token->path);
}

static void are_byte_for_byte_what_another_program_makes(void **state)
{
    gbxi_token plain = make("/graph", 2000000000, 1000, 3), root = make("/", 2000000000, 0, 0);
    gbxi_token longest = make_longest(), operate = make("/", 2000000000, 0, 0);

    (void)state;
    operate.purposes = GBXI_PURPOSE_READ | GBXI_PURPOSE_OPERATE;
    expect_vector(&operate, &keys.keys[0], operate_text);
    expect_vector(&plain, &keys.keys[0], plain_text);
    expect_vector(&root, &keys.keys[0], root_text);
    expect_vector(&longest, &keys.keys[1], longest_text);
    longest.purposes = GBXI_PURPOSES_ALL;
    expect_vector(&longest, &keys.keys[1], longest_purposes_text);
    assert_int_equal(strlen(longest_purposes_text), GBXI_TOKEN_TEXT_LENGTH_MAX);
}

static void every_changed_bit_is_refused(void **state)
{
    static const char *const texts[] = {plain_text, longest_text, operate_text};

    (void)state;
    for (size_t i = 0; i != sizeof(texts) / sizeof(texts[0]); ++i) {
        char text[GBXI_TOKEN_TEXT_LENGTH_MAX + 1];
        size_t length = strlen(texts[i]);

        assert_true(length <= GBXI_TOKEN_TEXT_LENGTH_MAX);
        memcpy(text, texts[i], length);
        for (size_t at = 0; at != length; ++at)
            for (unsigned change = 1; change != 256; ++change) {
                text[at] = (char)((unsigned char)texts[i][at] ^ change);
                assert_int_not_equal(open_text(text, length), GBX_ERR_OK);
                text[at] = texts[i][at];
            }
        assert_int_equal(open_text(text, length), GBX_ERR_OK);
    }
}

static void a_part_of_a_token_or_more_than_one_is_refused(void **state)
{
    char text[GBXI_TOKEN_TEXT_LENGTH_MAX + 64];
    size_t length = strlen(plain_text);

    (void)state;
    for (size_t part = 0; part != length; ++part) {
        assert_int_equal(open_text(plain_text, part), GBX_ERR_SYNTAX);
        assert_int_equal(open_text(plain_text + length - part, part), GBX_ERR_SYNTAX);
    }
    for (const char *extra = "Aa0-_.=+/ \n"; *extra != '\0'; ++extra) {
        assert_int_equal(open_text(text, (size_t)snprintf(text, sizeof(text), "%s%c", plain_text, *extra)),
                         GBX_ERR_SYNTAX);
        assert_int_not_equal(open_text(text, (size_t)snprintf(text, sizeof(text), "%c%s", *extra, plain_text)),
                             GBX_ERR_OK);
    }
    assert_int_equal(open_text(text, (size_t)snprintf(text, sizeof(text), "%s%c", plain_text, 0)), GBX_ERR_SYNTAX);
    memset(text, 'A', sizeof(text));
    text[GBXI_TOKEN_TEXT_LENGTH_MAX - 43] = '.';
    assert_int_equal(open_text(text, GBXI_TOKEN_TEXT_LENGTH_MAX + 1), GBX_ERR_SYNTAX);
}

/* The payload's last digit stands for two bits of it and four bits that are over; the code's for four and two. */
static void a_second_spelling_of_the_same_bytes_is_refused(void **state)
{
    char text[sizeof(plain_text)];
    size_t dot = strcspn(plain_text, "."), last = strlen(plain_text) - 1;

    (void)state;
    memcpy(text, plain_text, sizeof(text));
    assert_int_equal(text[dot - 1], 'A');
    for (const char *over = "BCDEFGHIJKLMNOP"; *over != '\0'; ++over) {
        text[dot - 1] = *over;
        assert_int_equal(open_text(text, last + 1), GBX_ERR_SYNTAX);
    }
    text[dot - 1] = 'A';
    assert_int_equal(text[last], 'c'); /* 011100 */
    for (const char *over = "def"; *over != '\0'; ++over) {
        text[last] = *over;
        assert_int_equal(open_text(text, last + 1), GBX_ERR_SYNTAX);
    }
}

/* Each is signed, rightly, with k1: it is the content that is wrong. */
static void what_the_right_key_signed_must_still_be_a_token(void **state)
{
    static const struct {
        const char *what, *text;
    } cases[] = {
        {"version 0",
         "AAJrMQAAAAB3NZQAAAAD6AAAAAOgoaKjpKWmp6ipqqusra6vBi9ncmFwaA.bMYh-XYjqbls2jZC_B82vOQoIOK6fpMt-HZUoAQfoOc"},
        {"version 3",
         "AwYCazEAAAAAdzWUAAAAAAAAAAAAoKGio6SlpqeoqaqrrK2urwEv.a25Hbruj7r9gD2Fankyl9lSEaHx6r5EEyHhO5moZy1k"},
        {"version 2 for capturing alone, which is version 1",
         "AgECazEAAAAAdzWUAAAAAAAAAAAAoKGio6SlpqeoqaqrrK2urwEv.Cp4k_gdbGz2oNy03Jzc1YxaOrUeTBfGOr9Ii-396Bo0"},
        {"no purpose",
         "AgACazEAAAAAdzWUAAAAAAAAAAAAoKGio6SlpqeoqaqrrK2urwEv.eURRngJcee35sgpvXHOEgM0lFlHkX8YDVV1y2ahorRE"},
        {"an unknown purpose",
         "AggCazEAAAAAdzWUAAAAAAAAAAAAoKGio6SlpqeoqaqrrK2urwEv.09PqmnfjdgJiuq1gbjdGgZahztWWrs5NFy1p4aaCmMk"},
        {"an unknown purpose beside known ones",
         "AoYCazEAAAAAdzWUAAAAAAAAAAAAoKGio6SlpqeoqaqrrK2urwEv.5_A3tY8ZlV-6NMWTzmbYX6U55bsl0CF5-HQ4FqfIGRc"},
        {"a byte behind the path",
         "AQJrMQAAAAB3NZQAAAAD6AAAAAOgoaKjpKWmp6ipqqusra6vBi9ncmFwaHg.AOSJps2tAULlPBiZrBdybd8rY5ZE8q6G9tO_qji1iqQ"},
        {"no path", "AQJrMQAAAAB3NZQAAAAD6AAAAAOgoaKjpKWmp6ipqqusra6vAA.3TEEs-Fv-UYw1AGRR3zrggMO-SVDW1knRBkoRVlWG5U"},
        {"a path without a slash",
         "AQJrMQAAAAB3NZQAAAAD6AAAAAOgoaKjpKWmp6ipqqusra6vBWdyYXBo.Qag7gcVRd2kh2bhLJwnotoFDw-zLchOHA-d9oiE55_8"},
        {"a slash at the end",
         "AQJrMQAAAAB3NZQAAAAD6AAAAAOgoaKjpKWmp6ipqqusra6vBy9ncmFwaC8.FJdvah_7UTveBrfkt_W9YdiCG5lLtrqMbASa8TXuaho"},
        {".. inside",
         "AQJrMQAAAAB3NZQAAAAD6AAAAAOgoaKjpKWmp6ipqqusra6vBy9hLy4uL2I.PXmbDSDHgCB5rkpVA3j-st_rbvMwfpXoh7ibGzN3jdE"},
        {". at the end",
         "AQJrMQAAAAB3NZQAAAAD6AAAAAOgoaKjpKWmp6ipqqusra6vBC9hLy4.W6cr1G7UiEwLKQKNGBUwOOIWV4lq61cJ8luICkyHKN8"},
        {"a NUL",
         "AQJrMQAAAAB3NZQAAAAD6AAAAAOgoaKjpKWmp6ipqqusra6vBC9hAGI.LTyVxXVs2Kz7eCzHxkyXZ-ZadYGfVYAcq8OEHuuVizI"},
        {"a query",
         "AQJrMQAAAAB3NZQAAAAD6AAAAAOgoaKjpKWmp6ipqqusra6vBC9hP2I.Ofr-UtwPu_CDqfJUoxC6f5UWBQsI8tBDGztzfJaJ8uo"},
        {"an escape",
         "AQJrMQAAAAB3NZQAAAAD6AAAAAOgoaKjpKWmp6ipqqusra6vBi9hJTIwYg.Xj_acG8UEBbZTgAYRffNQAWE-T1GY11hWVbqFyUCqag"},
        {"no key id",
         "AQAAAAAAdzWUAAAAA-gAAAADoKGio6SlpqeoqaqrrK2urwYvZ3JhcGg.MHdNe8LbWL_ChKYyjNSkbDKmUXtQSi2rRqLcBSQmu9c"},
        {"a key id of 33 letters", "ASFra2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2sAAAAAdzWUAAAAA-"
                                   "gAAAADoKGio6SlpqeoqaqrrK2urwYvZ3JhcGg.dyCdwuVBxK2TswrQNfUUeE37REAgb_257alxr7ZgzKI"},
        {"a colon in the key id",
         "AQNrOjEAAAAAdzWUAAAAA-gAAAADoKGio6SlpqeoqaqrrK2urwYvZ3JhcGg.usJN-WFwduy5-J5r4GnT9rqg6DNrz3bMTVCBfu3gq3s"},
        {"a byte too few",
         "AQJrMQAAAAB3NZQAAAAD6AAAAAOgoaKjpKWmp6ipqqusra6vBi9ncmFw.mQLIjP1RCh7_tfotmwv5X8mvXY2jLk2RSnEB4X7ysJ4"},
        {"nothing but a version", "AQ.m0yBIKSCOpX0fN4XokT0UHJE7m45V9H6ufoptE04Kbc"},
        {"a key id longer than the payload",
         "Af9ra2tra2tra2tra2tra2tra2traw.ixyuzvX-R1b8JDEuCaU45h0G81UxFLHLYI-lPZB8s5o"},
        {"a path longer than it says",
         "AQJrMQAAAAB3NZQAAAAD6AAAAAOgoaKjpKWmp6ipqqusra6vBS9ncmFwaA.gBLr2U-mZFhNNxQg2T-JH8dBfaSwCzxUlTa5ccX1hBY"},
        {"nothing", ".04tCCW2A9F-Ca0Sp1WB95ySWpBXT9KGoyI47udqNwcs"},
    };

    (void)state;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        gbx_err result = open_text(cases[i].text, strlen(cases[i].text));
        if (result != GBX_ERR_SYNTAX)
            fail_msg("%s: %s", cases[i].what, gbx_err_text(result));
    }
}

static void a_key_that_is_gone_or_another_of_its_id_does_not_open(void **state)
{
    static const char other[] = "k1:ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
    gbxi_keys others;
    gbxi_token token;
    gbx_error error;

    (void)state;
    assert_int_equal(gbxi_keys_parse(other, strlen(other), "other", &others, NULL), GBX_ERR_OK);
    assert_int_equal(gbxi_token_open(plain_text, strlen(plain_text), &others, &token, &error), GBX_ERR_CONFLICT);
    assert_string_equal(error.text, "the token's signature is wrong");
    memcpy(others.keys[0].id, "k2", 2);
    assert_int_equal(gbxi_token_open(plain_text, strlen(plain_text), &others, &token, &error), GBX_ERR_UNKNOWN);
    assert_string_equal(error.text, "the token was made with a key that is not accepted here");
    gbxi_keys_fini(&others);
}

static void purposes_are_read_and_written_by_their_names(void **state)
{
    static const struct {
        const char *text;
        uint8_t purposes;
        const char *written;
    } cases[] = {
        {"capture", GBXI_PURPOSE_CAPTURE, "capture"},
        {"operate,read", GBXI_PURPOSE_READ | GBXI_PURPOSE_OPERATE, "read,operate"},
        {"read,read", GBXI_PURPOSE_READ, "read"},
        {"operate,capture,read", GBXI_PURPOSES_ALL, "capture,read,operate"},
    };
    static const struct {
        const char *text, *error;
    } wrong[] = {
        {"", "'' is none of capture,read,operate"},
        {"read,", "'' is none of capture,read,operate"},
        {"read, operate", "' operate' is none of capture,read,operate"},
        {"Read", "'Read' is none of capture,read,operate"},
        {"reading", "'reading' is none of capture,read,operate"},
        {"rea,operate", "'rea' is none of capture,read,operate"},
    };
    char text[GBXI_PURPOSES_TEXT_SIZE];
    uint8_t purposes;
    gbx_error error;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(gbxi_purposes_read(cases[i].text, &purposes, &error), GBX_ERR_OK);
        assert_int_equal(purposes, cases[i].purposes);
        assert_string_equal(gbxi_purposes_write(purposes, text), cases[i].written);
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        purposes = 99;
        assert_int_equal(gbxi_purposes_read(wrong[i].text, &purposes, &error), GBX_ERR_SYNTAX);
        assert_string_equal(error.text, wrong[i].error);
        assert_int_equal(purposes, 99);
    }
}

static void covers_whole_segments_below_its_path(void **state)
{
    static const struct {
        const char *token_path, *path;
        bool covered;
    } cases[] = {
        {"/graph", "/graph", true},
        {"/graph", "/graph/", true},
        {"/graph", "/graph/x", true},
        {"/graph", "/graph//", true},
        {"/graph", "/graphics", false},
        {"/graph", "/grap", false},
        {"/graph", "/", false},
        {"/graph", "", false},
        {"/graph", "/Graph", false},
        {"/graph", "//graph", false},
        {"/graph", "/x/graph", false},
        {"/graph/", "/graph", true},
        {"/graph///", "/graph/x", true},
        {"/graph/a/b", "/graph/a/b", true},
        {"/graph/a/b", "/graph/a/bc", false},
        {"/graph/a/b", "/graph/a", false},
        {"/", "/", true},
        {"/", "/x", true},
        {"/", "", false},
        {"//", "/x", true},
        {"/.well-known", "/.well-known/a", true},
        {"/a b", "/a b/c", true},
        {"/...", "/...", true},
        {"/\xc3\xa9", "/\xc3\xa9/x", true},
    };

    (void)state;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        gbxi_token token = make(cases[i].token_path, 1, 0, 0);
        if (gbxi_token_covers(&token, cases[i].path, strlen(cases[i].path)) != cases[i].covered)
            fail_msg("%s and %s", cases[i].token_path, cases[i].path);
    }
}

static void takes_no_path_that_handlers_never_see(void **state)
{
    static const struct {
        const char *path, *text;
    } cases[] = {
        {"", "the path '' must start with a slash"},
        {"graph", "the path 'graph' must start with a slash"},
        {"/a/../b", "the path '/a/../b' must not have . or .. as a segment"},
        {"/..", "the path '/..' must not have . or .. as a segment"},
        {"/a/./b", "the path '/a/./b' must not have . or .. as a segment"},
        {"/a/.", "the path '/a/.' must not have . or .. as a segment"},
        {"/a?b", "the path '/a?b' must be written as handlers see it: without a query, %-escapes or control "
                 "characters"},
    };
    static const char *const more[] = {"/a#b", "/a%20b", "/a\n", "/\x7f"};
    char long_path[GBXI_TOKEN_PATH_LENGTH_MAX + 2];
    gbxi_token token;
    gbx_error error;

    (void)state;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        assert_int_equal(gbxi_token_path_set(&token, cases[i].path, &error), GBX_ERR_ARGUMENT);
        assert_string_equal(error.text, cases[i].text);
    }
    for (size_t i = 0; i != sizeof(more) / sizeof(more[0]); ++i)
        assert_int_equal(gbxi_token_path_set(&token, more[i], NULL), GBX_ERR_ARGUMENT);
    memset(long_path, '/', 1);
    memset(long_path + 1, 'p', sizeof(long_path) - 2);
    long_path[sizeof(long_path) - 1] = '\0';
    assert_int_equal(gbxi_token_path_set(&token, long_path, &error), GBX_ERR_ARGUMENT);
    assert_non_null(strstr(error.text, "longer than 255 bytes"));
}

static void every_token_has_an_id_of_its_own(void **state)
{
    gbxi_token a, b;

    (void)state;
    assert_int_equal(gbxi_token_id_draw(&a, NULL), GBX_ERR_OK);
    assert_int_equal(gbxi_token_id_draw(&b, NULL), GBX_ERR_OK);
    assert_memory_not_equal(a.id, b.id, sizeof(a.id));
}

static void base64url_gives_the_lengths_and_letters_of_its_rfc(void **state)
{
    static const struct {
        const char *bytes, *text;
    } cases[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"},
    };
    static const char *const wrong[] = {"Z",    "A",      "Zm9vA", "Zg==",  "Zh",  "Zm9",
                                        "Zm8=", "Zm9v\n", "+//+",  "Zm9vY", " Zg", "Zg "};
    char text[16];
    uint8_t bytes[8];
    size_t length;

    (void)state;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        length = strlen(cases[i].bytes);
        assert_int_equal(gbxi_base64url_length(length), strlen(cases[i].text));
        assert_ptr_equal(gbxi_base64url_encode(text, (const uint8_t *)cases[i].bytes, length),
                         text + strlen(cases[i].text));
        assert_memory_equal(text, cases[i].text, strlen(cases[i].text));
        assert_true(
            gbxi_base64url_decode(cases[i].text, strlen(cases[i].text), bytes, strlen(cases[i].bytes), &length));
        assert_int_equal(length, strlen(cases[i].bytes));
        assert_memory_equal(bytes, cases[i].bytes, length);
    }
    for (size_t i = 0; i != sizeof(wrong) / sizeof(wrong[0]); ++i)
        assert_false(gbxi_base64url_decode(wrong[i], strlen(wrong[i]), bytes, sizeof(bytes), &length));
    assert_false(gbxi_base64url_decode("Zm9v", 4, bytes, 2, &length));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_byte_for_byte_what_another_program_makes),
        cmocka_unit_test(every_changed_bit_is_refused),
        cmocka_unit_test(a_part_of_a_token_or_more_than_one_is_refused),
        cmocka_unit_test(a_second_spelling_of_the_same_bytes_is_refused),
        cmocka_unit_test(what_the_right_key_signed_must_still_be_a_token),
        cmocka_unit_test(a_key_that_is_gone_or_another_of_its_id_does_not_open),
        cmocka_unit_test(purposes_are_read_and_written_by_their_names),
        cmocka_unit_test(covers_whole_segments_below_its_path),
        cmocka_unit_test(takes_no_path_that_handlers_never_see),
        cmocka_unit_test(every_token_has_an_id_of_its_own),
        cmocka_unit_test(base64url_gives_the_lengths_and_letters_of_its_rfc),
    };

    if (gbxi_keys_parse(key_text, strlen(key_text), "keys", &keys, NULL) != GBX_ERR_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
