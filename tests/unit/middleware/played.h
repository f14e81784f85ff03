/* SPDX-License-Identifier: MIT */
/* An executor that the test plays: it keeps one task until the test does it, and answers as the test says. */
#ifndef GBX_TESTS_UNIT_MIDDLEWARE_PLAYED_H
#define GBX_TESTS_UNIT_MIDDLEWARE_PLAYED_H

#include "exchange.h"
#include <glassbox/h2o.h>

typedef struct played_executor {
    gbx_h2o_task *queued; /* what the executor has; NULL: nothing */
    unsigned submitted;   /* calls since played_reset */
    unsigned withdrawn;
    bool takes;   /* what the executor answers to submit */
    bool lets_go; /* and to withdraw */
} played_executor;

extern played_executor played;

/* Forgets all calls, answers true from now on, and becomes the executor of /lent (exchange.h). */
void played_reset(void);

/* Ends the exchange. 0 if nothing of it is left: neither a task nor a capture. */
int played_end(exchange *x);

/* Does the task that the executor has, on a thread of its own. */
void played_work(void);

#endif
