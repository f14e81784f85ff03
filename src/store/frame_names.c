/* SPDX-License-Identifier: MIT */
/* Finds frames by their name, file and line. */
#include "store/frame_names.h"
#include "base/grow.h"
#include "base/hash.h"

void gbxi_frame_names_fini(gbxi_frame_names *names)
{
    gbxi_table_fini(&names->table);
    gbxi_account_free(names->items);
    gbxi_account_free(names->texts);
    *names = (gbxi_frame_names){.key = names->key};
}

static gbxi_frame_name frame_name_at(const gbxi_frame_names *names, size_t at)
{
    const gbxi_frame_names_item *item = &names->items[at];
    const char *text = names->texts + item->name_at;

    return (gbxi_frame_name){{text, item->name_length}, {text + item->name_length, item->file_length}, item->line};
}

static bool frame_name_is_same(const void *context, const gbxi_table_slot *slot, const void *key)
{
    const gbxi_frame_name *name = key;
    gbxi_frame_name known = frame_name_at(context, slot->number - 1);

    return known.line == name->line && gbxi_view_equals(known.name, name->name) &&
           gbxi_view_equals(known.file, name->file);
}

/* Files with the same name and line are rare, so only their lengths take part. */
static uint32_t frame_name_hash(uint64_t key, const gbxi_frame_name *name)
{
    return gbxi_hash_pair(key, gbxi_hash_text(key, name->name.at, name->name.length),
                          name->line ^ (uint32_t)name->file.length << 20);
}

static bool frame_names_reserve(gbxi_frame_names *names, size_t text_bytes)
{
    return gbxi_table_reserve(&names->table, sizeof(gbxi_table_slot), names->count + 1) &&
           gbxi_grow(&names->items, &names->capacity, names->count + 1, sizeof(*names->items)) &&
           gbxi_grow(&names->texts, &names->texts_capacity, names->texts_bytes + text_bytes + 1, 1);
}

static void frame_names_append(gbxi_frame_names *names, const gbxi_frame_name *name)
{
    char *text = names->texts + names->texts_bytes;

    names->items[names->count++] = (gbxi_frame_names_item){(uint32_t)names->texts_bytes, (uint32_t)name->name.length,
                                                           (uint32_t)name->file.length, name->line, 0};
    if (name->name.length > 0)
        memcpy(text, name->name.at, name->name.length);
    if (name->file.length > 0)
        memcpy(text + name->name.length, name->file.at, name->file.length);
    names->texts_bytes += name->name.length + name->file.length;
}

uint32_t gbxi_frame_names_intern(gbxi_frame_names *names, const gbxi_frame_name *name, bool *full)
{
    size_t text_bytes = name->name.length + name->file.length;
    uint32_t hash = frame_name_hash(names->key, name);
    gbxi_table_slot *slot;

    *full = false;
    if (!gbxi_table_reserve(&names->table, sizeof(*slot), 1))
        return 0;
    slot = gbxi_table_find(&names->table, sizeof(*slot), hash, frame_name_is_same, names, name);
    if (slot->number != 0)
        return slot->number;
    *full = names->count >= GBXI_FRAME_NAMES_MAX || text_bytes > GBXI_FRAME_NAMES_BYTES_MAX - names->texts_bytes;
    if (*full || !frame_names_reserve(names, text_bytes))
        return 0;
    slot = gbxi_table_find(&names->table, sizeof(*slot), hash, frame_name_is_same, names, name);
    frame_names_append(names, name);
    *slot = (gbxi_table_slot){hash, (uint32_t)names->count};
    return slot->number;
}

void gbxi_frame_names_cut(gbxi_frame_names *names, size_t count)
{
    if (count >= names->count)
        return;
    names->texts_bytes = names->items[count].name_at;
    names->count = count;
    /* A table forgets nothing, so it is filled anew. */
    memset(names->table.slots, 0, names->table.slot_count * sizeof(gbxi_table_slot));
    for (size_t i = 0; i < count; i++) {
        gbxi_frame_name name = frame_name_at(names, i);
        uint32_t hash = frame_name_hash(names->key, &name);

        *gbxi_table_find(&names->table, sizeof(gbxi_table_slot), hash, frame_name_is_same, names, &name) =
            (gbxi_table_slot){hash, (uint32_t)i + 1};
    }
}
