/* SPDX-License-Identifier: MIT */
/* Texts that clients sent, in messages: short, marked where they are cut, and without control characters. */
#ifndef GBX_JSON_QUOTE_H
#define GBX_JSON_QUOTE_H

#include "base/view.h"

enum {
    GBXI_QUOTE_BYTES_MAX = 40, /* of the client's text */
    GBXI_QUOTE_SIZE = 4 * GBXI_QUOTE_BYTES_MAX + sizeof("...")
};

/* A client's text as a message shows it, terminated. */
typedef struct gbxi_quote {
    char text[GBXI_QUOTE_SIZE];
} gbxi_quote;

/* Quotes a text: at most its first GBXI_QUOTE_BYTES_MAX bytes, with "..." behind them if there are more, and with
 * control characters as \xNN. Every message that repeats a part of a body, a path or a header uses this. Use the result
 * inside the call that prints it: gbxi_quoted(view).text. Thread: any. */
gbxi_quote gbxi_quoted(gbxi_view text);

#endif
