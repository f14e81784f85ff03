/* SPDX-License-Identifier: MIT */
/* Makes documents of limited size. */
#include "cli/mcp/answer.h"
#include <stdarg.h>
#include <stdio.h>

enum {
    ANSWER_SIZE_BYTES = 400,      /* room for the member that tells the size, as a JSON string */
    ANSWER_TEXT_BYTES = 240,      /* of texts in parts */
    ANSWER_COUNT_MAX = 24,        /* elements of lists in parts */
    ANSWER_LEVELS = 6,            /* of parts */
    ANSWER_SMALL_TEXT_BYTES = 32, /* of a part that would find no room otherwise */
    ANSWER_SMALL_COUNT_MAX = 6,
    ANSWER_SMALL_LEVELS = 3
};

void gbxi_mcp_answer_init(gbxi_mcp_answer *answer)
{
    *answer = (gbxi_mcp_answer){
        .trim = {.text_bytes_max = ANSWER_TEXT_BYTES, .count_max = ANSWER_COUNT_MAX, .level_max = ANSWER_LEVELS},
        .room = GBXI_MCP_DOCUMENT_MAX - ANSWER_SIZE_BYTES};
    gbxi_json_writer_init_buffer(&answer->writer, &answer->document);
    gbxi_json_object_begin(&answer->writer);
}

static void fail_answer(gbxi_mcp_answer *answer, gbx_err err)
{
    if (answer->error == GBX_ERR_OK)
        answer->error = err;
}

gbxi_json_writer *gbxi_mcp_part(gbxi_mcp_answer *answer)
{
    answer->part.length = 0;
    gbxi_json_writer_init_buffer(&answer->part_writer, &answer->part);
    return &answer->part_writer;
}

/* The bytes that JSON takes as the text of a JSON string. */
static size_t quoted_length(const char *json, size_t length)
{
    size_t escapes = 0;

    for (size_t i = 0; i < length; i++)
        escapes += json[i] == '"' || json[i] == '\\';
    return length + escapes;
}

/* Makes the trimmed form of the part. */
static gbx_err trim_part(gbxi_mcp_answer *answer, const gbxi_mcp_trim *trim, gbxi_json_buffer *trimmed, uint64_t *cuts)
{
    gbxi_json_document *parsed = NULL;
    gbxi_json_writer writer;
    gbx_err err = gbxi_json_parse(answer->part.bytes, answer->part.length, &parsed, NULL);

    if (err == GBX_ERR_OK) {
        trimmed->length = 0;
        gbxi_json_writer_init_buffer(&writer, trimmed);
        *cuts = gbxi_mcp_trimmed_write(&writer, gbxi_json_root(parsed), trim);
        err = gbxi_json_writer_finish(&writer);
    }
    gbxi_json_free(parsed);
    return err;
}

/* Adds what was made if there is room. */
static bool add_trimmed(gbxi_mcp_answer *answer, const char *name, const gbxi_json_buffer *trimmed, uint64_t cuts)
{
    size_t taken = quoted_length(trimmed->bytes, trimmed->length) + 1;

    if (name != NULL)
        taken += strlen(name) + sizeof("\\\"\\\":");
    if (taken > answer->room)
        return false;
    answer->room -= taken;
    answer->cut_count += cuts;
    if (name != NULL)
        gbxi_json_key_n(&answer->writer, name, strlen(name));
    gbxi_json_raw(&answer->writer, trimmed->bytes, trimmed->length);
    return true;
}

