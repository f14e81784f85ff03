/* SPDX-License-Identifier: MIT */
/* The middleware: one call in front of any libh2o handler gives its paths the routes /full, /summary and /speedscope.
 *
 *     h2o_pathconf_t *pathconf = h2o_config_register_path(hostconf, "/files/", 0);
 *     gbx_h2o_config config = {.size = sizeof(config), .handler_method = "GET"};
 *     if (gbx_h2o_register(pathconf, &config) != GBX_ERR_OK) ...      // first the middleware; NULL is all defaults,
 *     h2o_file_register(pathconf, "/srv/files", NULL, NULL, 0);       // then the handlers to trace
 *
 * The handler sees POST <path>/<format> as POST <path> (or with the method of the config's handler_method), with its
 * query and its body. Ranges and conditions (Range, If-...) are removed. Whole programs are in examples/.
 *
 * What is captured
 * - The handler's on_req and its generator's proceed are captured, each inside a span of the middleware ("handler",
 *   "handler.proceed"). Neither needs a resume.
 * - Code that runs elsewhere, on another thread or in another callback of the event loop, is captured only inside
 *   GBX_RESUME of what gbx_capture_carry() returned in on_req (capture.h).
 * - An answer that comes later: on_req carries the capture, hands a job to a worker and returns 0; the worker resumes,
 *   carries again, and posts the job to the loop; the loop's callback sends. The callback may send with or without a
 *   resume: the answer and the trace are the same, and the capture ends either way. Without a resume the callback's own
 *   spans are not recorded, and the reference that came with the job goes to gbx_capture_unref.
 *
 * When a capture ends
 * - With the handler's last chunk (H2O_SEND_STATE_FINAL or h2o_send_inline), however late that comes. If it is sent
 *   inside on_req or proceed, the capture ends when that function returns, so spans after the send are recorded. If it
 *   is sent in another callback, the capture ends inside h2o_send: open spans end there, later ones are dropped.
 * - Or when max_capture_ms (limits.h) have passed: the trace says truncated, and the request goes on.
 * - Or when the request is gone: the client left, or the response was broken off. There is no trace then.
 *
 * When the client leaves before the answer
 * - libh2o frees the request and its pool on the loop's thread. A job must not use the request after that. To be told,
 *   allocate with h2o_mem_alloc_shared(&req->pool, size, dispose): `dispose` is called then.
 * - The middleware finishes the capture and drops its own reference; the capture no longer counts as under way. A job
 *   that still runs need not stop: what it records is dropped. Its carried reference, and with it the capture's memory,
 *   is the job's until GBX_RESUME drops it, or gbx_capture_unref where the job is never run.
 * - libh2o 2.2 does not read from an HTTP/1 connection while a request is handled, so it notices at the next write that
 *   the client has left. With HTTP/2 it notices at once.
 *
 * The client gets {"<output_key>": <the handler's body>, "traces": <document>}:
 * - A body whose Content-Type says JSON is passed on byte for byte (less leading white space). It is not checked: the
 *   handler is responsible for its being well-formed. Text (UTF-8 or ASCII) becomes a string, in which ill-formed bytes
 *   are U+FFFD. Any other body, compressed ones included, becomes a base64 string, followed by the member
 *   "output_encoding": "base64". No body is null.
 * - What on_req or proceed sends leaves when that function has returned, so that the trace does not contain the
 *   sending; what another callback sends leaves at once. A trace of up to 256 spans leaves with the last chunk; a
 *   larger one is made and streamed after the output has left.
 * - "traces" is null when nothing was captured, when the request was faster than slow_threshold_ms, or when the trace
 *   could not be made; "trace_error" then gives the reason for the last. With traces_only the body is the value that
 *   "traces" would have, null included.
 * - The status is the handler's, except that 204, 205 and 304, which cannot have a body, become 200.
 * - The headers are the handler's, less those that describe its body. What those said is in
 *   Glassbox-Output-Content-Type (when not JSON), Glassbox-Output-Content-Encoding and Glassbox-Output-Status.
 * - When the handler breaks its response off, or an exporter fails half-way, the response is broken off too.
 *
 * Traces show the inside of a service: set `permit` where strangers reach the routes. The handler sees the
 * Authorization header, because the host may use it too; the middleware neither records nor logs it. A request that a
 * handler redirects inside the server (reproxy, error documents) is wrapped once: what it does after the redirect is in
 * the output but not in the trace. An HTTP/1.0 connection is closed after the response, and libh2o closes an HTTP/1.1
 * connection after a status other than 200.
 *
 * limits.h says how much may be captured, and which requests are refused with 429 or 503. While the master switch
 * (capture.h) is off, mirrored requests are answered with "traces": null and Glassbox-Capture: off.
 *
 * Thread: libh2o 2.2 requires that h2o_context_init is called on the thread that runs the loop (examples/four_loops.c).
 * libh2o's headers need _GNU_SOURCE (or -std=gnu..) and -DH2O_USE_LIBUV=0. */
