/* SPDX-License-Identifier: MIT */
/* Owns the thread that reads key files again. */
#define _GNU_SOURCE
#include "cli/reload.h"
#include "base/thread.h"
#include "base/time.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

void gbxi_reload_init(gbxi_reload *reload, gbxi_server *server)
{
    *reload = (gbxi_reload){.server = server};
    pthread_mutex_init(&reload->lock, NULL);
    gbxi_condition_init(&reload->over);
}

static void reload_keys(gbxi_server *server)
{
    gbx_error error = {0};

    if (gbxi_server_reload(server, &error) != GBX_ERR_OK) {
        fprintf(stderr, "glassbox: the token keys stay as they were: %s\n", error.text);
        return;
    }
    printf("glassbox: token keys reloaded\n");
    fflush(stdout);
}

/* Whether there is another reload to do; if not, this one was the last. */
static bool reload_goes_on(gbxi_reload *reload)
{
    bool again;

    pthread_mutex_lock(&reload->lock);
    again = reload->again;
    reload->again = false;
    reload->running = again;
    if (!again)
        pthread_cond_signal(&reload->over);
    pthread_mutex_unlock(&reload->lock);
    return again;
}

static void *reload_run(void *data)
{
    gbxi_reload *reload = data;

    do
        reload_keys(reload->server);
    while (reload_goes_on(reload));
    return NULL;
}

void gbxi_reload_ask(gbxi_reload *reload)
{
    pthread_t thread;

    pthread_mutex_lock(&reload->lock);
    if (reload->server == NULL) {
        printf("glassbox: there is nothing to reload without --key-file\n");
        fflush(stdout);
    } else if (reload->running) {
        reload->again = true;
    } else if (gbxi_thread_start(&thread, "reload", reload_run, reload)) {
        pthread_detach(thread);
        reload->running = true;
    } else {
        fprintf(stderr, "glassbox: the token keys stay as they were: cannot start a thread: %s\n", strerror(errno));
    }
    pthread_mutex_unlock(&reload->lock);
}

bool gbxi_reload_await(gbxi_reload *reload, unsigned timeout_ms)
{
    uint64_t until = gbxi_monotonic_ns() + timeout_ms * GBXI_NS_PER_MS;
    bool over;

    pthread_mutex_lock(&reload->lock);
    while (reload->running && gbxi_condition_wait(&reload->over, &reload->lock, until))
        ;
    over = !reload->running;
    pthread_mutex_unlock(&reload->lock);
    return over;
}
