/* SPDX-License-Identifier: MIT */
/* Owns the writing of packed traces. */
#include "store/pack.h"
#include "base/grow.h"
#include "capture/reader.h"
#include "store/pack_code.h"
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum {
    LEVEL = 1,        /* what is slower saves little: the times of a trace are noise */
    LEVEL_SMALL = -1, /* for small traces, whose compression is most of what storing them takes */
    SMALL_BYTES = 16 << 10,
    KEPT_BYTES = 1 << 20,                   /* of a buffer, from one trace to the next */
    RECORD_BYTES = 4 * GBXI_PACK_VARINT_MAX /* more than a record has without its texts */
};

struct gbxi_packer {
    ZSTD_CCtx *context;
    unsigned char *raw;
    size_t raw_capacity;
    size_t raw_length;
    unsigned char *packed;
    size_t packed_capacity;
    bool broken; /* memory was short */
};

gbxi_packer *gbxi_packer_new(void)
{
    gbxi_packer *packer = calloc(1, sizeof(*packer));

    if (packer == NULL)
        return NULL;
    if ((packer->context = ZSTD_createCCtx()) == NULL ||
        ZSTD_isError(ZSTD_CCtx_setParameter(packer->context, ZSTD_c_checksumFlag, 1)) != 0) {
        gbxi_packer_free(packer);
        return NULL;
    }
    return packer;
}

void gbxi_packer_free(gbxi_packer *packer)
{
    if (packer == NULL)
        return;
    ZSTD_freeCCtx(packer->context);
    gbxi_account_free(packer->raw);
    gbxi_account_free(packer->packed);
    free(packer);
}

/* Room for `need` bytes; false if memory is short, and then for good. */
static inline bool pack_room(gbxi_packer *packer, size_t need)
{
    if (!packer->broken && !gbxi_grow(&packer->raw, &packer->raw_capacity, packer->raw_length + need, 1))
        packer->broken = true;
    return !packer->broken;
}

/* There is room. */
static inline void put_varint(gbxi_packer *packer, uint64_t value)
{
    unsigned char *at = packer->raw + packer->raw_length;

    for (; value >= 128; value >>= 7)
        *at++ = (unsigned char)(value | 128);
    *at++ = (unsigned char)value;
    packer->raw_length = (size_t)(at - packer->raw);
}

static void pack_number(gbxi_packer *packer, uint64_t value)
{
    if (pack_room(packer, GBXI_PACK_VARINT_MAX))
        put_varint(packer, value);
}

static void pack_bytes(gbxi_packer *packer, const void *bytes, size_t length)
{
    if (length == 0 || !pack_room(packer, length))
        return;
    memcpy(packer->raw + packer->raw_length, bytes, length);
    packer->raw_length += length;
}

static void pack_text(gbxi_packer *packer, const char *text, size_t length)
{
    pack_number(packer, length);
    pack_bytes(packer, text, length);
}

static void pack_double(gbxi_packer *packer, double value)
{
    uint64_t bits;
    unsigned char bytes[GBXI_PACK_DOUBLE_BYTES];

    memcpy(&bits, &value, sizeof(bits));
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)(bits >> (8 * i));
    pack_bytes(packer, bytes, sizeof(bytes));
}

static void pack_head(gbxi_packer *packer, const gbx_capture_facts *facts)
{
    bool has_parent = facts->trace_flags != 0 || gbxi_trace_has_parent(facts);

    pack_number(packer, has_parent ? GBXI_PACK_VERSION_PARENT : GBXI_PACK_VERSION);
    pack_text(packer, facts->name, strlen(facts->name));
    pack_bytes(packer, facts->trace_id, GBXI_PACK_ID_BYTES);
    pack_number(packer, gbxi_pack_zigzag(facts->start_unix_ns));
    pack_number(packer, facts->start_ns);
    pack_number(packer, facts->duration_ns);
    pack_number(packer, facts->dropped_spans);
    pack_double(packer, facts->span_cost_ns);
    pack_number(packer, (facts->truncated ? GBXI_PACK_TRUNCATED : 0u) | (facts->failed ? GBXI_PACK_FAILED : 0u));
    if (!has_parent)
        return;
    pack_bytes(packer, facts->parent_span_id, GBXI_PACK_SPAN_ID_BYTES);
    pack_bytes(packer, &facts->trace_flags, sizeof(facts->trace_flags));
}

/* The bytes of all texts, as they are written: the name of a file once for the frames in a row that it has. */
static size_t pack_text_bytes(const gbxi_frames *frames)
{
    const char *file = NULL;
    size_t bytes = 0;

    for (uint32_t i = 0; i < frames->count; i++) {
        bytes += frames->at[i].name_length + (frames->at[i].file != file ? strlen(frames->at[i].file) : 0);
        file = frames->at[i].file;
    }
    return bytes;
}

