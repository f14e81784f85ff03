/* SPDX-License-Identifier: MIT */
/* Owns the names of trace formats. */
#include <assert.h>
#include <glassbox/format.h>
#include <string.h>

#define KNOWN_FORMAT(constant, number, name) [number] = #name,
static const char *const known_formats[] = {GBX_FORMATS(KNOWN_FORMAT) GBX_FILE_FORMATS(KNOWN_FORMAT)};

enum { KNOWN_COUNT = sizeof(known_formats) / sizeof(*known_formats) };

#define FORMAT_ROW(constant, number, name) +1
static_assert(KNOWN_COUNT == 0 GBX_FORMATS(FORMAT_ROW) GBX_FILE_FORMATS(FORMAT_ROW),
              "the numbers of the formats have a gap, or two formats share one");

const char *gbx_format_name(gbx_format format)
{
    return (size_t)format < KNOWN_COUNT ? known_formats[format] : NULL;
}

bool gbx_format_from_name(const char *name, size_t length, gbx_format *format)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        if (strlen(known_formats[i]) == length && memcmp(known_formats[i], name, length) == 0) {
            *format = (gbx_format)i;
            return true;
        }
    }
    return false;
}
