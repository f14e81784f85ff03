/* SPDX-License-Identifier: MIT */
/* Owns the making of random ids. */
#define _GNU_SOURCE
#include "capture/random_id.h"
#include <sys/random.h>
#include <uuid/uuid.h>

/* Marks the bytes as a random UUID (https://www.rfc-editor.org/rfc/rfc9562#section-5.4), as libuuid does. */
static void mark_as_random(uint8_t id[16])
{
    id[6] = (uint8_t)((id[6] & 0x0f) | 0x40);
    id[8] = (uint8_t)((id[8] & 0x3f) | 0x80);
}

/* libuuid stirs the bytes of its own generator into those of the kernel, with six system calls instead of one. It is
 * asked only while the kernel's entropy pool is not ready. */
void gbxi_random_id(uint8_t id[16])
{
    enum { ID_BYTES = 16 };

    if (getrandom(id, ID_BYTES, GRND_NONBLOCK) == ID_BYTES)
        mark_as_random(id);
    else
        uuid_generate_random(id);
}
