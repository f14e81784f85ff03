/* SPDX-License-Identifier: MIT */
/* Which calls of a trace have no length: they begin and end at the same time. Formats whose readers sort events by time
 * need to know it before such a call begins. Cost: one bit for each call if there are any. */
#ifndef GBX_EXPORT_INSTANTS_H
#define GBX_EXPORT_INSTANTS_H

#include "trace/walk.h"

/* Immutable after init. A zeroed struct is empty. */
typedef struct gbxi_instants {
    uint8_t *bits; /* by call index; calls beyond their end have a length */
    size_t bytes;  /* in use */
    size_t capacity;
} gbxi_instants;

/* Finds the calls without a length. The walk may be anywhere before and is somewhere else afterwards. Errors: false if
 * out of memory; fini is safe either way. Cost: a pass over the records. */
bool gbxi_instants_init(gbxi_instants *instants, gbxi_trace_walk *walk);
void gbxi_instants_fini(gbxi_instants *instants);

/* Whether the call with that number has no length. */
static inline bool gbxi_instants_have(const gbxi_instants *instants, uint32_t call_index)
{
    return call_index / 8 < instants->bytes && (instants->bits[call_index / 8] >> (call_index % 8) & 1) != 0;
}

#endif
