/* SPDX-License-Identifier: MIT */
/* Drops the trailers of HTTP/2 requests, which libh2o would add to the headers.
 *
 * A proxy checks and removes headers at the start of a request. A field that comes behind the body, such as
 * Authorization, must not be taken for one of them (RFC 9110, section 6.5.1). libh2o calls this function through the
 * dynamic linker, and the program's definition comes before libh2o's own. HTTP/1 trailers are dropped while the body is
 * decoded (runtime/libh2o/chunked.h). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <h2o.h>
#include <pthread.h>

/* A function of libh2o 2.2.5. The header that declares it needs one that is not installed. */
typedef int trailers_parser(h2o_req_t *req, void *table, const uint8_t *bytes, size_t length, int *pseudo_headers,
                            size_t *content_length, void *digests, const char **reason);
__attribute__((visibility("default"))) trailers_parser h2o_hpack_parse_headers;

static trailers_parser *trailers_libh2o; /* written once */
static pthread_once_t trailers_once = PTHREAD_ONCE_INIT;

static void trailers_find_libh2o(void)
{
    *(void **)&trailers_libh2o = dlsym(RTLD_NEXT, "h2o_hpack_parse_headers");
}

/* libh2o asks for pseudo headers at the start of a request alone. The fields of a trailer must be read as well, since
 * they change the table of the connection. */
int h2o_hpack_parse_headers(h2o_req_t *req, void *table, const uint8_t *bytes, size_t length, int *pseudo_headers,
                            size_t *content_length, void *digests, const char **reason)
{
    size_t header_count = req->headers.size;
    int result;

    pthread_once(&trailers_once, trailers_find_libh2o);
    result = trailers_libh2o(req, table, bytes, length, pseudo_headers, content_length, digests, reason);
    if (pseudo_headers == NULL)
        req->headers.size = header_count;
    return result;
}
