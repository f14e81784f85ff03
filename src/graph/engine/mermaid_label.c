/* SPDX-License-Identifier: MIT */
/* Owns escaping labels for Mermaid.
 *
 * Mermaid passes a label through three steps. The first works on the whole text: it removes directives (%%{...}),
 * replaces #name; by a placeholder and ends strings at a quote. The second removes harmful HTML from the label, and so
 * decodes entities, but only in a label that contains a <. The third replaces \n, icons and formulas and decodes the
 * placeholders. In the third step, SVG text decodes only &amp; &lt; and &gt;.
 *
 * What the first step would misread becomes an HTML entity, and an HTML comment follows the label, so that the second
 * step decodes the entity and removes the comment. What the third step would misread becomes a placeholder of
 * Mermaid's, or an empty HTML element separates it. */
#define _GNU_SOURCE
#include "graph/engine/mermaid_label.h"
#include "base/view.h"
#include "graph/engine/blank.h"
#include "graph/engine/reference.h"

/* The first step drops the last semicolon of a line that looks like a style, once for each of two kinds. Here it drops
 * them from the comment. */
static const char COMMENT[] = "<!--;;-->";

/* Placeholders are made of these two pairs of characters. Mermaid decodes them even in the finished drawing. */
static const char *const PAIRS[] = {"\xef\xac\x82\xc2\xb0", "\xc2\xb6\xc3\x9f"};

/* A label and what has to be known about the whole of it before its first byte is written. */
typedef struct source {
    gbxi_view label;
    bool formula; /* contains $$ twice */
    bool style;   /* may look like a line that sets a style */
    bool
        separated; /* contains one of the pairs, which an empty element separates; placeholders do not work beside it */
    bool commented; /* the comment follows it */
} source;

/* A replacement: after the first `kept` of `length` bytes, `text` stands in place of the rest. */
typedef struct change {
    const char *text; /* NULL: none */
    size_t kept;
    size_t length;
} change;

static bool has_at(gbxi_view label, size_t at, const char *text)
{
    size_t length = strlen(text);

    return length <= label.length - at && memcmp(label.at + at, text, length) == 0;
}

static bool ends_with(gbxi_view label, size_t end, const char *text)
{
    size_t length = strlen(text);

    return length <= end && memcmp(label.at + end - length, text, length) == 0;
}

