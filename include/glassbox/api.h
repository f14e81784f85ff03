/* SPDX-License-Identifier: MIT */
/* Shared by all public headers: visibility, attributes, unique names, and the rules for versioned structs.
 *
 * A struct that a program fills begins with `size_t size`. The program sets it to the sizeof of that struct, as the
 * headers that it was compiled with declare it:
 *
 *     gbx_capture_options options = {.size = sizeof(options), .name = "import"};
 *
 * - Any other member may be zero, which selects its default. `reserved` members must be zero.
 * - A newer library uses the defaults of members that the program does not know.
 * - An older library refuses the struct if a member that the library does not know is not zero.
 * - A size smaller than that of the struct's first version is refused. So is 0.
 *
 * A function that fills a struct for the program takes the size of that struct as an argument. The library fills the
 * members that it knows and zeroes the rest. */
#ifndef GLASSBOX_API_H
#define GLASSBOX_API_H

/* Exports a symbol from the libraries. All other symbols are hidden. */
#define GBX_API __attribute__((visibility("default")))

/* Marks a function whose result must not be ignored. */
#define GBX_MUST_USE __attribute__((warn_unused_result))

#define GBXI_PASTE2(a, b) a##b
#define GBXI_PASTE(a, b) GBXI_PASTE2(a, b)
/* `prefix` followed by a number that is unique in the translation unit. */
#define GBXI_UNIQUE(prefix) GBXI_PASTE(prefix, __COUNTER__)

#endif