/* Adds the part, smaller than usual if `must` and there is no room for it otherwise. */
static bool add_part(gbxi_mcp_answer *answer, const char *name, bool must)
{
    static const gbxi_mcp_trim small = {ANSWER_SMALL_TEXT_BYTES, ANSWER_SMALL_COUNT_MAX, ANSWER_SMALL_LEVELS};
    gbxi_json_buffer trimmed = {0};
    gbx_err err = gbxi_json_writer_finish(&answer->part_writer);
    uint64_t cuts = 0;
    bool added = false;

    if (err == GBX_ERR_OK && answer->error == GBX_ERR_OK &&
        (err = trim_part(answer, &answer->trim, &trimmed, &cuts)) == GBX_ERR_OK)
        added = add_trimmed(answer, name, &trimmed, cuts);
    if (err == GBX_ERR_OK && answer->error == GBX_ERR_OK && !added && must &&
        (err = trim_part(answer, &small, &trimmed, &cuts)) == GBX_ERR_OK)
        added = add_trimmed(answer, name, &trimmed, cuts);
    fail_answer(answer, err);
    gbxi_json_buffer_fini(&trimmed);
    return added;
}

void gbxi_mcp_answer_member(gbxi_mcp_answer *answer, const char *name)
{
    if (!add_part(answer, name, true)) {
        gbxi_json_key_n(&answer->writer, name, strlen(name));
        gbxi_json_null(&answer->writer);
        answer->cut_count++;
    }
}

void gbxi_mcp_answer_list(gbxi_mcp_answer *answer, const char *name)
{
    gbxi_json_key_n(&answer->writer, name, strlen(name));
    gbxi_json_array_begin(&answer->writer);
    answer->item_count = 0;
}

bool gbxi_mcp_answer_item(gbxi_mcp_answer *answer)
{
    bool added = add_part(answer, NULL, answer->item_count == 0);

    answer->item_count += added;
    return added;
}

void gbxi_mcp_answer_list_end(gbxi_mcp_answer *answer)
{
    gbxi_json_array_end(&answer->writer);
}

void gbxi_mcp_answer_more(gbxi_mcp_answer *answer, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(answer->cursor, sizeof(answer->cursor), format, args);
    va_end(args);
}

/* Writes the size of a document that is `bytes` long as a whole. */
static void write_size(gbxi_json_writer *writer, const gbxi_mcp_answer *answer, size_t bytes)
{
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "bytes");
    gbxi_json_uint(writer, bytes);
    gbxi_json_key(writer, "estimated_tokens");
    gbxi_json_uint(writer, (bytes + GBXI_MCP_BYTES_PER_TOKEN - 1) / GBXI_MCP_BYTES_PER_TOKEN);
    gbxi_json_key(writer, "truncated");
    gbxi_json_boolean(writer, answer->cursor[0] != '\0' || answer->cut_count > 0);
    gbxi_json_key(writer, "cut");
    gbxi_json_uint(writer, answer->cut_count);
    gbxi_json_key(writer, "next_cursor");
    gbxi_json_string_z(writer, answer->cursor[0] != '\0' ? answer->cursor : NULL);
    gbxi_json_object_end(writer);
}

/* The size counts itself, so it is written until it is right. */
static void add_size(gbxi_mcp_answer *answer, size_t before)
{
    enum { TIMES = 4 };
    char room[ANSWER_SIZE_BYTES];
    gbxi_json_writer writer;
    size_t length = 0;

    for (size_t i = 0; i < TIMES; i++) {
        gbxi_json_writer_init_room(&writer, room, sizeof(room));
        write_size(&writer, answer, before + length + 1);
        fail_answer(answer, gbxi_json_writer_finish(&writer));
        length = (size_t)(writer.at - writer.begin);
    }
    gbxi_json_raw(&answer->writer, room, length);
}

gbx_err gbxi_mcp_answer_end(gbxi_mcp_answer *answer, gbx_error *error)
{
    gbxi_json_key(&answer->writer, "size");
    add_size(answer, (size_t)(answer->writer.at - answer->writer.begin));
    gbxi_json_object_end(&answer->writer);
    fail_answer(answer, gbxi_json_writer_finish(&answer->writer));
    return answer->error == GBX_ERR_OK
               ? GBX_ERR_OK
               : gbx_error_set(error, answer->error, NULL, "cannot make the answer: %s", gbx_err_text(answer->error));
}

void gbxi_mcp_answer_fini(gbxi_mcp_answer *answer)
{
    gbxi_json_buffer_fini(&answer->document);
    gbxi_json_buffer_fini(&answer->part);
}
