/* SPDX-License-Identifier: MIT */
/* The decoded form of a request's `trace_config`. trace_config.schema.json states the same rules in JSON Schema. */
#ifndef GBX_SCHEMAS_TRACE_CONFIG_H
#define GBX_SCHEMAS_TRACE_CONFIG_H

#include "json/reader.h"
#include <glassbox/error.h>
#include <glassbox/format.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(constant, name): the possible bodies of a traced response. */
#define GBXI_TRACE_OUTPUTS(X)                                                                                          \
    X(BOTH, "both")               /* the envelope with output and trace */                                             \
    X(TRACES_ONLY, "traces_only") /* only the trace document */                                                        \
    X(STORED_ONLY, "stored_only") /* the handler's own body; the trace goes to the recorder */

typedef enum gbxi_trace_output {
#define GBXI_TRACE_OUTPUT_ENUM(constant, name) GBXI_TRACE_OUTPUT_##constant,
    GBXI_TRACE_OUTPUTS(GBXI_TRACE_OUTPUT_ENUM)
#undef GBXI_TRACE_OUTPUT_ENUM
} gbxi_trace_output;

typedef struct gbxi_trace_config {
    bool capture_traces;
    gbx_format trace_format; /* always the format of the suffix; a different one is an error */
    gbxi_trace_output trace_output;
    gbx_call_tree call_tree;
    char name[129]; /* UTF-8; "" if not given */
    uint32_t max_spans;
    uint32_t max_depth;
    uint64_t min_duration_ns;
    uint32_t top_n;
    double slow_threshold_ms;
} gbxi_trace_config;

/* The name of the body's member. */
#define GBXI_TRACE_CONFIG_KEY "trace_config"

/* The config of a request that has none, for the route of format `suffix`: nothing is captured. */
void gbxi_trace_config_init(gbxi_trace_config *config, gbx_format suffix);

/* The slow_threshold_ms in nanoseconds, at most UINT64_MAX. */
uint64_t gbxi_trace_config_least_ns(const gbxi_trace_config *config);

/* Reads the `trace_config` member of a request body for the route of format `suffix`. If the member is absent, the
 * defaults apply and nothing is captured. Errors: TYPE (the body is not an object, or a field has the wrong type),
 * UNKNOWN (field), RANGE, CONFLICT (trace_format differs from the suffix, or a field is given twice), each with the
 * JSON Pointer of the wrong field in `error`. As in JSON Schema, 5.0 and 5e0 are the integer 5. After an error the
 * contents of `config` are undefined. */
GBX_MUST_USE gbx_err gbxi_trace_config_decode(gbxi_json_value body, gbx_format suffix, gbxi_trace_config *config,
                                              gbx_error *error);

/* The same for a config that stands alone, without a body around it: the pointers begin in `value`, which must be an
 * object. */
GBX_MUST_USE gbx_err gbxi_trace_config_decode_alone(gbxi_json_value value, gbx_format suffix, gbxi_trace_config *config,
                                                    gbx_error *error);

#ifdef __cplusplus
}
#endif

#endif
