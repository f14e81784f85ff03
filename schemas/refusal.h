/* SPDX-License-Identifier: MIT */
/* Messages of refused requests: what is allowed and what was given. */
#ifndef GBX_SCHEMAS_REFUSAL_H
#define GBX_SCHEMAS_REFUSAL_H

#include "schemas/trace_config_fields.h"
#include "json/reader.h"

/* Each function fills `error`, which may be NULL, and returns the code that it set. `pointer` is the JSON Pointer of
 * the wrong field. */

/* `field` does not allow `value`. `code` is TYPE or RANGE. */
gbx_err gbxi_refuse_value(const gbxi_field *field, gbxi_json_value value, gbx_err code, const char *pointer,
                          gbx_error *error);
/* UNKNOWN. The message lists the known fields of trace_config. */
gbx_err gbxi_refuse_unknown(gbxi_json_string name, const char *pointer, gbx_error *error);
/* CONFLICT: `name` is given more than once. */
gbx_err gbxi_refuse_duplicate(const char *name, const char *pointer, gbx_error *error);
/* TYPE: `what` must be an object. */
gbx_err gbxi_refuse_type(const char *what, gbxi_json_type given, const char *pointer, gbx_error *error);

#endif
