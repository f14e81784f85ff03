/* SPDX-License-Identifier: MIT */
/* The middleware: one call in front of any libh2o handler adds the routes /full, /summary and /speedscope to its paths.
 *
 *     h2o_pathconf_t *pathconf = h2o_config_register_path(hostconf, "/files/", 0);
 *     gbx_h2o_config config = {.size = sizeof(config), .handler_method = "GET"};
 *     if (gbx_h2o_register(pathconf, &config) != GBX_ERR_OK) ...      // first the middleware (NULL: all defaults),
 *     h2o_file_register(pathconf, "/srv/files", NULL, NULL, 0);       // then the handlers to trace
 *
 * A request asks for its trace with a trace_config (docs/api.md), in one of two places:
 * - the member "trace_config" of a body that is a JSON object, with or without Content-Encoding: gzip;
 * - the header Glassbox-Trace-Config, which has the same object as JSON text of at most 4 KiB. It works with any method
 *   and any body. The body is then not looked at, except that both at once are an error.
 *
 * The handler sees what it would see of the same request untraced: <path>/<format> as <path>, the same method, query,
 * headers and body. The header is removed, and so are the bytes of the member, with one comma. A gzip body without them
 * is packed again. keep_trace_config leaves both in. The config's handler_method replaces the method; a handler that is
 * given GET or HEAD in this way gets no body and no headers about one. HEAD to an added route is 405. Complete programs
 * are in examples/.
 *
 * What is captured
 * - The handler's on_req and its generator's proceed are captured, each inside a span of the middleware ("handler",
 *   "handler.proceed"). Neither needs a resume.
 * - The time in which no thread is inside the capture is a span too ("handler.wait"): from the handler's return until
 *   its next step, a resume, or what it sends. An answer that is complete when on_req returns has none.
 * - Code that runs elsewhere, on another thread or in another callback of the event loop, is captured only inside
 *   GBX_RESUME of what gbx_capture_carry() returned in on_req (capture.h).
 * - Delayed responses: on_req carries the capture, hands a job to a worker and returns 0. The worker resumes, carries
 *   again and posts the job to the loop. The loop's callback sends the response. The callback may send with or without
 *   a resume; the response and the end of the capture are the same. Without a resume the callback's own spans are not
 *   recorded, and the callback passes the carried reference to gbx_capture_unref.
 *
 * When a capture ends
 * - With the handler's last chunk (H2O_SEND_STATE_FINAL or h2o_send_inline), no matter how late. If the chunk is sent
 *   inside on_req or proceed, the capture ends when that function returns, so spans after the send are recorded. If the
 *   chunk is sent in another callback, the capture ends inside h2o_send: open spans end there, and later ones are
 *   dropped.
 * - When max_capture_ms (limits.h) have passed. The trace is marked as truncated, and the request continues.
 * - When the request ends early because the client left or the response was aborted. There is no trace then.
 *
 * When the client leaves before the response
 * - libh2o frees the request and its pool on the loop's thread. A job must not use the request after that. To be
 *   notified, allocate with h2o_mem_alloc_shared(&req->pool, size, dispose): libh2o then calls `dispose`.
 * - The middleware finishes the capture and drops its own reference. The capture no longer counts as under way. A job
 *   that still runs need not stop: what it records is dropped. The job's carried reference keeps the capture's memory
 *   until GBX_RESUME drops it. A job that never runs passes the reference to gbx_capture_unref.
 * - libh2o 2.2 does not look at an HTTP/1 connection while it handles a request: it frees the request only at the next
 *   write. With HTTP/2 it does at once.
 * - The middleware does look. When the client of a captured HTTP/1 request leaves, the capture ends, no longer counts
 *   as under way and loses the middleware's reference. The handler goes on; libh2o closes the connection when it
 *   answers. A client that resets its connection has left. One that only ends its side of it may still wait for the
 *   response. To find out, the middleware sends an interim response, "102 Processing", over HTTP/1.1 and before the
 *   response has begun. Otherwise such a client counts as waiting.
 *
 * The client gets {"<output_key>": <the handler's body>, "traces": <document>}:
 * - A body with a JSON Content-Type is passed on byte for byte, without leading white space. The middleware does not
 *   check that it is well-formed; that is the handler's responsibility. Text (UTF-8 or ASCII) becomes a string, in
 *   which ill-formed bytes become U+FFFD. Any other body, including a compressed one, becomes a base64 string, followed
 *   by the member "output_encoding": "base64". A missing body becomes null.
 * - Output that on_req or proceed sends is written after that function has returned, so that the trace does not include
 *   the sending. Output that another callback sends is written at once. A trace of up to 256 spans is written with the
 *   last chunk. A larger trace is rendered and streamed after the output has been written.
 * - "traces" is null if nothing was captured, if the request was faster than slow_threshold_ms, or if the trace could
 *   not be rendered. In the last case "trace_error" gives the reason. With traces_only the body is the value that
 *   "traces" would have, null included.
 * - The status is the handler's, except that 1xx, 204 and 205, which cannot have a body, 206 and every 3xx become 200:
 *   a client that follows a redirect would never show the trace. Glassbox-Output-Status has the handler's status.
 * - The headers are the handler's, without those that describe its body. Their values move to
 *   Glassbox-Output-Content-Type (if not JSON), Glassbox-Output-Content-Encoding and Glassbox-Output-Content-Range. The
 *   Location of a 3xx moves to Glassbox-Output-Location, and Refresh to Glassbox-Output-Refresh. X-Content-Type-Options
 *   is nosniff.
 * - libh2o's compression filter leaves the response alone: the length of a compressed response would tell how much of
 *   what a client chose is also in the trace (BREACH).
 * - If the handler aborts its response, or an exporter fails midway, the response is aborted too. If only the end of
 *   the connection tells the end of the response (HTTP/1.0; HTTP/1.1 with another status than 200), a TCP connection is
 *   reset, so that the half does not look whole. A local (AF_UNIX) connection cannot be reset.
 *
 * libh2o also keeps the path of the request line (req->input.path), which its FastCGI handler sends as REQUEST_URI. It
 * has no suffix either while the handler answers. When the response has ended or its client has left, it is again what
 * the client sent, which is what access logs have. Only if an HTTP/2 client leaves before the response begins does a
 * log have it without the suffix.
 *
 * libh2o 2.2 takes a request target that is a whole URL ("POST http://host/path", RFC 9112, section 3.2.2) for a path,
 * and chooses the path configuration by it before the middleware is called. Such a request is mirrored only as far as
 * libh2o would serve it. `glassbox serve` corrects the target in front of libh2o's parser, which a library cannot do to
 * its host.
 *
 * Traces reveal the internals of a service: set `permit` if untrusted clients can reach the routes. The handler sees
 * the Authorization header, because the host may use it too. The middleware neither records nor logs that header.
 *
 * A request that a handler redirects inside the server (reproxy, error documents) is wrapped once: the output includes
 * the work after the redirect, but the trace has it as `handler.wait` only, if it does not begin before on_req returns.
 * An HTTP/1.0 connection is closed after the response, and libh2o closes an HTTP/1.1 connection after a status other
 * than 200.
 *
 * Large bodies and traces: without an executor the middleware reads every body on the event loop, 32 MB in 20 to 200
 * ms, and analyses every trace there, a million spans in about 20 ms. With an executor, larger bodies than
 * inline_body_bytes are read, and traces of more than 20,000 spans are analysed, on the host's threads. A request with
 * such a body is checked in this order: its type and size, its permission, the limits, and only then what its body
 * says. So a client without permission is refused before any work, even if its header or its body asks for no capture
 * or the master switch is off. The limits do not matter to a header that asks for none. A gzip body counts by its size
 * when it is unpacked, which is never more than max_body_bytes.
 *
 * Whose a request is: by default the added routes are Glassbox's, and a request to them that does not ask for a trace
 * is answered by the handler in an envelope without one. With GBX_H2O_CLAIM_ON_REQUEST such a request is the host's:
 * the next handler sees it untouched, with the suffix in its path, whatever its method, type and body are. A JSON body
 * is searched for the member, on the event loop at about 0.5 ms for each MB. Only one in which it may be is read: on
 * the event loop if it is small, otherwise by the executor, and without a permission, which is asked for once the
 * member is found. What cannot be read is the host's: another type or coding, ill-formed JSON or gzip, JSON with
 * more than 1,024 levels or a number beyond a double, and more than max_body_bytes. If the executor takes no more work,
 * the client gets 503 and Retry-After, but only if its body may have the member.
 *
 * Recording: with a `recorder` (recorder.h), every request of the path is captured, plain ones too, and offered to the
 * recorder when the handler has sent its last chunk, when its client has left, or when max_capture_ms have passed. The
 * answer of a plain request does not change by a byte. What its handler sends while it runs is a span "handler.send".
 * Such captures do not count towards the limits of limits.h; the recorder has limits of its own. They need no
 * permission, because no client gets their traces. With "trace_output": "stored_only" in its trace_config, a client
 * gets the plain answer and the header Glassbox-Trace-Id; without a recorder that is 422. Nothing is recorded while
 * capturing is switched off. Close the recorder after the last request.
 *
 * limits.h describes how much may be captured and which requests are refused with 429 or 503. While the master switch
 * (capture.h) is off, mirrored requests are answered with "traces": null and Glassbox-Capture: off.
 *
 * Thread: libh2o 2.2 requires that h2o_context_init is called on the thread that runs the loop (examples/four_loops.c).
 * libh2o's headers need _GNU_SOURCE (or -std=gnu..) and -DH2O_USE_LIBUV=0. */
