/* SPDX-License-Identifier: MIT */
/* Bounds, corrects and checks what libh2o's parser reads. */
#define _GNU_SOURCE
#include "runtime/libh2o/request_head.h"
#include "http/early_error.h"
#include "runtime/http1.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

typedef int head_parser(const char *bytes, size_t length, const char **method, size_t *method_len, const char **path,
                        size_t *path_len, int *minor_version, struct phr_header *headers, size_t *num_headers,
                        size_t last_len);

enum { HEAD_INCOMPLETE = -2, HEAD_REFUSED = -1 };

/* libh2o closes the connection without an answer if no more was sent than this. */
enum { HEAD_SILENT_BYTES = 4 };

static head_parser *head_libh2o; /* written once */
static pthread_once_t head_once = PTHREAD_ONCE_INIT;

static void head_find_libh2o(void)
{
    *(void **)&head_libh2o = dlsym(RTLD_NEXT, "phr_parse_request");
}

static int head_refuse(int status, const char *text)
{
    gbxi_early_error_explain(status, text);
    return HEAD_REFUSED;
}

static int head_refuse_size(void)
{
    char text[80];

    snprintf(text, sizeof(text), "the request line and the headers have more than %d bytes",
             GBXI_REQUEST_HEAD_BYTES_MAX);
    return head_refuse(431, text);
}

static int head_refuse_count(size_t max)
{
    char text[80];

    snprintf(text, sizeof(text), "the request has more than %zu headers", max);
    return head_refuse(431, text);
}

/* The bytes of the empty lines at the start. */
static size_t head_blank_bytes(const char *bytes, size_t length)
{
    size_t count = 0;

    while (count + 1 < length && bytes[count] == '\r' && bytes[count + 1] == '\n')
        count += 2;
    return count;
}

/* Whether the head ends behind the last header, and not with one header too many. */
static bool request_head_ends_behind(const struct phr_header *last)
{
    const char *end = last->value + last->value_len;

    while (*end != '\n')
        end++;
    return end[1] == '\r';
}

__attribute__((visibility("default"))) int phr_parse_request(const char *bytes, size_t length, const char **method,
                                                             size_t *method_len, const char **path, size_t *path_len,
                                                             int *minor_version, struct phr_header *headers,
                                                             size_t *num_headers, size_t last_len)
{
    const size_t seen = length < GBXI_REQUEST_HEAD_BYTES_MAX ? length : GBXI_REQUEST_HEAD_BYTES_MAX;
    const size_t blank = head_blank_bytes(bytes, seen), headers_max = *num_headers;
    const char *reason;
    gbxi_head head;
    int result, status;

    pthread_once(&head_once, head_find_libh2o);
    gbxi_early_error_forget();
    if (gbxi_http1_client_has_left())
        return head_refuse(400, "the client has left");
    result = head_libh2o(bytes + blank, seen - blank, method, method_len, path, path_len, minor_version, headers,
                         num_headers, last_len > blank ? last_len - blank : 0);
    if (result == HEAD_INCOMPLETE)
        return length < GBXI_REQUEST_HEAD_BYTES_MAX ? result : head_refuse_size();
    if (result == HEAD_REFUSED && length <= HEAD_SILENT_BYTES)
        return HEAD_INCOMPLETE;
    if (result == HEAD_REFUSED && *num_headers == headers_max && !request_head_ends_behind(&headers[headers_max - 1]))
        return head_refuse_count(headers_max);
    if (result == HEAD_REFUSED)
        return head_refuse(400, "the request line or a header is malformed");
    head = (gbxi_head){*method, *method_len, *path, *path_len, *minor_version, headers, *num_headers, headers_max};
    if ((status = gbxi_head_settle(&head, gbxi_http1_is_encrypted(), &reason)) != 0)
        return head_refuse(status, reason);
    *path = head.target;
    *path_len = head.target_length;
    *num_headers = head.count;
    gbxi_http1_head_is_read();
    return result + (int)blank;
}
