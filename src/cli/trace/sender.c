/* SPDX-License-Identifier: MIT */
/* Runs libcurl's transfers: each slot has one handle, which is used for one request after the other. */
#define _GNU_SOURCE
#include "cli/trace/sender.h"
#include "base/time.h"
#include "cli/trace/arrival.h"
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

enum { SENDER_LOOK_MS = 50 };

typedef struct sender_slot {
    CURL *easy;
    gbxi_arrival arrival;
    char fault[CURL_ERROR_SIZE];
} sender_slot;

typedef struct sender {
    const gbxi_sender_options *options;
    const gbxi_trace_url *target;
    CURLM *multi;
    sender_slot *slots;
    sender_slot **idle; /* those that send nothing */
    size_t idle_count;
    uint64_t left;          /* requests that are still to be sent */
    uint64_t not_before_ns; /* a server asked to wait until then */
    uint32_t under_way;
    gbxi_answer_verdict verdict;
} sender;

static bool prepare_slot(sender *s, sender_slot *slot)
{
    const gbxi_sender_options *options = s->options;

    if ((slot->easy = curl_easy_init()) == NULL || !gbxi_message_apply(options->message, slot->easy) ||
        !gbxi_message_apply_session(slot->easy, options->session) ||
        curl_easy_setopt(slot->easy, CURLOPT_URL, s->target->url) != CURLE_OK)
        return false;
    curl_easy_setopt(slot->easy, CURLOPT_PRIVATE, slot);
    curl_easy_setopt(slot->easy, CURLOPT_ERRORBUFFER, slot->fault);
    gbxi_arrival_attach(&slot->arrival, slot->easy);
    s->idle[s->idle_count++] = slot;
    return true;
}

static bool sender_init(sender *s)
{
    uint32_t count = s->options->concurrency < s->left ? s->options->concurrency : (uint32_t)s->left;
    bool good = true;

    s->multi = curl_multi_init();
    s->slots = calloc(count, sizeof(*s->slots));
    s->idle = calloc(count, sizeof(sender_slot *));
    if (s->multi == NULL || s->slots == NULL || s->idle == NULL)
        return false;
    for (uint32_t i = 0; i < count && good; i++)
        good = prepare_slot(s, &s->slots[i]);
    return good;
}

static void sender_fini(sender *s)
{
    uint32_t count = s->options->concurrency < s->options->repeat ? s->options->concurrency : s->options->repeat;

    for (uint32_t i = 0; s->slots != NULL && i < count; i++) {
        if (s->slots[i].easy != NULL)
            curl_multi_remove_handle(s->multi, s->slots[i].easy);
        curl_easy_cleanup(s->slots[i].easy);
        gbxi_arrival_fini(&s->slots[i].arrival);
    }
    curl_multi_cleanup(s->multi);
    free(s->idle);
    free(s->slots);
}

static bool may_start(const sender *s)
{
    return s->left > 0 && s->idle_count > 0 && gbxi_monotonic_ns() >= s->not_before_ns;
}

/* Begins as many requests as may be under way. */
static bool start_requests(sender *s)
{
    while (may_start(s)) {
        sender_slot *slot = s->idle[--s->idle_count];

        gbxi_arrival_reset(&slot->arrival);
        slot->fault[0] = '\0';
        if (curl_multi_add_handle(s->multi, slot->easy) != CURLM_OK)
            return false;
        --s->left;
        ++s->under_way;
    }
    return true;
}

static gbxi_answer answer_of(const sender *s, sender_slot *slot, CURLcode code)
{
    gbxi_answer answer = {.target = s->target};

    gbxi_arrival_tell(&slot->arrival, slot->easy, &answer);
    if (code != CURLE_OK) {
        answer.fault = slot->arrival.fault != NULL ? slot->arrival.fault
                       : slot->fault[0] != '\0'    ? slot->fault
                                                   : curl_easy_strerror(code);
        /* What was not an answer's begin is none's half. */
        answer.began = answer.status != 0;
    } else if (!slot->arrival.head_ended) { /* libcurl takes what it got for all of it */
        answer.fault = "its head has no end";
        answer.began = true;
    }
    return answer;
}

static void follow_verdict(sender *s, const gbxi_answer *answer, gbxi_answer_verdict verdict)
{
    if (verdict == GBXI_ANSWER_AGAIN && s->verdict != GBXI_ANSWER_ON)
        return; /* the last word about this URL has been said */
    if (verdict == GBXI_ANSWER_AGAIN) {
        ++s->left;
        s->not_before_ns =
            gbxi_monotonic_ns() + (answer->retry_after_s > 0 ? answer->retry_after_s : 1) * GBXI_NS_PER_S;
    } else if (verdict != GBXI_ANSWER_ON) {
        s->left = 0;
        if (verdict > s->verdict)
            s->verdict = verdict;
    }
}

static void take_answers(sender *s)
{
    CURLMsg *message;
    int more;

    while ((message = curl_multi_info_read(s->multi, &more)) != NULL) {
        CURLcode code = message->data.result;
        sender_slot *slot;
        gbxi_answer answer;

        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&slot);
        curl_multi_remove_handle(s->multi, slot->easy);
        answer = answer_of(s, slot, code);
        s->idle[s->idle_count++] = slot;
        --s->under_way;
        /* After the last word about this URL, what was under way at the same time says the same. */
        if (s->verdict == GBXI_ANSWER_ON || answer.fault == NULL)
            follow_verdict(s, &answer, s->options->use(s->options->context, &answer));
    }
}

static void wait_for_more(sender *s)
{
    struct curl_waitfd fds[GBXI_WATCH_FDS];
    int watched[GBXI_WATCH_FDS];
    unsigned count = 0;

    gbxi_watch_fds(s->options->watch, watched);
    for (size_t i = 0; i < GBXI_WATCH_FDS; i++)
        if (watched[i] != -1)
            fds[count++] = (struct curl_waitfd){.fd = watched[i], .events = CURL_WAIT_POLLIN};
    curl_multi_poll(s->multi, fds, count, SENDER_LOOK_MS, NULL);
}

static gbx_err send_requests(sender *s, gbx_error *error)
{
    int running;

    while (s->left > 0 || s->under_way > 0) {
        if (!gbxi_watch_look(s->options->watch)) {
            s->verdict = GBXI_ANSWER_STOP;
            return GBX_ERR_OK;
        }
        if (!start_requests(s) || curl_multi_perform(s->multi, &running) != CURLM_OK)
            return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
        take_answers(s);
        if ((s->under_way > 0 || s->left > 0) && !may_start(s))
            wait_for_more(s);
    }
    return GBX_ERR_OK;
}

gbx_err gbxi_sender_run(const gbxi_sender_options *options, const gbxi_trace_url *target, gbxi_answer_verdict *verdict,
                        gbx_error *error)
{
    sender s = {.options = options, .target = target, .left = options->repeat};
    gbx_err err;

    if (sender_init(&s))
        err = send_requests(&s, error);
    else
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    *verdict = s.verdict;
    sender_fini(&s);
    return err;
}
