/* SPDX-License-Identifier: MIT */
/* Files that are stored compressed, for a client that does not accept gzip: complete, or refused, or visibly
 * truncated. */
#define _GNU_SOURCE
#include "client.h"
#include "http/asset.h"
#include "service/contents.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

enum { PACKED_BYTES_MIN = 8192 }; /* smaller files are stored in both forms */

static atomic_bool no_memory;
static atomic_int good_pieces = -1; /* before unpacking fails; negative: all */

int __real_inflateInit2_(z_streamp stream, int window, const char *version, int size);
int __wrap_inflateInit2_(z_streamp stream, int window, const char *version, int size);
int __wrap_inflateInit2_(z_streamp stream, int window, const char *version, int size)
{
    return atomic_load(&no_memory) ? Z_MEM_ERROR : __real_inflateInit2_(stream, window, version, size);
}

int __real_inflate(z_streamp stream, int flush);
int __wrap_inflate(z_streamp stream, int flush);
int __wrap_inflate(z_streamp stream, int flush)
{
    int left = atomic_load(&good_pieces);

    if (left == 0)
        return Z_DATA_ERROR;
    if (left > 0)
        atomic_store(&good_pieces, left - 1);
    return __real_inflate(stream, flush);
}

static int open_server(void **state)
{
    *state = client_open_server((gbxi_server_options){.threads = 1});
    return 0;
}

static int close_server(void **state)
{
    gbxi_server_close(*state);
    return 0;
}

static void ask(const gbxi_server *server, const char *method, const char *file, client_answer *answer)
{
    char request[256];
    int fd = client_connect(server);

    snprintf(request, sizeof(request), "%s /ui/%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", method,
             file);
    client_send(fd, request);
    client_read_to_end(fd, answer);
}

static size_t body_length(const client_answer *answer)
{
    const char *body = strstr(answer->text, "\r\n\r\n");

    assert_non_null(body);
    return answer->length - (size_t)(body + 4 - answer->text);
}

static const gbxi_embedded *page_file(const char *name)
{
    const gbxi_embedded *file = gbxi_asset_find(gbxi_embedded_page, name, strlen(name));

    assert_non_null(file);
    return file;
}

static void sends_every_file_of_the_page_whole(void **state)
{
    static const char *const names[] = {"index.html", "page.css", "page.js", "hotspots.js", "karate.json"};
    client_answer answer;

    for (size_t i = 0; i != sizeof(names) / sizeof(names[0]); ++i) {
        const gbxi_embedded *file = page_file(names[i]);

        assert_int_equal(file->gzip == NULL || file->bytes == NULL, file->length > PACKED_BYTES_MIN);
        ask(*state, "GET", names[i], &answer);
        assert_non_null(strstr(answer.text, "HTTP/1.1 200 OK\r\n"));
        assert_int_equal(body_length(&answer), file->length);
        ask(*state, "HEAD", names[i], &answer);
        assert_int_equal(body_length(&answer), 0);
    }
}

static void refuses_when_memory_is_short(void **state)
{
    client_answer answer;

    atomic_store(&no_memory, true);
    ask(*state, "GET", "page.js", &answer);
    atomic_store(&no_memory, false);
    assert_non_null(strstr(answer.text, "HTTP/1.1 503 "));
    assert_non_null(strstr(answer.text, "application/problem+json"));
    assert_null(strcasestr(answer.text, "etag"));
    ask(*state, "GET", "page.js", &answer);
    assert_non_null(strstr(answer.text, "HTTP/1.1 200 OK\r\n"));
}

static void ends_short_of_its_length_rather_than_wrong(void **state)
{
    client_answer answer;
    size_t length = page_file("page.css")->length;
    char expected[64];

    atomic_store(&good_pieces, 0);
    ask(*state, "GET", "page.css", &answer);
    atomic_store(&good_pieces, -1);
    snprintf(expected, sizeof(expected), "content-length: %zu\r\n", length);
    assert_non_null(strcasestr(answer.text, expected));
    assert_true(body_length(&answer) < length);
    ask(*state, "GET", "page.css", &answer);
    assert_int_equal(body_length(&answer), length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_every_file_of_the_page_whole),
        cmocka_unit_test(refuses_when_memory_is_short),
        cmocka_unit_test(ends_short_of_its_length_rather_than_wrong),
    };

    return cmocka_run_group_tests(tests, open_server, close_server);
}
