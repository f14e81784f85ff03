/* SPDX-License-Identifier: MIT */
/* Classification of bodies by Content-Type. */
#ifndef GBX_HTTP_MEDIA_H
#define GBX_HTTP_MEDIA_H

#include <stdbool.h>
#include <stddef.h>

typedef enum gbxi_media {
    GBXI_MEDIA_BINARY, /* any other type, or no type */
    GBXI_MEDIA_TEXT,   /* text/..., unless its charset is neither UTF-8 nor ASCII */
    GBXI_MEDIA_JSON    /* application/json, text/json, .../...+json */
} gbxi_media;

/* Classifies a Content-Type value. Parameters are allowed, and case is ignored. A length of 0 is BINARY. */
gbxi_media gbxi_media_of(const char *content_type, size_t length);

#endif
