/* SPDX-License-Identifier: MIT */
/* Whole documents for tests, exported in pieces of a chosen size, and captures to export. */
#ifndef GBX_TESTS_DOCUMENT_H
#define GBX_TESTS_DOCUMENT_H

#include "recording.h"
#include <glassbox/export.h>

/* Reads an exporter to its end, `piece` bytes at a time. Owns: the caller, with free; terminated. Fails the test on an
 * error, or when more comes after the end. */
char *document_read(gbx_exporter *exporter, size_t piece, size_t *length);

/* The same for a new exporter over a capture. */
char *document_of(gbx_capture *capture, gbx_format format, const gbx_export_options *options, size_t *length);

/* The same, and unpacked if the format is compressed. */
char *document_unpacked(gbx_capture *capture, gbx_format format, const gbx_export_options *options, size_t *length);

/* A request as captures see them, on two threads: nesting, recursion, repeats, formatted and hostile names, all kinds
 * of notes, a failure, a call of no length, an idle gap. */
gbx_capture *document_record_request(recording *r);
/* One whose limits were reached, with calls short and long. */
gbx_capture *document_record_truncated(recording *r);
/* One that no thread ever entered. */
gbx_capture *document_record_unentered(recording *r);

#endif