#ifndef GLASSBOX_H2O_H
#define GLASSBOX_H2O_H

#include <glassbox/api.h>
#include <glassbox/capture.h>
#include <glassbox/limits.h>
#include <glassbox/recorder.h>
#include <h2o.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whether a request may be captured. */
typedef enum gbx_h2o_verdict {
    GBX_H2O_REFUSED = 0, /* 403: the credentials do not permit it */
    GBX_H2O_MISSING = 1, /* 401: valid credentials are missing */
    GBX_H2O_GRANTED = 2
} gbx_h2o_verdict;

/* The room that a grant has for the callback's own notes. */
#define GBX_H2O_RECEIPT_BYTES 32

/* The limits of a permission. The library initializes the struct so that it imposes none. The library also allocates
 * the struct, with room for members of later versions: if the callback sets a member that the library does not know,
 * the request is refused. */
typedef struct gbx_h2o_grant {
    size_t size;        /* bytes that the library knows */
    uint32_t max_spans; /* upper bound for max_spans of the request's trace_config; larger values are lowered to it */
    uint32_t reserved;  /* zero */
    /* For the callback, which may note here what the grant has cost. Unchanged in gbx_h2o_give_back. */
    unsigned char receipt[GBX_H2O_RECEIPT_BYTES];
} gbx_h2o_grant;

