/* SPDX-License-Identifier: MIT */
/* Posts the form of a login. */
#define _GNU_SOURCE
#include "cli/trace/login.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOGIN_REDIRECTS_MAX = 5, LOGIN_STATUS_REFUSED = 400, FOUND_FIRST = 300, TEMPORARY_REDIRECT = 307 };

typedef struct login {
    const gbxi_login_options *options;
    CURL *easy;
    char fault[CURL_ERROR_SIZE];
    long status;
    gbx_error *error;
} login;

static size_t login_ignore(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

static int login_look(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return gbxi_watch_look(context) ? 0 : 1;
}

/* A pair of the form, escaped. */
static char *form_pair(const char *name, size_t name_length, const char *value, size_t value_length)
{
    char *key = curl_easy_escape(NULL, name, (int)name_length);
    char *escaped = value_length > 0 ? curl_easy_escape(NULL, value, (int)value_length) : NULL;
    char *pair = NULL;

    if (key != NULL && (escaped != NULL || value_length == 0) &&
        asprintf(&pair, "%s=%s", key, escaped != NULL ? escaped : "") < 0)
        pair = NULL;
    if (escaped != NULL)
        explicit_bzero(escaped, strlen(escaped));
    curl_free(escaped);
    curl_free(key);
    return pair;
}

static void free_secret(char *text)
{
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    free(text);
}

static char *login_form(const char *fields, const char *credentials)
{
    size_t user_length = strcspn(credentials, ":"), field_length = strcspn(fields, ",");
    const char *password = credentials + user_length + 1, *field = fields + field_length + 1;
    char *user = form_pair(fields, field_length, credentials, user_length);
    char *secret = form_pair(field, strlen(field), password, strlen(password));
    char *form = NULL;

    if (user == NULL || secret == NULL || asprintf(&form, "%s&%s", user, secret) < 0)
        form = NULL;
    free_secret(user);
    free_secret(secret);
    return form;
}

static size_t count_cookies(login *l)
{
    struct curl_slist *cookies = NULL;
    size_t count = 0;

    curl_easy_getinfo(l->easy, CURLINFO_COOKIELIST, &cookies);
    for (const struct curl_slist *cookie = cookies; cookie != NULL; cookie = cookie->next)
        count++;
    curl_slist_free_all(cookies);
    return count;
}

static bool prepare_login(login *l)
{
    const gbxi_login_options *options = l->options;

    if ((l->easy = curl_easy_init()) == NULL || !gbxi_message_apply_connection(options->message, l->easy))
        return false;
    curl_easy_setopt(l->easy, CURLOPT_ERRORBUFFER, l->fault);
    curl_easy_setopt(l->easy, CURLOPT_WRITEFUNCTION, login_ignore);
    curl_easy_setopt(l->easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(l->easy, CURLOPT_XFERINFOFUNCTION, login_look);
    curl_easy_setopt(l->easy, CURLOPT_XFERINFODATA, options->watch);
    return gbxi_message_apply_session(l->easy, options->session);
}

static gbx_err refuse_login(const login *l, const char *what, gbx_err err)
{
    return gbx_error_set(l->error, err, NULL, "login at %s%s: %s", l->options->target->origin, l->options->path, what);
}

static gbx_err perform(login *l, const char *url)
{
    CURLcode code;

    if (curl_easy_setopt(l->easy, CURLOPT_URL, url) != CURLE_OK)
        return refuse_login(l, "out of memory", GBX_ERR_NO_MEMORY);
    if ((code = curl_easy_perform(l->easy)) != CURLE_OK)
        return refuse_login(l, l->fault[0] != '\0' ? l->fault : curl_easy_strerror(code), GBX_ERR_IO);
    curl_easy_getinfo(l->easy, CURLINFO_RESPONSE_CODE, &l->status);
    return GBX_ERR_OK;
}

/* A redirect to somewhere else ends the login: what is there has no part in it. */
static char *next_url(const login *l)
{
    const char *origin = l->options->target->origin;
    size_t length = strlen(origin);
    char *url = NULL;

    curl_easy_getinfo(l->easy, CURLINFO_REDIRECT_URL, &url);
    if (url == NULL || strncmp(url, origin, length) != 0 || strchr("/?", url[length]) == NULL)
        return NULL;
    return strdup(url);
}

static gbx_err follow_redirects(login *l)
{
    gbx_err err = GBX_ERR_OK;
    char *url;

    curl_easy_setopt(l->easy, CURLOPT_HTTPGET, 1L);
    for (int i = 0; i < LOGIN_REDIRECTS_MAX && err == GBX_ERR_OK && (url = next_url(l)) != NULL; i++) {
        err = perform(l, url);
        free(url);
    }
    return err;
}

static gbx_err judge_login(login *l, size_t cookies_before)
{
    char what[64];

    if (l->status >= LOGIN_STATUS_REFUSED) {
        snprintf(what, sizeof(what), "it was refused with status %ld", l->status);
        return refuse_login(l, what, GBX_ERR_STATE);
    }
    if (count_cookies(l) <= cookies_before)
        return refuse_login(l, "it set no cookie; are --login-url and --login-fields right?", GBX_ERR_STATE);
    return GBX_ERR_OK;
}

static gbx_err post_form(login *l, const char *form)
{
    size_t cookies_before = count_cookies(l);
    char *url = NULL;
    gbx_err err;

    if (asprintf(&url, "%s%s", l->options->target->origin, l->options->path) < 0)
        return refuse_login(l, "out of memory", GBX_ERR_NO_MEMORY);
    curl_easy_setopt(l->easy, CURLOPT_POSTFIELDS, form);
    err = perform(l, url);
    free(url);
    if (err != GBX_ERR_OK)
        return err;
    if (l->status >= TEMPORARY_REDIRECT && l->status < LOGIN_STATUS_REFUSED)
        return refuse_login(l, "it asks to post the password elsewhere, which is not done", GBX_ERR_STATE);
    if (l->status >= FOUND_FIRST && l->status < LOGIN_STATUS_REFUSED && (err = follow_redirects(l)) != GBX_ERR_OK)
        return err;
    return judge_login(l, cookies_before);
}

gbx_err gbxi_login(const gbxi_login_options *options, gbxi_secret *credentials, gbx_error *error)
{
    login l = {.options = options, .error = error};
    char *form = NULL;
    gbx_err err;

    if ((form = login_form(options->fields, credentials->text)) == NULL || !prepare_login(&l))
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    else
        err = post_form(&l, form);
    curl_easy_cleanup(l.easy);
    free_secret(form);
    gbxi_secret_wipe(credentials);
    return err;
}
