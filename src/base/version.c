/* SPDX-License-Identifier: MIT */
/* Owns the version that the library was built as. */
#include <glassbox/version.h>

const char *gbx_version(void)
{
    return GBX_VERSION;
}
