/* SPDX-License-Identifier: MIT */
/* A capture that is kept, with the texts that belong to it, as it waits for the sinks. */
#ifndef GBX_RECORDER_KEPT_H
#define GBX_RECORDER_KEPT_H

#include <glassbox/recorder.h>

enum { GBXI_KEPT_METHOD_BYTES_MAX = 32, GBXI_KEPT_PATH_BYTES_MAX = 1023 };

/* Reads what a caller tells of a capture: texts that are NULL are "", and a route that the capture was told wins. False
 * if the struct is refused. `*request` borrows the texts. Thread: any. */
GBX_MUST_USE bool gbxi_request_read(const gbx_capture *capture, const gbx_request *given, gbx_request *request);

typedef struct gbxi_kept {
    gbx_recording recording; /* its capture is referenced, and its texts are in `text` */
    size_t bytes;            /* of the capture's memory */
    char text[];
} gbxi_kept;

/* Copies what a sink is told. The texts of `request` are not NULL; long ones are cut at a whole character. Returns NULL
 * if memory is short. Thread: any. Owns: the caller, until gbxi_kept_free. */
GBX_MUST_USE gbxi_kept *gbxi_kept_new(gbx_capture *capture, size_t capture_bytes, const gbx_request *request,
                                      uint32_t reasons);

/* Drops the reference to the capture, and frees the rest. NULL is allowed. Thread: any. */
void gbxi_kept_free(gbxi_kept *kept);

#endif
