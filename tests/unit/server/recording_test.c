/* SPDX-License-Identifier: MIT */
/* A server that records: what it stores of its requests and of itself, and when it cannot. */
#define _GNU_SOURCE
#include "client.h"
#include "storing.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char body[] = "{\"graph_data\":{\"html\":\"<p>hi</p>\"}}";

static char *directory, *store;
static gbxi_recording_options recording;

static int set_up(void **state)
{
    (void)state;
    directory = storing_begin();
    store = storing_path(directory, "store", "");
    recording = (gbxi_recording_options){.rules = {.size = sizeof(recording.rules), .one_in = 1},
                                         .store = {.size = sizeof(recording.store), .directory = store}};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(store);
    storing_end(directory);
    return gbx_capture_live_count() == 0 ? 0 : -1;
}

/* A number from the only run's database. */
static int64_t number_of(const char *sql)
{
    struct dirent *entry;
    DIR *folder = opendir(store);
    int64_t number = -1;
    char *path;

    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        size_t length = strlen(entry->d_name);

        if (length < 3 || strcmp(entry->d_name + length - 3, ".db") != 0 || strcmp(entry->d_name, "catalog.db") == 0)
            continue;
        path = storing_path(store, entry->d_name, "");
        number = storing_number(path, sql);
        free(path);
    }
    closedir(folder);
    return number;
}

static void post(const gbxi_server *server, const char *last)
{
    static client_answer answer;
    int fd = client_connect(server);
    char head[256];

    snprintf(head, sizeof(head), CLIENT_POST_HEAD "Content-Length: %zu\r\nConnection: close\r\n\r\n", sizeof(body) - 1);
    client_send(fd, head);
    client_send(fd, body);
    client_read_to_end(fd, &answer);
    assert_non_null(strstr(answer.text, last));
}

static void every_graph_request_is_stored_with_its_route(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 2, .recording = &recording});

    (void)state;
    for (int i = 0; i < 3; i++)
        post(server, "\"node_count\"");
    gbxi_server_close(server);
    assert_int_equal(number_of("SELECT count(*) FROM traces WHERE path = '/graph/from/html/to/dot/default' AND "
                               "route = '/graph/from/{source}/to/{engine}/{transformation}' AND status = 200"),
                     3);
}

static void work_of_the_workers_is_in_the_trace(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){
        .threads = 1, .workers = 1, .inline_body_bytes = GBXI_SERVER_INLINE_NONE, .recording = &recording});

    (void)state;
    post(server, "\"node_count\"");
    gbxi_server_close(server);
    assert_int_equal(number_of("SELECT thread_count FROM traces"), 2);
    assert_int_equal(number_of("SELECT count(*) FROM trace_frames t JOIN frames f ON f.id = t.frame "
                               "WHERE f.name = 'graph.request'"),
                     1);
}

/* The recorder's thread looks once a second. */
static void the_process_is_observed_while_the_server_runs(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1, .recording = &recording});

    (void)state;
    while (number_of("SELECT count(*) FROM process WHERE rss_bytes > 0 AND loop_lag_ns > 0") < 1)
        usleep(20000);
    gbxi_server_close(server);
}

static void a_store_that_cannot_be_made_keeps_the_server_from_opening(void **state)
{
    gbxi_server *server = NULL;
    gbx_error error = {0};

    (void)state;
    recording.store.directory = "/nowhere/at/all";
    assert_int_not_equal(
        gbxi_server_open(&(gbxi_server_options){.threads = 1, .recording = &recording}, &server, &error), GBX_ERR_OK);
    assert_null(server);
    assert_non_null(strstr(error.text, "/nowhere/at/all"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_graph_request_is_stored_with_its_route),
        TEST(work_of_the_workers_is_in_the_trace),
        TEST(the_process_is_observed_while_the_server_runs),
        TEST(a_store_that_cannot_be_made_keeps_the_server_from_opening),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
