/* SPDX-License-Identifier: MIT */
/* Any bytes as a `full` document: they are refused, or they are a capture that every format can export, and whose own
 * document gives that document again. */
#include "fuzz.h"
#include "store/import.h"
#include <glassbox/export.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE_BYTES = 4096 };

static char *export_whole(gbx_capture *capture, gbx_format format, size_t *length)
{
    gbx_exporter *exporter = gbx_exporter_new(capture, format, NULL);
    size_t capacity = PIECE_BYTES;
    char *text = malloc(capacity);
    ptrdiff_t got;

    FUZZ_CHECK(exporter != NULL && text != NULL);
    *length = 0;
    while ((got = gbx_exporter_read(exporter, text + *length, capacity - *length)) > 0) {
        *length += (size_t)got;
        if (capacity - *length < PIECE_BYTES)
            FUZZ_CHECK((text = realloc(text, capacity *= 2)) != NULL);
    }
    FUZZ_CHECK(got == 0);
    gbx_exporter_free(exporter);
    return text;
}

static void check_round(gbx_capture *capture)
{
    size_t length, again_length;
    char *text = export_whole(capture, GBX_FORMAT_FULL, &length), *again;
    gbxi_import import = {0};
    gbx_error error = {0};

    FUZZ_CHECK(gbxi_import_full(text, length, &import, &error) == GBX_ERR_OK);
    again = export_whole(import.capture, GBX_FORMAT_FULL, &again_length);
    if (import.guessed_calls == 0)
        FUZZ_CHECK(again_length == length && memcmp(again, text, length) == 0);
    gbx_capture_unref(import.capture);
    free(again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gbxi_import import = {0};
    gbx_error error = {0};
    gbx_err err = gbxi_import_full((const char *)data, size, &import, &error);
    size_t length;

    FUZZ_CHECK((err == GBX_ERR_OK) == (import.capture != NULL));
    FUZZ_CHECK((err == GBX_ERR_OK) == (error.text[0] == '\0'));
    if (err == GBX_ERR_OK) {
        for (int format = 0; gbx_format_name((gbx_format)format) != NULL; format++)
            free(export_whole(import.capture, (gbx_format)format, &length));
        check_round(import.capture);
        gbx_capture_unref(import.capture);
    }
    FUZZ_CHECK(gbx_capture_live_count() == 0);
    return 0;
}
