/* SPDX-License-Identifier: MIT */
/* The connections of a process that ends without closing them. */
#ifndef GBX_RUNTIME_RESET_ALL_H
#define GBX_RUNTIME_RESET_ALL_H

/* Makes every open TCP connection of the process end with a reset when the process does, which is next. Otherwise half
 * an answer whose end is that of its connection would look whole. Thread: any. */
void gbxi_reset_all_at_exit(void);

#endif
