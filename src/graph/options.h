/* SPDX-License-Identifier: MIT */
/* Options: what can be set of a transformation or an engine, as a const table; checking, defaults, writing and the
 * description for people all run on it.
 *
 *     static const gbxi_option options[] = {
 *         GBXI_OPTION_INTEGER("depth", "3", 0, 100, "How many steps from the roots."),
 *         GBXI_OPTION_CHOICE("direction", "\"out\"", directions, "Which way edges are followed."),
 *         {0}};
 *
 * A table has GBXI_OPTION_ROWS_MAX rows at most, and groups may nest. Thread: any. */
#ifndef GBX_GRAPH_OPTIONS_H
#define GBX_GRAPH_OPTIONS_H

#include "json/reader.h"
#include "json/writer.h"

enum { GBXI_OPTION_ROWS_MAX = 63 };

typedef enum gbxi_option_kind {
    GBXI_OPTION_KIND_BOOL,
    GBXI_OPTION_KIND_INTEGER, /* within min and max, which a double holds exactly; 2.0 is one too */
    GBXI_OPTION_KIND_NUMBER,  /* the same */
    GBXI_OPTION_KIND_TEXT,    /* a string of min to max bytes */
    GBXI_OPTION_KIND_COLOUR,  /* a string "#rrggbb" */
    GBXI_OPTION_KIND_CHOICE,  /* one of `choices` */
    GBXI_OPTION_KIND_TEXTS,   /* an array of min to max strings */
    GBXI_OPTION_KIND_IDS,     /* an array of min to max ids of nodes: strings or numbers */
    GBXI_OPTION_KIND_GROUP    /* an object of `members` */
} gbxi_option_kind;

typedef struct gbxi_option {
    const char *name; /* NULL ends a table */
    gbxi_option_kind kind;
    const char *fallback; /* the default, as JSON; NULL: there is none, and it is not written unless given */
    double min, max;
    const char *const *choices; /* ends in NULL */
    const struct gbxi_option *members;
    const char *description;
} gbxi_option;

#define GBXI_OPTION_BOOL(name, fallback, description)                                                                  \
    {                                                                                                                  \
        name, GBXI_OPTION_KIND_BOOL, fallback, 0, 0, NULL, NULL, description                                           \
    }
#define GBXI_OPTION_INTEGER(name, fallback, min, max, description)                                                     \
    {                                                                                                                  \
        name, GBXI_OPTION_KIND_INTEGER, fallback, min, max, NULL, NULL, description                                    \
    }
#define GBXI_OPTION_NUMBER(name, fallback, min, max, description)                                                      \
    {                                                                                                                  \
        name, GBXI_OPTION_KIND_NUMBER, fallback, min, max, NULL, NULL, description                                     \
    }
#define GBXI_OPTION_TEXT(name, fallback, min, max, description)                                                        \
    {                                                                                                                  \
        name, GBXI_OPTION_KIND_TEXT, fallback, min, max, NULL, NULL, description                                       \
    }
#define GBXI_OPTION_COLOUR(name, fallback, description)                                                                \
    {                                                                                                                  \
        name, GBXI_OPTION_KIND_COLOUR, fallback, 0, 0, NULL, NULL, description                                         \
    }
#define GBXI_OPTION_CHOICE(name, fallback, choices, description)                                                       \
    {                                                                                                                  \
        name, GBXI_OPTION_KIND_CHOICE, fallback, 0, 0, choices, NULL, description                                      \
    }
#define GBXI_OPTION_TEXTS(name, min, max, description)                                                                 \
    {                                                                                                                  \
        name, GBXI_OPTION_KIND_TEXTS, NULL, min, max, NULL, NULL, description                                          \
    }
#define GBXI_OPTION_IDS(name, min, max, description)                                                                   \
    {                                                                                                                  \
        name, GBXI_OPTION_KIND_IDS, NULL, min, max, NULL, NULL, description                                            \
    }
#define GBXI_OPTION_GROUP(name, members, description)                                                                  \
    {                                                                                                                  \
        name, GBXI_OPTION_KIND_GROUP, NULL, 0, 0, NULL, members, description                                           \
    }

/* Checks `given`, an object at `at`, against a table, whose NULL has no rows; absent is fine. Errors: TYPE, RANGE,
 * UNKNOWN, CONFLICT, with the pointer of the culprit and what would be right. */
GBX_MUST_USE gbx_err gbxi_options_check(const gbxi_option *table, gbxi_json_value given, const gbxi_json_pointer *at,
                                        gbx_error *error);

/* Writes every option that is given or has a default, as members of the object that is open. `given` is checked. */
void gbxi_options_write(const gbxi_option *table, gbxi_json_value given, gbxi_json_writer *out);

/* Writes a table as JSON Schema (2020-12), as a value. */
void gbxi_options_describe(const gbxi_option *table, gbxi_json_writer *out);

/* What is given of an option of that name, or its default, which there must be. `given` is checked. */
bool gbxi_option_bool(const gbxi_option *table, gbxi_json_value given, const char *name);
uint64_t gbxi_option_uint(const gbxi_option *table, gbxi_json_value given, const char *name);
/* An INTEGER that need not have a default: false, and `value` is left alone, when it is not given. */
bool gbxi_option_given_uint(gbxi_json_value given, const char *name, uint64_t *value);
/* TEXT, COLOUR and CHOICE. Borrowed from `given` or from the table. */
gbxi_json_string gbxi_option_text(const gbxi_option *table, gbxi_json_value given, const char *name);
/* The index of a CHOICE in its `choices`. */
size_t gbxi_option_choice(const gbxi_option *table, gbxi_json_value given, const char *name);

#endif
