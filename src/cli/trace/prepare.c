/* SPDX-License-Identifier: MIT */
/* Makes of the options what the requests need, and releases it. */
#define _GNU_SOURCE
#include "cli/signals.h"
#include "cli/trace/tracing.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static gbx_err resolve_store(gbxi_tracing *t)
{
    const char *store = t->plan->store;
    char *folder = store[0] != '/' ? getcwd(NULL, 0) : NULL;
    bool good = store[0] == '/' ? (t->store = strdup(store)) != NULL
                                : folder != NULL && asprintf(&t->store, "%s/%s", folder, store) > 0;

    if (store[0] != '/' && folder == NULL && errno != ENOMEM)
        return gbx_error_set(t->error, GBX_ERR_IO, NULL, "the working directory: %s", strerror(errno));
    free(folder);
    if (good)
        return GBX_ERR_OK;
    t->store = NULL;
    return gbx_error_set(t->error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
}

static gbx_err resolve_targets(gbxi_tracing *t)
{
    const gbxi_value_list *urls = &t->plan->urls;
    gbx_err err = GBX_ERR_OK;

    if ((t->targets = calloc(urls->count, sizeof(*t->targets))) == NULL)
        return gbx_error_set(t->error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    for (size_t i = 0; i < urls->count && err == GBX_ERR_OK; i++)
        err = gbxi_trace_url_init(&t->targets[i], urls->items[i], gbxi_tracing_is_remote(t) ? GBXI_REMOTE_SUFFIX : NULL,
                                  t->error);
    return err;
}

static gbx_err read_credentials(gbxi_tracing *t)
{
    const char *given = t->plan->login;
    gbx_err err = GBX_ERR_OK;

    if (given == NULL)
        return err;
    if (strcmp(given, "-") == 0) {
        err = gbxi_secret_ask(&t->credentials, "USER:PASSWORD: ", t->error);
    } else if (strlen(given) < sizeof(t->credentials.text)) {
        memcpy(t->credentials.text, given, strlen(given) + 1);
        gbxi_secret_hide(given);
    } else {
        err = gbx_error_set(t->error, GBX_ERR_ARGUMENT, NULL, "--login is too long");
    }
    if (err == GBX_ERR_OK && strchr(t->credentials.text, ':') == NULL)
        err = gbx_error_set(t->error, GBX_ERR_ARGUMENT, NULL, "--login takes USER:PASSWORD, which has a colon");
    return err;
}

/* Lists of processes show the arguments of every process to everybody. */
static void hide_secrets(const gbxi_trace_plan *plan)
{
    gbxi_secret_hide(plan->token);
    for (size_t i = 0; i < plan->urls.count; i++)
        if (strchr(plan->urls.items[i], '@') != NULL)
            gbxi_secret_hide(plan->urls.items[i]);
    for (size_t i = 0; i < plan->cookies.count; i++)
        gbxi_secret_hide(plan->cookies.items[i]);
    for (size_t i = 0; i < plan->headers.count; i++)
        gbxi_secret_hide(plan->headers.items[i]);
}

gbx_err gbxi_tracing_prepare(gbxi_tracing *t)
{
    gbx_err err;

    if ((err = resolve_store(t)) != GBX_ERR_OK || (err = resolve_targets(t)) != GBX_ERR_OK ||
        (err = gbxi_message_init(&t->message, t->plan, gbxi_tracing_is_remote(t), t->error)) != GBX_ERR_OK)
        return err;
    hide_secrets(t->plan); /* before somebody is asked, who may take long */
    if ((err = read_credentials(t)) != GBX_ERR_OK)
        return err;
    if (t->plan->login != NULL) {
        if ((t->session = curl_share_init()) == NULL)
            return gbx_error_set(t->error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
        curl_share_setopt(t->session, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
    }
    if ((t->watch.signal_fd = gbxi_signals_open()) == -1)
        return gbx_error_set(t->error, GBX_ERR_IO, NULL, "cannot receive signals: %s", strerror(errno));
    t->watch.progress = &t->progress;
    gbxi_progress_begin(&t->progress, (uint64_t)t->plan->urls.count * t->plan->repeat);
    return gbxi_known_runs_read(&t->known, t->store, t->error);
}

void gbxi_tracing_fini(gbxi_tracing *t)
{
    for (size_t i = 0; t->targets != NULL && i < t->plan->urls.count; i++)
        gbxi_trace_url_fini(&t->targets[i]);
    free(t->targets);
    free(t->store);
    gbxi_message_fini(&t->message);
    gbxi_secret_wipe(&t->credentials);
    curl_share_cleanup(t->session);
    gbxi_times_fini(&t->tally);
    gbxi_known_runs_fini(&t->known);
    if (t->watch.signal_fd != -1)
        close(t->watch.signal_fd);
    curl_global_cleanup();
}
