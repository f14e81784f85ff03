/* SPDX-License-Identifier: MIT */
/* Notes in a store's audit what somebody did to it on the command line. */
#ifndef GBX_CLI_STORE_AUDITED_H
#define GBX_CLI_STORE_AUDITED_H

#include "store/audit.h"

/* Notes that the process's user has done `action` to `subject` in that store. What cannot be noted is no failure of
 * what was done: a warning on stderr says so, after the name of the command. */
void gbxi_audited_note(const char *command, const char *store, gbxi_audit_action action, const char *subject);

#endif
