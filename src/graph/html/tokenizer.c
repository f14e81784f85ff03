/* SPDX-License-Identifier: MIT */
/* Owns reading text: data, raw text of every kind, and CDATA sections. */
#include "graph/html/tokenizer.h"
#include "graph/html/builder.h"
#include "graph/html/reference.h"
#include <string.h>

static const char REPLACEMENT[] = "\xef\xbf\xbd";

/* A text is given on in parts, so that stopping need not wait for its end. */
enum { PART_BYTES = 1 << 18 };

void gbxi_html_emit(gbxi_html *html, const char *bytes, size_t length)
{
    gbxi_text text;

    if (length > 0 && html->skips_newline && bytes[0] == '\n') {
        ++bytes;
        --length;
    }
    html->skips_newline = false;
    if (length > 0 && !gbxi_html_failed(html, gbxi_texts_add(html->texts, bytes, length, &text)))
        gbxi_html_on_text(html, text);
}

/* The end of a run of bytes that stand for themselves: before the next "<", "&", NUL or carriage return. */
static const char *run_end(const char *at, const char *end)
{
    static const bool stops[256] = {['<'] = true, ['&'] = true, ['\0'] = true, ['\r'] = true};

    if (end - at > PART_BYTES)
        end = at + PART_BYTES;
    while (at < end && !stops[(unsigned char)*at])
        at++;
    return at;
}

/* Reads a line end that begins with a carriage return. */
static void emit_line_end(gbxi_html *html)
{
    ++html->at;
    if (html->at < html->end && *html->at == '\n')
        ++html->at;
    gbxi_html_emit(html, "\n", 1);
}

void gbxi_html_emit_clean(gbxi_html *html, const char *begin, const char *end)
{
    const char *whole = html->end;

    html->at = begin;
    html->end = end;
    while (html->at < end && html->err == GBX_ERR_OK) {
        const char *run = html->at;

        while (run < end && run - html->at < PART_BYTES && *run != '\0' && *run != '\r')
            run++;
        gbxi_html_emit(html, html->at, (size_t)(run - html->at));
        html->at = run;
        if (run < end && *run == '\r') {
            emit_line_end(html);
        } else if (run < end && *run == '\0') {
            gbxi_html_emit(html, REPLACEMENT, sizeof(REPLACEMENT) - 1);
            ++html->at;
        }
        gbxi_html_spend(html, 1);
    }
    html->end = whole;
}

