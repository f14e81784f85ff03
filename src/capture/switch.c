/* SPDX-License-Identifier: MIT */
/* Owns the master switch. */
#include "capture/atomic.h"
#include <glassbox/capture.h>

/* Writer: any thread. Nothing else is published with it, so its order does not matter. */
static _Atomic(bool) switched_off;

void gbx_capture_switch(bool on)
{
    gbx__store_relaxed(&switched_off, !on);
}

bool gbx_capture_is_on(void)
{
    return !gbx__load_relaxed(&switched_off);
}
