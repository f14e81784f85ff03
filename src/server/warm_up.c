/* SPDX-License-Identifier: MIT */
/* Records and writes the trace that nobody sees. */
#include "server/warm_up.h"
#include "capture/state.h"
#include <glassbox/export.h>
#include <glassbox/read.h>
#include <glassbox/span.h>

static void record_unseen(gbx_capture *capture)
{
    gbx_scope scope = gbx_capture_enter(capture);

    {
        GBX_SPAN_FMT("warm-up %d", 1);
        gbx_note_int("number", 1);
        gbx_note_str("text", "value");
    }
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
}

static bool write_unseen(gbx_capture *capture, gbx_format format)
{
    gbx_exporter *exporter = gbx_exporter_new(capture, format, NULL);
    ptrdiff_t length = exporter != NULL ? 1 : -1;
    char piece[4096];

    while (length > 0)
        length = gbx_exporter_read(exporter, piece, sizeof(piece));
    gbx_exporter_free(exporter);
    return length == 0;
}

gbx_err gbxi_warm_up(void)
{
    gbx_capture *capture = gbxi_capture_make(&(gbx_capture_options){.size = sizeof(gbx_capture_options)});
    gbx_capture_facts facts;
    bool good;

    if (capture == NULL)
        return GBX_ERR_NO_MEMORY;
    record_unseen(capture);
    good = gbx_capture_facts_get(capture, &facts, sizeof(facts)) == GBX_ERR_OK && !facts.truncated;
#define WRITE_UNSEEN(constant, number, name) good = good && write_unseen(capture, GBX_FORMAT_##constant);
    GBX_FORMATS(WRITE_UNSEEN)
#undef WRITE_UNSEEN
    gbx_capture_unref(capture);
    return good ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
}
