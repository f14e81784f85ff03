/* SPDX-License-Identifier: MIT */
/* Makes the report that a command shows. */
#define _GNU_SOURCE
#include "cli/store/reported.h"
#include "base/time.h"
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

/* How far it is, on one line of a terminal. */
typedef struct report_progress {
    const char *command;
    uint64_t next_ns; /* when it is told again */
    bool told;
} report_progress;

static void report_progress_tell(void *context, uint64_t done, uint64_t all)
{
    report_progress *progress = context;
    uint64_t now_ns;

    if (done % 256 != 0 || (now_ns = gbxi_monotonic_ns()) < progress->next_ns)
        return;
    fprintf(stderr, "\rglassbox %s: %" PRIu64 " of %" PRIu64 " traces", progress->command, done, all);
    progress->next_ns = now_ns + GBXI_NS_PER_S / 5;
    progress->told = true;
}

static void report_progress_end(const report_progress *progress)
{
    if (progress->told)
        fputs("\r\x1b[K", stderr);
}

static gbx_err reported_open_baseline(gbxi_reported *reported, const char *name, gbx_error *error)
{
    gbx_err err;

    if (name == NULL)
        return GBX_ERR_OK;
    if ((err = gbxi_store_resolve(reported->chosen.reader, name, &reported->baseline_info, error)) != GBX_ERR_OK)
        return err;
    return gbxi_stored_run_open(reported->chosen.reader, reported->baseline_info.id, &reported->baseline, error);
}

static gbx_err reported_read(gbxi_reported *reported, const gbxi_report_wish *wish, gbx_error *error)
{
    report_progress progress = {reported->chosen.command, gbxi_monotonic_ns() + GBXI_NS_PER_S, false};
    bool is_watched = !wish->silent && isatty(STDERR_FILENO) == 1;
    const gbxi_report_options options = {.top = wish->top,
                                         .acknowledgements = &reported->acknowledgements,
                                         .baseline = reported->baseline,
                                         .baseline_info = &reported->baseline_info,
                                         .progress = {is_watched ? report_progress_tell : NULL, &progress, 0}};
    gbx_err err = gbxi_report_new(reported->chosen.stored, &reported->chosen.run, &options, &reported->report, error);

    report_progress_end(&progress);
    return err;
}

gbx_err gbxi_reported_make(gbxi_reported *reported, const gbxi_report_wish *wish, gbx_error *error)
{
    gbx_err err;

    if ((err = gbxi_chosen_open(&reported->chosen, wish->store, error)) != GBX_ERR_OK ||
        (err = gbxi_chosen_run(&reported->chosen, wish->run, NULL, error)) != GBX_ERR_OK ||
        (err = reported_open_baseline(reported, wish->baseline, error)) != GBX_ERR_OK ||
        (err = gbxi_acknowledgements_read(wish->store, &reported->acknowledgements, error)) != GBX_ERR_OK)
        return err;
    return reported_read(reported, wish, error);
}

void gbxi_reported_close(gbxi_reported *reported)
{
    gbxi_report_free(reported->report);
    gbxi_acknowledgements_fini(&reported->acknowledgements);
    gbxi_stored_run_close(reported->baseline);
    gbxi_chosen_close(&reported->chosen);
}
