/* SPDX-License-Identifier: MIT */
/* Owns how a user of the command line is named in an audit. */
#define _GNU_SOURCE
#include "cli/store/audited.h"
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

static void audited_user(char *text, size_t size)
{
    const struct passwd *user = getpwuid(geteuid());

    if (user != NULL)
        snprintf(text, size, "local:%s", user->pw_name);
    else
        snprintf(text, size, "local:%u", (unsigned)geteuid());
}

void gbxi_audited_note(const char *command, const char *store, gbxi_audit_action action, const char *subject)
{
    char user[GBXI_AUDIT_KEY_BYTES];
    gbxi_audit_record record;
    gbxi_audit *audit;
    gbx_error error;
    gbx_err err;

    audited_user(user, sizeof(user));
    gbxi_audit_record_make(&record, action, GBXI_AUDIT_IS_DONE, user, subject);
    if ((err = gbxi_audit_open(store, &audit, &error)) == GBX_ERR_OK)
        err = gbxi_audit_add(audit, &record, 1, &error);
    gbxi_audit_close(audit);
    if (err != GBX_ERR_OK)
        fprintf(stderr, "glassbox %s: warning: this is not in the audit: %s\n", command, error.text);
}