#ifndef GLASSBOX_H2O_H
#define GLASSBOX_H2O_H

#include <glassbox/api.h>
#include <glassbox/capture.h>
#include <glassbox/limits.h>
#include <h2o.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The decision on a request that asks for a trace. */
typedef enum gbx_h2o_verdict {
    GBX_H2O_REFUSED = 0, /* 403: the client is known and not permitted */
    GBX_H2O_MISSING = 1, /* 401: the client has not shown a permission */
    GBX_H2O_GRANTED = 2
} gbx_h2o_verdict;

/* Restrictions that a permission imposes on the capture. The callback receives it without restrictions. The library
 * allocates it, with room for the members of later versions; if the callback sets a member that the library does not
 * know, the request is refused. */
typedef struct gbx_h2o_grant {
    size_t size;        /* how much of the struct the library knows */
    uint32_t max_spans; /* upper bound for trace_config's max_spans; 0: none */
    uint32_t reserved;  /* zero */
} gbx_h2o_grant;

/* The upper bound for the size of gbx_h2o_grant in all versions. */
#define GBX_H2O_GRANT_BYTES_MAX 256

/* Decides whether `req` may be captured. It is called once for each valid request with "capture_traces": true, while
 * capturing is on and the limits permit another capture, before the handler runs. `req` has the path
 * (path_normalized), the method and the headers that the handler will see; the callback must not change it. For REFUSED
 * and MISSING, the client gets `error->text` as the problem's detail, so the text must not reveal secrets. A response
 * to MISSING has the header WWW-Authenticate: Bearer realm="glassbox", unless the callback adds its own to req->res.
 * For GRANTED, the callback may fill `grant`. Thread: the request's event loop; several loops may call it at the same
 * time. It must not block. */
typedef gbx_h2o_verdict gbx_h2o_permit(h2o_req_t *req, void *context, gbx_h2o_grant *grant, gbx_error *error);

/* A zero member selects its default. Members are copied or referenced unless they are said to be borrowed. */
typedef struct gbx_h2o_config {
    size_t size;                /* sizeof(gbx_h2o_config) */
    const char *output_key;     /* the response's member for the handler's body, 128 bytes at most; default "output" */
    const char *handler_method; /* the method the handler sees on a traced route; default "POST", the client's own */
    const gbx_clock *clock;     /* for tests; NULL: the best clock of the machine */
    size_t max_body_bytes;      /* larger bodies of traced requests are 413; default 32 MiB */
    gbx_redaction *redaction;   /* what must not be recorded (redaction.h); NULL: nothing */
    gbx_h2o_permit *permit;     /* who may capture; NULL: everyone who reaches the route */
    void *permit_context;       /* passed to `permit`; borrowed, must outlive the path configuration */
    gbx_gate *gate;             /* limits, counts and switch (limits.h); NULL: those of the process */
} gbx_h2o_config;

/* Registers the middleware on `pathconf`, in front of the handlers that are registered after this call. NULL `config`
 * selects all defaults. Requests for other paths than the mirrored ones pass through untouched. Thread: the one that
 * builds the configuration. Errors: ARGUMENT (`pathconf` is NULL, `config` is refused as described in api.h, the method
 * is empty, or the output key is empty, too long or used by the envelope itself). Cost: about ten
 * instructions for each request that is not mirrored. */
GBX_API GBX_MUST_USE gbx_err gbx_h2o_register(h2o_pathconf_t *pathconf, const gbx_h2o_config *config);

#ifdef __cplusplus
}
#endif

#endif
