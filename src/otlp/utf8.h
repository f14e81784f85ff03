/* SPDX-License-Identifier: MIT */
/* Texts as UTF-8, which protocol buffers demand: each ill-formed sequence becomes one U+FFFD, as in JSON. */
#ifndef GBX_OTLP_UTF8_H
#define GBX_OTLP_UTF8_H

#include "base/view.h"

/* The length of the text as UTF-8. */
size_t gbxi_otlp_utf8_length(gbxi_view text);

/* Puts the text as UTF-8 where there is room for that length. Returns the end. */
unsigned char *gbxi_otlp_utf8_put(unsigned char *at, gbxi_view text);

#endif
