/* SPDX-License-Identifier: MIT */
/* The names of formats, from the list of them. */
#include "cli/store/formats.h"
#include <stddef.h>

const char *const gbxi_format_names[] = {
#define FORMAT_NAME_ENTRY(constant, number, name) [number] = #name,
    GBX_FORMATS(FORMAT_NAME_ENTRY) GBX_FILE_FORMATS(FORMAT_NAME_ENTRY)
#undef FORMAT_NAME_ENTRY
        NULL};

bool gbxi_format_is_binary(gbx_format format)
{
    return format == GBX_FORMAT_PPROF;
}
