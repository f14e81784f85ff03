/* SPDX-License-Identifier: MIT */
/* The methods of a `full` document, and which of them each call is of. */
#ifndef GBX_STORE_IMPORT_METHODS_H
#define GBX_STORE_IMPORT_METHODS_H

#include "base/table.h"
#include "store/import_fields.h"
#include <glassbox/span.h>

typedef struct gbxi_import_method {
    gbxi_view name;  /* in the memory of the sites */
    uint32_t next;   /* number of the next method with this name, plus one; 0: none */
    uint32_t open;   /* of the first method of a name: the first that has calls to get, plus one; 0: this one */
    uint32_t parent; /* method of the caller of the last call that was given to this one, plus one */
    uint64_t calls;  /* as the document counts them */
    uint64_t taken;  /* calls that were given to this one */
    uint64_t total_ns, self_ns, min_ns, max_ns;
} gbxi_import_method;

/* A call, in the order in which they began. */
typedef struct gbxi_import_call {
    uint64_t enter_ns, exit_ns; /* since the trace's start */
    uint64_t children_ns;
    uint32_t method; /* until the calls are resolved: the first with its name */
    uint32_t parent; /* number of the call, plus one; 0: none */
} gbxi_import_call;

/* Zeroed: empty. Owns: its memory, until fini. */
typedef struct gbxi_import_methods {
    gbxi_import_method *at;
    gbx_site *sites; /* one for each; one block of memory with their texts, which the capture takes over */
    size_t count;
    gbxi_table table; /* the first method of each name */
    uint64_t hash_key;
} gbxi_import_methods;

/* Reads the member `method_timings` of `root`. */
void gbxi_import_methods_read(gbxi_import_methods *methods, gbxi_fields *fields, gbxi_json_value root);

/* The first method with this name; SIZE_MAX if there is none. */
size_t gbxi_import_methods_find(const gbxi_import_methods *methods, gbxi_view name);

/* Gives each call to a method, and counts those for which that was a guess. */
void gbxi_import_methods_resolve(gbxi_import_methods *methods, gbxi_fields *fields, gbxi_import_call *calls,
                                 size_t count, uint64_t *guessed);

void gbxi_import_methods_fini(gbxi_import_methods *methods);

#endif
