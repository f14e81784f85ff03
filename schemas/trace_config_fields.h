/* SPDX-License-Identifier: MIT */
/* The table of trace_config's fields. Decoding uses it, and a test compares it with trace_config.schema.json. */
#ifndef GBX_SCHEMAS_TRACE_CONFIG_FIELDS_H
#define GBX_SCHEMAS_TRACE_CONFIG_FIELDS_H

#include <stddef.h>
#include <stdint.h>

typedef enum gbxi_field_kind {
    GBXI_FIELD_BOOL,   /* bool */
    GBXI_FIELD_UINT32, /* an integer in a uint32_t */
    GBXI_FIELD_UINT64, /* an integer in a uint64_t */
    GBXI_FIELD_NUMBER, /* a non-negative double */
    GBXI_FIELD_STRING, /* a char array of max + 1 bytes */
    GBXI_FIELD_NAME    /* an enum */
} gbxi_field_kind;

typedef struct gbxi_field {
    const char *name;
    gbxi_field_kind kind;
    size_t offset;            /* offset in gbxi_trace_config */
    uint64_t min;             /* minimum of an integer or of a string's length in bytes */
    uint64_t max;             /* maximum of the same; UINT64_MAX means none */
    uint64_t fallback;        /* the default value, or its index in `names`; 0 for NUMBER and STRING */
    const char *const *names; /* the values of a NAME, ending with NULL */
    const uint32_t *numbers;  /* the number of each in the enum; NULL: the indexes in `names` */
} gbxi_field;

enum { GBXI_TRACE_CONFIG_FIELD_COUNT = 10 };

/* In the order of the documented table. The actual default of trace_format is the format of the route's suffix. */
extern const gbxi_field gbxi_trace_config_fields[GBXI_TRACE_CONFIG_FIELD_COUNT];

#endif
