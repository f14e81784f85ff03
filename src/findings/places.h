/* SPDX-License-Identifier: MIT */
/* What the traces of a run have in common, each by its number: routes, frames and statements. */
#ifndef GBX_FINDINGS_PLACES_H
#define GBX_FINDINGS_PLACES_H

#include "findings/dictionary.h"

#define GBXI_PLACE_NONE GBXI_TEXT_NONE

/* A span in the code: all of its calls, whatever their arguments. Texts are terminated. */
typedef struct gbxi_place {
    const char *label; /* without arguments (frame_label.h) */
    const char *name; /* what all names have in common: the name if there is one, otherwise the label and an ellipsis */
    const char *file; /* "": unknown */
    uint32_t line;
    uint32_t first_name; /* among the names */
} gbxi_place;

/* A zeroed struct is empty. */
typedef struct gbxi_places {
    gbxi_dictionary routes;     /* method, a space, route */
    gbxi_dictionary statements; /* normalised */
    gbxi_dictionary keys, names;
    gbxi_place *frames;
    size_t frame_capacity;
} gbxi_places;

/* The number of a route, of a statement, of the frame of a call with this name. GBXI_PLACE_NONE: memory is short. */
uint32_t gbxi_places_route(gbxi_places *places, const char *method, const char *route);
uint32_t gbxi_places_statement(gbxi_places *places, gbxi_view normalised);
uint32_t gbxi_places_frame(gbxi_places *places, gbxi_view name, const char *file, uint32_t line);

const char *gbxi_places_route_text(const gbxi_places *places, uint32_t route);
const char *gbxi_places_statement_text(const gbxi_places *places, uint32_t statement);

void gbxi_places_fini(gbxi_places *places);

#endif
