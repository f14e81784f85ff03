/* SPDX-License-Identifier: MIT */
/* Makes the parts of a request from the options. */
#define _GNU_SOURCE
#include "cli/trace/message.h"
#include "base/file.h"
#include "base/grow.h"
#include "cli/trace/secret.h"
#include <errno.h>
#include <glassbox/version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { BODY_BYTES_MAX = 64 << 20, HEADER_LINE_SIZE = GBXI_SECRET_SIZE + 64 };

#define MS_PER_S 1000

/* What the mirrored route is asked for. The call tree can be made of the entries. */
static const char asking[] = "Glassbox-Trace-Config: "
                             "{\"capture_traces\": true, \"trace_output\": \"traces_only\", \"call_tree\": \"none\"}";

bool gbxi_is_header(const char *text)
{
    size_t length = strcspn(text, ":");

    return length > 0 && text[length] == ':' && strcspn(text, " \t") > length;
}

bool gbxi_is_cookie(const char *text)
{
    size_t length = strcspn(text, "=");

    return length > 0 && text[length] == '=' && strpbrk(text, "; \t,") == NULL;
}

static gbx_err refuse_memory(gbx_error *error)
{
    return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
}

static gbx_err read_body_file(gbxi_message *message, const char *path, gbx_error *error)
{
    gbxi_file file = {.what = "body", .path = path};
    gbx_err err;

    if ((message->body = malloc(BODY_BYTES_MAX + 1)) == NULL)
        return refuse_memory(error);
    if ((err = gbxi_file_open(&file, error)) == GBX_ERR_OK)
        err = gbxi_file_read(&file, message->body, BODY_BYTES_MAX, &message->body_length, error);
    gbxi_file_close(&file);
    return err;
}

static gbx_err read_body_input(gbxi_message *message, gbx_error *error)
{
    size_t capacity = 0;
    ssize_t count = 1;

    while (count > 0) {
        if (message->body_length > BODY_BYTES_MAX)
            return gbx_error_set(error, GBX_ERR_LIMIT, NULL, "the body is larger than %d bytes", BODY_BYTES_MAX);
        if (!gbxi_grow(&message->body, &capacity, message->body_length + 4096, 1))
            return refuse_memory(error);
        count = read(STDIN_FILENO, message->body + message->body_length, capacity - message->body_length);
        if (count == -1)
            return gbx_error_set(error, GBX_ERR_IO, NULL, "cannot read the body: %s", strerror(errno));
        message->body_length += (size_t)count;
    }
    return GBX_ERR_OK;
}

static bool append_header(gbxi_message *message, const char *line)
{
    struct curl_slist *longer = curl_slist_append(message->headers, line);

    if (longer != NULL)
        message->headers = longer;
    return longer != NULL;
}

static bool has_header(const gbxi_trace_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->headers.count; i++)
        if (strncasecmp(plan->headers.items[i], name, strlen(name)) == 0 && plan->headers.items[i][strlen(name)] == ':')
            return true;
    return false;
}

/* libcurl leaves out a header without a value, unless it ends with a semicolon. */
static bool append_given(gbxi_message *message, const char *text)
{
    size_t name_length = strcspn(text, ":");
    char *line = NULL;
    bool good;

    if (text[name_length + 1 + strspn(text + name_length + 1, " \t")] != '\0')
        return append_header(message, text);
    good = asprintf(&line, "%.*s;", (int)name_length, text) > 0 && append_header(message, line);
    free(line);
    return good;
}

static gbx_err append_token(gbxi_message *message, const char *given, gbx_error *error)
{
    char line[HEADER_LINE_SIZE];
    gbxi_secret token;
    gbx_err err = gbxi_secret_read(&token, given, "token", error);

    if (err != GBX_ERR_OK)
        return err;
    snprintf(line, sizeof(line), "Authorization: Bearer %s", token.text);
    gbxi_secret_wipe(&token);
    if (!append_header(message, line))
        err = refuse_memory(error);
    explicit_bzero(line, sizeof(line));
    return err;
}