static void pack_frames(gbxi_packer *packer, const gbxi_frames *frames)
{
    const char *file = NULL;
    pack_number(packer, frames->count);
    pack_number(packer, pack_text_bytes(frames));
    for (uint32_t i = 0; i < frames->count; i++) {
        const gbxi_frame *frame = &frames->at[i];

        pack_text(packer, frame->name, frame->name_length);
        if (frame->file == file) {
            pack_number(packer, 0);
        } else {
            file = frame->file;
            pack_number(packer, strlen(file) + 1);
            pack_bytes(packer, file, strlen(file));
        }
        pack_number(packer, frame->line);
    }
}

static void pack_note(gbxi_packer *packer, const gbx_record *record)
{
    static const int codes[] = {[GBX_RECORD_NOTE_STR] = GBXI_PACK_NOTE_STR,
                                [GBX_RECORD_NOTE_INT] = GBXI_PACK_NOTE_INT,
                                [GBX_RECORD_NOTE_DOUBLE] = GBXI_PACK_NOTE_DOUBLE};

    pack_number(packer, (uint64_t)codes[record->kind]);
    pack_text(packer, record->key, record->key_length);
    if (record->kind == GBX_RECORD_NOTE_STR)
        pack_text(packer, record->text, record->text_length);
    else if (record->kind == GBX_RECORD_NOTE_INT)
        pack_number(packer, gbxi_pack_zigzag(record->integer));
    else
        pack_double(packer, record->real);
}

/* A record with a time. `code` is not that of a note. */
static inline void pack_timed(gbxi_packer *packer, uint64_t code, const gbx_record *record, uint64_t *last_ns)
{
    if (!pack_room(packer, RECORD_BYTES))
        return;
    put_varint(packer, code);
    put_varint(packer, record->at_ns - *last_ns);
    *last_ns = record->at_ns;
}

static void pack_records(gbxi_packer *packer, const gbxi_trace *trace, const gbxi_thread *thread)
{
    size_t formatted = thread->first_formatted;
    uint64_t last_ns = 0;
    gbx_reader reader;
    gbx_record record;

    (void)gbx_reader_init(&reader, trace->capture, thread->lane);
    while (!packer->broken && gbxi_reader_read(&reader, &record, true)) {
        if (record.kind == GBX_RECORD_ENTER) {
            pack_timed(packer, GBXI_PACK_ENTER + gbxi_trace_frame_of(trace, &record, &formatted), &record, &last_ns);
        } else if (record.kind == GBX_RECORD_EXIT) {
            pack_timed(packer, GBXI_PACK_EXIT, &record, &last_ns);
        } else if (record.kind == GBX_RECORD_FAIL) {
            pack_timed(packer, GBXI_PACK_FAIL, &record, &last_ns);
            pack_text(packer, record.text, record.text_length);
        } else {
            pack_note(packer, &record);
        }
    }
    pack_number(packer, GBXI_PACK_END);
}

static const gbxi_thread *thread_of_lane(const gbxi_trace *trace, size_t lane)
{
    const gbxi_thread *thread = trace->threads;

    while (thread->lane != lane)
        thread++;
    return thread;
}

static void pack_lanes(gbxi_packer *packer, const gbxi_trace *trace)
{
    pack_number(packer, trace->facts.lane_count);
    for (size_t lane = 0; lane < trace->facts.lane_count; lane++) {
        const gbxi_thread *thread = thread_of_lane(trace, lane);
        const gbx_lane_facts *facts = &thread->facts;

        pack_number(packer, facts->thread_id);
        pack_text(packer, facts->thread_name, strlen(facts->thread_name));
        pack_number(packer, facts->inside_ns);
        pack_number(packer, facts->cpu_ns);
        pack_number(packer, facts->span_count);
        pack_records(packer, trace, thread);
    }
}

/* One large trace must not cost its memory for ever. */
static void shrink_buffer(unsigned char **buffer, size_t *capacity)
{
    if (*capacity <= KEPT_BYTES)
        return;
    gbxi_account_free(*buffer);
    *buffer = NULL;
    *capacity = 0;
}

static gbx_err pack_refuse(gbx_error *error)
{
    return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "there is no memory to pack a trace");
}

gbx_err gbxi_pack(gbxi_packer *packer, const gbxi_trace *trace, const void **bytes, size_t *length, gbx_error *error)
{
    size_t result;

    shrink_buffer(&packer->packed, &packer->packed_capacity);
    packer->raw_length = 0;
    packer->broken = false;
    pack_head(packer, &trace->facts);
    pack_frames(packer, &trace->frames);
    pack_lanes(packer, trace);
    if (packer->broken ||
        !gbxi_grow(&packer->packed, &packer->packed_capacity, ZSTD_compressBound(packer->raw_length), 1))
        return pack_refuse(error);
    (void)ZSTD_CCtx_setParameter(packer->context, ZSTD_c_compressionLevel,
                                 packer->raw_length < SMALL_BYTES ? LEVEL_SMALL : LEVEL); /* both are valid */
    result = ZSTD_compress2(packer->context, packer->packed, packer->packed_capacity, packer->raw, packer->raw_length);
    shrink_buffer(&packer->raw, &packer->raw_capacity);
    if (ZSTD_isError(result) != 0)
        return pack_refuse(error);
    *bytes = packer->packed;
    *length = result;
    return GBX_ERR_OK;
}
