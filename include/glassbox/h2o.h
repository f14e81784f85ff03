/* SPDX-License-Identifier: MIT */
/* The middleware: one call in front of any libh2o handler gives its paths the routes /full, /summary and /speedscope.
 *
 *     h2o_pathconf_t *pathconf = h2o_config_register_path(hostconf, "/files/", 0);
 *     gbx_h2o_config config = {.size = sizeof(config), .handler_method = "GET"};
 *     if (gbx_h2o_register(pathconf, &config) != GBX_ERR_OK) ...      // first the middleware,
 *     h2o_file_register(pathconf, "/srv/files", NULL, NULL, 0);       // then the handlers it is to trace
 *
 * What the handler sees of POST <path>/<format> is <path> with its query and its body; ranges and conditions (Range,
 * If-...) are taken away. All that it does inside its on_req and inside its generator's proceed is captured. What it
 * does elsewhere, on other threads or in other callbacks of the event loop, is captured where it resumes the capture
 * that gbx_capture_carry() returned in on_req (capture.h).
 *
 * What the client gets is {"<output_key>": <the handler's body>, "traces": <document>}:
 * - A body whose Content-Type says JSON goes through byte for byte as it comes (less white space before it); whether it
 * is well-formed is the handler's word, for it is streamed and not looked at. Text (UTF-8 or ASCII) becomes a string in
 * which ill-formed bytes are U+FFFD. Anything else, compressed bodies included, becomes a string in base64, and the
 * member "output_encoding": "base64" follows it. No body is null.
 * - What the handler sends leaves when it has returned, so that the trace holds none of the sending; a trace of up to
 * 256 spans leaves with it, a larger one is made and streamed once the output has left.
 * - "traces" is null when nothing was captured, or faster than slow_threshold_ms, or the trace could not be made; in
 *   the last case "trace_error" says why. With traces_only the body is what "traces" would be, null included.
 * - The status is the handler's, except that 204, 205 and 304, which cannot have a body, become 200.
 * - Headers are the handler's, less those that describe its body. What they said and the envelope cannot is in
 *   Glassbox-Output-Content-Type (when not JSON), Glassbox-Output-Content-Encoding and Glassbox-Output-Status.
 * - When the handler breaks its response off, or an exporter fails half-way, the response is broken off too.
 * Traces show the inside of a service: where strangers reach the routes, set `permit`. The Authorization header is the
 * host's as much as a permission's, so the handler sees it; the middleware neither notes nor logs it.
 * A handler that redirects inside the server (reproxy, error documents) is wrapped once; what the request does after
 * the redirect is in the output but not in the trace. An HTTP/1.0 connection is closed after the response, and by
 * libh2o an HTTP/1.1 connection after a status other than 200.
 *
 * How much is captured at all, and what refuses a request with 429 or 503, is in limits.h; while the master switch
 * (capture.h) is off, mirrored requests are answered with "traces": null and Glassbox-Capture: off.
 *
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

/* The answer to whether a request may be captured. */
typedef enum gbx_h2o_verdict {
    GBX_H2O_REFUSED = 0, /* 403: it has shown who it is, and may not */
    GBX_H2O_MISSING = 1, /* 401: it has not shown that it may */
    GBX_H2O_GRANTED = 2
} gbx_h2o_verdict;

/* What a permission is worth. As the callback gets it, it takes nothing away. The library allocates it, with room for
 * the members of later versions: one that is set and that it does not know makes it refuse the request. */
typedef struct gbx_h2o_grant {
    size_t size;        /* of what the library knows */
    uint32_t max_spans; /* the most that trace_config's max_spans can ask for; a larger one is lowered to it */
    uint32_t reserved;  /* zero */
} gbx_h2o_grant;

/* No version of gbx_h2o_grant is larger than this. */
#define GBX_H2O_GRANT_BYTES_MAX 256

/* Says whether `req` may be captured. It is asked once for each request that has "capture_traces": true and a body that
 * is otherwise in order, when capturing is on and the limits leave room for it, before the handler runs; `req` has the
 * path (path_normalized), the method and the headers that the handler will see, and must be left as it is. On REFUSED
 * and MISSING the client gets `error->text` as the problem's detail, so it must not repeat what the client may not
 * know; to MISSING belongs a WWW-Authenticate header, which is "Bearer realm=\"glassbox\"" unless the callback adds its
 * own to req->res. On GRANTED it may fill `grant`. Thread: the request's event loop, so any number of them at once.
 * Must not block. */
typedef gbx_h2o_verdict gbx_h2o_permit(h2o_req_t *req, void *context, gbx_h2o_grant *grant, gbx_error *error);

/* Zero means the default. What is not said to be borrowed is copied or referenced. */
typedef struct gbx_h2o_config {
    size_t size;                /* sizeof(gbx_h2o_config) */
    const char *output_key;     /* the envelope's member for the handler's body, 128 bytes at most; default "output" */
    const char *handler_method; /* the method the handler sees on a traced route; default "POST", the client's own */
    const gbx_clock *clock;     /* for tests; NULL: the best clock of the machine */
    size_t max_body_bytes;      /* larger bodies of traced requests are 413; default 32 MiB */
    gbx_redaction *redaction;   /* what must not get into a trace (redaction.h); NULL: nothing */
    gbx_h2o_permit *permit;     /* who may capture; NULL: everyone who reaches the route */
    void *permit_context;       /* handed to `permit`; borrowed: must outlive the path configuration */
    gbx_gate *gate;             /* limits, counts and switch (limits.h); NULL: those of the process */
} gbx_h2o_config;

/* Puts the middleware in front of the handlers registered on `pathconf` after this call. NULL config = defaults. A
 * request it does not mirror passes through untouched, for about ten instructions. Thread: the one that builds the
 * configuration. Errors: ARGUMENT (no path configuration, a config that is refused as in api.h, an empty method, an
 * output key that is empty, too long or one of the envelope's own). */
GBX_API GBX_MUST_USE gbx_err gbx_h2o_register(h2o_pathconf_t *pathconf, const gbx_h2o_config *config);

#ifdef __cplusplus
}
#endif

#endif
