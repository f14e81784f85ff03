/* SPDX-License-Identifier: MIT */
/* Owns reading doctypes, which only say whether a page is for old browsers. */
#include "graph/html/builder.h"
#include "graph/html/tokenizer.h"
#include <string.h>

/* Public identifiers that begin with one of these are of pages for old browsers. */
static const char *const quirky_doctypes[] = {
    "+//silmaril//dtd html pro v0r11 19970101//",
    "-//as//dtd html 3.0 aswedit + extensions//",
    "-//advasoft ltd//dtd html 3.0 aswedit + extensions//",
    "-//ietf//dtd html 2.0 level 1//",
    "-//ietf//dtd html 2.0 level 2//",
    "-//ietf//dtd html 2.0 strict level 1//",
    "-//ietf//dtd html 2.0 strict level 2//",
    "-//ietf//dtd html 2.0 strict//",
    "-//ietf//dtd html 2.0//",
    "-//ietf//dtd html 2.1e//",
    "-//ietf//dtd html 3.0//",
    "-//ietf//dtd html 3.2 final//",
    "-//ietf//dtd html 3.2//",
    "-//ietf//dtd html 3//",
    "-//ietf//dtd html level 0//",
    "-//ietf//dtd html level 1//",
    "-//ietf//dtd html level 2//",
    "-//ietf//dtd html level 3//",
    "-//ietf//dtd html strict level 0//",
    "-//ietf//dtd html strict level 1//",
    "-//ietf//dtd html strict level 2//",
    "-//ietf//dtd html strict level 3//",
    "-//ietf//dtd html strict//",
    "-//ietf//dtd html//",
    "-//metrius//dtd metrius presentational//",
    "-//microsoft//dtd internet explorer 2.0 html strict//",
    "-//microsoft//dtd internet explorer 2.0 html//",
    "-//microsoft//dtd internet explorer 2.0 tables//",
    "-//microsoft//dtd internet explorer 3.0 html strict//",
    "-//microsoft//dtd internet explorer 3.0 html//",
    "-//microsoft//dtd internet explorer 3.0 tables//",
    "-//netscape comm. corp.//dtd html//",
    "-//netscape comm. corp.//dtd strict html//",
    "-//o'reilly and associates//dtd html 2.0//",
    "-//o'reilly and associates//dtd html extended 1.0//",
    "-//o'reilly and associates//dtd html extended relaxed 1.0//",
    "-//sq//dtd html 2.0 hotmetal + extensions//",
    "-//softquad software//dtd hotmetal pro 6.0::19990601::extensions to html 4.0//",
    "-//softquad//dtd hotmetal pro 4.0::19971010::extensions to html 4.0//",
    "-//spyglass//dtd html 2.0 extended//",
    "-//sun microsystems corp.//dtd hotjava html//",
    "-//sun microsystems corp.//dtd hotjava strict html//",
    "-//w3c//dtd html 3 1995-03-24//",
    "-//w3c//dtd html 3.2 draft//",
    "-//w3c//dtd html 3.2 final//",
    "-//w3c//dtd html 3.2//",
    "-//w3c//dtd html 3.2s draft//",
    "-//w3c//dtd html 4.0 frameset//",
    "-//w3c//dtd html 4.0 transitional//",
    "-//w3c//dtd html experimental 19960712//",
    "-//w3c//dtd html experimental 970421//",
    "-//w3c//dtd w3 html//",
    "-//w3o//dtd w3 html 3.0//",
    "-//webtechs//dtd mozilla html 2.0//",
    "-//webtechs//dtd mozilla html//",
    NULL,
};

static bool doctype_says(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);

    return (size_t)(end - at) >= length && gbxi_html_is_word(at, length, word);
}

/* The bytes between quotes. */
typedef struct quoted {
    const char *at; /* NULL: there are none */
    size_t length;
} quoted;

/* Reads an identifier in quotes, which a ">" ends too. False if something else is there or it has no end. */
static bool read_quoted(const char **at, const char *end, quoted *identifier)
{
    const char *begin, *mark;

    while (*at < end && gbxi_html_is_blank(**at))
        ++*at;
    if (*at == end || (**at != '"' && **at != '\''))
        return false;
    begin = mark = *at + 1;
    while (mark < end && *mark != **at && *mark != '>')
        mark++;
    *identifier = (quoted){begin, (size_t)(mark - begin)};
    if (mark == end || *mark == '>') {
        *at = mark;
        return false;
    }
    *at = mark + 1;
    return true;
}

/* Whether one of `words`, which are in lower case, begins `identifier` or, with `whole`, is it. */
static bool is_one_of(quoted identifier, const char *const *words, bool whole)
{
    for (; *words != NULL; words++) {
        size_t length = strlen(*words);

        if (identifier.length >= length && (!whole || identifier.length == length) &&
            gbxi_html_is_word(identifier.at, length, *words))
            return true;
    }
    return false;
}

static bool are_quirky_identifiers(quoted public, quoted system)
{
    static const char *const quirky[] = {"-//w3o//dtd w3 html strict 3.0//en//", "-/w3c/dtd html 4.0 transitional/en",
                                         "html", NULL};
    static const char *const system_quirky[] = {"http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd", NULL};
    static const char *const html4[] = {"-//w3c//dtd html 4.01 frameset//", "-//w3c//dtd html 4.01 transitional//",
                                        NULL};

    if (system.at != NULL && is_one_of(system, system_quirky, true))
        return true;
    if (public.at == NULL)
        return false;
    return is_one_of(public, quirky, true) || is_one_of(public, quirky_doctypes, false) ||
           (system.at == NULL && is_one_of(public, html4, false));
}

/* Whether the doctype between `at`, which is behind its name, and `end` is of a page for old browsers. */
static bool is_quirky_doctype(const char *at, const char *end)
{
    quoted public = {0}, system = {0};

    while (at < end && gbxi_html_is_blank(*at))
        at++;
    if (at == end)
        return false;
    if (doctype_says(at, end, "public")) {
        at += strlen("public");
        if (!read_quoted(&at, end, &public))
            return true;
        while (at < end && gbxi_html_is_blank(*at))
            at++;
        if (at < end && !read_quoted(&at, end, &system))
            return true;
    } else if (doctype_says(at, end, "system")) {
        at += strlen("system");
        if (!read_quoted(&at, end, &system))
            return true;
    } else {
        return true;
    }
    return are_quirky_identifiers(public, system);
}

/* A ">" ends a doctype even between quotes. */
void gbxi_html_read_doctype(gbxi_html *html)
{
    const char *at = html->at + sizeof("<!doctype") - 1, *name;
    const char *mark = at < html->end ? memchr(at, '>', (size_t)(html->end - at)) : NULL;
    const char *end = mark != NULL ? mark : html->end;
    bool is_html;

    while (at < end && gbxi_html_is_blank(*at))
        at++;
    name = at;
    while (at < end && !gbxi_html_is_blank(*at))
        at++;
    is_html = at - name == 4 && gbxi_html_is_word(name, 4, "html");
    html->at = mark != NULL ? mark + 1 : end;
    gbxi_html_on_doctype(html, mark == NULL || !is_html || is_quirky_doctype(at, end));
}
