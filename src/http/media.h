/* SPDX-License-Identifier: MIT */
/* What a Content-Type says about a body. */
#ifndef GBX_HTTP_MEDIA_H
#define GBX_HTTP_MEDIA_H

#include <stdbool.h>
#include <stddef.h>

typedef enum gbxi_media {
    GBXI_MEDIA_BINARY, /* anything else, and no type at all */
    GBXI_MEDIA_TEXT,   /* text/..., in UTF-8 or ASCII as far as it says */
    GBXI_MEDIA_JSON    /* application/json, text/json, .../...+json */
} gbxi_media;

/* Classifies a Content-Type value; parameters are allowed, case does not matter. A zero length is BINARY. */
gbxi_media gbxi_media_of(const char *content_type, size_t length);

#endif
