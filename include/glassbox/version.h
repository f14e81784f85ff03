/* SPDX-License-Identifier: MIT */
/* The version. This header is its only source; CMakeLists.txt reads the three numbers from here. */
#ifndef GLASSBOX_VERSION_H
#define GLASSBOX_VERSION_H

#include <glassbox/api.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GBX_VERSION_MAJOR 0
#define GBX_VERSION_MINOR 2
#define GBX_VERSION_PATCH 0

#define GBXI_VERSION_TEXT2(major, minor, patch) #major "." #minor "." #patch
#define GBXI_VERSION_TEXT(major, minor, patch) GBXI_VERSION_TEXT2(major, minor, patch)

/* The version of the headers that a program was compiled with, as a string literal. */
#define GBX_VERSION GBXI_VERSION_TEXT(GBX_VERSION_MAJOR, GBX_VERSION_MINOR, GBX_VERSION_PATCH)

/* The version of the library that the program runs with, such as "0.2.0": a static string. Thread: any. */
GBX_API const char *gbx_version(void);

#ifdef __cplusplus
}
#endif

#endif
