/* SPDX-License-Identifier: MIT */
/* Shared by the checks: the speedscope document as arrays, with every number computed from its events. */
#ifndef GBX_TESTS_MEANING_MODEL_H
#define GBX_TESTS_MEANING_MODEL_H

#include "json/reader.h"
#include <glassbox/format.h>

/* Names of at most so many bytes are whole in captions, and captions of fewer bytes have nothing cut off their ends. */
enum { MODEL_DEPTH_MAX = 2048, MODEL_UNCUT_BYTES = 150, MODEL_CAPTION_BYTES = 480 };

/* A function, and what its events add up to. */
typedef struct model_frame {
    gbxi_json_string name;
    gbxi_json_string file;
    uint64_t line;
    uint64_t calls, open, self_ns, total_ns, sum_ns, min_ns, max_ns;
} model_frame;

/* A frame around single calls of another frame, which says what they were given. */
typedef struct model_caption {
    bool tells_failure;
    bool is_cut;
    bool ends_as_notes;
} model_caption;

typedef struct model_event {
    bool enter;
    size_t frame;
    size_t profile;
    uint64_t at_ns;
    const model_caption *caption; /* of an enter or exit, NULL: none */
} model_event;

typedef struct model_span {
    uint64_t start_ns;
    uint64_t end_ns;
} model_span;

typedef struct model {
    gbxi_json_value full, summary, speedscope, chrome;
    gbx_call_tree call_tree; /* the form that the full document should have */
    uint64_t duration_ns;
    model_frame *frames; /* without the captions, which follow them in the document */
    size_t frame_count;
    model_caption *captions;
    size_t caption_count;
    model_event *events;
    size_t event_count;
    model_span *roots;
    size_t root_count;
    size_t profile_count;
    size_t depth;     /* levels of calls */
    uint64_t self_ns; /* of all frames */
} model;

/* Each returns false after complaining. */
bool meaning_read_speedscope(model *m);
bool meaning_check_full(model *m);
bool meaning_check_call_tree(const model *m, uint64_t start_ns);
bool meaning_check_summary(model *m);
bool meaning_check_folded(const model *m, const char *folded);
bool meaning_check_chrome(const model *m, gbxi_json_value chrome);
bool meaning_check_pprof(const model *m, const char *packed, size_t length);

/* Remembers what does not hold; returns false. */
bool meaning_complain(const char *file, int line, const char *what);

#define REQUIRE(condition)                                                                                             \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            return meaning_complain(__FILE__, __LINE__, #condition);                                                   \
    } while (0)

/* A member as a number or a string; UINT64_MAX, NaN or an empty string when it is none. */
uint64_t model_uint(gbxi_json_value object, const char *key);
double model_real(gbxi_json_value object, const char *key);
gbxi_json_string model_string(gbxi_json_value object, const char *key);
/* A member in ms as whole nanoseconds. */
uint64_t model_ms(gbxi_json_value object, const char *key);
bool model_is(gbxi_json_string string, const char *text);
bool model_same(gbxi_json_string a, gbxi_json_string b);
/* Whether a text is `with`, cut and with an ellipsis if it is long, and goes on with `then`. */
bool model_begins(gbxi_json_string string, gbxi_json_string with, const char *then);
bool model_contains(gbxi_json_string string, const char *text);

#endif
