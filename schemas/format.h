/* SPDX-License-Identifier: MIT */
/* Tells the formats of the HTTP contract from those that are only for files. */
#ifndef GBX_SCHEMAS_FORMAT_H
#define GBX_SCHEMAS_FORMAT_H

#include <glassbox/format.h>

/* Whether a request can ask for the format: by the suffix of its route, and by `trace_format`. */
static inline bool gbxi_format_is_routed(gbx_format format)
{
#define GBXI_FORMAT_IS(constant, number, name) || format == GBX_FORMAT_##constant
    return false GBX_FORMATS(GBXI_FORMAT_IS);
#undef GBXI_FORMAT_IS
}

#endif
