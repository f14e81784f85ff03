/* SPDX-License-Identifier: MIT */
/* Divides texts into what is copied and what is replaced. */
#include "export/plain.h"
#include "json/utf8.h"

static const gbxi_view replacement = {"\xEF\xBF\xBD", 3};
static const gbxi_view colon = {":", 1};
static const gbxi_view space = {" ", 1};

gbxi_plain gbxi_plain_of(const char *text, size_t length, gbxi_plain_kind kind)
{
    gbxi_view view = {text, length};

    if (length == 0 && kind == GBXI_PLAIN_FOLDED)
        view = gbxi_view_of("(unnamed)");
    return (gbxi_plain){view, kind};
}

/* Most bytes need no closer look. */
static bool is_common(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7F && byte != ';';
}

/* Whether readers of lines may take a well-formed sequence for a control character or for the end of the line. */
static bool is_line_control(const unsigned char *at, size_t length)
{
    if (length == 1)
        return at[0] < 0x20 || at[0] == 0x7F;
    if (length == 2)
        return at[0] == 0xC2 && at[1] < 0xA0;
    return length == 3 && at[0] == 0xE2 && at[1] == 0x80 && (at[2] == 0xA8 || at[2] == 0xA9);
}

/* What takes the place of the sequence at the start of what is left; NULL: it stays. Sets its length. */
static const gbxi_view *judge_next(const gbxi_plain *plain, gbxi_view left, size_t *length)
{
    const unsigned char *at = (const unsigned char *)left.at;

    if (gbxi_utf8_judge(at, left.length, length) != GBXI_UTF8_WELL_FORMED)
        return &replacement;
    if (plain->kind == GBXI_PLAIN_UTF8)
        return NULL;
    return at[0] == ';' ? &colon : is_line_control(at, *length) ? &space : NULL;
}

bool gbxi_plain_next(gbxi_plain *plain, gbxi_view *piece)
{
    gbxi_view left = plain->left;
    const gbxi_view *instead = NULL;
    size_t kept = 0, sequence = 0;

    while (kept < left.length && instead == NULL) {
        if (is_common((unsigned char)left.at[kept])) {
            kept++;
            continue;
        }
        instead = judge_next(plain, (gbxi_view){left.at + kept, left.length - kept}, &sequence);
        if (instead == NULL)
            kept += sequence;
    }
    if (kept == 0 && instead == NULL)
        return false;
    *piece = kept > 0 ? (gbxi_view){left.at, kept} : *instead;
    plain->left = gbxi_view_after(left, kept > 0 ? kept : sequence);
    return true;
}

size_t gbxi_plain_length(gbxi_plain plain)
{
    size_t length = 0;

    for (gbxi_view piece; gbxi_plain_next(&plain, &piece);)
        length += piece.length;
    return length;
}
