/* SPDX-License-Identifier: MIT */
/* Options. Each is one row. Parsing from every source, the help, the manual page, the documentation and the output of
 * --print-config are all generated from the row.
 *
 *     {"threads", GBXI_NUMBER(gbxi_serve_options, threads), .min = 1, .max = 256, .value = "N", .unset = "one per CPU",
 *      .help = "Number of event loops."},
 *
 * The macro states the kind and the field. It does not compile if the field's type does not match the kind. */
#ifndef GBX_CLI_OPTION_H
#define GBX_CLI_OPTION_H

#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GBXI_OPTIONS_MAX = 64,     /* maximum number of rows of a command, including the common ones */
    GBXI_LIST_MAX = 100,       /* maximum number of values of a list */
    GBXI_LIST_TEXT_MAX = 255,  /* maximum size in bytes of a value of a list whose row names none */
    GBXI_NAME_SIZE = 64,       /* room for an option's name with its dashes, or for its variable's name */
    GBXI_VALUE_TEXT_SIZE = 32, /* room for a number of any kind as text */
    GBXI_CHOICES_SIZE = 96     /* room for the names of a CHOICE as text */
};

/* The kinds of values. value.c has a row for each. */
typedef enum gbxi_cli_option_kind {
    GBXI_KIND_FLAG,     /* bool: on if only the name is given; or =on, =off */
    GBXI_KIND_SWITCH,   /* bool: on or off */
    GBXI_KIND_TEXT,     /* const char *: not empty; `max` is the maximum length in bytes */
    GBXI_KIND_FILE,     /* const char *: a file name; otherwise like TEXT */
    GBXI_KIND_NUMBER,   /* uint32_t */
    GBXI_KIND_SECONDS,  /* uint32_t */
    GBXI_KIND_SIZE,     /* size_t: bytes, optionally with K, M or G */
    GBXI_KIND_DURATION, /* uint64_t: seconds, written with s, m, h or d */
    GBXI_KIND_TIME,     /* uint64_t: nanoseconds, written with ns, us, ms or s */
    GBXI_KIND_CHOICE,   /* uint32_t: index of one of the names in `choices` */
    GBXI_KIND_LIST      /* gbxi_value_list: at most `max` texts */
} gbxi_cli_option_kind;

/* Where an option may be set. */
typedef enum gbxi_cli_option_scope {
    GBXI_SCOPE_EVERYWHERE,
    GBXI_SCOPE_NOT_IN_FILE,     /* only on the command line and in the environment */
    GBXI_SCOPE_ON_COMMAND_LINE, /* only on the command line */
} gbxi_cli_option_scope;

/* The values of a LIST option. */
typedef struct gbxi_value_list {
    const char *items[GBXI_LIST_MAX + 1]; /* NULL-terminated */
    unsigned lines[GBXI_LIST_MAX];        /* line in the configuration file, for values from there */
    size_t count;
} gbxi_value_list;

typedef struct gbxi_cli_option {
    const char *name; /* without dashes */
    gbxi_cli_option_kind kind;
    size_t offset; /* offset of the field in the command's options */
    uint64_t min, max;
    uint32_t text_max;                    /* of LIST: maximum size in bytes of each value; 0 means GBXI_LIST_TEXT_MAX */
    const char *value;                    /* name of the value in the help */
    uint64_t number;                      /* default of numbers and switches */
    const char *text;                     /* default of TEXT and FILE; NULL means none */
    const char *const *choices;           /* of CHOICE: all names, ended by NULL; `number` is the default */
    const char *(*word_at)(size_t index); /* words of a TEXT or LIST to complete; NULL after the last, or: none */
    const char
        *unset; /* describes the behaviour without a value; if set, there is no default and the field stays zero */
    const char *help;                                     /* one or more sentences */
    bool (*accepts)(const char *text);                    /* whether a text is valid; NULL means every one is */
    const char *accepted;                                 /* description of what `accepts` accepts, for errors */
    gbx_err (*check)(const char *text, gbx_error *error); /* like `accepts`, but says itself what is wrong */
    const char *needs, *excludes; /* another option that must, or must not, be set as well; NULL means none */
    bool required;
    bool alone; /* cannot be combined with other options and needs none of the required ones */
    gbxi_cli_option_scope scope;
    bool common;   /* its field is in gbxi_common_options, not in the command's options */
    bool variable; /* the environment sets it even if the command is not configurable */
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
#define GBXI_TIME(type, member) GBXI_KIND_TIME, GBXI_FIELD(type, member, uint64_t)
#define GBXI_CHOICE(type, member) GBXI_KIND_CHOICE, GBXI_FIELD(type, member, uint32_t)
#define GBXI_LIST(type, member) GBXI_KIND_LIST, GBXI_FIELD(type, member, gbxi_value_list)

/* Whether the option requires a value. */
bool gbxi_cli_option_takes_value(const gbxi_cli_option *option);

/* Writes the name of the option's environment variable, such as GLASSBOX_MAX_BODY for max-body. */
void gbxi_cli_option_variable(const gbxi_cli_option *option, char name[static GBXI_NAME_SIZE]);

#endif
