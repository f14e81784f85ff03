/* SPDX-License-Identifier: MIT */
/* Bytes of a header's value, and how grammars take them apart (RFC 9110, section 5.6): names ignore case, blanks around
 * a part do not count. */
#ifndef GBX_HTTP_SLICE_H
#define GBX_HTTP_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Not terminated. */
typedef struct gbxi_slice {
    const char *at;
    size_t length;
} gbxi_slice;

static inline bool gbxi_slice_starts(gbxi_slice slice, const char *word)
{
    return slice.length >= strlen(word) && strncasecmp(slice.at, word, strlen(word)) == 0;
}

static inline bool gbxi_slice_ends(gbxi_slice slice, const char *word)
{
    size_t length = strlen(word);

    return slice.length >= length && strncasecmp(slice.at + slice.length - length, word, length) == 0;
}

static inline bool gbxi_slice_is(gbxi_slice slice, const char *word)
{
    return slice.length == strlen(word) && gbxi_slice_starts(slice, word);
}

/* Without the first `length` bytes, of which there are as many. */
static inline gbxi_slice gbxi_slice_after(gbxi_slice slice, size_t length)
{
    return (gbxi_slice){slice.at + length, slice.length - length};
}

static inline bool gbxi_slice_is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static inline gbxi_slice gbxi_slice_trim(gbxi_slice slice)
{
    while (slice.length != 0 && gbxi_slice_is_blank(slice.at[0]))
        slice = gbxi_slice_after(slice, 1);
    while (slice.length != 0 && gbxi_slice_is_blank(slice.at[slice.length - 1]))
        slice.length--;
    return slice;
}

/* Cuts what is before the next `separator` off the front of `rest`, trimmed; all of it when there is none. */
static inline gbxi_slice gbxi_slice_cut(gbxi_slice *rest, char separator)
{
    const char *end = rest->length != 0 ? memchr(rest->at, separator, rest->length) : NULL;
    gbxi_slice front = {rest->at, end != NULL ? (size_t)(end - rest->at) : rest->length};

    if (rest->length != 0)
        *rest = gbxi_slice_after(*rest, front.length + (end != NULL));
    return gbxi_slice_trim(front);
}

#endif
