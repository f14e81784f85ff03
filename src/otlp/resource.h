/* SPDX-License-Identifier: MIT */
/* The resource of all spans: what runs, where, and which library tells of it. */
#ifndef GBX_OTLP_RESOURCE_H
#define GBX_OTLP_RESOURCE_H

#include "base/view.h"
#include <glassbox/api.h>
#include <glassbox/error.h>

enum { GBXI_OTLP_ATTRIBUTES_MAX = 128, GBXI_OTLP_ATTRIBUTES_BYTES_MAX = 65536 };

/* Immutable. Thread: any number of threads may read it. */
typedef struct gbxi_otlp_resource gbxi_otlp_resource;

/* Makes a resource of the process. `service_name` is the value of OTEL_SERVICE_NAME, and `attributes` that of
 * OTEL_RESOURCE_ATTRIBUTES: key=value pairs with commas between, in which other characters are percent-encoded. Either
 * may be NULL or "". The name wins over service.name among the attributes, and these win over what is found out here.
 * Without either, the service is called unknown_service:PROGRAM. Owns: the caller, until free. Errors: NULL with a
 * sentence without a subject: SYNTAX (it quotes the attribute that is ill-formed), LIMIT, NO_MEMORY.
 * Source:
 * https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable */
GBX_MUST_USE gbxi_otlp_resource *gbxi_otlp_resource_new(const char *service_name, const char *attributes,
                                                        gbx_error *error);
void gbxi_otlp_resource_free(gbxi_otlp_resource *resource); /* accepts NULL */

/* The value of an attribute; NULL if there is none. */
const char *gbxi_otlp_resource_value(const gbxi_otlp_resource *resource, const char *key);

/* The resource as a message, and as a JSON object. */
gbxi_view gbxi_otlp_resource_message(const gbxi_otlp_resource *resource);
gbxi_view gbxi_otlp_resource_json(const gbxi_otlp_resource *resource);

#endif
