/* SPDX-License-Identifier: MIT */
/* Character references of HTML, such as &amp; and &#38;. */
#ifndef GBX_GRAPH_ENGINE_REFERENCE_H
#define GBX_GRAPH_ENGINE_REFERENCE_H

#include "base/view.h"
#include <stdbool.h>

/* Whether HTML may read the ampersand at the start of `text` as the beginning of a character reference. A name before a
 * semicolon counts even if HTML does not know it. */
bool gbxi_reference_begins(gbxi_view text);

#endif
