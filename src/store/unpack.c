/* SPDX-License-Identifier: MIT */
/* Owns the reading of packed traces, which may come from anywhere: every number is checked before it is used. */
#include "base/view.h"
#include "capture/restore.h"
#include "capture/state.h"
#include "store/pack.h"
#include "store/pack_code.h"
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#define RAW_BYTES_MAX ((unsigned long long)1 << 30)

enum { SPANS_TOO_MANY = 64 };

/* After a number or a text that is not whole, all further ones are 0 and empty. */
typedef struct unpacker {
    const unsigned char *at;
    const unsigned char *end;
    size_t raw_length;
    bool bad;
    gbx_site *sites; /* one for each frame; its memory has the texts too */
    gbxi_view *names;
    size_t frame_count;
    char *text; /* the next free byte for texts */
    size_t text_left;
    gbxi_restorer restorer;
} unpacker;

static uint64_t unpack_number(unpacker *u)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64 && u->at < u->end; shift += 7) {
        unsigned char byte = *u->at++;

        value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128)
            return value;
    }
    u->bad = true;
    u->at = u->end;
    return 0;
}

static gbxi_view read_bytes(unpacker *u, uint64_t length)
{
    gbxi_view view = {(const char *)u->at, 0};

    if (length > (uint64_t)(u->end - u->at)) {
        u->bad = true;
        u->at = u->end;
        return view;
    }
    view.length = (size_t)length;
    u->at += view.length;
    return view;
}

static gbxi_view read_packed_text(unpacker *u)
{
    return read_bytes(u, unpack_number(u));
}

static double read_double(unpacker *u)
{
    gbxi_view bytes = read_bytes(u, GBXI_PACK_DOUBLE_BYTES);
    uint64_t bits = 0;
    double value;

    for (size_t i = 0; i < bytes.length; i++)
        bits |= (uint64_t)(unsigned char)bytes.at[i] << (8 * i);
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* Copies a text to the memory of the sites, terminated. */
static const char *keep_text(unpacker *u, gbxi_view text)
{
    char *kept = u->text;

    if (text.length > u->text_left) {
        u->bad = true;
        return "";
    }
    if (text.length > 0)
        memcpy(kept, text.at, text.length);
    kept[text.length] = '\0';
    u->text += text.length + 1;
    u->text_left -= text.length;
    return kept;
}

static void unpack_parent(unpacker *u, gbx_capture_facts *facts)
{
    gbxi_view id = read_bytes(u, sizeof(facts->parent_span_id));
    gbxi_view flags = read_bytes(u, sizeof(facts->trace_flags));

    if (u->bad)
        return;
    memcpy(facts->parent_span_id, id.at, id.length);
    memcpy(&facts->trace_flags, flags.at, flags.length);
}

static gbx_err unpack_head(unpacker *u, uint64_t version)
{
    gbx_capture_facts facts = {0};
    gbxi_view name, id;
    uint64_t flags;
    char text[GBXI_CAPTURE_NAME_MAX + 1] = "";

    name = read_packed_text(u);
    id = read_bytes(u, GBXI_PACK_ID_BYTES);
    facts.start_unix_ns = gbxi_pack_unzigzag(unpack_number(u));
    facts.start_ns = unpack_number(u);
    facts.duration_ns = unpack_number(u);
    facts.dropped_spans = unpack_number(u);
    facts.span_cost_ns = read_double(u);
    flags = unpack_number(u);
    facts.truncated = (flags & GBXI_PACK_TRUNCATED) != 0;
    facts.failed = (flags & GBXI_PACK_FAILED) != 0;
    if (version == GBXI_PACK_VERSION_PARENT)
        unpack_parent(u, &facts);
    if (u->bad || name.length > GBXI_CAPTURE_NAME_MAX)
        return GBX_ERR_SYNTAX;
    if (name.length > 0)
        memcpy(text, name.at, name.length);
    memcpy(facts.trace_id, id.at, sizeof(facts.trace_id));
    facts.name = text;
    return gbxi_restore_begin(&u->restorer, &facts);
}

/* The memory for `count` sites and their texts, each of which takes a byte more for its end. */
static bool allocate_sites(unpacker *u, size_t count, size_t text_bytes)
{
    size_t bytes = count * (sizeof(*u->sites) + 2) + text_bytes;

    u->names = calloc(count + 1, sizeof(*u->names));
    u->sites = calloc(1, bytes + 1);
    u->frame_count = count;
    u->text = u->sites != NULL ? (char *)(u->sites + count) : NULL;
    u->text_left = text_bytes;
    return u->names != NULL && u->sites != NULL;
}

/* A name with a NUL in it is no terminated text, so the calls of the site have formatted names. */
static void name_site(unpacker *u, size_t frame, gbxi_view name)
{
    const char *kept = keep_text(u, name);

    u->sites[frame].name = memchr(kept, '\0', name.length + 1) == kept + name.length ? kept : "";
    u->names[frame] = (gbxi_view){kept, name.length};
}

static gbx_err unpack_frames(unpacker *u)
{
    enum { FRAME_BYTES_LEAST = 3 };
    uint64_t count = unpack_number(u), text_bytes = unpack_number(u);
    size_t left = (size_t)(u->end - u->at);
    const char *file = "";

    if (u->bad || count > left / FRAME_BYTES_LEAST)
        return GBX_ERR_SYNTAX;
    if (text_bytes > left)
        text_bytes = left; /* earlier versions counted the name of a file once for each of its frames */
    if (!allocate_sites(u, (size_t)count, (size_t)text_bytes))
        return GBX_ERR_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        gbxi_view name = read_packed_text(u);
        uint64_t file_length = unpack_number(u);

        name_site(u, i, name);
        if (file_length > 0)
            file = keep_text(u, read_bytes(u, file_length - 1));
        u->sites[i].file = file;
        u->sites[i].function = "";
        u->sites[i].line = (uint32_t)unpack_number(u);
    }
    return u->bad ? GBX_ERR_SYNTAX : GBX_ERR_OK;
}

