/* SPDX-License-Identifier: MIT */
/* The C++ allocation functions by their mangled names: the program's own take the place of the library's everywhere,
 * simdjson's shared object included. They call what the test defines. */
#ifndef GBX_TESTS_UNIT_JSON_NEW_DELETE_H
#define GBX_TESTS_UNIT_JSON_NEW_DELETE_H

#include <stdbool.h>
#include <stddef.h>

/* Allocates for C++. `throwing` if the caller expects an exception instead of NULL. */
void *new_allocate(size_t bytes, bool throwing);
/* Frees what new_allocate returned, or NULL. */
void delete_release(void *memory);

#endif
