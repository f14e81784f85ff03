/* SPDX-License-Identifier: MIT */
/* Owns routes, frames and statements by number. */
#define _GNU_SOURCE
#include "findings/places.h"
#include "base/grow.h"
#include "findings/frame_label.h"
#include <stdio.h>
#include <stdlib.h>

enum { METHOD_ROUTE_MAX = 1200, NAME_BYTES_MAX = 1023, PATH_BYTES_MAX = 4095 };

uint32_t gbxi_places_route(gbxi_places *places, const char *method, const char *route)
{
    char text[METHOD_ROUTE_MAX];
    int length = snprintf(text, sizeof(text), "%s%s%s", method, method[0] != '\0' ? " " : "", route);

    return gbxi_dictionary_number(&places->routes,
                                  (gbxi_view){text, (size_t)length < sizeof(text) ? (size_t)length : sizeof(text) - 1});
}

uint32_t gbxi_places_statement(gbxi_places *places, gbxi_view normalised)
{
    return gbxi_dictionary_number(&places->statements, normalised);
}

/* Label, file and line as one text. */
static size_t place_key(char *key, gbxi_view label, const char *file, uint32_t line)
{
    size_t length = label.length < NAME_BYTES_MAX ? label.length : NAME_BYTES_MAX;
    size_t file_length = strnlen(file, PATH_BYTES_MAX);

    memcpy(key, label.at, length);
    key[length++] = '\0';
    memcpy(key + length, file, file_length);
    length += file_length;
    key[length++] = '\0';
    memcpy(key + length, &line, sizeof(line));
    return length + sizeof(line);
}

static bool place_make(gbxi_places *places, uint32_t frame, uint32_t line, uint32_t name)
{
    const char *key = places->keys.at[frame].at;

    if (!gbxi_grow(&places->frames, &places->frame_capacity, frame + (size_t)1, sizeof(*places->frames)))
        return false;
    places->frames[frame] = (gbxi_place){.label = key,
                                         .name = places->names.at[name].at,
                                         .file = key + strlen(key) + 1,
                                         .line = line,
                                         .first_name = name};
    return true;
}

/* From its second name on, a frame is called by its label. */
static bool place_name_again(gbxi_places *places, gbxi_place *place, gbxi_view name)
{
    char text[NAME_BYTES_MAX + 8];
    uint32_t common;
    int length;

    if (place->first_name == GBXI_PLACE_NONE || gbxi_view_equals(places->names.at[place->first_name], name))
        return true;
    length = snprintf(text, sizeof(text), "%s\xe2\x80\xa6", place->label);
    if ((common = gbxi_dictionary_number(&places->names, (gbxi_view){text, (size_t)length})) == GBXI_PLACE_NONE)
        return false;
    place->name = places->names.at[common].at;
    place->first_name = GBXI_PLACE_NONE;
    return true;
}

uint32_t gbxi_places_frame(gbxi_places *places, gbxi_view name, const char *file, uint32_t line)
{
    char key[NAME_BYTES_MAX + PATH_BYTES_MAX + 8];
    uint32_t count = places->keys.count, frame, number;
    size_t length = place_key(key, gbxi_frame_label(name), file, line);

    if ((frame = gbxi_dictionary_number(&places->keys, (gbxi_view){key, length})) == GBXI_PLACE_NONE)
        return GBXI_PLACE_NONE;
    if (frame < count)
        return place_name_again(places, &places->frames[frame], name) ? frame : GBXI_PLACE_NONE;
    if ((number = gbxi_dictionary_number(&places->names, name)) == GBXI_PLACE_NONE ||
        !place_make(places, frame, line, number))
        return GBXI_PLACE_NONE;
    return frame;
}

const char *gbxi_places_route_text(const gbxi_places *places, uint32_t route)
{
    return places->routes.at[route].at;
}

const char *gbxi_places_statement_text(const gbxi_places *places, uint32_t statement)
{
    return places->statements.at[statement].at;
}

void gbxi_places_fini(gbxi_places *places)
{
    gbxi_dictionary_fini(&places->routes);
    gbxi_dictionary_fini(&places->statements);
    gbxi_dictionary_fini(&places->keys);
    gbxi_dictionary_fini(&places->names);
    gbxi_account_free(places->frames);
    *places = (gbxi_places){.frames = NULL};
}
