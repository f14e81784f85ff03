/* SPDX-License-Identifier: MIT */
/* Who analyses large traces while the event loop serves other requests: the host's executor or, without one, the thread
 * of the recorder. */
#ifndef GBX_MIDDLEWARE_ANALYST_H
#define GBX_MIDDLEWARE_ANALYST_H

#include "middleware/mirror.h"
#include <h2o.h>

/* The recorder's thread as an executor, for mirror->analyst. NULL gives one without `submit`. */
gbx_h2o_executor gbxi_analyst_of_recorder(gbx_recorder *recorder);

/* Thread: any. */
const gbx_h2o_executor *gbxi_analyst_of(const gbxi_mirror *mirror);

/* False if the event loop must do it itself. Thread: any. */
bool gbxi_analyst_is_there(const gbxi_mirror *mirror);

#endif
