/* SPDX-License-Identifier: MIT */
/* A view: bytes that belong to somebody else, with their length; they need no terminator and may hold NUL. */
#ifndef GBX_BASE_VIEW_H
#define GBX_BASE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Copy it freely; it is good for as long as the bytes are. Zeroed is the empty view. */
typedef struct gbxi_view {
    const char *at;
    size_t length;
} gbxi_view;

/* A terminated text as a view. */
static inline gbxi_view gbxi_view_of(const char *text)
{
    gbxi_view view = {text, strlen(text)};

    return view;
}

/* Whether two views hold the same bytes. */
static inline bool gbxi_view_equals(gbxi_view a, gbxi_view b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

/* Whether a view holds what the terminated `text` holds. */
static inline bool gbxi_view_is(gbxi_view view, const char *text)
{
    return gbxi_view_equals(view, gbxi_view_of(text));
}

/* Whether a view is one of the terminated `names`, which end in NULL. Most are told apart by their first byte. */
static inline bool gbxi_view_is_among(gbxi_view view, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++)
        if ((view.length == 0 || names[i][0] == view.at[0]) && gbxi_view_is(view, names[i]))
            return true;
    return false;
}

/* A view without its first `length` bytes, of which it has as many. */
static inline gbxi_view gbxi_view_after(gbxi_view view, size_t length)
{
    gbxi_view rest = {view.at + length, view.length - length};

    return rest;
}

/* Takes `start` off the front of `view`; false, and the view is left alone, when it does not begin with it. */
static inline bool gbxi_view_skip(gbxi_view *view, const char *start)
{
    size_t length = strlen(start);

    if (view->length < length || memcmp(view->at, start, length) != 0)
        return false;
    *view = gbxi_view_after(*view, length);
    return true;
}

#ifdef __cplusplus
}
#endif

#endif
