/* SPDX-License-Identifier: MIT */
/* The one table of trace_config's fields: decoding runs on it, and a test holds trace_config.schema.json against it. */
#ifndef GBX_SCHEMAS_TRACE_CONFIG_FIELDS_H
#define GBX_SCHEMAS_TRACE_CONFIG_FIELDS_H

#include <stddef.h>
#include <stdint.h>

typedef enum gbx__field_kind {
    GBX__FIELD_BOOL,   /* bool */
    GBX__FIELD_UINT32, /* an integer in a uint32_t */
    GBX__FIELD_UINT64, /* an integer in a uint64_t */
    GBX__FIELD_NUMBER, /* a double, not negative */
    GBX__FIELD_STRING, /* a char array of max + 1 bytes */
    GBX__FIELD_NAME    /* an enum: the index into `names` */
} gbx__field_kind;

typedef struct gbx__field {
    const char *name;
    gbx__field_kind kind;
    size_t offset;            /* in gbx_trace_config */
    uint64_t min;             /* of an integer, or of a string's length in bytes */
    uint64_t max;             /* the same; UINT64_MAX is no maximum */
    uint64_t fallback;        /* the default: the value, or the index into `names` */
    const char *const *names; /* NAME: the values, closed by NULL */
} gbx__field;

enum { GBX__TRACE_CONFIG_FIELD_COUNT = 9 };

/* In the order of the contract's table. trace_format's real default is the route's suffix. */
extern const gbx__field gbx__trace_config_fields[GBX__TRACE_CONFIG_FIELD_COUNT];

#endif
