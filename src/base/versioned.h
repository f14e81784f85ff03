/* SPDX-License-Identifier: MIT */
/* Structs that program and library may know in different versions: how their sizes are read (api.h says what that
 * means to the program). The protocol is that of Linux's openat2(2) and clone3(2). */
#ifndef GBX_BASE_VERSIONED_H
#define GBX_BASE_VERSIONED_H

#include <glassbox/error.h>
#include <stddef.h>
#include <string.h>

/* Bytes of a struct up to the end of `member`: its size in the version in which that was the last one. */
#define GBXI_SIZE_THROUGH(type, member) (offsetof(type, member) + sizeof(((type *)0)->member))

/* Copies the struct at `given`, which begins with its size, to `known`, which has `known_bytes` and is a version of the
 * same struct. NULL is all zero. `first_bytes` is the size that the first version had. On an error `known` is all zero.
 * Errors: ARGUMENT (a size smaller than the first version's, or a member that is not known here is set), with a
 * sentence in `error`, which may be NULL. Thread: any. */
GBX_MUST_USE static inline gbx_err gbxi_options_read(void *known, size_t known_bytes, size_t first_bytes,
                                                     const void *given, gbx_error *error)
{
    size_t size, common;

    memset(known, 0, known_bytes);
    memcpy(known, &known_bytes, sizeof(known_bytes));
    if (given == NULL)
        return GBX_ERR_OK;
    memcpy(&size, given, sizeof(size));
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

/* GBX_ERR_OK while the reserved bytes of a struct are zero, as they must be until a version gives them a meaning. */
GBX_MUST_USE static inline gbx_err gbxi_reserved_check(const void *reserved, size_t bytes, gbx_error *error)
{
    for (size_t i = 0; i < bytes; i++)
        if (((const unsigned char *)reserved)[i] != 0)
            return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "a struct sets a field this library does not know");
    return GBX_ERR_OK;
}

/* Copies a result of `known_bytes` to `result`, which the caller says has `size` bytes, and zeroes what is left. */
static inline void gbxi_result_write(void *result, size_t size, const void *known, size_t known_bytes)
{
    size_t common = size < known_bytes ? size : known_bytes;

    if (common != 0)
        memcpy(result, known, common);
    if (size > common)
        memset((char *)result + common, 0, size - common);
}

#endif
