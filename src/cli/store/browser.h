/* SPDX-License-Identifier: MIT */
/* The browser of whoever sits in front of this machine. */
#ifndef GBX_CLI_STORE_BROWSER_H
#define GBX_CLI_STORE_BROWSER_H

#include <stdbool.h>

/* Starts a browser that shows `url`: the command in BROWSER, or xdg-open. It is not waited for, and what it says is not
 * shown. Returns false if there is none. */
bool gbxi_browser_start(const char *url);

#endif