/* No version of gbx_h2o_grant is larger than this. */
#define GBX_H2O_GRANT_BYTES_MAX 256

/* Decides whether `req` may be captured. It is called once, before the handler runs, for each request that has
 * "capture_traces": true in its header or in an otherwise valid body, if capturing is on and the limits allow a
 * capture. If the body is for an executor, it is called before the body is read and before the limits are checked,
 * except for a request that may turn out to be the host's (GBX_H2O_CLAIM_ON_REQUEST). `req` has the path
 * (path_normalized), the method and the headers that the handler will see, and the body as it came; the callback must
 * not change them.
 *
 * - REFUSED and MISSING: the client gets `error->text` as the problem's detail, so the text must not contain anything
 *   that the client may not know.
 * - MISSING: the response has the header WWW-Authenticate: Bearer realm="glassbox", unless the callback adds its own to
 *   req->res.
 * - GRANTED: the callback may fill `grant`.
 *
 * Thread: the request's event loop, so any number of calls may run at once. Must not block. */
typedef gbx_h2o_verdict gbx_h2o_permit(h2o_req_t *req, void *context, gbx_h2o_grant *grant, gbx_error *error);

/* Takes back what a grant has cost, because no capture began after all: a limit was reached meanwhile, the body is not
 * valid or asks for no capture, or the client has left. `grant` is as gbx_h2o_permit filled it; `context` is the same.
 * Called at most once for each GRANTED. Thread: the request's event loop. Must not block. */
typedef void gbx_h2o_give_back(void *context, const gbx_h2o_grant *grant);

/* Work that the middleware lends to an executor: it reads the body or analyses the trace of one request. */
typedef struct gbx_h2o_task {
    void (*run)(struct gbx_h2o_task *task); /* does the work, which may take long, and ends the task */
    void *room[4];                          /* for the executor, for example the links of its queue; zero at first */
} gbx_h2o_task;

