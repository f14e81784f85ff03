/* SPDX-License-Identifier: MIT */
/* Owns the errand of a large trace: its exporter is created. */
#define _GNU_SOURCE
#include "middleware/exporting.h"
#include "middleware/analyst.h"
#include "middleware/errand.h"
#include <stdlib.h>

/* Two owners: the client until gbxi_exporting_end, and the errand's work until its result is delivered. */
struct gbxi_exporting {
    gbxi_errand errand;
    gbxi_exporting_client *client;
    const gbxi_mirror *mirror;
    h2o_context_t *context;
    h2o_timeout_entry_t timer; /* linked while the executor is to be asked again */
    gbx_capture *capture;      /* referenced */
    gbx_format format;
    gbx_export_options options;
    gbx_exporter *exporter; /* result of the work */
};

static gbxi_exporting *exporting_of(gbxi_errand *errand)
{
    return H2O_STRUCT_FROM_MEMBER(gbxi_exporting, errand, errand);
}

/* Thread: the executor's. */
static void exporting_work(gbxi_errand *errand)
{
    gbxi_exporting *self = exporting_of(errand);

    self->exporter = gbx_exporter_new(self->capture, self->format, &self->options);
}

static void exporting_back(gbxi_errand *errand)
{
    gbxi_exporting *self = exporting_of(errand);
    gbx_exporter *exporter = self->exporter;

    self->exporter = NULL;
    gbxi_errand_release(errand);
    self->client->on_exporter(self->client, exporter); /* may end `self` */
}

static void exporting_free(gbxi_errand *errand)
{
    gbxi_exporting *self = exporting_of(errand);

    gbx_exporter_free(self->exporter);
    gbx_capture_unref(self->capture);
    free(self);
}

static void exporting_submit(gbxi_exporting *self)
{
    if (!gbxi_errand_submit(&self->errand))
        h2o_timeout_link(self->context->loop, &self->context->hundred_ms_timeout, &self->timer);
}

/* An analyst that takes nothing any more, such as a recorder that was closed, leaves the work to the loop. */
static void exporting_on_timer(h2o_timeout_entry_t *timer)
{
    gbxi_exporting *self = H2O_STRUCT_FROM_MEMBER(gbxi_exporting, timer, timer);

    if (gbxi_analyst_is_there(self->mirror))
        exporting_submit(self);
    else
        self->client->on_exporter(self->client, gbx_exporter_new(self->capture, self->format, &self->options));
}

gbxi_exporting *gbxi_exporting_begin(gbxi_exporting_client *client, gbxi_mirror *mirror, h2o_context_t *context,
                                     gbx_capture *capture, gbx_format format, const gbx_export_options *options)
{
    static const gbxi_errand_callbacks callbacks = {exporting_work, exporting_back, exporting_free};
    gbxi_exporting *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    if (!gbxi_errand_init(&self->errand, &callbacks, mirror, context, gbxi_analyst_of(mirror))) {
        free(self);
        return NULL;
    }
    self->client = client;
    self->mirror = mirror;
    self->context = context;
    self->timer.cb = exporting_on_timer;
    self->capture = gbx_capture_ref(capture);
    self->format = format;
    self->options = *options;
    exporting_submit(self);
    return self;
}

void gbxi_exporting_end(gbxi_exporting *exporting)
{
    if (exporting == NULL)
        return;
    h2o_timeout_unlink(&exporting->timer);
    gbxi_errand_leave(&exporting->errand);
    gbxi_errand_release(&exporting->errand);
}
