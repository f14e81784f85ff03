/* SPDX-License-Identifier: MIT */
/* Owns the names of HTML's character references that need no semicolon. */
#include "graph/engine/reference.h"
#include "base/view.h"
#include <string.h>

static const char LOOSE_NAMES[] =
    "AElig AMP Aacute Acirc Agrave Aring Atilde Auml COPY Ccedil ETH Eacute Ecirc Egrave Euml GT Iacute Icirc "
    "Igrave Iuml LT Ntilde Oacute Ocirc Ograve Oslash Otilde Ouml QUOT REG THORN Uacute Ucirc Ugrave Uuml Yacute "
    "aacute acirc acute aelig agrave amp aring atilde auml brvbar ccedil cedil cent copy curren deg divide eacute "
    "ecirc egrave eth euml frac12 frac14 frac34 gt iacute icirc iexcl igrave iquest iuml laquo lt macr micro "
    "middot nbsp not ntilde oacute ocirc ograve ordf ordm oslash otilde ouml para plusmn pound quot raquo reg sect "
    "shy sup1 sup2 sup3 szlig thorn times uacute ucirc ugrave uml uuml yacute yen yuml";

static bool reference_is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Whether one of the loose names begins the run of letters and digits. */
static bool begins_with_loose_name(gbxi_view run)
{
    const char *name = LOOSE_NAMES;

    while (*name != '\0') {
        size_t length = strcspn(name, " ");

        if (length <= run.length && memcmp(run.at, name, length) == 0)
            return true;
        name += length + (name[length] == ' ' ? 1 : 0);
    }
    return false;
}

bool gbxi_reference_begins(gbxi_view text)
{
    size_t end = 1;

    if (text.length > 1 && text.at[1] == '#')
        return true;
    while (end < text.length && reference_is_alphanumeric(text.at[end]))
        end++;
    if (end == 1)
        return false;
    return (end < text.length && text.at[end] == ';') || begins_with_loose_name((gbxi_view){text.at + 1, end - 1});
}
