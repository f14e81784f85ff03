/* SPDX-License-Identifier: MIT */
/* Ending work whose client has left: loops that take long end early, and what depends on their results is skipped.
 *
 *     for (size_t v = 0; v < graph->node_count && gbxi_account_goes_on(v); v++)
 *         numbers[v] = ...;
 *     return gbxi_stop_check();        // unless all numbers are set
 */
#ifndef GBX_GRAPH_STOP_H
#define GBX_GRAPH_STOP_H

#include "base/account.h"
#include <glassbox/error.h>

/* IO if the thread's work is no longer wanted. From then on it always is IO. */
GBX_MUST_USE static inline gbx_err gbxi_stop_check(void)
{
    return gbxi_account_is_stopped() ? GBX_ERR_IO : GBX_ERR_OK;
}

#endif
