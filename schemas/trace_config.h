/* SPDX-License-Identifier: MIT */
/* The typed form of a request body's `trace_config`, and its decoding; trace_config.schema.json says the same to
 * machines. */
#ifndef GBX_SCHEMAS_TRACE_CONFIG_H
#define GBX_SCHEMAS_TRACE_CONFIG_H

#include "json/reader.h"
#include <glassbox/error.h>
#include <glassbox/format.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(constant, name): what a traced response's body is. */
#define GBXI_TRACE_OUTPUTS(X)                                                                                          \
    X(BOTH, "both")               /* the envelope: output and trace */                                                 \
    X(TRACES_ONLY, "traces_only") /* the body is the trace document */

typedef enum gbxi_trace_output {
#define GBXI_TRACE_OUTPUT_ENUM(constant, name) GBXI_TRACE_OUTPUT_##constant,
    GBXI_TRACE_OUTPUTS(GBXI_TRACE_OUTPUT_ENUM)
#undef GBXI_TRACE_OUTPUT_ENUM
} gbxi_trace_output;

typedef struct gbxi_trace_config {
    bool capture_traces;
    gbx_format trace_format; /* always the suffix's: another one is an error */
    gbxi_trace_output trace_output;
    char name[129]; /* "" when not given; UTF-8 */
    uint32_t max_spans;
    uint32_t max_depth;
    uint64_t min_duration_ns;
    uint32_t top_n;
    double slow_threshold_ms;
} gbxi_trace_config;

/* Reads the `trace_config` member of a request body for the route of format `suffix`. An absent member is the defaults
 * (nothing captured). Errors: TYPE (body not an object, a field of the wrong type), UNKNOWN (field), RANGE, CONFLICT
 * (trace_format against the suffix, or a field given twice), each with the JSON Pointer of the culprit in `error`.
 * Integers may be spelt as JSON Schema has it: 5.0 and 5e0 are 5. On an error `config` holds nothing of use. */
GBX_MUST_USE gbx_err gbxi_trace_config_decode(gbxi_json_value body, gbx_format suffix, gbxi_trace_config *config,
                                              gbx_error *error);

#ifdef __cplusplus
}
#endif

#endif
