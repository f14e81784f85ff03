/* SPDX-License-Identifier: MIT */
/* Suggests an existing name for an unknown one.
 *
 *     gbxi_suggestion suggestion = gbxi_suggestion_for("prot");
 *     gbxi_suggestion_offer(&suggestion, "port");              // and all other existing names
 *     if (suggestion.nearest != NULL) ...                      // "port"
 */
#ifndef GBX_BASE_SUGGEST_H
#define GBX_BASE_SUGGEST_H

#include <stddef.h>

typedef struct gbxi_suggestion {
    const char *written;
    size_t length;       /* length that is compared, up to a "=" */
    const char *nearest; /* the nearest of the names offered; NULL if none is near */
    size_t distance;     /* distance to `nearest` */
} gbxi_suggestion;

/* Ignores dashes at the start of `written` and everything after a "=". */
gbxi_suggestion gbxi_suggestion_for(const char *written);

/* Makes `name` the nearest if it begins with the written text or differs by at most two changes, and no name offered
 * before is nearer. */
void gbxi_suggestion_offer(gbxi_suggestion *suggestion, const char *name);

#endif
