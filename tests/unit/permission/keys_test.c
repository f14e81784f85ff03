/* SPDX-License-Identifier: MIT */
/* Key files: their syntax, errors, and file modes. */
#define _GNU_SOURCE
#include "permission/keys.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static bool is_watched;
static size_t text_bytes_cleansed;

void __real_OPENSSL_cleanse(void *memory, size_t length);
void __wrap_OPENSSL_cleanse(void *memory, size_t length);

/* Counts the bytes of a cleansed text of a key file. */
void __wrap_OPENSSL_cleanse(void *memory, size_t length)
{
    if (is_watched && length > 2 && memcmp(memory, "a:", 2) == 0)
        text_bytes_cleansed += length;
    __real_OPENSSL_cleanse(memory, length);
}

#define HEX_32 "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff"

static gbx_err parse(const char *text, gbxi_keys *keys, gbx_error *error)
{
    return gbxi_keys_parse(text, strlen(text), "F", keys, error);
}

static void reads_keys_between_comments_and_blank_lines(void **state)
{
    static const char text[] = "# rotated in June\n\n  a:" HEX_32 "\r\n\t\n"
                               "2024-06_x.Y:" HEX_32 "ABCDEF \n # old:" HEX_32 "\nlast:" HEX_32 HEX_32;
    gbxi_keys keys;

    (void)state;
    assert_int_equal(parse(text, &keys, NULL), GBX_ERR_OK);
    assert_int_equal(keys.count, 3);
    assert_string_equal(keys.keys[0].id, "a");
    assert_int_equal(keys.keys[0].secret_length, 32);
    assert_int_equal(keys.keys[0].secret[30], 0x1e);
    assert_int_equal(keys.keys[0].secret[31], 0xff);
    assert_string_equal(keys.keys[1].id, "2024-06_x.Y");
    assert_int_equal(keys.keys[1].secret_length, 35);
    assert_int_equal(keys.keys[1].secret[34], 0xef);
    assert_int_equal(keys.keys[2].secret_length, 64);
    assert_ptr_equal(gbxi_keys_find(&keys, "last and more", 4), &keys.keys[2]);
    assert_null(gbxi_keys_find(&keys, "las", 3));
    assert_null(gbxi_keys_find(&keys, "lastly", 6));
    gbxi_keys_fini(&keys);
    assert_int_equal(keys.count, 0);
    assert_int_equal(keys.keys[2].secret[31], 0);
}

static void blames_the_line_and_never_shows_it(void **state)
{
    static const char form[] = "a key has the form id:secret, with an id of 1 to 32 letters, digits, '-', '_' and '.'";
    static const char secret[] = "a secret is 64 to 128 hexadecimal digits, which are 32 to 64 bytes";
    static const struct {
        const char *text;
        gbx_err code;
        unsigned line;
        const char *reason;
    } cases[] = {
        {HEX_32, GBX_ERR_SYNTAX, 1, form},
        {"\n:" HEX_32, GBX_ERR_SYNTAX, 2, form},
        {"a b:" HEX_32, GBX_ERR_SYNTAX, 1, form},
        {"abcdefghijklmnopqrstuvwxyz1234567:" HEX_32, GBX_ERR_SYNTAX, 1, form},
        {"a:" HEX_32 "\nb:", GBX_ERR_SYNTAX, 2, secret},
        {"a:0123", GBX_ERR_SYNTAX, 1, secret},
        {"a:" HEX_32 "0", GBX_ERR_SYNTAX, 1, secret},
        {"a: " HEX_32 "0", GBX_ERR_SYNTAX, 1, secret},
        {"a:" HEX_32 "0g", GBX_ERR_SYNTAX, 1, secret},
        {"a:" HEX_32 HEX_32 "00", GBX_ERR_SYNTAX, 1, secret},
        {"a:" HEX_32 "\n#\na:" HEX_32 "00", GBX_ERR_CONFLICT, 3, "a line above has the same id"},
    };
    gbxi_keys keys;
    gbx_error error;
    char expected[sizeof(error.text)];

    (void)state;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        assert_int_equal(parse(cases[i].text, &keys, &error), cases[i].code);
        snprintf(expected, sizeof(expected), "key file F, line %u: %s", cases[i].line, cases[i].reason);
        assert_string_equal(error.text, expected);
        assert_int_equal(keys.count, 0);
    }
    assert_int_equal(parse("# none\n\n", &keys, &error), GBX_ERR_MISSING);
    assert_string_equal(error.text, "key file F contains no key");
}

