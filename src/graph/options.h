/* SPDX-License-Identifier: MIT */
/* Options: what can be set of a transformation or an engine, as a const table; checking, defaults, writing and the
 * description for people all run on it.
 *
 *     static const gbx__option options[] = {
 *         GBX__OPTION_INTEGER("depth", "3", 0, 100, "How many steps from the roots."),
 *         GBX__OPTION_CHOICE("direction", "\"out\"", directions, "Which way edges are followed."),
 *         {0}};
 *
 * A table has GBX__OPTION_ROWS_MAX rows at most, and groups may nest. Thread: any. */
#ifndef GBX_GRAPH_OPTIONS_H
#define GBX_GRAPH_OPTIONS_H

#include "json/reader.h"
#include "json/writer.h"

enum { GBX__OPTION_ROWS_MAX = 63 };

typedef enum gbx__option_kind {
    GBX__OPTION_KIND_BOOL,
    GBX__OPTION_KIND_INTEGER, /* within min and max, which a double holds exactly; 2.0 is one too */
    GBX__OPTION_KIND_NUMBER,  /* the same */
    GBX__OPTION_KIND_TEXT,    /* a string of min to max bytes */
    GBX__OPTION_KIND_COLOUR,  /* a string "#rrggbb" */
    GBX__OPTION_KIND_CHOICE,  /* one of `choices` */
    GBX__OPTION_KIND_TEXTS,   /* an array of min to max strings */
    GBX__OPTION_KIND_IDS,     /* an array of min to max ids of nodes: strings or numbers */
    GBX__OPTION_KIND_GROUP    /* an object of `members` */
} gbx__option_kind;

typedef struct gbx__option {
    const char *name; /* NULL ends a table */
    gbx__option_kind kind;
    const char *fallback; /* the default, as JSON; NULL: there is none, and it is not written unless given */
    double min, max;
    const char *const *choices; /* ends in NULL */
    const struct gbx__option *members;
    const char *description;
} gbx__option;

#define GBX__OPTION_BOOL(name, fallback, description)                                                                  \
    {                                                                                                                  \
        name, GBX__OPTION_KIND_BOOL, fallback, 0, 0, NULL, NULL, description                                           \
    }
#define GBX__OPTION_INTEGER(name, fallback, min, max, description)                                                     \
    {                                                                                                                  \
        name, GBX__OPTION_KIND_INTEGER, fallback, min, max, NULL, NULL, description                                    \
    }
#define GBX__OPTION_NUMBER(name, fallback, min, max, description)                                                      \
    {                                                                                                                  \
        name, GBX__OPTION_KIND_NUMBER, fallback, min, max, NULL, NULL, description                                     \
    }
#define GBX__OPTION_TEXT(name, fallback, min, max, description)                                                        \
    {                                                                                                                  \
        name, GBX__OPTION_KIND_TEXT, fallback, min, max, NULL, NULL, description                                       \
    }
#define GBX__OPTION_COLOUR(name, fallback, description)                                                                \
    {                                                                                                                  \
        name, GBX__OPTION_KIND_COLOUR, fallback, 0, 0, NULL, NULL, description                                         \
    }
#define GBX__OPTION_CHOICE(name, fallback, choices, description)                                                       \
    {                                                                                                                  \
        name, GBX__OPTION_KIND_CHOICE, fallback, 0, 0, choices, NULL, description                                      \
    }
#define GBX__OPTION_TEXTS(name, min, max, description)                                                                 \
    {                                                                                                                  \
        name, GBX__OPTION_KIND_TEXTS, NULL, min, max, NULL, NULL, description                                          \
    }
#define GBX__OPTION_IDS(name, min, max, description)                                                                   \
    {                                                                                                                  \
        name, GBX__OPTION_KIND_IDS, NULL, min, max, NULL, NULL, description                                            \
    }
#define GBX__OPTION_GROUP(name, members, description)                                                                  \
    {                                                                                                                  \
        name, GBX__OPTION_KIND_GROUP, NULL, 0, 0, NULL, members, description                                           \
    }

/* Checks `given`, an object at `at`, against a table, whose NULL has no rows; absent is fine. Errors: TYPE, RANGE,
 * UNKNOWN, CONFLICT, with the pointer of the culprit and what would be right. */
GBX_MUST_USE gbx_err gbx__options_check(const gbx__option *table, gbx_json_value given, const gbx_json_pointer *at,
                                        gbx_error *error);

/* Writes every option that is given or has a default, as members of the object that is open. `given` is checked. */
void gbx__options_write(const gbx__option *table, gbx_json_value given, gbx_json_writer *out);

/* Writes a table as JSON Schema (2020-12), as a value. */
void gbx__options_describe(const gbx__option *table, gbx_json_writer *out);

/* What is given of an option of that name, or its default, which there must be. `given` is checked. */
bool gbx__option_bool(const gbx__option *table, gbx_json_value given, const char *name);
uint64_t gbx__option_uint(const gbx__option *table, gbx_json_value given, const char *name);
/* An INTEGER that need not have a default: false, and `value` is left alone, when it is not given. */
bool gbx__option_given_uint(gbx_json_value given, const char *name, uint64_t *value);
/* TEXT, COLOUR and CHOICE. Borrowed from `given` or from the table. */
gbx_json_string gbx__option_text(const gbx__option *table, gbx_json_value given, const char *name);
/* The index of a CHOICE in its `choices`. */
size_t gbx__option_choice(const gbx__option *table, gbx_json_value given, const char *name);

#endif