/* The threads of a host for large bodies and traces. A host's thread pool is enough; it need not know the event loops.
 *
 * - submit: takes a task, of which `run` must be called exactly once, on any thread but the event loop's. The task's
 *   memory is valid until `run` returns. False: the task is not taken. The client of a large body gets 503 with
 *   Retry-After; for a trace the executor is asked again later.
 * - withdraw: the request has ended before the task has. True: the task was not begun, `run` will not be called, and
 *   the task is no longer the executor's. False: it runs, or will run, and ends at once. NULL: always false.
 *
 * Thread: both are called on the request's event loop and must not block. What is submitted must have ended before the
 * configuration is disposed. */
typedef struct gbx_h2o_executor {
    size_t size; /* sizeof(gbx_h2o_executor) */
    bool (*submit)(void *context, gbx_h2o_task *task);
    bool (*withdraw)(void *context, gbx_h2o_task *task);
    void *context; /* passed to both; borrowed: must outlive the path configuration */
} gbx_h2o_executor;

/* Which requests to the added routes are Glassbox's. */
typedef enum gbx_h2o_claim {
    GBX_H2O_CLAIM_ALWAYS = 0, /* all of them */
    /* Those that carry a trace_config, in the header or as a member of a JSON object. Any other request goes to the
     * host untouched, with the suffix in its path. */
    GBX_H2O_CLAIM_ON_REQUEST = 1
} gbx_h2o_claim;

/* Zero selects the default. Members are copied or referenced unless they are marked as borrowed. */
typedef struct gbx_h2o_config {
    size_t size;                  /* sizeof(gbx_h2o_config) */
    const char *output_key;       /* the envelope's member for the body; default "output"; over 128 bytes is refused */
    const char *handler_method;   /* method that the handler sees on a traced route; NULL: the client's */
    const gbx_clock *clock;       /* for tests; NULL: the best clock of the machine */
    size_t max_body_bytes;        /* larger bodies of traced requests, also unpacked, are 413; default 32 MiB */
    gbx_redaction *redaction;     /* what must not get into a trace (redaction.h); NULL: nothing */
    gbx_h2o_permit *permit;       /* decides who may capture; NULL: everyone who can reach the route */
    void *permit_context;         /* passed to `permit`; borrowed: must outlive the path configuration */
    gbx_gate *gate;               /* limits, counters and switch (limits.h); NULL: those of the process */
    gbx_h2o_give_back *give_back; /* takes back what `permit` granted in vain; NULL: a grant costs nothing */
    const gbx_h2o_executor *executor; /* for large bodies and traces; NULL: the event loop does all itself */
    size_t inline_body_bytes;         /* larger bodies are for the executor; default 64 KiB */
    const char *source_root;          /* files below it are named relative to it in traces (export.h); NULL: none are */
    gbx_h2o_claim claim;              /* which requests to the added routes are mirrored */
    bool keep_trace_config;           /* the handler sees the member and the header as they came */
    unsigned char reserved[3];        /* zero */
    gbx_recorder *recorder; /* sees every request of the path (recorder.h); referenced; NULL: only traces are made */
} gbx_h2o_config;

/* Puts the middleware in front of the handlers that are registered on `pathconf` after this call. A NULL config selects
 * all defaults. Other requests than those to the added routes pass through unchanged. Thread: the one that builds the
 * configuration. Errors: ARGUMENT (no path configuration, a config that is refused as described in api.h, an executor
 * without submit, an empty method, an unknown claim, or an output key that is empty, too long or a member of the
 * envelope). Cost: about
 * ten instructions for each request that passes through. */
GBX_API GBX_MUST_USE gbx_err gbx_h2o_register(h2o_pathconf_t *pathconf, const gbx_h2o_config *config);

/* Sets what protects a server on libh2o 2.2 from strangers: no HTTP/2 over plain TCP, 30 s for a request to arrive and
 * for an idle connection, 10 s for a TLS handshake, and at most 32 MiB for a body. Call it after h2o_config_init, and
 * change what you need otherwise afterwards.
 *
 * HTTP/2 of libh2o 2.2.5 has defects that a single connection can use to end the process (SECURITY.md). Over TLS the
 * certificate's context selects the protocol, so offer only HTTP/1.1 there:
 *
 *     static const h2o_iovec_t protocols[] = {{H2O_STRLIT("http/1.1")}, {NULL, 0}};
 *     h2o_ssl_register_alpn_protocols(accept_ctx.ssl_ctx, protocols);
 *
 * Thread: the one that builds the configuration, before h2o_context_init. */
GBX_API void gbx_h2o_harden(h2o_globalconf_t *config);

#ifdef __cplusplus
}
#endif

#endif
