/* SPDX-License-Identifier: MIT */
/* What the names of one span have in common when they are formatted: "link(a.html)" and "link(b.html)" are both "link".
 */
#ifndef GBX_FINDINGS_FRAME_LABEL_H
#define GBX_FINDINGS_FRAME_LABEL_H

#include "base/view.h"

/* The part of a span's name that its arguments do not change: all before the first bracket, quote, space or one of
 * "=?#,;|", and without a number at its end behind one of "-./:_"; the whole name if that leaves nothing. Borrowed from
 * `name`. Thread: any. */
gbxi_view gbxi_frame_label(gbxi_view name);

#endif