void gbxi_html_emit_reference(gbxi_html *html)
{
    gbxi_html_reference reference;
    size_t length = gbxi_html_reference_read(html->at, html->end, false, &reference);

    if (length > 0)
        gbxi_html_emit(html, reference.bytes, reference.length);
    else
        gbxi_html_emit(html, html->at, 1);
    html->at += length > 0 ? length : 1;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Reads what begins with "<". */
static void read_open(gbxi_html *html)
{
    const char *next = html->at + 1;

    if (next < html->end && is_letter(*next)) {
        gbxi_html_read_tag(html, next, false);
    } else if (next + 1 < html->end && *next == '/' && is_letter(next[1])) {
        gbxi_html_read_tag(html, next + 1, true);
    } else if (next + 1 < html->end && *next == '/' && next[1] == '>') {
        html->at += 3;
    } else if (next < html->end && (*next == '!' || *next == '?' || (*next == '/' && next + 1 < html->end))) {
        gbxi_html_read_markup(html);
    } else {
        gbxi_html_emit(html, html->at, 1);
        ++html->at;
    }
}

void gbxi_html_read_data(gbxi_html *html)
{
    const char *run = run_end(html->at, html->end);

    if (run > html->at) {
        gbxi_html_emit(html, html->at, (size_t)(run - html->at));
        html->at = run;
        return;
    }
    switch (*html->at) {
    case '<':
        read_open(html);
        break;
    case '&':
        gbxi_html_emit_reference(html);
        break;
    case '\r':
        emit_line_end(html);
        break;
    default:
        html->skips_newline = false;
        ++html->at;
        gbxi_html_on_nul(html);
    }
}

bool gbxi_html_ends_raw(const gbxi_html *html, const char *at)
{
    const char *name = gbxi_html_tag_rows[html->raw_name].name;
    size_t length = strlen(name);
    char after;

    if ((size_t)(html->end - at) < length + 3 || at[1] != '/' || !gbxi_html_is_word(at + 2, length, name))
        return false;
    after = at[length + 2];
    return gbxi_html_is_blank(after) || after == '/' || after == '>';
}

void gbxi_html_read_raw(gbxi_html *html)
{
    const char *run = run_end(html->at, html->end);

    if (run > html->at) {
        gbxi_html_emit(html, html->at, (size_t)(run - html->at));
        html->at = run;
    } else if (*html->at == '<' && gbxi_html_ends_raw(html, html->at)) {
        html->state = GBXI_HTML_DATA;
        gbxi_html_read_tag(html, html->at + 2, true);
    } else if (*html->at == '&' && html->state == GBXI_HTML_RCDATA) {
        gbxi_html_emit_reference(html);
    } else if (*html->at == '\r') {
        emit_line_end(html);
    } else {
        bool is_nul = *html->at == '\0';

        gbxi_html_emit(html, is_nul ? REPLACEMENT : html->at, is_nul ? sizeof(REPLACEMENT) - 1 : 1);
        ++html->at;
    }
}

void gbxi_html_read_plain(gbxi_html *html)
{
    gbxi_html_emit_clean(html, html->at, html->end);
}

/* How deep a script is in what looks like a comment and, in that, like a script. */
typedef enum script_depth { SCRIPT_PLAIN, SCRIPT_ESCAPED, SCRIPT_DOUBLE } script_depth;

typedef struct script_scan {
    const char *at;
    size_t dashes; /* directly before `at` */
    script_depth depth;
} script_scan;

/* Whether the word "script" stands at `at` with what may follow a tag's name. */
static bool is_script_word(const char *at, const char *end)
{
    static const char word[] = "script";
    size_t length = sizeof(word) - 1;

    return (size_t)(end - at) > length && gbxi_html_is_word(at, length, word) &&
           (gbxi_html_is_blank(at[length]) || at[length] == '/' || at[length] == '>');
}

/* Passes a "<" and what changes the depth. */
static void scan_open(script_scan *scan, const char *end)
{
    const char *next = scan->at + 1;

    scan->dashes = 0;
    scan->at = next;
    if (scan->depth == SCRIPT_PLAIN && end - next >= 3 && memcmp(next, "!--", 3) == 0) {
        scan->depth = SCRIPT_ESCAPED;
        scan->dashes = 2;
        scan->at += 3;
    } else if (scan->depth == SCRIPT_ESCAPED && is_script_word(next, end)) {
        scan->depth = SCRIPT_DOUBLE;
        scan->at += sizeof("script") - 1;
    } else if (scan->depth == SCRIPT_DOUBLE && next < end && *next == '/' && is_script_word(next + 1, end)) {
        scan->depth = SCRIPT_ESCAPED;
        scan->at += sizeof("/script") - 1;
    }
}

void gbxi_html_read_script(gbxi_html *html)
{
    const char *begin = html->at, *end = html->end;
    script_scan scan = {.at = begin};

    while (scan.at < end) {
        char c = *scan.at;

        if (c == '<') {
            if (scan.depth != SCRIPT_DOUBLE && gbxi_html_ends_raw(html, scan.at))
                break;
            scan_open(&scan, end);
            continue;
        }
        if (c == '>' && scan.dashes >= 2)
            scan.depth = SCRIPT_PLAIN;
        scan.dashes = c == '-' ? scan.dashes + 1 : 0;
        scan.at++;
    }
    gbxi_html_emit_clean(html, begin, scan.at);
    html->at = scan.at;
    if (scan.at < end && html->err == GBX_ERR_OK) {
        html->state = GBXI_HTML_DATA;
        gbxi_html_read_tag(html, scan.at + 2, true);
    }
}