static bool name_call(const unpacker *u, uint64_t frame, gbx_record *record)
{
    if (frame >= u->frame_count)
        return false;
    record->kind = GBX_RECORD_ENTER;
    record->site = &u->sites[frame];
    record->name = u->names[frame].at;
    record->format_length = (uint32_t)u->names[frame].length;
    return true;
}

static void unpack_note(unpacker *u, uint64_t code, gbx_record *record)
{
    gbxi_view key = read_packed_text(u), text;

    record->key = key.at;
    record->key_length = (uint32_t)key.length;
    if (code == GBXI_PACK_NOTE_INT) {
        record->kind = GBX_RECORD_NOTE_INT;
        record->integer = gbxi_pack_unzigzag(unpack_number(u));
    } else if (code == GBXI_PACK_NOTE_DOUBLE) {
        record->kind = GBX_RECORD_NOTE_DOUBLE;
        record->real = read_double(u);
    } else {
        text = read_packed_text(u);
        record->kind = GBX_RECORD_NOTE_STR;
        record->text = text.at;
        record->text_length = (uint32_t)text.length;
    }
}

/* Times cannot go back: what is too large is found when the record is put. */
static void read_time(unpacker *u, uint64_t *last_ns, gbx_record *record)
{
    uint64_t passed_ns = unpack_number(u);

    if (passed_ns > UINT64_MAX - *last_ns)
        u->bad = true;
    record->at_ns = *last_ns += passed_ns;
}

static gbx_err unpack_record(unpacker *u, uint64_t code, uint64_t *last_ns)
{
    gbx_record record = {0};
    gbxi_view text;

    if (code >= GBXI_PACK_NOTE_STR && code <= GBXI_PACK_NOTE_DOUBLE) {
        unpack_note(u, code, &record);
    } else {
        read_time(u, last_ns, &record);
        if (code == GBXI_PACK_EXIT) {
            record.kind = GBX_RECORD_EXIT;
        } else if (code == GBXI_PACK_FAIL) {
            text = read_packed_text(u);
            record.kind = GBX_RECORD_FAIL;
            record.text = text.at;
            record.text_length = (uint32_t)text.length;
        } else if (!name_call(u, code - GBXI_PACK_ENTER, &record)) {
            return GBX_ERR_SYNTAX;
        }
    }
    return u->bad ? GBX_ERR_SYNTAX : gbxi_restore_put(&u->restorer, &record);
}