/* What is behind the text is not read. */
static void blanks_at_the_end_of_a_file_are_no_line(void **state)
{
    static const char text[] = "a:" HEX_32 "\n \t  x";
    gbxi_keys keys;

    (void)state;
    assert_int_equal(gbxi_keys_parse(text, strlen(text) - strlen(" x"), "F", &keys, NULL), GBX_ERR_OK);
    assert_int_equal(keys.count, 1);
}

static void takes_sixteen_keys_and_no_more(void **state)
{
    char text[20 * 80], *at = text;
    gbxi_keys keys;
    gbx_error error;

    (void)state;
    for (int i = 0; i != GBXI_KEYS_MAX; ++i)
        at += sprintf(at, "k%d:%s\n", i, HEX_32);
    assert_int_equal(parse(text, &keys, &error), GBX_ERR_OK);
    assert_int_equal(keys.count, GBXI_KEYS_MAX);
    sprintf(at, "more:%s\n", HEX_32);
    assert_int_equal(parse(text, &keys, &error), GBX_ERR_LIMIT);
    assert_string_equal(error.text, "key file F, line 17: a file may have at most 16 keys");
    assert_int_equal(keys.count, 0);
}

/* A file of this mode, whose name the caller frees. */
static char *make_file(const char *text, size_t length, mode_t mode)
{
    char *path = strdup("/tmp/glassbox-keys-XXXXXX");
    int fd = mkstemp(path);

    assert_int_not_equal(fd, -1);
    assert_int_equal(write(fd, text, length), length);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
    return path;
}

/* The number that the next descriptor gets: it stays while none is left open. */
static int next_descriptor(void)
{
    int fd = dup(STDIN_FILENO);

    close(fd);
    return fd;
}

static void loads_a_file_that_is_its_owners_alone(void **state)
{
    static const char text[] = "a:" HEX_32 "\n";
    static const mode_t open_modes[] = {0640, 0604, 0644, 0620, 0602, 0610, 0601, 0666};
    char *path = make_file(text, strlen(text), 0400), expected[512];
    int descriptor = next_descriptor();
    gbxi_keys keys;
    gbx_error error;

    (void)state;
    assert_int_equal(gbxi_keys_load(path, &keys, &error), GBX_ERR_OK);
    assert_int_equal(keys.count, 1);
    assert_int_equal(next_descriptor(), descriptor);
    for (size_t i = 0; i != sizeof(open_modes) / sizeof(open_modes[0]); ++i) {
        assert_int_equal(chmod(path, open_modes[i]), 0);
        assert_int_equal(gbxi_keys_load(path, &keys, &error), GBX_ERR_STATE);
        snprintf(expected, sizeof(expected),
                 "key file %s: open to others (mode %04o); only its owner may have access: chmod 600", path,
                 (unsigned)open_modes[i]);
        assert_string_equal(error.text, expected);
        assert_int_equal(keys.count, 0);
    }
    unlink(path);
    assert_int_equal(gbxi_keys_load(path, &keys, &error), GBX_ERR_IO);
    assert_non_null(strstr(error.text, "No such file or directory"));
    free(path);
    assert_int_equal(next_descriptor(), descriptor);
}