static size_t occurrences(gbxi_view label, const char *text)
{
    size_t count = 0, length = strlen(text);

    for (size_t i = 0; i < label.length; i++) {
        if (!has_at(label, i, text))
            continue;
        count++;
        i += length - 1;
    }
    return count;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Whether the # at `at` begins an entity of Mermaid, such as #35; or #quot;. */
static bool is_entity(gbxi_view label, size_t at)
{
    size_t end = at + 1;

    while (end < label.length && is_name_byte(label.at[end]))
        end++;
    return end > at + 1 && end < label.length && label.at[end] == ';';
}

/* Whether the colon at `at` is that of an icon, such as fa:fa-car or fab:fa-git. */
static bool is_icon(gbxi_view label, size_t at)
{
    bool family = at > 0 && strchr("bklrs", label.at[at - 1]) != NULL;

    return has_at(label, at, ":fa-") && (ends_with(label, at, "fa") || (family && ends_with(label, at - 1, "fa")));
}

/* The entity for the byte at `at` if the first step would misread it. */
static const char *entity_before(const source *s, size_t at)
{
    switch (s->label.at[at]) {
    case '"':
        return "&quot;";
    case '`': /* at the start of a string it begins Markdown */
        return at == 0 ? "&grave;" : NULL;
    case '#':
        return s->style || is_entity(s->label, at) ? "&num;" : NULL;
    case '%':
        return has_at(s->label, at, "%%{") ? "&percnt;" : NULL;
    default:
        return NULL;
    }
}

/* The placeholder for the byte at `at` if the third step would misread it. */
static const char *entity_after(const source *s, size_t at)
{
    switch (s->label.at[at]) {
    case '\\':
        return has_at(s->label, at, "\\n") || has_at(s->label, at, "\\N") ? "#92;" : NULL;
    case ':':
        return is_icon(s->label, at) ? "#58;" : NULL;
    case '$':
        return s->formula && has_at(s->label, at, "$$") ? "#36;" : NULL;
    default:
        return NULL;
    }
}

/* The length of the word `direction` at `at` if a direction follows. The first step reads a line with both, in a string
 * or not, as a statement about the direction, unless something is between them. */
static size_t direction_kept(gbxi_view label, size_t at)
{
    static const char word[] = "direction", *const ways[] = {"TB", "TD", "BT", "LR", "RL"};
    gbxi_view rest;
    size_t blank;

    if (!has_at(label, at, word))
        return 0;
    rest = gbxi_view_after(label, at + strlen(word));
    while ((blank = gbxi_blank_length(rest.at, rest.length)) > 0)
        rest = gbxi_view_after(rest, blank);
    if (rest.at == label.at + at + strlen(word))
        return 0;
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        if (has_at(rest, 0, ways[i]))
            return strlen(word);
    return 0;
}

/* The length in bytes of the first character of the pair at `at`; 0 if there is none. */
static size_t pair_kept(gbxi_view label, size_t at)
{
    return has_at(label, at, PAIRS[0]) ? 3 : has_at(label, at, PAIRS[1]) ? 2 : 0;
}

/* The entity for the byte at `at` if HTML and SVG text have the same one. Where SVG text breaks a long word, it may
 * break the entity, so an ampersand that means nothing stays. */
static const char *entity_of_both(gbxi_view label, size_t at)
{
    switch (label.at[at]) {
    case '&':
        return gbxi_reference_begins(gbxi_view_after(label, at)) ? "&amp;" : NULL;
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    default:
        return NULL;
    }
}

/* The second step writes a no-break space as an entity, which SVG text does not decode, if the comment is there. */
static change change_at(const source *s, size_t at)
{
    const char *entity = entity_of_both(s->label, at), *after;
    size_t kept = pair_kept(s->label, at), word = direction_kept(s->label, at);

    if (entity == NULL)
        entity = entity_before(s, at);
    if (entity != NULL)
        return (change){entity, 0, 1};
    if (word > 0)
        return (change){"<!---->", word, word};
    if (kept > 0)
        return (change){"<i></i>", kept, kept};
    if ((after = entity_after(s, at)) != NULL)
        return s->separated ? (change){"<i></i>", 1, 1} : (change){after, 0, 1};
    return s->commented && has_at(s->label, at, "\xc2\xa0") ? (change){" ", 0, 2} : (change){0};
}

/* Most labels contain none of the characters that may have to be replaced. */
static bool is_ordinary(gbxi_view label)
{
    for (size_t i = 0; i < label.length; i++) {
        unsigned char c = (unsigned char)label.at[i];

        if (c == 0xac || c == 0xb6 || (c < 0x80 && !is_name_byte((char)c) && strchr("&<>\"`#%\\:$", c) != NULL))
            return false;
    }
    return memmem(label.at, label.length, "direction", strlen("direction")) == NULL;
}

static source source_of(gbxi_view label)
{
    source s = {.label = label};

    s.formula = occurrences(label, "$$") > 1;
    s.style = occurrences(label, "style") > 0 || occurrences(label, "classDef") > 0;
    s.separated = occurrences(label, PAIRS[0]) > 0 || occurrences(label, PAIRS[1]) > 0;
    s.commented = s.separated;
    for (size_t i = 0; i < label.length && !s.commented; i++)
        s.commented = entity_before(&s, i) != NULL || entity_after(&s, i) != NULL || direction_kept(label, i) > 0;
    return s;
}

static void add_changed(gbxi_engine_output *output, const source *s)
{
    size_t from = 0;

    for (size_t i = 0; i < s->label.length; i++) {
        change it = change_at(s, i);

        if (it.text == NULL)
            continue;
        gbxi_engine_output_add(output, s->label.at + from, i + it.kept - from);
        gbxi_engine_output_add_z(output, it.text);
        from = i + it.length;
        i = from - 1;
    }
    gbxi_engine_output_add(output, s->label.at + from, s->label.length - from);
}

/* Mermaid removes the whitespace before a label, and then a pair of quotes around it. */
static bool loses_its_quotes(gbxi_view label)
{
    size_t length;

    if (label.at[label.length - 1] != '"')
        return false;
    while ((length = gbxi_blank_length(label.at, label.length)) > 0)
        label = gbxi_view_after(label, length);
    return label.at[0] == '"';
}

/* A label that would lose its quotes gets a second pair. An empty label
 * would be a syntax error. */
void gbxi_mermaid_add_label(gbxi_engine_output *output, const char *bytes, size_t length)
{
    source s;
    bool quoted;

    if (length == 0 || is_ordinary((gbxi_view){bytes, length})) {
        gbxi_engine_output_add(output, length > 0 ? bytes : " ", length > 0 ? length : 1);
        return;
    }
    s = source_of((gbxi_view){bytes, length});
    quoted = loses_its_quotes(s.label);
    gbxi_engine_output_add_z(output, quoted ? "&quot;" : "");
    add_changed(output, &s);
    gbxi_engine_output_add_z(output, quoted ? "&quot;" : "");
    gbxi_engine_output_add_z(output, s.commented ? COMMENT : "");
}
