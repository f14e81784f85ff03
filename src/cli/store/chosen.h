/* SPDX-License-Identifier: MIT */
/* What the commands over a store have in common: the option that names the store, the run and the trace that a person
 * means, and how errors are told.
 *
 *     gbxi_chosen chosen = {.command = "show"};
 *     if ((err = gbxi_chosen_open(&chosen, options->store, &error)) == GBX_ERR_OK &&
 *         (err = gbxi_chosen_run(&chosen, options->run, options->trace, &error)) == GBX_ERR_OK &&
 *         (err = gbxi_chosen_trace(&chosen, options->trace, &error)) == GBX_ERR_OK)
 *         ... chosen.run, chosen.stored, chosen.trace ...
 *     gbxi_chosen_close(&chosen);
 *     return gbxi_command_status("show", err, &error); */
#ifndef GBX_CLI_STORE_CHOSEN_H
#define GBX_CLI_STORE_CHOSEN_H

#include "cli/command.h"
#include "store/query.h"

enum { GBXI_STORE_NAME_MAX = 4095, GBXI_TRACE_NAME_MAX = 64 };

#define GBXI_AGE_S_MAX ((uint64_t)3650 * 24 * 60 * 60) /* of runs and traces, in options */

/* Rows that several commands have; `type` is the command's struct. */
#define GBXI_STORE_ROW(type)                                                                                           \
    {                                                                                                                  \
        "store", GBXI_FILE(type, store),                                                                               \
            .max = GBXI_STORE_NAME_MAX, .value = "DIR", .text = ".glassbox", .variable = true,                         \
            .help = "Directory of the store. GLASSBOX_STORE in the environment sets it too."                           \
    }
#define GBXI_TRACE_ROW(type)                                                                                           \
    {                                                                                                                  \
        "trace", GBXI_TEXT(type, trace),                                                                               \
            .max = GBXI_TRACE_NAME_MAX, .value = "TRACE", .unset = "the slowest",                                      \
            .help =                                                                                                    \
                "Trace of the run: its number, such as 12, or the beginning of its id, at least four digits long. "    \
                "#12 is always a number. A whole id needs no RUN."                                                     \
    }

#define GBXI_FORMAT_ROW(type)                                                                                          \
    {                                                                                                                  \
        "format", GBXI_CHOICE(type, format), .choices = gbxi_print_formats, .value = "FORMAT",                         \
                                             .help = "A table to read, or JSON with exact figures for programs."       \
    }

/* What GBXI_FORMAT_ROW chooses from. */
enum { GBXI_FORMAT_TABLE, GBXI_FORMAT_JSON };
extern const char *const gbxi_print_formats[3];

/* What is said of the operand RUN in a manual; `without` says what is meant without it. */
#define GBXI_RUN_ENTRY(without)                                                                                        \
    {                                                                                                                  \
        "RUN", NULL,                                                                                                   \
            "The id of a run, or at least four characters of its beginning or of that of its last eight digits, if "   \
            "no other id begins so. "                                                                                  \
            "'latest' is the run that began last; 'latest~1' is the one before it. " without                           \
    }

/* Zeroed, except for the first two members. */
typedef struct gbxi_chosen {
    const char *command;
    bool has_trace; /* the command has the option --trace */
    gbxi_store_reader *reader;
    gbxi_run_info run;
    gbxi_stored_run *stored;
    gbxi_stored_trace trace; /* its texts are borrowed from `stored` until that is asked for the next */
} gbxi_chosen;

/* Says that there is no store in that directory, and how to make one. Returns MISSING. */
gbx_err gbxi_store_refuse_missing(const char *store, gbx_error *error);

/* The wall clock's time that many seconds ago; 0 if `seconds` is 0, which selects any time. */
int64_t gbxi_instant_before_now(uint64_t seconds);

/* Opens the store. What takes long or is made again is told on standard error. Owns: the caller, until
 * gbxi_chosen_close, also after an error. Errors: those of the store. */
GBX_MUST_USE gbx_err gbxi_chosen_open(gbxi_chosen *chosen, const char *store, gbx_error *error);

/* Finds the run with this name and opens it. NULL is the run that has `trace`, if that is a whole id, and otherwise the
 * latest. Errors: those of the store. */
GBX_MUST_USE gbx_err gbxi_chosen_run(gbxi_chosen *chosen, const char *name, const char *trace, gbx_error *error);

/* Finds the trace with this name (NULL: the slowest). Errors: those of the store. */
GBX_MUST_USE gbx_err gbxi_chosen_trace(gbxi_chosen *chosen, const char *name, gbx_error *error);

/* Restores the capture of that trace. Owns: the caller, until gbx_capture_unref. Errors: those of the store. */
GBX_MUST_USE gbx_err gbxi_chosen_restore(gbxi_chosen *chosen, gbx_capture **capture, gbx_error *error);

void gbxi_chosen_close(gbxi_chosen *chosen);

#endif
