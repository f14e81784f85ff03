/* SPDX-License-Identifier: MIT */
/* Owns the master switch. */
#include "base/atomic.h"
#include <glassbox/capture.h>

/* Writer: any thread. No other data depends on it, so relaxed order suffices. */
static _Atomic(bool) switched_off;

void gbx_capture_switch(bool on)
{
    gbxi_store_relaxed(&switched_off, !on);
}

bool gbx_capture_is_on(void)
{
    return !gbxi_load_relaxed(&switched_off);
}
