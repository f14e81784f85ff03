/* SPDX-License-Identifier: MIT */
/* Owns the list of jobs, and when each is done again. */
#include "base/job.h"
#include "base/cut.h"
#include "base/hash.h"
#include "base/time.h"
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RETRY_FIRST_NS GBXI_NS_PER_S
#define RETRY_LAST_NS (300 * GBXI_NS_PER_S)

/* Guards the list and what the jobs in it have noted. */
static pthread_mutex_t jobs_lock = PTHREAD_MUTEX_INITIALIZER;
static gbxi_job *jobs_first;

/* Where the pointer to `job` is, or would be at the end of the list. */
static gbxi_job **job_place(const gbxi_job *job)
{
    gbxi_job **place = &jobs_first;

    while (*place != NULL && *place != job)
        place = &(*place)->next;
    return place;
}

void gbxi_job_open(gbxi_job *job, const char *name, uint64_t every_ns)
{
    *job = (gbxi_job){
        .facts = {.name = name, .every_ns = every_ns, .next_ns = every_ns != 0 ? gbxi_monotonic_ns() : UINT64_MAX}};
    pthread_mutex_lock(&jobs_lock);
    *job_place(NULL) = job;
    pthread_mutex_unlock(&jobs_lock);
}

void gbxi_job_close(gbxi_job *job)
{
    gbxi_job **place;

    pthread_mutex_lock(&jobs_lock);
    if (*(place = job_place(job)) != NULL)
        *place = job->next;
    pthread_mutex_unlock(&jobs_lock);
}

void gbxi_job_ask(gbxi_job *job)
{
    pthread_mutex_lock(&jobs_lock);
    job->facts.next_ns = gbxi_monotonic_ns();
    pthread_mutex_unlock(&jobs_lock);
}

uint64_t gbxi_job_next_ns(const gbxi_job *job)
{
    uint64_t next_ns;

    pthread_mutex_lock(&jobs_lock);
    next_ns = job->facts.next_ns;
    pthread_mutex_unlock(&jobs_lock);
    return next_ns;
}

bool gbxi_job_is_due(const gbxi_job *job)
{
    return gbxi_job_next_ns(job) <= gbxi_monotonic_ns();
}

void gbxi_job_begin(gbxi_job *job)
{
    gbxi_job_facts *facts = &job->facts;

    pthread_mutex_lock(&jobs_lock);
    facts->state = GBXI_JOB_RUNNING;
    facts->began_ns = gbxi_monotonic_ns();
    facts->next_ns = UINT64_MAX; /* unless somebody asks meanwhile */
    facts->runs++;
    pthread_mutex_unlock(&jobs_lock);
}

static uint64_t job_retry_ns(unsigned attempts, uint64_t now_ns)
{
    uint64_t wait_ns = RETRY_FIRST_NS << (attempts - 1);

    if (wait_ns > RETRY_LAST_NS)
        wait_ns = RETRY_LAST_NS;
    return wait_ns - wait_ns / 4 * (gbxi_hash_pair(now_ns, (uint32_t)getpid(), attempts) % 1024) / 1024;
}

/* How long the job rests after an attempt, and what it is meanwhile. */
static uint64_t job_rest_ns(gbxi_job_facts *facts, uint64_t now_ns)
{
    if (facts->attempts == 0) {
        facts->state = GBXI_JOB_WAITING;
    } else if (facts->attempts < GBXI_JOB_ATTEMPTS_MAX) {
        facts->state = GBXI_JOB_RETRYING;
        return job_retry_ns(facts->attempts, now_ns);
    } else {
        facts->state = GBXI_JOB_FAILED;
        facts->attempts = 0;
    }
    return facts->every_ns != 0 ? facts->every_ns : UINT64_MAX - now_ns;
}

static void job_note_error(gbxi_job_facts *facts, const char *text)
{
    gbxi_cut_printed(facts->error, snprintf(facts->error, sizeof(facts->error), "%s", text), sizeof(facts->error));
}

void gbxi_job_end(gbxi_job *job, gbx_err err, const char *text)
{
    gbxi_job_facts *facts = &job->facts;
    uint64_t now_ns = gbxi_monotonic_ns(), next_ns;

    pthread_mutex_lock(&jobs_lock);
    facts->duration_ns = now_ns - facts->began_ns;
    facts->ended_unix_ns = gbxi_wall_ns();
    if (err == GBX_ERR_OK) {
        facts->attempts = 0;
        facts->error[0] = '\0';
    } else {
        facts->attempts++;
        facts->failures++;
        job_note_error(facts, text != NULL && text[0] != '\0' ? text : gbx_err_text(err));
    }
    next_ns = now_ns + job_rest_ns(facts, now_ns);
    if (next_ns < facts->next_ns)
        facts->next_ns = next_ns;
    pthread_mutex_unlock(&jobs_lock);
}

size_t gbxi_jobs_look(gbxi_job_facts facts[GBXI_JOBS_SHOWN_MAX])
{
    size_t count = 0;

    pthread_mutex_lock(&jobs_lock);
    for (const gbxi_job *job = jobs_first; job != NULL && count < GBXI_JOBS_SHOWN_MAX; job = job->next)
        facts[count++] = job->facts;
    pthread_mutex_unlock(&jobs_lock);
    return count;
}

const char *gbxi_job_state_name(gbxi_job_state state)
{
    static const char *const names[] = {
#define JOB_STATE_NAME(constant, name) name,
        GBXI_JOB_STATES(JOB_STATE_NAME)
#undef JOB_STATE_NAME
    };

    return names[state];
}
