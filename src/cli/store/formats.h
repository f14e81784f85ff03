/* SPDX-License-Identifier: MIT */
/* The formats of documents on the command line. */
#ifndef GBX_CLI_STORE_FORMATS_H
#define GBX_CLI_STORE_FORMATS_H

#include <glassbox/format.h>

/* The names of all formats, by their numbers, ended by NULL. */
extern const char *const gbxi_format_names[];

/* Whether documents of the format are not text. */
bool gbxi_format_is_binary(gbx_format format);

/* What is said of the formats in a manual. */
#define GBXI_FORMAT_ENTRIES                                                                                            \
    {"FORMATS", "full", "Every event, timing and call, as JSON; what a request to /full brings."},                     \
        {"FORMATS", "summary", "Where the time went, as JSON; what a request to /summary brings."},                    \
        {"FORMATS", "speedscope", "A file for https://www.speedscope.app; what a request to /speedscope brings."},     \
        {"FORMATS", "folded", "The self time of each stack as a line of text, for tools that draw flame graphs."},     \
        {"FORMATS", "chrome", "The Trace Event Format as JSON, for https://ui.perfetto.dev and chrome://tracing."},    \
    {                                                                                                                  \
        "FORMATS", "pprof", "A compressed profile for pprof, such as 'go tool pprof FILE'."                            \
    }

#endif
