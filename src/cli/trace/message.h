/* SPDX-License-Identifier: MIT */
/* What every request has in common: method, body, headers and how the connection is made. */
#ifndef GBX_CLI_TRACE_MESSAGE_H
#define GBX_CLI_TRACE_MESSAGE_H

#include "cli/trace/plan.h"
#include <curl/curl.h>
#include <glassbox/error.h>

/* Owns: all but the texts of the plan, until fini. Zeroed: none. */
typedef struct gbxi_message {
    const gbxi_trace_plan *plan;
    const char *method;
    char *body; /* NULL: none */
    size_t body_length;
    char *cookies; /* as a header has them; NULL: none */
    struct curl_slist *headers;
    bool direct; /* no proxy is asked */
} gbxi_message;

/* Makes what the plan says; `asks` is whether the header that asks for the trace is added. Errors: ARGUMENT for a
 * header or a cookie that is none, those of reading the body and the token, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_message_init(gbxi_message *message, const gbxi_trace_plan *plan, bool asks, gbx_error *error);
void gbxi_message_fini(gbxi_message *message);

/* Prepares a handle for the request. Errors: false if memory is short. */
GBX_MUST_USE bool gbxi_message_apply(const gbxi_message *message, CURL *easy);

/* Prepares a handle for a connection of any kind: time limit, certificates, proxies. */
GBX_MUST_USE bool gbxi_message_apply_connection(const gbxi_message *message, CURL *easy);

/* Makes a handle keep its cookies in the session, and send those; NULL: it has none. */
GBX_MUST_USE bool gbxi_message_apply_session(CURL *easy, CURLSH *session);

/* Whether `text` is a header, as in "Name: value", or a cookie, as in "NAME=VALUE". For the options. */
bool gbxi_is_header(const char *text);
bool gbxi_is_cookie(const char *text);

#endif