static void what_was_read_does_not_stay_in_memory(void **state)
{
    static const char text[] = "a:" HEX_32 "\n";
    char *path = make_file(text, strlen(text), 0600);
    gbxi_keys keys;

    (void)state;
    is_watched = true;
    assert_int_equal(gbxi_keys_load(path, &keys, NULL), GBX_ERR_OK);
    is_watched = false;
    assert_true(text_bytes_cleansed >= strlen(text));
    gbxi_keys_fini(&keys);
    unlink(path);
    free(path);
}

static void refuses_what_cannot_be_a_key_file(void **state)
{
    static char large[16 * 1024 + 1];
    char *path, directory[] = "/tmp/glassbox-keys-XXXXXX";
    gbxi_keys keys;
    gbx_error error;

    (void)state;
    memset(large, '\n', sizeof(large));
    path = make_file(large, sizeof(large), 0600);
    assert_int_equal(gbxi_keys_load(path, &keys, &error), GBX_ERR_LIMIT);
    assert_non_null(strstr(error.text, ": larger than 16 KiB"));
    assert_int_equal(truncate(path, sizeof(large) - 1), 0);
    assert_int_equal(gbxi_keys_load(path, &keys, &error), GBX_ERR_MISSING);
    unlink(path);
    free(path);
    assert_non_null(mkdtemp(directory)); /* mode 0700 */
    assert_int_equal(gbxi_keys_load(directory, &keys, &error), GBX_ERR_STATE);
    assert_non_null(strstr(error.text, ": not a regular file"));
    rmdir(directory);
    assert_int_equal(mkfifo(directory, 0600), 0); /* with nobody who writes */
    assert_int_equal(gbxi_keys_load(directory, &keys, &error), GBX_ERR_STATE);
    assert_non_null(strstr(error.text, ": not a regular file"));
    unlink(directory);
}

static void a_new_key_is_a_line_that_reads_as_itself(void **state)
{
    char line[GBXI_KEY_LINE_SIZE], again[GBXI_KEY_LINE_SIZE];
    gbxi_key key, other;
    gbxi_keys keys;

    (void)state;
    assert_int_equal(gbxi_key_generate(&key, NULL), GBX_ERR_OK);
    assert_int_equal(gbxi_key_generate(&other, NULL), GBX_ERR_OK);
    assert_memory_not_equal(key.secret, other.secret, 32);
    assert_string_not_equal(key.id, other.id);
    memset(line, 'x', sizeof(line));
    gbxi_key_format(&key, line);
    assert_int_equal(parse(line, &keys, NULL), GBX_ERR_OK);
    assert_string_equal(keys.keys[0].id, key.id);
    assert_int_equal(keys.keys[0].secret_length, 32);
    assert_memory_equal(keys.keys[0].secret, key.secret, 32);
    gbxi_key_format(&keys.keys[0], again);
    assert_string_equal(again, line);
}

static void an_id_is_made_of_letters_digits_and_three_signs(void **state)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    char longest[GBXI_KEY_ID_LENGTH_MAX + 1];

    (void)state;
    for (int each = 0; each < 256; each++) {
        char letter = (char)each;

        assert_int_equal(gbxi_key_id_is_valid(&letter, 1), each != 0 && strchr(letters, letter) != NULL);
    }
    memset(longest, 'x', sizeof(longest));
    assert_true(gbxi_key_id_is_valid(longest, sizeof(longest) - 1));
    assert_false(gbxi_key_id_is_valid(longest, sizeof(longest)));
    assert_false(gbxi_key_id_is_valid(longest, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_made_of_letters_digits_and_three_signs),
        cmocka_unit_test(reads_keys_between_comments_and_blank_lines),
        cmocka_unit_test(blames_the_line_and_never_shows_it),
        cmocka_unit_test(blanks_at_the_end_of_a_file_are_no_line),
        cmocka_unit_test(takes_sixteen_keys_and_no_more),
        cmocka_unit_test(loads_a_file_that_is_its_owners_alone),
        cmocka_unit_test(what_was_read_does_not_stay_in_memory),
        cmocka_unit_test(refuses_what_cannot_be_a_key_file),
        cmocka_unit_test(a_new_key_is_a_line_that_reads_as_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
