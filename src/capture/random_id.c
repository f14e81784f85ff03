/* SPDX-License-Identifier: MIT */
/* Makes ids with libuuid. */
#define _GNU_SOURCE
#include "capture/random_id.h"
#include <pthread.h>
#include <stdlib.h>
#include <uuid/uuid.h>

/* libuuid mixes numbers of random() into the bytes of the kernel, and seeds random() for that. The host's random()
 * would no longer give the numbers of the host's seed. So random() has this state while libuuid works: the smallest,
 * which is also the one that takes the least time to seed. */
enum { ID_STATE_BYTES = 8 };
static char id_state[ID_STATE_BYTES];
static pthread_mutex_t id_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t id_once = PTHREAD_ONCE_INIT;

static void id_lock_take(void)
{
    pthread_mutex_lock(&id_lock);
}

static void id_lock_give(void)
{
    pthread_mutex_unlock(&id_lock);
}

/* A child must not begin with a lock that a thread of its parent has, and not with the wrong state. */
static void id_watch_forks(void)
{
    (void)pthread_atfork(id_lock_take, id_lock_give, id_lock_give);
}

void gbxi_random_id(uint8_t id[16])
{
    char *hosts;

    pthread_once(&id_once, id_watch_forks);
    id_lock_take();
    hosts = initstate(1, id_state, ID_STATE_BYTES);
    uuid_generate_random(id);
    setstate(hosts);
    id_lock_give();
}
