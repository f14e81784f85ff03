/* SPDX-License-Identifier: MIT */
/* What a comparison is made of and what it finds: sides, options, marks, routes and frames. */
#ifndef GBX_FINDINGS_COMPARE_COMPARED_H
#define GBX_FINDINGS_COMPARE_COMPARED_H

#include "findings/compare/drift.h"
#include "findings/compare/gathered.h"

enum { GBXI_COMPARE_REQUESTS_MIN = 8 }; /* on each side, below which nothing can be shown */
#define GBXI_COMPARE_P_MAX 0.01         /* after Holm's adjustment, of what is marked */
#define GBXI_COMPARE_EFFECT_MIN 0.05    /* of what is marked: 5 % */
#define GBXI_COMPARE_SPREADS_MIN 3.0    /* of what is marked: times the spread of the frames' changes, */
#define GBXI_COMPARE_SPREADS_MORE                                                                                      \
    100.0 /* and so many more times for each unit of the spread: it has a longer tail then */
#define GBXI_COMPARE_SPREAD_RATIO_MAX 8.0 /* of what is marked: the most that the spread can demand */
#define GBXI_COMPARE_COLD_NS 8000.0       /* of what is marked: what caches and a core that wakes may cost a frame */
#define GBXI_COMPARE_WIDTHS 4.0 /* but no more than so many quartile distances: a frame without any is not so cold */
#define GBXI_COMPARE_APART_RANK 0.05    /* of what is marked: all but so many of the slower side's times */
#define GBXI_COMPARE_APART_SHARE 0.30   /* exceed the other side's median by so much of the effect */
#define GBXI_COMPARE_MINOR_SHARE 0.01   /* of the largest change of its route: what is less may come from that one */
#define GBXI_COMPARE_PRICES_MIN 20.0    /* of what is tested: its time in a request, times the price of a span */
#define GBXI_COMPARE_TIME_MIN_NS 5000.0 /* and at least so long: what is shorter is as much the caches' time */

/* What is compared: all traces of a run that `query` selects. */
typedef struct gbxi_compare_side {
    gbxi_stored_run *stored;
    const gbxi_run_info *run;
    const char *name; /* what a person called it; NULL: the id of the run */
    gbxi_trace_query query;
} gbxi_compare_side;

typedef enum gbxi_compare_by { GBXI_COMPARE_SELF, GBXI_COMPARE_TOTAL } gbxi_compare_by;

/* Zeroed: self times. */
typedef struct gbxi_compare_options {
    gbxi_compare_by by;
} gbxi_compare_options;

/* X(constant, name): what is said of a frame or route. */
#define GBXI_COMPARE_MARKS(X)                                                                                          \
    X(NONE, "none") /* no difference can be shown */                                                                   \
    X(SLOWER, "slower")                                                                                                \
    X(FASTER, "faster")                                                                                                \
    X(VARIES, "varies")         /* the times of the slower side are not all longer than the other's median */          \
    X(MINOR, "minor")           /* another frame's change is so much larger that it may be the cause */                \
    X(TOO_FEW, "too few")       /* requests on one side or both: nothing can be shown */                               \
    X(TOO_SHORT, "too short")   /* the spans around it take about as long */                                           \
    X(CONNECTION, "connection") /* what the client and the kernel do, not the program */                               \
    X(NEW, "new")               /* only after */                                                                       \
    X(GONE, "gone")             /* only before */

typedef enum gbxi_compare_mark {
#define GBXI_COMPARE_MARK_ENUM(constant, name) GBXI_MARK_##constant,
    GBXI_COMPARE_MARKS(GBXI_COMPARE_MARK_ENUM)
#undef GBXI_COMPARE_MARK_ENUM
} gbxi_compare_mark;

/* One side of a row. */
typedef struct gbxi_compared_half {
    uint64_t requests; /* that have the frame */
    uint64_t calls;    /* in all of them; 0 of routes */
    double sum_ns;
    double median_ns; /* of the requests; 0 without any */
} gbxi_compared_half;

/* What was found of a frame in the requests of one route, or of a route as a whole. Effects are natural logarithms of
 * after to before, so that 0 is no difference; NAN: one side has none. */
typedef struct gbxi_compared {
    gbxi_compared_half halves[GBXI_COMPARE_HALVES];
    double shift;  /* median of the ratios of each time after to each before, without what its request has in common */
    double effect; /* the same without the common drift */
    double least;  /* what an effect must exceed here to be marked; NAN: not tested */
    double p;      /* adjusted; NAN: not tested */
    bool apart;    /* nearly all times of the slower side show the effect */
    gbxi_compare_mark mark;
} gbxi_compared;

typedef struct gbxi_compared_route {
    const char *method, *route; /* borrowed from the comparison */
    gbxi_compared found;
} gbxi_compared_route;

typedef struct gbxi_compared_frame {
    const char *method, *route, *name, *file; /* borrowed from the comparison */
    uint32_t line;
    gbxi_compared found;
    double change_ns; /* what it changes in the time of all requests after, without the common drift */
} gbxi_compared_frame;

/* Caller's memory. Immutable after make. */
typedef struct gbxi_comparison {
    gbxi_compare_by by;
    gbxi_gathered gathered;
    gbxi_compared_route *routes; /* those of both sides first, then in order of their names */
    gbxi_compared_frame *frames; /* marked ones first, then by what they change */
    size_t route_count, frame_count;
    size_t tested;    /* frames */
    size_t marked[2]; /* frames that are slower, and faster */
    gbxi_drift drift; /* of the tested frames' self times */
    double least;     /* median of what the frames' effects must exceed; NAN: none was tested */
    double price_ns;  /* of a span */
} gbxi_comparison;

/* Whether a mark is that of a difference: slower or faster. */
static inline bool gbxi_compare_is_marked(const gbxi_compared *found)
{
    return found->mark == GBXI_MARK_SLOWER || found->mark == GBXI_MARK_FASTER;
}

#endif
