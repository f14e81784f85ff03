/* SPDX-License-Identifier: MIT */
/* What the declarations of every public header share: visibility, attributes, unique names.
 *
 * A struct that a program fills begins with `size_t size`, which is sizeof of that struct in the headers that the
 * program was compiled with:
 *
 *     gbx_capture_options options = {.size = sizeof(options), .name = "import"};
 *
 * All other members may be zero, which means the default. A library that knows more members than the program takes
 * their defaults; one that knows fewer refuses the struct if a member that it does not know is set. A size smaller than
 * that of the struct's first version, 0 included, is refused as well. `reserved` members stay zero. What the library
 * fills is passed with its size: it writes what it knows and zeroes the rest. */
#ifndef GLASSBOX_API_H
#define GLASSBOX_API_H

/* A symbol that the libraries export; everything without it is hidden. */
#define GBX_API __attribute__((visibility("default")))

/* A result that must not be ignored. */
#define GBX_MUST_USE __attribute__((warn_unused_result))

#define GBXI_PASTE2(a, b) a##b
#define GBXI_PASTE(a, b) GBXI_PASTE2(a, b)
/* `prefix` and a number that no other use in the translation unit has. */
#define GBXI_UNIQUE(prefix) GBXI_PASTE(prefix, __COUNTER__)

#endif
