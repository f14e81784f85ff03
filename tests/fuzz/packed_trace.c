/* SPDX-License-Identifier: MIT */
/* Any bytes as a packed trace, before their compression: they are refused, or they are a capture that every format can
 * export, and that is packed to bytes which give the same capture again. */
#include "fuzz.h"
#include "store/pack.h"
#include "trace/trace.h"
#include <glassbox/export.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum { PIECE_BYTES = 4096 };

static gbx_capture *unpack_raw(const uint8_t *raw, size_t size)
{
    size_t capacity = ZSTD_compressBound(size), length;
    void *packed = malloc(capacity);
    gbx_capture *capture = NULL;
    gbx_error error = {0};
    gbx_err err;

    FUZZ_CHECK(packed != NULL);
    length = ZSTD_compress(packed, capacity, raw, size, 1);
    err = gbxi_unpack(packed, length, &capture, &error);
    FUZZ_CHECK((err == GBX_ERR_OK) == (capture != NULL));
    FUZZ_CHECK((err == GBX_ERR_OK) == (error.text[0] == '\0'));
    free(packed);
    return capture;
}

static void export_all(gbx_capture *capture)
{
    char piece[PIECE_BYTES];

    for (int format = 0; gbx_format_name((gbx_format)format) != NULL; format++) {
        gbx_exporter *exporter = gbx_exporter_new(capture, (gbx_format)format, NULL);
        ptrdiff_t length;

        FUZZ_CHECK(exporter != NULL);
        while ((length = gbx_exporter_read(exporter, piece, sizeof(piece))) > 0)
            ;
        FUZZ_CHECK(length == 0);
        gbx_exporter_free(exporter);
    }
}

/* Packs a capture. Returns a copy of the bytes. */
static void *pack_copy(const gbx_capture *capture, size_t *length)
{
    const gbxi_trace_options options = {0};
    gbxi_trace *trace = gbxi_trace_new(capture, &options);
    gbxi_packer *packer = gbxi_packer_new();
    const void *bytes;
    gbx_error error = {0};
    void *copy;

    FUZZ_CHECK(trace != NULL && packer != NULL);
    FUZZ_CHECK(gbxi_pack(packer, trace, &bytes, length, &error) == GBX_ERR_OK);
    copy = malloc(*length);
    FUZZ_CHECK(copy != NULL);
    memcpy(copy, bytes, *length);
    gbxi_packer_free(packer);
    gbxi_trace_free(trace);
    return copy;
}

static void check_round(const gbx_capture *capture)
{
    size_t length, again_length;
    void *bytes = pack_copy(capture, &length), *again;
    gbx_capture *restored = NULL;
    gbx_error error = {0};

    FUZZ_CHECK(gbxi_unpack(bytes, length, &restored, &error) == GBX_ERR_OK);
    again = pack_copy(restored, &again_length);
    FUZZ_CHECK(again_length == length && memcmp(again, bytes, length) == 0);
    gbx_capture_unref(restored);
    free(again);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gbx_capture *capture = unpack_raw(data, size);

    if (capture != NULL) {
        export_all(capture);
        check_round(capture);
        gbx_capture_unref(capture);
    }
    FUZZ_CHECK(gbx_capture_live_count() == 0);
    return 0;
}
