/* SPDX-License-Identifier: MIT */
/* Where the member `trace_config` of a JSON object is in the object's text, so that the text can be used without it.
 *
 * Thread: any. */
#ifndef GBX_MIDDLEWARE_MEMBER_H
#define GBX_MIDDLEWARE_MEMBER_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes of a text that a member takes up, with one comma if it has neighbours. */
typedef struct gbxi_member {
    size_t at;
    size_t length; /* 0: there is no member */
} gbxi_member;

/* False if no member of any object in the text can have that name. Cost: about half a nanosecond for each byte. */
bool gbxi_member_may_be(const char *text, size_t length);

/* Finds the first member of that name of the text's outermost object. Its name may be written with escapes. What is
 * left without these bytes is the same object without the member, and the same bytes otherwise. The text may be
 * anything; the result means something if it is well-formed JSON. Cost: linear in the text before the end of the
 * member, about one nanosecond for each byte. */
gbxi_member gbxi_member_find(const char *text, size_t length);

#endif
