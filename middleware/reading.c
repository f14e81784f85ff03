/* SPDX-License-Identifier: MIT */
/* Owns the errand of a large body: its config is read, and the request is answered. */
#define _GNU_SOURCE
#include "middleware/reading.h"
#include "base/account.h"
#include "http/hangup.h"
#include "http/problem.h"
#include "middleware/admission.h"
#include "middleware/body.h"
#include "middleware/errand.h"
#include <stdlib.h>
#include <string.h>

enum { PIECE_BYTES = 256 << 10 };

/* Two owners: the request until it ends, and the errand's work until its answer. */
typedef struct reading {
    gbxi_errand errand;
    gbxi_mirrored mirrored; /* the loop's, except for body and config, which belong to the work while it runs */
    gbxi_hangup_watch watch;
    bool waits;       /* the work has ended, and its answer waits for `watch` */
    const char *body; /* over HTTP/1 in the connection's buffer until the request ends, otherwise NULL */
    char *copy;
    size_t length;
    int status; /* result of the work, with `error` */
    gbx_error error;
} reading;

static reading *reading_of(gbxi_errand *errand)
{
    return H2O_STRUCT_FROM_MEMBER(reading, errand, errand);
}

static void reading_free(gbxi_errand *errand)
{
    reading *one = reading_of(errand);

    gbxi_body_fini(&one->mirrored.body);
    free(one->copy);
    free(one);
}

/* Copies the body in pieces, because a client that leaves makes the loop wait for the current piece. Returns false if
 * the client has left. */
static bool reading_copy_pieces(reading *one)
{
    for (size_t at = 0; at < one->length; at += PIECE_BYTES) {
        size_t left = one->length - at;

        if (!gbxi_errand_hold_request(&one->errand))
            return false;
        memcpy(one->copy + at, one->body + at, left < PIECE_BYTES ? left : PIECE_BYTES);
        gbxi_errand_let_request_go(&one->errand);
    }
    return true;
}

static int reading_no_memory(gbx_error *error)
{
    gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "%s", gbx_err_text(GBX_ERR_NO_MEMORY));
    return 503;
}

/* Reads the config from a copy of the body. The result does not matter if the client has left. */
static int reading_decode(reading *one)
{
    int status = 0;

    if (one->copy == NULL) {
        if ((one->copy = gbxi_account_malloc(one->length)) == NULL)
            return reading_no_memory(&one->error);
        if (!reading_copy_pieces(one))
            goto Exit;
    }
    status = gbxi_body_decode(&one->mirrored.body, one->copy, one->length, &one->mirrored.config, &one->error);
Exit:
    gbxi_account_free(one->copy); /* not kept while the handler runs */
    one->copy = NULL;
    return status;
}

/* What the reading uses counts as memory for work. */
static int reading_decode_counted(reading *one)
{
    bool packed = one->mirrored.body.kind == GBXI_BODY_GZIP;
    gbxi_account account = {.size = packed ? GBXI_WORK_LARGE : gbxi_work_size_of(one->length)};
    int status;

    gbxi_account_enter(&account);
    status = reading_decode(one);
    gbxi_account_leave(&account);
    if (status != 503 || !account.refused)
        return status;
    gbxi_work_memory_explain(account.never, &one->error);
    return account.never ? 413 : 503;
}

/* Thread: the executor's. */
static void reading_work(gbxi_errand *errand)
{
    reading *one = reading_of(errand);

    one->status = reading_decode_counted(one);
}

/* Answers the request and releases the work's reference. */
static void reading_answer(reading *one)
{
    gbxi_mirrored mirrored = one->mirrored;
    gbx_error error = one->error;
    int status = one->status;

    one->waits = false;
    one->mirrored.granted = false;
    one->mirrored.body.packed = NULL;
    gbxi_hangup_end(&one->watch);
    gbxi_errand_release(&one->errand);
    if (status == 503)
        gbxi_problem_retry_after(mirrored.req, GBXI_RETRY_SOON_S);
    gbxi_mirrored_finish(&mirrored, status, &error);
}

static void reading_back(gbxi_errand *errand)
{
    reading *one = reading_of(errand);

    if (gbxi_hangup_may_answer(&one->watch))
        reading_answer(one);
    else
        one->waits = true;
}

static void reading_on_ready(gbxi_hangup_watch *watch)
{
    reading *one = H2O_STRUCT_FROM_MEMBER(reading, watch, watch);

    if (one->waits)
        reading_answer(one);
}

/* Nobody waits for the reading any more, and what its answer would have released is released here. */
static void reading_leave(reading *one)
{
    if (!gbxi_errand_leave(&one->errand))
        return;
    gbxi_admission_give_back(&one->mirrored);
    if (one->waits)
        gbxi_errand_release(&one->errand);
}

/* The client has left. What it is answered makes libh2o notice that. */
static void reading_on_left(gbxi_hangup_watch *watch)
{
    reading *one = H2O_STRUCT_FROM_MEMBER(reading, watch, watch);
    h2o_req_t *req = one->mirrored.req;
    gbx_error error;

    reading_leave(one);
    gbx_error_set(&error, GBX_ERR_IO, NULL, "the client has left");
    req->http1_is_persistent = 0;
    gbxi_problem_send(req, 400, &error);
}

/* Called when the request's pool is disposed. */
static void reading_on_gone(void *memory)
{
    reading *one = *(reading **)memory;

    gbxi_hangup_end(&one->watch);
    reading_leave(one);
    gbxi_errand_release(&one->errand);
}

/* libh2o frees the body of an HTTP/2 request before it reports the end of the request, so the body is copied here. */
static bool reading_take_body(reading *one, const h2o_req_t *req)
{
    one->length = req->entity.len;
    if (req->version < 0x200) {
        one->body = req->entity.base;
        return true;
    }
    if ((one->copy = malloc(one->length)) == NULL)
        return false;
    memcpy(one->copy, req->entity.base, one->length);
    return true;
}

/* Returns NULL if memory is short. */
static reading *reading_new(const gbxi_mirrored *mirrored)
{
    static const gbxi_errand_callbacks callbacks = {reading_work, reading_back, reading_free};
    reading *one = calloc(1, sizeof(*one));

    if (one == NULL)
        return NULL;
    if (!gbxi_errand_init(&one->errand, &callbacks, mirrored->mirror, mirrored->req->conn->ctx,
                          &mirrored->mirror->executor)) {
        free(one);
        return NULL;
    }
    if (!reading_take_body(one, mirrored->req)) {
        gbxi_errand_release(&one->errand);
        return NULL;
    }
    one->mirrored = *mirrored;
    one->watch = (gbxi_hangup_watch){.on_left = reading_on_left, .on_ready = reading_on_ready};
    return one;
}

gbx_err gbxi_reading_begin(gbxi_mirrored *mirrored, gbx_error *error)
{
    reading *one = reading_new(mirrored), **link;

    if (one == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "%s", gbx_err_text(GBX_ERR_NO_MEMORY));
    if (!gbxi_errand_submit(&one->errand)) {
        gbxi_errand_release(&one->errand);
        return gbx_error_set(error, GBX_ERR_LIMIT, NULL, "all workers are busy, and the body cannot be read now");
    }
    link = h2o_mem_alloc_shared(&mirrored->req->pool, sizeof(*link), reading_on_gone);
    *link = one;
    gbxi_hangup_begin(&one->watch, gbxi_mirror_hangup(mirrored->mirror, mirrored->req), mirrored->req);
    mirrored->granted = false;
    return GBX_ERR_OK;
}
