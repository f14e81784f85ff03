/* SPDX-License-Identifier: MIT */
/* Logs in to a service as a browser does: posts a form, and keeps the cookies. */
#ifndef GBX_CLI_TRACE_LOGIN_H
#define GBX_CLI_TRACE_LOGIN_H

#include "cli/trace/message.h"
#include "cli/trace/secret.h"
#include "cli/trace/url.h"
#include "cli/trace/watch.h"

typedef struct gbxi_login_options {
    const gbxi_message *message;  /* for the connection */
    const gbxi_trace_url *target; /* the form is at its origin */
    const char *path;             /* of the form; begins with a slash */
    const char *fields;           /* the names of its two fields, with a comma between */
    CURLSH *session;              /* gets the cookies */
    gbxi_watch *watch;
} gbxi_login_options;

/* Posts the form with `credentials`, USER:PASSWORD with the colon, and follows the redirects of that origin. Wipes the
 * credentials. Errors: IO if there is no answer, STATE if it is refused or sets no cookie, NO_MEMORY. No message has a
 * part of the credentials. */
GBX_MUST_USE gbx_err gbxi_login(const gbxi_login_options *options, gbxi_secret *credentials, gbx_error *error);

#endif
