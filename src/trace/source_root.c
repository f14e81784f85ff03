/* SPDX-License-Identifier: MIT */
/* Makes the file names of frames relative to the root of the source. */
#include "trace/source_root.h"

#include <string.h>

static const char *cut_root(const char *file, const char *root, size_t length)
{
    const char *rest = file + length;

    if (strncmp(file, root, length) != 0 || *rest != '/')
        return file;
    while (*rest == '/')
        ++rest;
    return *rest != '\0' ? rest : file;
}

void gbxi_frames_cut_root(gbxi_frames *frames, const char *root)
{
    size_t length = root != NULL ? strlen(root) : 0;

    if (length == 0)
        return;
    while (length > 0 && root[length - 1] == '/')
        --length;
    for (uint32_t i = 0; i < frames->count; i++)
        frames->at[i].file = cut_root(frames->at[i].file, root, length);
}
