/* SPDX-License-Identifier: MIT */
/* Options of transformations and engines, as const tables. Checking, defaults, writing and the description for people
 * all use the same table.
 *
 *     static const gbxi_option options[] = {
 *         GBXI_OPTION_INTEGER("depth", "3", 0, 100, "Maximum number of steps from the roots."),
 *         GBXI_OPTION_CHOICE("direction", "\"out\"", directions, "Direction in which to follow edges."),
 *         {0}};
 *
 * A table has at most GBXI_OPTION_ROWS_MAX rows. Groups may nest. Thread: any. */
#ifndef GBX_GRAPH_OPTIONS_H
#define GBX_GRAPH_OPTIONS_H

#include "json/reader.h"
#include "json/writer.h"

enum { GBXI_OPTION_ROWS_MAX = 63 };

typedef enum gbxi_option_kind {
    GBXI_OPTION_KIND_BOOL,
    GBXI_OPTION_KIND_INTEGER, /* from min to max; a double holds every such value exactly, and 2.0 is an integer too */
    GBXI_OPTION_KIND_NUMBER,  /* from min to max */
    GBXI_OPTION_KIND_TEXT,    /* a string of min to max bytes */
    GBXI_OPTION_KIND_COLOUR,  /* a string "#rrggbb" */
    GBXI_OPTION_KIND_CHOICE,  /* one of `choices` */
    GBXI_OPTION_KIND_TEXTS,   /* an array of min to max strings */
    GBXI_OPTION_KIND_IDS,     /* an array of min to max node ids; an id is a string or a number */
    GBXI_OPTION_KIND_GROUP    /* an object with the options in `members` */
} gbxi_option_kind;

typedef struct gbxi_option {
    const char *name; /* NULL ends a table */
    gbxi_option_kind kind;
    const char *fallback; /* the default, as JSON; NULL means no default: the option is written only if given */
    double min, max;
    const char *const *choices; /* ends with NULL */
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

/* Checks the object `given`, whose JSON pointer is `at`, against a table. A NULL table has no rows; `given` may be
 * absent. Errors: TYPE, RANGE, UNKNOWN, CONFLICT, each with the pointer of the wrong value and the values that are
 * allowed. */
GBX_MUST_USE gbx_err gbxi_options_check(const gbxi_option *table, gbxi_json_value given, const gbxi_json_pointer *at,
                                        gbx_error *error);

/* Writes every option that is given or has a default, as members of the open object. `given` must have been checked. */
void gbxi_options_write(const gbxi_option *table, gbxi_json_value given, gbxi_json_writer *out);

/* Another default for an option. `path` is its name, after those of its groups with a dot behind each, at most 127
 * bytes. `fallback` is JSON; NULL: no default. A list ends with a NULL path. */
typedef struct gbxi_option_change {
    const char *path;
    const char *fallback;
} gbxi_option_change;

/* Like gbxi_options_write, with other defaults for the options in `changes`, which may be NULL. */
void gbxi_options_write_but(const gbxi_option *table, gbxi_json_value given, const gbxi_option_change *changes,
                            gbxi_json_writer *out);

/* Writes a table as a JSON Schema (2020-12) value. */
void gbxi_options_describe(const gbxi_option *table, gbxi_json_writer *out);

/* The given value of an option, or else its default, which must exist. `given` must have been checked. */
bool gbxi_option_bool(const gbxi_option *table, gbxi_json_value given, const char *name);
uint64_t gbxi_option_uint(const gbxi_option *table, gbxi_json_value given, const char *name);
/* An INTEGER option without a default. Returns false and leaves `value` unchanged when the option is not given. */
bool gbxi_option_given_uint(gbxi_json_value given, const char *name, uint64_t *value);
/* TEXT, COLOUR and CHOICE options. Borrowed from `given` or from the table. */
gbxi_json_string gbxi_option_text(const gbxi_option *table, gbxi_json_value given, const char *name);
/* The index of a CHOICE option's value in `choices`. */
size_t gbxi_option_choice(const gbxi_option *table, gbxi_json_value given, const char *name);

#endif
