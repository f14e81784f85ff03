/* SPDX-License-Identifier: MIT */
/* Owns the rule by which formatted names are told to be of one span. */
#include "findings/frame_label.h"

static bool label_ends_at(char byte)
{
    return (unsigned char)byte <= ' ' || strchr("([{<\"'`=?#,;|", byte) != NULL;
}

static bool label_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* "worker-3" is "worker"; "sha256" stays. */
static size_t label_without_number(const char *name, size_t length)
{
    size_t end = length;

    while (end > 0 && label_is_digit(name[end - 1]))
        end--;
    return end > 1 && end < length && strchr("-./:_", name[end - 1]) != NULL ? end - 1 : length;
}

gbxi_view gbxi_frame_label(gbxi_view name)
{
    size_t length = 0;

    while (length < name.length && !label_ends_at(name.at[length]))
        length++;
    while (length > 0 && name.at[length - 1] == ':')
        length--;
    length = label_without_number(name.at, length);
    return length > 0 ? (gbxi_view){name.at, length} : name;
}

gbxi_view gbxi_frame_arguments(gbxi_view name)
{
    gbxi_view rest = gbxi_view_after(name, gbxi_frame_label(name).length);

    while (rest.length > 0 && rest.at[0] != '\0' && strchr(" =:#-./_", rest.at[0]) != NULL)
        rest = gbxi_view_after(rest, 1);
    if (rest.length > 0 && rest.at[0] != '\0' && (strchr("([{\"'`", rest.at[0]) != NULL || label_is_digit(rest.at[0])))
        return rest;
    return (gbxi_view){rest.at, 0};
}
