/* SPDX-License-Identifier: MIT */
/* Redacted text occurs in no document of any format, and its replacement is valid there. */
#define _GNU_SOURCE
#include "document.h"
#include "json/reader.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const gbx_site site = {"handle", "handle", "src/server.c", 40, {0}};

/* Everything a program can put into a trace, with the same secret in all of it. */
static gbx_capture *record(const gbx_redaction_options *what)
{
    recording r;
    gbx_redaction *redaction = gbx_redaction_new(what);

    assert_non_null(redaction);
    recording_begin(&r, &(gbx_capture_options){
                            .size = sizeof(gbx_capture_options), .name = "GET /users/s3cr3t", .redaction = redaction});
    gbx_redaction_unref(redaction);
    recording_enter(&r, &site);
    recording_enter_named(&r, &site, "find(s3cr3t)");
    gbxi_note_str("user", "s3cr3t");
    gbxi_note_int("pin", 24680);
    gbxi_note_double("balance", 13579.5);
    gbxi_span_fail("no user s3cr3t");
    recording_pass(&r, 100);
    recording_exit(&r);
    recording_exit(&r);
    return recording_finish(&r);
}

static bool refuse_secret(void *context, gbx_text *text)
{
    (void)context;
    return memmem(text->bytes, text->length, "s3cr3t", 6) == NULL;
}

/* A document, unpacked, and checked if it is JSON. NULs are made visible, so that it is one text. Owns: the caller. */
static char *document(gbx_capture *capture, gbx_format format)
{
    size_t length;
    char *text = document_unpacked(capture, format, NULL, &length);
    gbxi_json_document *parsed = NULL;

    if (format != GBX_FORMAT_FOLDED && format != GBX_FORMAT_PPROF) {
        assert_int_equal(gbxi_json_parse(text, length, &parsed, NULL), GBX_ERR_OK);
        gbxi_json_free(parsed);
    }
    for (size_t i = 0; i < length; i++)
        text[i] = text[i] == '\0' ? '0' : text[i];
    return text;
}

static void check_clean(const gbx_redaction_options *what)
{
    gbx_capture *capture = record(what);

    for (int format = 0; gbx_format_name((gbx_format)format) != NULL; ++format) {
        char *text = document(capture, (gbx_format)format);

        assert_null(strstr(text, "s3cr3t"));
        assert_null(strstr(text, "24680"));
        assert_null(strstr(text, "13579.5"));
        assert_non_null(strstr(text, "handle"));
        free(text);
    }
    gbx_capture_unref(capture);
}

static void what_is_not_redacted_is_there(void **state)
{
    gbx_capture *capture = record(NULL);

    (void)state;
    for (int format = 0; gbx_format_name((gbx_format)format) != NULL; ++format) {
        char *text = document(capture, (gbx_format)format);

        assert_non_null(strstr(text, "find(s3cr3t)"));
        assert_true(strstr(text, "GET /users/s3cr3t") != NULL || format == GBX_FORMAT_FOLDED);
        free(text);
    }
    gbx_capture_unref(capture);
}

static void a_secret_is_in_no_document_by_filter(void **state)
{
    static const char *const keys[] = {"pin", "balance", NULL};

    (void)state;
    check_clean(&(gbx_redaction_options){.size = sizeof(gbx_redaction_options), .keys = keys, .filter = refuse_secret});
}

static void keys_names_and_reasons_say_so_where_they_stood(void **state)
{
    static const char *const keys[] = {"*", NULL};
    const gbx_redaction_options redaction = {.size = sizeof(redaction), .keys = keys, .names = true, .reasons = true};
    gbx_capture *capture = record(&redaction);
    char *full = document(capture, GBX_FORMAT_FULL);
    char *summary = document(capture, GBX_FORMAT_SUMMARY);

    (void)state;
    assert_non_null(
        strstr(full, "\"notes\":{\"user\":\"[redacted]\",\"pin\":\"[redacted]\",\"balance\":\"[redacted]\"}"));
    assert_non_null(strstr(summary, "\"error\":{\"span\":\"handle\",\"reason\":\"[redacted]\"}"));
    assert_null(strstr(full, "find("));
    free(summary);
    free(full);
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_redacted_is_there),
        cmocka_unit_test(a_secret_is_in_no_document_by_filter),
        cmocka_unit_test(keys_names_and_reasons_say_so_where_they_stood),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
