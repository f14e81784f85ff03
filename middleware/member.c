/* SPDX-License-Identifier: MIT */
/* Finds a member in the text of a JSON object. */
#define _GNU_SOURCE
#include "middleware/member.h"
#include "schemas/trace_config.h"
#include <string.h>

enum { KEY_LENGTH = sizeof(GBXI_TRACE_CONFIG_KEY) - 1, ESCAPE_LENGTH = 6 };

typedef struct member_scan {
    const char *at;
    const char *end;
} member_scan;

/* Whether the text escapes a character that the name may have: U+005F, or a letter after it. Those of other languages,
 * which some writers of JSON always escape, are not among them. */
static bool member_may_escape(const char *text, const char *end)
{
    static const char escape[] = "\\u00";

    while ((text = memmem(text, (size_t)(end - text), escape, sizeof(escape) - 1)) != NULL) {
        text += sizeof(escape) - 1;
        if (text < end && *text >= '5' && *text <= '7')
            return true;
    }
    return false;
}

bool gbxi_member_may_be(const char *text, size_t length)
{
    if (length == 0)
        return false;
    return memmem(text, length, GBXI_TRACE_CONFIG_KEY, KEY_LENGTH) != NULL || member_may_escape(text, text + length);
}

static void member_scan_blanks(member_scan *scan)
{
    while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\n' || *scan->at == '\r'))
        scan->at++;
}

static bool member_scan_byte(member_scan *scan, char byte)
{
    if (scan->at == scan->end || *scan->at != byte)
        return false;
    scan->at++;
    return true;
}

/* Whether the byte at `at` of a string that begins at `begin` stands behind an odd number of backslashes. */
static bool member_scan_is_escaped(const char *begin, const char *at)
{
    const char *first = at;

    while (first > begin && first[-1] == '\\')
        first--;
    return (at - first) % 2 != 0;
}

/* Skips a string. False if there is none, or no end of it. */
static bool member_scan_string(member_scan *scan)
{
    const char *begin = scan->at + 1;

    if (!member_scan_byte(scan, '"'))
        return false;
    while ((scan->at = memchr(scan->at, '"', (size_t)(scan->end - scan->at))) != NULL) {
        if (!member_scan_is_escaped(begin, scan->at++))
            return true;
    }
    scan->at = scan->end;
    return false;
}

/* What a byte outside of strings means for the nesting: 0 for most. */
static const signed char nesting[256] = {['{'] = 1, ['['] = 1, ['}'] = -1, [']'] = -1, ['"'] = 2, [','] = 3};

/* Goes to the comma or the bracket behind a value. False if the text ends before. */
static bool member_scan_value(member_scan *scan)
{
    size_t depth = 0;

    while (scan->at < scan->end) {
        signed char meaning = nesting[(unsigned char)*scan->at];

        if (meaning == 2) {
            if (!member_scan_string(scan))
                return false;
            continue;
        }
        if (depth == 0 && (meaning == 3 || meaning == -1))
            return true;
        if (meaning == 1)
            depth++;
        else if (meaning == -1)
            depth--;
        scan->at++;
    }
    return false;
}

static int member_scan_hex_digit(char digit)
{
    return digit >= '0' && digit <= '9'   ? digit - '0'
           : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
           : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                          : -1;
}

/* Takes one character off the inside of a string. Returns -1 for any that an ASCII name cannot have. */
static int member_scan_character(member_scan *scan)
{
    int high, low;

    if (*scan->at != '\\')
        return (unsigned char)*scan->at++;
    if (scan->end - scan->at < ESCAPE_LENGTH || memcmp(scan->at, "\\u00", 4) != 0)
        return -1;
    high = member_scan_hex_digit(scan->at[4]);
    low = member_scan_hex_digit(scan->at[5]);
    scan->at += ESCAPE_LENGTH;
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* Whether the text between two quotation marks is the name. */
static bool member_scan_is_key(const char *begin, const char *end)
{
    member_scan inside = {begin, end};

    for (size_t i = 0; i < KEY_LENGTH; i++)
        if (inside.at == end || member_scan_character(&inside) != GBXI_TRACE_CONFIG_KEY[i])
            return false;
    return inside.at == end;
}

/* Skips a member up to the comma or the bracket behind it. Sets `found` if it has the name. */
static bool member_scan_member(member_scan *scan, bool *found)
{
    const char *key = scan->at;

    if (!member_scan_string(scan))
        return false;
    *found = member_scan_is_key(key + 1, scan->at - 1);
    member_scan_blanks(scan);
    return member_scan_byte(scan, ':') && member_scan_value(scan);
}

/* The bytes of the member from `key` to `scan`, where the comma or the bracket behind it is. With a member before it,
 * the comma before it goes, which is at `comma`; otherwise the comma behind it. */
static gbxi_member member_with_comma(const char *text, const char *comma, const char *key, member_scan *scan)
{
    const char *begin = comma != NULL ? comma : key, *end = scan->at;

    if (comma == NULL && member_scan_byte(scan, ',')) {
        member_scan_blanks(scan);
        end = scan->at;
    } else {
        while (end > key && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\n' || end[-1] == '\r'))
            end--;
    }
    return (gbxi_member){(size_t)(begin - text), (size_t)(end - begin)};
}

gbxi_member gbxi_member_find(const char *text, size_t length)
{
    member_scan scan = {text, text + length};
    const char *comma = NULL;
    bool found = false;

    if (length == 0)
        return (gbxi_member){0, 0};
    member_scan_blanks(&scan);
    if (!member_scan_byte(&scan, '{'))
        return (gbxi_member){0, 0};
    do {
        const char *key;

        member_scan_blanks(&scan);
        key = scan.at;
        if (!member_scan_member(&scan, &found))
            break;
        if (found)
            return member_with_comma(text, comma, key, &scan);
        comma = scan.at;
    } while (member_scan_byte(&scan, ','));
    return (gbxi_member){0, 0};
}
