/* SPDX-License-Identifier: MIT */
/* What the declarations of every public header share: visibility and attributes. */
#ifndef GLASSBOX_API_H
#define GLASSBOX_API_H

/* A symbol that the libraries export; everything without it is hidden. */
#define GBX_API __attribute__((visibility("default")))

/* A result that must not be ignored. */
#define GBX_MUST_USE __attribute__((warn_unused_result))

#endif