static gbx_err unpack_lane(unpacker *u)
{
    gbx_lane_facts facts = {.thread_id = (uint32_t)unpack_number(u)};
    gbxi_view name = read_packed_text(u);
    uint64_t last_ns = 0, code;
    gbx_err err;

    facts.inside_ns = unpack_number(u);
    facts.cpu_ns = unpack_number(u);
    facts.span_count = unpack_number(u);
    /* The count is at most 64 too high for each lane (read.h), and a record takes at least two bytes. */
    if (u->bad || name.length >= sizeof(facts.thread_name) || facts.span_count > u->raw_length + SPANS_TOO_MANY)
        return GBX_ERR_SYNTAX;
    if (name.length > 0)
        memcpy(facts.thread_name, name.at, name.length);
    err = gbxi_restore_lane(&u->restorer, &facts);
    while (err == GBX_ERR_OK && (code = unpack_number(u)) != GBXI_PACK_END)
        err = unpack_record(u, code, &last_ns);
    return err == GBX_ERR_OK && u->bad ? GBX_ERR_SYNTAX : err;
}

static gbx_err unpack_all(unpacker *u)
{
    uint64_t version = unpack_number(u), lanes;
    gbx_err err;

    if (u->bad)
        return GBX_ERR_SYNTAX;
    if (version != GBXI_PACK_VERSION && version != GBXI_PACK_VERSION_PARENT)
        return GBX_ERR_UNKNOWN;
    if ((err = unpack_head(u, version)) != GBX_ERR_OK || (err = unpack_frames(u)) != GBX_ERR_OK)
        return err;
    lanes = unpack_number(u);
    for (uint64_t i = 0; i < lanes && err == GBX_ERR_OK; i++)
        err = unpack_lane(u);
    return err == GBX_ERR_OK && (u->bad || u->at != u->end) ? GBX_ERR_SYNTAX : err;
}

static gbx_err refuse_packed(gbx_err err, gbx_error *error)
{
    switch (err) {
    case GBX_ERR_UNKNOWN:
        return gbx_error_set(error, err, NULL, "the trace was packed by a later version of glassbox");
    case GBX_ERR_LIMIT:
        return gbx_error_set(error, err, NULL, "the trace is larger than this version of glassbox reads");
    case GBX_ERR_NO_MEMORY:
        return gbx_error_set(error, err, NULL, "there is no memory to unpack the trace");
    default:
        return gbx_error_set(error, err, NULL, "the bytes of the trace are damaged");
    }
}

/* Decompresses to new memory. */
static gbx_err unpack_raw(const void *bytes, size_t length, unsigned char **raw, size_t *raw_length)
{
    unsigned long long size = ZSTD_getFrameContentSize(bytes, length);

    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR)
        return GBX_ERR_SYNTAX;
    if (size > RAW_BYTES_MAX)
        return GBX_ERR_LIMIT;
    if ((*raw = malloc((size_t)size + 1)) == NULL)
        return GBX_ERR_NO_MEMORY;
    *raw_length = ZSTD_decompress(*raw, (size_t)size, bytes, length);
    return ZSTD_isError(*raw_length) != 0 || *raw_length != size ? GBX_ERR_SYNTAX : GBX_ERR_OK;
}

gbx_err gbxi_unpack(const void *bytes, size_t length, gbx_capture **capture, gbx_error *error)
{
    unsigned char *raw = NULL;
    size_t raw_length = 0;
    unpacker u = {0};
    gbx_err err = unpack_raw(bytes, length, &raw, &raw_length);

    if (err == GBX_ERR_OK) {
        u.at = raw;
        u.end = raw + raw_length;
        u.raw_length = raw_length;
        err = unpack_all(&u);
    }
    if (err == GBX_ERR_OK) {
        *capture = gbxi_restore_end(&u.restorer, u.sites);
    } else {
        gbxi_restore_abandon(&u.restorer);
        free(u.sites);
        refuse_packed(err, error);
    }
    free(u.names);
    free(raw);
    return err;
}
