/* SPDX-License-Identifier: MIT */
/* Owns the table of the standard's element names and the search in it. */
#include "graph/html/tags.h"
#include <pthread.h>
#include <string.h>

const gbxi_html_tag_row gbxi_html_tag_rows[GBXI_HTML_TAG_COUNT] = {
#define TAG_ROW(id, name, flags, start, end)                                                                           \
    [GBXI_HTML_TAG_##id] = {name, NULL, GBXI_HTML_FLAGS_##flags, GBXI_HTML_START_##start, GBXI_HTML_END_##end},
#define SVG_TAG_ROW(id, name, svg_name)                                                                                \
    [GBXI_HTML_TAG_##id] = {name, svg_name, 0, GBXI_HTML_START_OTHER, GBXI_HTML_END_OTHER},
    GBXI_HTML_TAGS_A_L(TAG_ROW) GBXI_HTML_TAGS_M_Z(TAG_ROW) GBXI_HTML_TAGS_SVG(SVG_TAG_ROW)
#undef SVG_TAG_ROW
#undef TAG_ROW
};

enum { TAG_SLOTS = 1024, TAG_BYTES_MAX = 19 };
_Static_assert(GBXI_HTML_TAG_COUNT < UINT8_MAX, "a slot holds a tag plus one in a byte");

static pthread_once_t tag_slots_once = PTHREAD_ONCE_INIT;
static uint8_t tag_slots[TAG_SLOTS]; /* a tag plus one, or 0 */

static uint32_t tag_slot_first(const char *name, size_t length)
{
    uint32_t hash = (uint32_t)length;

    for (size_t i = 0; i < length; i++)
        hash = hash * 33 + (unsigned char)name[i];
    return (hash ^ hash >> 10) % TAG_SLOTS;
}

static void fill_tag_slots(void)
{
    for (uint32_t tag = 0; tag < GBXI_HTML_TAG_COUNT; tag++) {
        uint32_t slot = tag_slot_first(gbxi_html_tag_rows[tag].name, strlen(gbxi_html_tag_rows[tag].name));

        while (tag_slots[slot] != 0)
            slot = (slot + 1) % TAG_SLOTS;
        tag_slots[slot] = (uint8_t)(tag + 1);
    }
}

uint32_t gbxi_html_tag_of(const char *name, size_t length)
{
    if (length > TAG_BYTES_MAX)
        return GBXI_HTML_TAG_COUNT;
    pthread_once(&tag_slots_once, fill_tag_slots);
    for (uint32_t slot = tag_slot_first(name, length); tag_slots[slot] != 0; slot = (slot + 1) % TAG_SLOTS) {
        const char *known = gbxi_html_tag_rows[tag_slots[slot] - 1].name;

        if (strncmp(known, name, length) == 0 && known[length] == '\0')
            return (uint32_t)tag_slots[slot] - 1;
    }
    return GBXI_HTML_TAG_COUNT;
}

bool gbxi_html_is_table_part(uint32_t name)
{
    switch (name) {
    case GBXI_HTML_TAG_CAPTION:
    case GBXI_HTML_TAG_COL:
    case GBXI_HTML_TAG_COLGROUP:
    case GBXI_HTML_TAG_TBODY:
    case GBXI_HTML_TAG_TD:
    case GBXI_HTML_TAG_TFOOT:
    case GBXI_HTML_TAG_TH:
    case GBXI_HTML_TAG_THEAD:
    case GBXI_HTML_TAG_TR:
        return true;
    default:
        return false;
    }
}
