/* SPDX-License-Identifier: MIT */
/* A view: borrowed bytes with their length. They need no terminator and may contain NUL. */
#ifndef GBX_BASE_VIEW_H
#define GBX_BASE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* May be copied freely. Valid as long as the bytes are. A zeroed struct is the empty view. */
typedef struct gbxi_view {
    const char *at;
    size_t length;
} gbxi_view;

/* A view of a terminated text. */
static inline gbxi_view gbxi_view_of(const char *text)
{
    gbxi_view view = {text, strlen(text)};

    return view;
}

/* Whether two views have the same bytes. */
static inline bool gbxi_view_equals(gbxi_view a, gbxi_view b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

/* Whether a view equals a terminated text. */
static inline bool gbxi_view_is(gbxi_view view, const char *text)
{
    return gbxi_view_equals(view, gbxi_view_of(text));
}

/* Whether a view equals one of the terminated `names`, which end with NULL. The first byte usually decides. */
static inline bool gbxi_view_is_among(gbxi_view view, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++)
        if ((view.length == 0 || names[i][0] == view.at[0]) && gbxi_view_is(view, names[i]))
            return true;
    return false;
}

/* A view without its first `length` bytes. The view must be at least that long. */
static inline gbxi_view gbxi_view_after(gbxi_view view, size_t length)
{
    gbxi_view rest = {view.at + length, view.length - length};

    return rest;
}

/* Removes the prefix `start` from `view`. Returns false and leaves the view unchanged if it does not begin with
 * `start`. */
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
