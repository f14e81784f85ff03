/* SPDX-License-Identifier: MIT */
/* Owns the escaping of Markdown. Source of the rules: https://github.github.com/gfm/ */
#include "findings/markdown.h"
#include "base/cut.h"
#include "text/shown.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TEXT_MAX = 4096 };

/* A text that can be shown, cut to `max` bytes. */
typedef struct markdown_text {
    char bytes[4 * TEXT_MAX + 8];
    size_t length;
} markdown_text;

static void markdown_show(markdown_text *shown, const char *text, size_t max)
{
    size_t length = strlen(text), cut = gbxi_cut(text, length, max < TEXT_MAX ? max : TEXT_MAX);

    shown->length = gbxi_shown(shown->bytes, sizeof(shown->bytes) - 4, text, cut);
    if (cut < length)
        shown->length += (size_t)snprintf(shown->bytes + shown->length, 4, "\xe2\x80\xa6");
}

/* The longest run of backticks: code needs a longer one around it. */
static size_t markdown_backticks(const markdown_text *text)
{
    size_t longest = 0, run = 0;

    for (size_t i = 0; i < text->length; i++) {
        run = text->bytes[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void markdown_repeat(FILE *out, char byte, size_t count)
{
    for (size_t i = 0; i < count; i++)
        putc(byte, out);
}

/* A bar ends a cell, even in code, unless the number of backslashes before it is odd. */
static void markdown_cell(FILE *out, const markdown_text *text)
{
    size_t backslashes = 0;

    for (size_t i = 0; i < text->length; i++) {
        if (text->bytes[i] == '|')
            markdown_repeat(out, '\\', 1 + backslashes % 2);
        backslashes = text->bytes[i] == '\\' ? backslashes + 1 : 0;
        putc(text->bytes[i], out);
    }
}

void gbxi_markdown_code(FILE *out, const char *text, size_t max)
{
    markdown_text shown;
    size_t fence;
    bool pad;

    markdown_show(&shown, text[0] != '\0' ? text : "\"\"", max);
    fence = markdown_backticks(&shown) + 1;
    pad = shown.length == 0 || shown.bytes[0] == '`' || shown.bytes[shown.length - 1] == '`' || shown.bytes[0] == ' ';
    markdown_repeat(out, '`', fence);
    markdown_repeat(out, ' ', pad);
    markdown_cell(out, &shown);
    markdown_repeat(out, ' ', pad);
    markdown_repeat(out, '`', fence);
}

static bool markdown_is_word(const markdown_text *text, size_t at)
{
    return at < text->length && (isalnum((unsigned char)text->bytes[at]) || (unsigned char)text->bytes[at] >= 0x80);
}

/* An underscore inside of a word, and a colon without slashes behind it, are no mark-up. */
static bool markdown_is_mark_up(const markdown_text *text, size_t i)
{
    char byte = text->bytes[i];

    if (byte == '_')
        return i == 0 || !markdown_is_word(text, i - 1) || !markdown_is_word(text, i + 1);
    if (byte == ':')
        return i + 1 < text->length && text->bytes[i + 1] == '/';
    if (byte == '.')
        return i >= 3 && strncasecmp(text->bytes + i - 3, "www", 3) == 0;
    return strchr("\\`*[]<>|&~$#!@", byte) != NULL;
}

/* Where the byte is that would make a list of a text at the start of a block: "- a", "+ a", "1. a", "1) a". */
static size_t markdown_list_mark(const markdown_text *text, size_t begin)
{
    size_t i = begin;

    while (i < text->length && isdigit((unsigned char)text->bytes[i]))
        i++;
    if (i == text->length || strchr(i > begin ? ".)" : "-+", text->bytes[i]) == NULL)
        return text->length;
    return i;
}

/* A text may be the first of a block, where blanks would make it code. */
void gbxi_markdown_prose(FILE *out, const char *text, size_t max)
{
    markdown_text shown;
    size_t begin = 0, list_mark;

    markdown_show(&shown, text, max);
    while (begin < shown.length && shown.bytes[begin] == ' ')
        begin++;
    list_mark = markdown_list_mark(&shown, begin);
    for (size_t i = begin; i < shown.length; i++) {
        if (i == list_mark || markdown_is_mark_up(&shown, i))
            putc('\\', out);
        putc(shown.bytes[i], out);
    }
}
