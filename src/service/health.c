/* SPDX-License-Identifier: MIT */
/* Writes the health document from the counters of src/capture, the middleware, the workers and the memory for
 * work. */
#define _GNU_SOURCE
#include "service/health.h"
#include "base/work_memory.h"
#include "http/respond.h"
#include "service/service.h"
#include <glassbox/capture.h>
#include <glassbox/limits.h>

static void health_write_count(gbxi_json_writer *out, const char *key, uint64_t count)
{
    gbxi_json_key(out, key);
    gbxi_json_uint(out, count);
}

static void health_write_limits(gbxi_json_writer *out)
{
    gbx_limits limits;

    gbx_limits_get(&limits, sizeof(limits));
    gbxi_json_object_begin(out);
    health_write_count(out, "max_captures", limits.max_captures);
    gbxi_json_key(out, "captures_per_second");
    if (limits.captures_per_second != 0)
        gbxi_json_uint(out, limits.captures_per_second);
    else
        gbxi_json_null(out);
    health_write_count(out, "max_capture_ms", limits.max_capture_ms);
    health_write_count(out, "max_memory_bytes", gbx_capture_memory_limit());
    gbxi_json_object_end(out);
}

static void health_write_counts(gbxi_json_writer *out, const gbx_capture_counts *counts)
{
    gbxi_json_object_begin(out);
#define WRITE_FATE(name, number, text) health_write_count(out, #name, counts->name);
    GBX_CAPTURE_FATES(WRITE_FATE)
#undef WRITE_FATE
    health_write_count(out, "expired", counts->expired);
    gbxi_json_object_end(out);
}

static void health_write_capture(gbxi_json_writer *out)
{
    gbx_capture_counts counts;

    gbx_capture_counts_get(&counts, sizeof(counts));
    gbxi_json_object_begin(out);
    gbxi_json_key(out, "on");
    gbxi_json_boolean(out, gbx_capture_is_on());
    health_write_count(out, "under_way", counts.under_way);
    health_write_count(out, "memory_bytes", gbx_capture_memory_used());
    gbxi_json_key(out, "counts");
    health_write_counts(out, &counts);
    gbxi_json_key(out, "limits");
    health_write_limits(out);
    gbxi_json_object_end(out);
}

static void health_write_workers(gbxi_json_writer *out, const gbxi_worker_pool_state *workers)
{
    gbxi_json_object_begin(out);
    health_write_count(out, "count", workers->worker_count);
    health_write_count(out, "busy", workers->busy);
    health_write_count(out, "slow_clients", workers->paused);
    health_write_count(out, "queued", workers->queued);
    health_write_count(out, "max_queued", workers->queue_max);
    health_write_count(out, "refused", workers->refused);
    gbxi_json_object_end(out);
}

static void health_write_work_memory(gbxi_json_writer *out)
{
    gbxi_work_memory_state memory = gbxi_work_memory_look();

    gbxi_json_object_begin(out);
    health_write_count(out, "used_bytes", memory.used);
    health_write_count(out, "most_used_bytes", memory.used_max);
    gbxi_json_key(out, "max_bytes");
    if (memory.limit != GBXI_WORK_MEMORY_UNLIMITED)
        gbxi_json_uint(out, memory.limit);
    else
        gbxi_json_null(out);
    health_write_count(out, "refused", memory.refused);
    gbxi_json_object_end(out);
}

static void health_write(gbxi_json_writer *out, const gbxi_worker_pool_state *workers)
{
    gbxi_json_object_begin(out);
    gbxi_json_key(out, "status");
    gbxi_json_string_z(out, "ok");
    health_write_count(out, "live_captures", gbx_capture_live_count());
    gbxi_json_key(out, "capture");
    health_write_capture(out);
    gbxi_json_key(out, "workers");
    health_write_workers(out, workers);
    gbxi_json_key(out, "work_memory");
    health_write_work_memory(out);
    gbxi_json_object_end(out);
}

void gbxi_health_answer(h2o_req_t *req)
{
    gbxi_worker_pool_state workers = gbxi_worker_pool_look(gbxi_service_of(req)->workers);
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;

    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CACHE_CONTROL, NULL, H2O_STRLIT("no-store"));
    gbxi_json_writer_init_buffer(&writer, &buffer);
    health_write(&writer, &workers);
    gbxi_respond_buffer(req, &writer, &buffer);
}
