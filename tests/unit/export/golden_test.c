/* SPDX-License-Identifier: MIT */
/* All formats byte for byte, against fixtures/golden; one that is compressed, as it is unpacked.
 *
 * After an intended change: run this program with --update from the source root, and read the difference. */
#include "document.h"
#include "export/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool update;

static char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *text;

    if (file == NULL)
        fail_msg("%s cannot be read; run with --update from the source root", path);
    fseek(file, 0, SEEK_END);
    *length = (size_t)ftell(file);
    rewind(file);
    text = malloc(*length + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, *length, file), *length);
    fclose(file);
    return text;
}

static void write_file(const char *path, const char *text, size_t length)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL)
        fail_msg("%s cannot be written", path);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void check_document(const char *path, const char *text, size_t length)
{
    size_t expected_length;
    char *expected;
    size_t at = 0;

    if (update)
        write_file(path, text, length);
    expected = read_file(path, &expected_length);
    while (at < length && at < expected_length && text[at] == expected[at])
        ++at;
    if (length != expected_length || at != length)
        fail_msg("%s differs at byte %zu of %zu: %.60s", path, at, length, text + at);
    free(expected);
}

static void check_capture(gbx_capture *capture, const char *name, const gbx_export_options *options)
{
    for (gbx_format format = 0; gbx_format_name(format) != NULL; format++) {
        char path[128];
        size_t length;
        char *text = document_unpacked(capture, format, options, &length);
        snprintf(path, sizeof(path), "fixtures/golden/%s.%s", name,
                 format == GBX_FORMAT_PPROF ? "pb" : gbxi_format_ending(format));
        check_document(path, text, length);
        free(text);
    }
    gbx_capture_unref(capture);
}

static void a_request_is_exported_as_ever(void **state)
{
    static recording r;

    (void)state;
    check_capture(document_record_request(&r), "request", NULL);
}

static void a_truncated_and_folded_trace_is_exported_as_ever(void **state)
{
    static recording r;

    (void)state;
    check_capture(document_record_truncated(&r), "truncated",
                  &(gbx_export_options){.size = sizeof(gbx_export_options), .min_duration_ns = 40, .top_n = 2});
}

static void an_empty_trace_is_exported_as_ever(void **state)
{
    static recording r;

    (void)state;
    check_capture(document_record_unentered(&r), "empty", NULL);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_exported_as_ever),
        cmocka_unit_test(a_truncated_and_folded_trace_is_exported_as_ever),
        cmocka_unit_test(an_empty_trace_is_exported_as_ever),
    };

    update = argc > 1 && strcmp(argv[1], "--update") == 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
