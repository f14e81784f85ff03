/* SPDX-License-Identifier: MIT */
/* Copies JSON within limits. */
#include "cli/mcp/trimmed.h"
#include "base/cut.h"
#include "json/copy.h"
#include <stdio.h>

typedef struct trim_walk {
    gbxi_json_writer *writer;
    const gbxi_mcp_trim *trim;
    uint64_t cut_count;
} trim_walk;

static void trim_text(trim_walk *walk, gbxi_json_string text)
{
    size_t kept = gbxi_cut(text.at, text.length, walk->trim->text_bytes_max);
    gbxi_json_text piece;
    char remark[48];

    gbxi_json_text_begin(walk->writer, &piece);
    gbxi_json_text_add(walk->writer, &piece, text.at, kept);
    if (kept < text.length) {
        walk->cut_count++;
        snprintf(remark, sizeof(remark), "... (%zu more bytes)", text.length - kept);
        gbxi_json_text_add(walk->writer, &piece, remark, strlen(remark));
    }
    gbxi_json_text_end(walk->writer, &piece);
}

static void trim_value(trim_walk *walk, gbxi_json_value value, size_t level);

/* Keys that become equal when they are cut are all written. */
static void trim_key(trim_walk *walk, gbxi_json_string key)
{
    size_t kept = gbxi_cut(key.at, key.length, walk->trim->text_bytes_max);

    walk->cut_count += kept < key.length;
    gbxi_json_key_n(walk->writer, key.at, kept);
}

static void trim_container(trim_walk *walk, gbxi_json_value value, bool is_object, size_t level)
{
    gbxi_json_iterator each = gbxi_json_each(value);

    while (gbxi_json_next(&each)) {
        if (each.index >= walk->trim->count_max) {
            walk->cut_count++;
            return;
        }
        if (is_object)
            trim_key(walk, each.key);
        trim_value(walk, each.value, level + 1);
    }
}

static void trim_value(trim_walk *walk, gbxi_json_value value, size_t level)
{
    gbxi_json_type type = gbxi_json_typeof(value);
    gbxi_json_string text;

    if (gbxi_json_str(value, &text)) {
        trim_text(walk, text);
    } else if (type != GBXI_JSON_ARRAY && type != GBXI_JSON_OBJECT) {
        gbxi_json_copy(walk->writer, value);
    } else if (level >= walk->trim->level_max) {
        walk->cut_count++;
        gbxi_json_null(walk->writer);
    } else if (type == GBXI_JSON_ARRAY) {
        gbxi_json_array_begin(walk->writer);
        trim_container(walk, value, false, level);
        gbxi_json_array_end(walk->writer);
    } else {
        gbxi_json_object_begin(walk->writer);
        trim_container(walk, value, true, level);
        gbxi_json_object_end(walk->writer);
    }
}

uint64_t gbxi_mcp_trimmed_write(gbxi_json_writer *writer, gbxi_json_value value, const gbxi_mcp_trim *trim)
{
    trim_walk walk = {.writer = writer, .trim = trim};

    trim_value(&walk, value, 0);
    return walk.cut_count;
}
