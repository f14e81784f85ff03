/* SPDX-License-Identifier: MIT */
/* The name that somebody may have meant who wrote one that does not exist.
 *
 *     gbxi_suggestion suggestion = gbxi_suggestion_for("prot");
 *     gbxi_suggestion_offer(&suggestion, "port");              // and every other name that exists
 *     if (suggestion.nearest != NULL) ...                      // "port"
 */
#ifndef GBX_CLI_SUGGEST_H
#define GBX_CLI_SUGGEST_H

#include <stddef.h>

typedef struct gbxi_suggestion {
    const char *written;
    size_t length;       /* of what is compared of it: up to a "=" */
    const char *nearest; /* of the names offered; NULL: none is near */
    size_t distance;     /* to it */
} gbxi_suggestion;

/* Dashes at the start of `written` do not count, nor what follows a "=". */
gbxi_suggestion gbxi_suggestion_for(const char *written);

/* `name` becomes the nearest when it begins with what was written, or is two changed letters away at most, and no name
 * offered before is nearer. */
void gbxi_suggestion_offer(gbxi_suggestion *suggestion, const char *name);

#endif
