/* SPDX-License-Identifier: MIT */
/* Owns writing strings and keys: escaping, and replacing ill-formed UTF-8. */
#include "json/utf8.h"
#include "json/writer.h"
#include <string.h>

/* U+FFFD replaces each maximal subpart of an ill-formed sequence. */
#define REPLACEMENT "\xEF\xBF\xBD"
#define REPLACEMENT_LENGTH 3

/* Strings of up to this many bytes are copied while they are checked. */
enum { SHORT_MAX = 32 };

static bool is_plain_byte(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/* Sets the high bit of each byte that needs a closer look. A carry may set bits above the first such byte, but never
 * below it. */
static uint64_t special_bytes(uint64_t eight)
{
    const uint64_t ones = 0x0101010101010101u;
    const uint64_t highs = 0x8080808080808080u;
    uint64_t quote = eight ^ (ones * '"');
    uint64_t backslash = eight ^ (ones * '\\');

    return (((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | (eight - ones * 0x20) | eight) & highs;
}

/* The number of bytes from the start that can be copied unchanged, including well-formed multi-byte sequences. */
static size_t clean_run(const unsigned char *text, size_t length)
{
    size_t at = 0;

    for (;;) {
        uint64_t eight;
        size_t sequence;

        while (length - at >= sizeof(eight)) {
            memcpy(&eight, text + at, sizeof(eight));
            if (special_bytes(eight) != 0)
                break;
            at += sizeof(eight);
        }
        while (at < length && is_plain_byte(text[at]))
            at++;
        if (at == length || text[at] < 0x80 ||
            gbxi_utf8_judge(text + at, length - at, &sequence) != GBXI_UTF8_WELL_FORMED)
            return at;
        at += sequence;
    }
}

static void put_escape(gbxi_json_writer *writer, unsigned char byte)
{
    /* The letter after the backslash. The letter u marks characters without a short form. */
    static const char letters[] = "uuuuuuuubtnufruuuuuuuuuuuuuuuuuu";
    static const char hex[] = "0123456789abcdef";
    char *at = gbxi_json_reserve(writer, 6);

    if (at == NULL)
        return;
    *at++ = '\\';
    if (byte >= 0x20) {
        *at++ = (char)byte;
    } else {
        *at++ = letters[byte];
        if (letters[byte] == 'u') {
            *at++ = '0';
            *at++ = '0';
            *at++ = hex[byte >> 4];
            *at++ = hex[byte & 15];
        }
    }
    gbxi_json_commit(writer, at);
}

/* Writes the content of a string. Returns the length of an incomplete sequence at the end, which is not written yet. */
static size_t put_content(gbxi_json_writer *writer, const unsigned char *text, size_t length)
{
    while (length > 0 && writer->error == GBX_ERR_OK) {
        size_t part = clean_run(text, length);

        gbxi_json_literal(writer, (const char *)text, part);
        text += part;
        length -= part;
        if (length == 0)
            break;
        if (*text < 0x80) {
            put_escape(writer, *text);
            part = 1;
        } else if (gbxi_utf8_judge(text, length, &part) == GBXI_UTF8_CUT) {
            return length;
        } else {
            gbxi_json_literal(writer, REPLACEMENT, REPLACEMENT_LENGTH);
        }
        text += part;
        length -= part;
    }
    return 0;
}

/* Copies a text of at most 7 bytes and returns whether no byte needs a closer look. */
static bool copy_few(char *at, const char *text, size_t length)
{
    uint32_t low, high;
    uint64_t bytes = 0x6161616161616161u; /* any plain bytes */

    if (length >= sizeof(low)) {
        memcpy(&low, text, sizeof(low));
        memcpy(&high, text + length - sizeof(high), sizeof(high)); /* may overlap */
        memcpy(at, &low, sizeof(low));
        memcpy(at + length - sizeof(high), &high, sizeof(high));
        bytes = (uint64_t)high << 32 | low;
    } else if (length > 0) {
        char first = text[0], middle = text[length / 2], last = text[length - 1];
        at[0] = first;
        at[length / 2] = middle;
        at[length - 1] = last;
        bytes = bytes << 24 | (uint64_t)(unsigned char)first << 16 | (uint64_t)(unsigned char)middle << 8 |
                (unsigned char)last;
    }
    return special_bytes(bytes) == 0;
}

/* Copies eight bytes and returns the bits of those that need a closer look. */
static uint64_t copy_eight(char *at, const char *text)
{
    uint64_t eight;

    memcpy(&eight, text, sizeof(eight));
    memcpy(at, &eight, sizeof(eight));
    return special_bytes(eight);
}

/* Copies a text of at most SHORT_MAX bytes and returns whether no byte needs a closer look. The last eight bytes may
 * overlap others. */
static bool copy_short(char *at, const char *text, size_t length)
{
    uint64_t special;

    if (length < 8)
        return copy_few(at, text, length);
    special = copy_eight(at, text) | copy_eight(at + length - 8, text + length - 8);
    if (length > 16)
        special |= copy_eight(at + 8, text + 8);
    if (length > 24)
        special |= copy_eight(at + 16, text + 16);
    return special == 0;
}

/* Copies a text for which there is room, if it can be copied unchanged. */
static bool copy_clean(char *at, const char *text, size_t length)
{
    if (length <= SHORT_MAX && copy_short(at, text, length))
        return true;
    if (clean_run((const unsigned char *)text, length) != length)
        return false;
    memcpy(at, text, length);
    return true;
}

/* Writes a whole string with quotes at `at`, which the caller has reserved. Most strings are short and clean. */
static void put_string(gbxi_json_writer *writer, char *at, const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;

    *at++ = '"';
    if (length + 1 <= (size_t)(writer->end - at) && copy_clean(at, text, length)) {
        at += length;
        *at++ = '"';
        gbxi_json_commit(writer, at);
        return;
    }
    gbxi_json_commit(writer, at);
    if (put_content(writer, bytes, length) > 0)
        gbxi_json_literal(writer, REPLACEMENT, REPLACEMENT_LENGTH);
    gbxi_json_literal(writer, "\"", 1);
}

void gbxi_json_key_n(gbxi_json_writer *writer, const char *name, size_t length)
{
    char *at = gbxi_json_value_begin(writer, 1);

    if (at == NULL)
        return;
    put_string(writer, at, name, length);
    gbxi_json_literal(writer, ":", 1);
    writer->comma = false;
}

void gbxi_json_string_n(gbxi_json_writer *writer, const char *text, size_t length)
{
    char *at;

    if (text == NULL) {
        gbxi_json_null(writer);
        return;
    }
    at = gbxi_json_value_begin(writer, 1);
    if (at != NULL)
        put_string(writer, at, text, length);
}

void gbxi_json_quote(gbxi_json_writer *writer, const char *text, size_t length)
{
    char *at = gbxi_json_reserve(writer, 1);

    if (at != NULL)
        put_string(writer, at, text, length);
}

void gbxi_json_string_z(gbxi_json_writer *writer, const char *text)
{
    gbxi_json_string_n(writer, text, text != NULL ? strlen(text) : 0);
}

void gbxi_json_text_begin(gbxi_json_writer *writer, gbxi_json_text *text)
{
    char *at = gbxi_json_value_begin(writer, 1);

    text->held_length = 0;
    if (at == NULL)
        return;
    *at++ = '"';
    gbxi_json_commit(writer, at);
}

/* Completes the held sequence with bytes of the piece. Returns how many bytes it took. */
static size_t finish_held(gbxi_json_writer *writer, gbxi_json_text *text, const unsigned char *piece, size_t length)
{
    size_t taken = 0;

    while (text->held_length > 0 && taken < length) {
        gbxi_utf8_kind kind;
        size_t sequence;

        text->held[text->held_length++] = piece[taken];
        kind = gbxi_utf8_judge(text->held, text->held_length, &sequence);
        /* A byte that does not continue the sequence begins a new one. */
        taken += kind != GBXI_UTF8_ILL_FORMED;
        if (kind == GBXI_UTF8_CUT)
            continue;
        if (kind == GBXI_UTF8_WELL_FORMED)
            gbxi_json_literal(writer, (const char *)text->held, text->held_length);
        else
            gbxi_json_literal(writer, REPLACEMENT, REPLACEMENT_LENGTH);
        text->held_length = 0;
    }
    return taken;
}

void gbxi_json_text_add(gbxi_json_writer *writer, gbxi_json_text *text, const char *piece, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)piece;
    size_t taken;

    if (length == 0)
        return;
    taken = finish_held(writer, text, bytes, length);
    if (taken == length)
        return;
    text->held_length = (unsigned)put_content(writer, bytes + taken, length - taken);
    memcpy(text->held, bytes + length - text->held_length, text->held_length);
}

void gbxi_json_text_end(gbxi_json_writer *writer, gbxi_json_text *text)
{
    if (text->held_length > 0)
        gbxi_json_literal(writer, REPLACEMENT, REPLACEMENT_LENGTH);
    gbxi_json_literal(writer, "\"", 1);
}
