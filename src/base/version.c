/* SPDX-License-Identifier: MIT */
/* Owns the version of the compiled library. */
#include <glassbox/version.h>

const char *gbx_version(void)
{
    return GBX_VERSION;
}
