/* SPDX-License-Identifier: MIT */
/* The cases of fixtures/json, file by file: what the grammar permits, what it forbids, and what exceeds our limits. */
#define _GNU_SOURCE
#include "json/reader.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CASES_MIN = 8 };

/* The file's bytes in memory that ends where they end, so that a sanitizer sees every read past them. */
static char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *bytes;
    long size;

    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size = ftell(file);
    assert_true(size >= 0);
    rewind(file);
    *length = (size_t)size;
    bytes = malloc(*length + (*length == 0));
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *length, file), *length);
    fclose(file);
    return bytes;
}

static void check_file(const char *path, gbx_err expected, const char *says)
{
    gbxi_json_document *document = NULL;
    gbx_error error = {0};
    size_t length;
    char *bytes = read_file(path, &length);
    gbx_err code = gbxi_json_parse(bytes, length, &document, &error);

    if (code != expected)
        fail_msg("%s gave %d (%s), not %d", path, code, error.text, expected);
    if (code == GBX_ERR_OK)
        assert_int_not_equal(gbxi_json_typeof(gbxi_json_root(document)), GBXI_JSON_ABSENT);
    else if (strncmp(error.text, says, strlen(says)) != 0)
        fail_msg("%s: %s", path, error.text);
    gbxi_json_free(document);
    free(bytes);
}

static void check_all(const char *directory, gbx_err expected, const char *says)
{
    struct dirent **entries;
    int count = scandir(directory, &entries, NULL, alphasort);
    int checked = 0;

    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        char path[512];

        snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') {
            check_file(path, expected, says);
            checked++;
        }
        free(entries[i]);
    }
    free(entries);
    assert_true(checked >= CASES_MIN);
}

static void accepts_what_must_be_accepted(void **state)
{
    (void)state;
    check_all("fixtures/json/accept", GBX_ERR_OK, NULL);
}

static void refuses_what_must_be_refused(void **state)
{
    (void)state;
    check_all("fixtures/json/reject", GBX_ERR_SYNTAX, "not JSON");
}

static void calls_what_is_beyond_its_limits_a_limit(void **state)
{
    (void)state;
    check_all("fixtures/json/limit", GBX_ERR_LIMIT, "the JSON ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_what_must_be_accepted),
        cmocka_unit_test(refuses_what_must_be_refused),
        cmocka_unit_test(calls_what_is_beyond_its_limits_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
