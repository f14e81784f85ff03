/* SPDX-License-Identifier: MIT */
/* What the declarations of every public header share: visibility, attributes, unique names.
 *
 * A struct that a program fills begins with `size_t size`, which is sizeof of that struct in the headers that the
 * program was compiled with:
 *
 *     gbx_capture_options options = {.size = sizeof(options), .name = "import"};
 *
 * Every other member may be zero, which selects its default. A library that knows more members than the program uses
 * the defaults of the additional ones. A library that knows fewer refuses the struct if an unknown member is not zero.
 * A size below that of the struct's first version, 0 included, is refused as well. `reserved` members must be zero.
 * Functions that fill a struct for the program take its size: they write the members they know and zero the rest. */
#ifndef GLASSBOX_API_H
#define GLASSBOX_API_H

/* Marks a symbol that the libraries export. All other symbols are hidden. */
#define GBX_API __attribute__((visibility("default")))

/* Marks a result that the caller must not ignore. */
#define GBX_MUST_USE __attribute__((warn_unused_result))

#define GBXI_PASTE2(a, b) a##b
#define GBXI_PASTE(a, b) GBXI_PASTE2(a, b)
/* A name made of `prefix` and a number, unique within the translation unit. */
#define GBXI_UNIQUE(prefix) GBXI_PASTE(prefix, __COUNTER__)

#endif
