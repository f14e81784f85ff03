/* SPDX-License-Identifier: MIT */
/* Owns the names of trace formats. */
#include <assert.h>
#include <glassbox/format.h>
#include <string.h>

#define FORMAT_NAME(constant, number, name) [number] = #name,
static const char *const names[] = {GBX_FORMATS(FORMAT_NAME) GBX_FILE_FORMATS(FORMAT_NAME)};

enum { NAME_COUNT = sizeof(names) / sizeof(*names) };

#define FORMAT_ROW(constant, number, name) +1
static_assert(NAME_COUNT == 0 GBX_FORMATS(FORMAT_ROW) GBX_FILE_FORMATS(FORMAT_ROW),
              "the numbers of the formats have a gap, or two formats share one");

const char *gbx_format_name(gbx_format format)
{
    return (size_t)format < NAME_COUNT ? names[format] : NULL;
}

bool gbx_format_from_name(const char *name, size_t length, gbx_format *format)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0) {
            *format = (gbx_format)i;
            return true;
        }
    }
    return false;
}
