/* SPDX-License-Identifier: MIT */
/* What the writer's two halves, structure and strings, share. */
#ifndef GBX_JSON_TEXT_H
#define GBX_JSON_TEXT_H

#include "json/writer.h"

/* Writes the comma that a value or key may need, and notes that the next one does. Returns where the value goes, with
 * `need` bytes free (need + 1 <= GBX_JSON_NEED_MAX), for gbx_json_commit; NULL after an error. */
char *gbx__json_value_begin(gbx_json_writer *writer, size_t need);

#endif
