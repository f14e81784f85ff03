/* SPDX-License-Identifier: MIT */
/* Owns reading comments and CDATA sections. */
#include "graph/html/builder.h"
#include "graph/html/tokenizer.h"
#include <string.h>

/* The next `byte`, or the end. */
static const char *next_of(const char *at, const char *end, char byte)
{
    const char *found = at < end ? memchr(at, byte, (size_t)(end - at)) : NULL;

    return found != NULL ? found : end;
}

/* Behind the next `byte`, or the end. */
static const char *behind(const char *at, const char *end, char byte)
{
    const char *found = next_of(at, end, byte);

    return found < end ? found + 1 : end;
}

static bool begins_with(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);

    return (size_t)(end - at) >= length && memcmp(at, word, length) == 0;
}

static bool begins_with_word(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);

    return (size_t)(end - at) >= length && gbxi_html_is_word(at, length, word);
}

static void read_bogus(gbxi_html *html)
{
    html->at = behind(html->at, html->end, '>');
    gbxi_html_on_comment(html);
}

/* Behind the comment whose text begins at `at`. It ends with "-->" or "--!>", or at once with ">" or "->". */
static const char *comment_end(const char *at, const char *end)
{
    const char *begin = at;

    if (begins_with(at, end, ">"))
        return at + 1;
    if (begins_with(at, end, "->"))
        return at + 2;
    while (at < end) {
        size_t length;

        at = behind(at, end, '>');
        length = (size_t)(at - begin);
        if (length >= 3 && memcmp(at - 3, "-->", 3) == 0)
            return at;
        if (length >= 4 && memcmp(at - 4, "--!>", 4) == 0)
            return at;
    }
    return end;
}

/* A NUL in a section is one for the tree builder. */
static void read_cdata(gbxi_html *html)
{
    const char *at = html->at + sizeof("<![CDATA[") - 1, *end = at;

    while (end < html->end && !begins_with(end, html->end, "]]>"))
        end = next_of(end + 1, html->end, ']');
    while (at < end && html->err == GBX_ERR_OK) {
        const char *nul = memchr(at, '\0', (size_t)(end - at)), *part = nul != NULL ? nul : end;

        gbxi_html_emit_clean(html, at, part);
        if (nul != NULL)
            gbxi_html_on_nul(html);
        at = part + (nul != NULL);
    }
    html->at = html->end - end > 3 ? end + 3 : html->end;
}

void gbxi_html_read_markup(gbxi_html *html)
{
    const char *at = html->at, *end = html->end;

    html->skips_newline = false;
    if (begins_with(at, end, "<!--")) {
        html->at = comment_end(at + 4, end);
        gbxi_html_on_comment(html);
    } else if (begins_with_word(at, end, "<!doctype")) {
        gbxi_html_read_doctype(html);
    } else if (begins_with(at, end, "<![CDATA[") &&
               html->nodes[gbxi_html_current(html)].space != GBXI_HTML_SPACE_HTML) {
        read_cdata(html);
    } else {
        read_bogus(html);
    }
}
