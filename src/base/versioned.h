/* SPDX-License-Identifier: MIT */
/* Structs of which program and library may know different versions: how their size members are read. api.h states the
 * rules for programs. The protocol is that of Linux's openat2(2) and clone3(2). */
#ifndef GBX_BASE_VERSIONED_H
#define GBX_BASE_VERSIONED_H

#include <glassbox/error.h>
#include <stddef.h>
#include <string.h>

/* No struct of any version is larger than a page: a larger size is a mistake. */
enum { GBXI_STRUCT_BYTES_MAX = 4096 };

/* The size of a struct up to and including `member`: its size in the version in which that member was the last. */
#define GBXI_SIZE_THROUGH(type, member) (offsetof(type, member) + sizeof(((type *)0)->member))

/* Copies the struct at `given`, which begins with its size, to `known`, a version of the same struct with
 * `known_bytes`. NULL is read as all zeros. `first_bytes` is the struct's size in the first version. After an error
 * `known` is all zeros. Errors: ARGUMENT with a message if the size is smaller than the first version's or an unknown
 * member is set; `error` may be NULL. Thread: any. */
GBX_MUST_USE static inline gbx_err gbxi_options_read(void *known, size_t known_bytes, size_t first_bytes,
                                                     const void *given, gbx_error *error)
{
    size_t size, common;

    memset(known, 0, known_bytes);
    memcpy(known, &known_bytes, sizeof(known_bytes));
    if (given == NULL)
        return GBX_ERR_OK;
    memcpy(&size, given, sizeof(size));
    if (size > GBXI_STRUCT_BYTES_MAX)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "a struct's size is %zu, which no version has", size);
    if (size < first_bytes)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "a struct's size is %zu, its first version has %zu", size,
                             first_bytes);
    for (size_t i = known_bytes; i < size; i++)
        if (((const unsigned char *)given)[i] != 0)
            return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "a struct sets a field this library does not know");
    common = size < known_bytes ? size : known_bytes;
    memcpy((char *)known + sizeof(size), (const char *)given + sizeof(size), common - sizeof(size));
    return GBX_ERR_OK;
}

/* Returns GBX_ERR_OK if the reserved bytes of a struct are zero. They must be zero until a version gives them a
 * meaning. */
GBX_MUST_USE static inline gbx_err gbxi_reserved_check(const void *reserved, size_t bytes, gbx_error *error)
{
    for (size_t i = 0; i < bytes; i++)
        if (((const unsigned char *)reserved)[i] != 0)
            return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "a struct sets a field this library does not know");
    return GBX_ERR_OK;
}

/* Copies a result of `known_bytes` to `result`, which has `size` bytes, and zeros the rest. */
static inline void gbxi_result_write(void *result, size_t size, const void *known, size_t known_bytes)
{
    size_t common = size < known_bytes ? size : known_bytes;

    if (common != 0)
        memcpy(result, known, common);
    if (size > common)
        memset((char *)result + common, 0, size - common);
}

#endif
