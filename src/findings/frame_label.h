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

/* The arguments that a name tells, brackets included: what is in brackets, in quotes, or begins with a digit, behind
 * the label and spaces or one of "=:#-./_". "link(a)" has "(a)" and "user 17" has "17", but "section p" has none: a
 * word may as well be a part of the name. Empty: none. Borrowed from `name`. Thread: any. */
gbxi_view gbxi_frame_arguments(gbxi_view name);

#endif
