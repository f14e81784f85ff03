/* SPDX-License-Identifier: MIT */
/* What a Content-Type says about a body. */
#ifndef GBX_MIDDLEWARE_MEDIA_H
#define GBX_MIDDLEWARE_MEDIA_H

#include <stdbool.h>
#include <stddef.h>

typedef enum gbx__media {
    GBX__MEDIA_BINARY, /* anything else, and no type at all */
    GBX__MEDIA_TEXT,   /* text/..., in UTF-8 or ASCII as far as it says */
    GBX__MEDIA_JSON    /* application/json, text/json, .../...+json */
} gbx__media;

/* Classifies a Content-Type value; parameters are allowed, case does not matter. A zero length is BINARY. */
gbx__media gbx__media_of(const char *content_type, size_t length);

#endif
