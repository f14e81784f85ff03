/* SPDX-License-Identifier: MIT */
/* What an option is: one row, from which come its parsing from every source, the help, the manual page, the
 * documentation and what --print-config shows.
 *
 *     {"threads", GBXI_NUMBER(gbxi_serve_options, threads), .min = 1, .max = 256, .value = "N", .unset = "one per CPU",
 *      .help = "Event loops."},
 *
 * The macro names the kind and the field, and does not compile when the field's type is not the kind's. */
#ifndef GBX_CLI_OPTION_H
#define GBX_CLI_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GBXI_OPTIONS_MAX = 64,    /* rows of a command, those that every command has included */
    GBXI_LIST_MAX = 100,      /* values of a list */
    GBXI_LIST_TEXT_MAX = 255, /* bytes of one of them */
    GBXI_NAME_SIZE = 64,      /* room for an option's name with its dashes, or its variable's name */
    GBXI_VALUE_TEXT_SIZE = 32 /* room for a number of any kind, as text */
};

/* The kinds of values; value.c has a row for each. */
typedef enum gbxi_cli_option_kind {
    GBXI_KIND_FLAG,     /* bool: on by its name alone, or =on, =off */
    GBXI_KIND_SWITCH,   /* bool: on or off */
    GBXI_KIND_TEXT,     /* const char *: not empty; `max` is its longest length in bytes */
    GBXI_KIND_FILE,     /* const char *: the name of a file; as TEXT */
    GBXI_KIND_NUMBER,   /* uint32_t */
    GBXI_KIND_SECONDS,  /* uint32_t */
    GBXI_KIND_SIZE,     /* size_t: bytes, alone or with K, M or G */
    GBXI_KIND_DURATION, /* uint64_t: seconds, written with s, m, h or d */
    GBXI_KIND_LIST      /* gbxi_value_list: texts, of which there may be `max` */
} gbxi_cli_option_kind;

/* Where an option may be set. */
typedef enum gbxi_cli_option_scope {
    GBXI_SCOPE_EVERYWHERE,
    GBXI_SCOPE_NOT_IN_FILE,     /* on the command line and in the environment */
    GBXI_SCOPE_ON_COMMAND_LINE, /* alone */
} gbxi_cli_option_scope;

/* What a LIST option fills. */
typedef struct gbxi_value_list {
    const char *items[GBXI_LIST_MAX + 1]; /* NULL-terminated */
    unsigned lines[GBXI_LIST_MAX];        /* of the configuration file, where they come from there */
    size_t count;
} gbxi_value_list;

typedef struct gbxi_cli_option {
    const char *name; /* without dashes */
    gbxi_cli_option_kind kind;
    size_t offset; /* of the field in the command's options */
    uint64_t min, max;
    const char *value;            /* what the help calls the value */
    uint64_t number;              /* the default of numbers and switches */
    const char *text;             /* the default of TEXT and FILE; NULL: none */
    const char *unset;            /* what happens without a value; then there is no default, and the field stays zero */
    const char *help;             /* one or more sentences */
    const char *needs, *excludes; /* another option, which must be set too, or must not; NULL: none */
    bool required;
    bool alone; /* goes with no other option, and needs none of the required ones */
    gbxi_cli_option_scope scope;
    bool common; /* its field is in gbxi_common_options, not in the command's options */
} gbxi_cli_option;

/* The offset of `member`, whose type must be `field`. */
#define GBXI_FIELD(type, member, field) (offsetof(type, member) + 0 * sizeof(_Generic(((type *)0)->member, field : 0)))

#define GBXI_FLAG(type, member) GBXI_KIND_FLAG, GBXI_FIELD(type, member, bool)
#define GBXI_SWITCH(type, member) GBXI_KIND_SWITCH, GBXI_FIELD(type, member, bool)
#define GBXI_TEXT(type, member) GBXI_KIND_TEXT, GBXI_FIELD(type, member, const char *)
#define GBXI_FILE(type, member) GBXI_KIND_FILE, GBXI_FIELD(type, member, const char *)
#define GBXI_NUMBER(type, member) GBXI_KIND_NUMBER, GBXI_FIELD(type, member, uint32_t)
#define GBXI_SECONDS(type, member) GBXI_KIND_SECONDS, GBXI_FIELD(type, member, uint32_t)
#define GBXI_SIZE(type, member) GBXI_KIND_SIZE, GBXI_FIELD(type, member, size_t)
#define GBXI_DURATION(type, member) GBXI_KIND_DURATION, GBXI_FIELD(type, member, uint64_t)
#define GBXI_LIST(type, member) GBXI_KIND_LIST, GBXI_FIELD(type, member, gbxi_value_list)

/* Whether the option takes a value that cannot be left out. */
bool gbxi_cli_option_takes_value(const gbxi_cli_option *option);

/* Writes the name of the option's environment variable: GLASSBOX_MAX_BODY for max-body. */
void gbxi_cli_option_variable(const gbxi_cli_option *option, char name[static GBXI_NAME_SIZE]);

#endif
