/* SPDX-License-Identifier: MIT */
/* Owns exporters: runs a format's steps and writes their output into the memory of the current read. */
#include <glassbox/export.h>

#include "base/grow.h"
#include "base/versioned.h"
#include "export/format.h"
#include "trace/source_root.h"

#include <assert.h>
#include <glassbox/read.h>
#include <stdlib.h>
#include <string.h>

enum { TOP_N_DEFAULT = 10, TOP_N_MAX = 1000, SPILL_BYTES_LEAST = 4096 };

static const gbxi_export_format *const formats[] = {
#define FORMAT_ROW(constant, number, name) [GBX_FORMAT_##constant] = &gbxi_format_##name,
    GBX_FORMATS(FORMAT_ROW) GBX_FILE_FORMATS(FORMAT_ROW)
#undef FORMAT_ROW
};

const char *gbxi_format_ending(gbx_format format)
{
    return (size_t)format < sizeof(formats) / sizeof(formats[0]) ? formats[format]->ending : NULL;
}

static_assert(sizeof(gbx_export_options) == 32 && sizeof(gbx_call_tree) == 4, "no padding without a name");

/* Output that does not fit into the reader's buffer goes to the spill, which the next read returns first. */
struct gbx_exporter {
    const gbxi_export_format *format;
    gbx_capture *capture; /* referenced */
    gbxi_trace *trace;
    gbxi_json_writer writer;
    gbx_err broken; /* not OK after an error; the document cannot be continued */
    gbx_err told;   /* the error of the last read */
    bool done;      /* the last step is done */
    bool spilling;  /* the writer writes to the spill, not to the reader's buffer */
    size_t direct;  /* bytes that it wrote to the reader's buffer before */
    char *spill;
    size_t spill_capacity;
    size_t spill_from; /* bytes that the reader has taken */
    size_t spill_to;
    max_align_t state[]; /* of the format */
};

static bool grow_spill(gbx_exporter *exporter, size_t wanted)
{
    return gbxi_grow(&exporter->spill, &exporter->spill_capacity,
                     wanted > SPILL_BYTES_LEAST ? wanted : SPILL_BYTES_LEAST, 1);
}

static gbx_err exporter_spill(gbxi_json_writer *writer, size_t need)
{
    gbx_exporter *exporter = writer->sink;
    size_t used = (size_t)(writer->at - writer->begin);

    if (!exporter->spilling) {
        exporter->direct = used;
        used = 0;
    }
    if (!grow_spill(exporter, used + need))
        return GBX_ERR_NO_MEMORY;
    exporter->spilling = true;
    writer->begin = exporter->spill;
    writer->at = exporter->spill + used;
    writer->end = exporter->spill + exporter->spill_capacity;
    return GBX_ERR_OK;
}

static gbxi_trace *exporter_analyse(const gbx_capture *capture, const gbxi_export_format *format,
                                    const gbx_export_options *options)
{
    uint32_t top_n = options->top_n == 0 ? TOP_N_DEFAULT : options->top_n;
    gbxi_trace_options wanted = {.min_duration_ns = options->min_duration_ns,
                                 .repeats = format->wants_repeats,
                                 .unattributed = format->wants_unattributed,
                                 .noted_n = format->noted_max,
                                 .failed_n = format->failed_max};
    gbxi_trace *trace;

    if (top_n > TOP_N_MAX)
        top_n = TOP_N_MAX;
    if (format->wants_hotspots)
        wanted.top_n = top_n;
    if (format->wants_slowest)
        wanted.slowest_n = top_n;
    trace = gbxi_trace_new(capture, &wanted);
    if (trace != NULL)
        gbxi_frames_cut_root(&trace->frames, options->source_root);
    return trace;
}

gbx_exporter *gbx_exporter_new(gbx_capture *capture, gbx_format number, const gbx_export_options *options)
{
    gbx_export_options known;
    const gbxi_export_format *format;
    gbx_exporter *exporter;

    if ((size_t)number >= sizeof(formats) / sizeof(formats[0]) || capture == NULL || !gbx_capture_is_finished(capture))
        return NULL;
    if (gbxi_options_read(&known, sizeof(known), GBXI_SIZE_THROUGH(gbx_export_options, call_tree), options, NULL) !=
            GBX_ERR_OK ||
        known.call_tree > GBX_CALL_TREE_NONE)
        return NULL;
    format = formats[number];
    exporter = calloc(1, sizeof(*exporter) + format->state_bytes);
    if (exporter == NULL)
        return NULL;
    exporter->format = format;
    exporter->capture = gbx_capture_ref(capture);
    gbxi_json_writer_init(&exporter->writer, exporter_spill, exporter);
    exporter->trace = exporter_analyse(capture, format, &known);
    if (exporter->trace == NULL || !format->init(exporter->state, exporter->trace, &known)) {
        gbx_exporter_free(exporter);
        return NULL;
    }
    return exporter;
}

void gbx_exporter_free(gbx_exporter *exporter)
{
    if (exporter == NULL)
        return;
    exporter->format->fini(exporter->state);
    gbxi_trace_free(exporter->trace);
    gbx_capture_unref(exporter->capture);
    free(exporter->spill);
    free(exporter);
}

/* Moves as much of the spill as fits into `buffer`. */
static size_t exporter_drain(gbx_exporter *exporter, char *buffer, size_t capacity)
{
    size_t held = exporter->spill_to - exporter->spill_from;
    size_t length = held < capacity ? held : capacity;

    if (length > 0)
        memcpy(buffer, exporter->spill + exporter->spill_from, length);
    exporter->spill_from += length;
    return length;
}

/* Runs steps until the buffer is full or the document is complete. Returns the number of bytes in the buffer. */
static size_t exporter_produce(gbx_exporter *exporter, char *buffer, size_t capacity)
{
    gbxi_json_writer *writer = &exporter->writer;
    gbx_err err = GBX_ERR_OK;
    size_t written;

    writer->begin = writer->at = buffer;
    writer->end = buffer + capacity;
    exporter->spilling = false;
    while (err == GBX_ERR_OK && !exporter->done && !exporter->spilling && writer->at < writer->end) {
        err = exporter->format->step(exporter->state, writer, &exporter->done);
        if (err == GBX_ERR_OK)
            err = writer->error;
    }
    if (err == GBX_ERR_OK && exporter->done)
        err = gbxi_json_writer_finish(writer);
    exporter->broken = err;
    written = (size_t)(writer->at - writer->begin);
    exporter->spill_from = 0;
    exporter->spill_to = exporter->spilling ? written : 0;
    return exporter->spilling ? exporter->direct : written;
}

ptrdiff_t gbx_exporter_read(gbx_exporter *exporter, void *buffer, size_t capacity)
{
    size_t filled = 0;

    exporter->told = capacity == 0 ? GBX_ERR_ARGUMENT : GBX_ERR_OK;
    if (capacity == 0)
        return -1;
    while (exporter->broken == GBX_ERR_OK) {
        filled += exporter_drain(exporter, (char *)buffer + filled, capacity - filled);
        if (filled == capacity || exporter->done)
            return (ptrdiff_t)filled;
        filled += exporter_produce(exporter, (char *)buffer + filled, capacity - filled);
    }
    exporter->told = exporter->broken;
    return -1;
}

gbx_err gbx_exporter_error(const gbx_exporter *exporter)
{
    return exporter->told;
}