/* "Expect: 100-continue" would make servers that do not know it wait. */
static gbx_err append_headers(gbxi_message *message, bool asks, gbx_error *error)
{
    const gbxi_trace_plan *plan = message->plan;
    bool good = append_header(message, "Expect:");

    if (asks)
        good = good && append_header(message, asking);
    if (!has_header(plan, "Content-Type"))
        good =
            good && append_header(message, message->body != NULL ? "Content-Type: application/json" : "Content-Type:");
    for (size_t i = 0; i < plan->headers.count; i++)
        good = good && append_given(message, plan->headers.items[i]);
    if (!good)
        return refuse_memory(error);
    return plan->token != NULL ? append_token(message, plan->token, error) : GBX_ERR_OK;
}

static bool join_cookies(gbxi_message *message)
{
    const gbxi_value_list *cookies = &message->plan->cookies;
    size_t bytes = 1;
    char *at;

    for (size_t i = 0; i < cookies->count; i++)
        bytes += strlen(cookies->items[i]) + 2;
    if (cookies->count == 0)
        return true;
    if ((at = message->cookies = malloc(bytes)) == NULL)
        return false;
    for (size_t i = 0; i < cookies->count; i++) {
        at = stpcpy(at, i == 0 ? "" : "; ");
        at = stpcpy(at, cookies->items[i]);
    }
    return true;
}

gbx_err gbxi_message_init(gbxi_message *message, const gbxi_trace_plan *plan, bool asks, gbx_error *error)
{
    gbx_err err = GBX_ERR_OK;

    *message = (gbxi_message){.plan = plan, .direct = !asks};
    if (plan->body != NULL && strcmp(plan->body, "-") == 0)
        err = read_body_input(message, error);
    else if (plan->body != NULL)
        err = read_body_file(message, plan->body, error);
    message->method = plan->method != NULL ? plan->method : message->body != NULL ? "POST" : "GET";
    if (err == GBX_ERR_OK && !join_cookies(message))
        err = refuse_memory(error);
    return err == GBX_ERR_OK ? append_headers(message, asks, error) : err;
}

void gbxi_message_fini(gbxi_message *message)
{
    free(message->body);
    free(message->cookies);
    curl_slist_free_all(message->headers);
    *message = (gbxi_message){0};
}

bool gbxi_message_apply_connection(const gbxi_message *message, CURL *easy)
{
    const gbxi_trace_plan *plan = message->plan;
    long limit_ms = (long)plan->timeout_s * MS_PER_S;
    bool good = curl_easy_setopt(easy, CURLOPT_USERAGENT, "glassbox/" GBX_VERSION) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;

    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, limit_ms);
    if (message->direct)
        good = good && curl_easy_setopt(easy, CURLOPT_NOPROXY, "*") == CURLE_OK;
    if (plan->cacert != NULL)
        good = good && curl_easy_setopt(easy, CURLOPT_CAINFO, plan->cacert) == CURLE_OK;
    if (plan->insecure) {
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    return good;
}

/* The empty file name is what switches cookies on. */
bool gbxi_message_apply_session(CURL *easy, CURLSH *session)
{
    return session == NULL || (curl_easy_setopt(easy, CURLOPT_SHARE, session) == CURLE_OK &&
                               curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "") == CURLE_OK);
}

/* A method that usually has a body says the length of one that is not there. */
static bool is_method_with_body(const char *method)
{
    return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0;
}

bool gbxi_message_apply(const gbxi_message *message, CURL *easy)
{
    bool good = gbxi_message_apply_connection(message, easy);

    if (strcmp(message->method, "HEAD") == 0) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else if (message->body != NULL || is_method_with_body(message->method)) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)message->body_length);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, message->body != NULL ? message->body : "");
    }
    if (strcmp(message->method, "HEAD") != 0)
        good = good && curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, message->method) == CURLE_OK;
    if (message->cookies != NULL)
        good = good && curl_easy_setopt(easy, CURLOPT_COOKIE, message->cookies) == CURLE_OK;
    return good && curl_easy_setopt(easy, CURLOPT_HTTPHEADER, message->headers) == CURLE_OK;
}
