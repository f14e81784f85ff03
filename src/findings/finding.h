/* SPDX-License-Identifier: MIT */
/* A finding: what a rule says of a run, with its figures, its evidence and its signature. */
#ifndef GBX_FINDINGS_FINDING_H
#define GBX_FINDINGS_FINDING_H

#include "findings/signature.h"
#include "findings/tally.h"
#include <stdbool.h>

/* X(constant, name): how bad it is; the names are those of SARIF. */
#define GBXI_LEVELS(X)                                                                                                 \
    X(NOTE, "note")       /* worth knowing */                                                                          \
    X(WARNING, "warning") /* likely worth a change */                                                                  \
    X(ERROR, "error")     /* requests have failed */

typedef enum gbxi_level {
#define GBXI_LEVEL_ENUM(constant, name) GBXI_LEVEL_##constant,
    GBXI_LEVELS(GBXI_LEVEL_ENUM)
#undef GBXI_LEVEL_ENUM
} gbxi_level;

enum { GBXI_FIGURES_MAX = 6 };

typedef enum gbxi_figure_kind {
    GBXI_FIGURE_COUNT,
    GBXI_FIGURE_NS,
    GBXI_FIGURE_SHARE,  /* in hundredths of a percent */
    GBXI_FIGURE_CHANGE, /* the same, with a sign */
    GBXI_FIGURE_TEXT
} gbxi_figure_kind;

/* Texts are borrowed from the places or from the list of findings. */
typedef union gbxi_finding_figure {
    uint64_t number;
    int64_t change;
    const char *text;
} gbxi_finding_figure;

/* What a saving of time means. */
typedef enum gbxi_gain {
    GBXI_GAIN_NONE,
    GBXI_GAIN_EXACT,  /* the call tree says what would be saved */
    GBXI_GAIN_AT_MOST /* nobody knows how much of it can be saved */
} gbxi_gain;

struct gbxi_rule;

/* Texts are borrowed from the places or from the list of findings. */
typedef struct gbxi_finding {
    const struct gbxi_rule *rule;
    gbxi_level level;
    gbxi_gain gain;
    const char *route;   /* NULL: of the whole run */
    const char *subject; /* what it is about: a span's name, a statement */
    const char *frame;   /* the same as the signature has it: without what changes from run to run */
    const char *file;    /* where to look; NULL or "": unknown */
    uint32_t line;
    const char *sentence;                          /* what is the case, without a full stop */
    uint64_t weight;                               /* of the findings of a rule, the heaviest come first */
    gbxi_tally tally;                              /* the traces that show it; its times are gains if there is a gain */
    gbxi_finding_figure figures[GBXI_FIGURES_MAX]; /* in the order of the rule's columns */
    char signature[GBXI_SIGNATURE_SIZE];
    const struct gbxi_acknowledgement *acknowledged; /* NULL: it is not */
} gbxi_finding;

/* A zeroed struct is empty. */
typedef struct gbxi_findings {
    gbxi_finding *at;
    size_t count, capacity;
    char **texts;
    size_t text_count, text_capacity;
    bool failed; /* memory was short */
} gbxi_findings;

/* Makes a text that the list keeps. */
const char *gbxi_findings_text(gbxi_findings *findings, const char *format, ...) __attribute__((format(printf, 2, 3)));

void gbxi_findings_fini(gbxi_findings *findings);

/* The name of a level, such as "warning". */
const char *gbxi_level_name(gbxi_level level);

#endif
