/* SPDX-License-Identifier: MIT */
/* The parts of a request, from the options. */
#include "cli/trace/message.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool has_line(const gbxi_message *message, const char *line)
{
    for (const struct curl_slist *header = message->headers; header != NULL; header = header->next)
        if (strcmp(header->data, line) == 0)
            return true;
    return false;
}

static void a_header_has_a_name_without_blanks(void **state)
{
    (void)state;
    assert_true(gbxi_is_header("Name: value"));
    assert_true(gbxi_is_header("Name:value"));
    assert_true(gbxi_is_header("Name:"));
    assert_false(gbxi_is_header("Name"));
    assert_false(gbxi_is_header(": value"));
    assert_false(gbxi_is_header("My name: value"));
    assert_false(gbxi_is_header(""));
}

static void a_cookie_is_one(void **state)
{
    (void)state;
    assert_true(gbxi_is_cookie("a=b"));
    assert_true(gbxi_is_cookie("a=b=c"));
    assert_true(gbxi_is_cookie("a="));
    assert_false(gbxi_is_cookie("a"));
    assert_false(gbxi_is_cookie("=b"));
    assert_false(gbxi_is_cookie("a=b; c=d"));
}

static void a_request_is_what_was_given(void **state)
{
    static gbxi_trace_plan plan = {.headers = {.items = {"X-Empty: ", "X: y"}, .count = 2},
                                   .cookies = {.items = {"a=1", "b=2"}, .count = 2},
                                   .token = "abc"};
    gbxi_message message;
    gbx_error error = {0};

    (void)state;
    assert_int_equal(gbxi_message_init(&message, &plan, false, &error), GBX_ERR_OK);
    assert_string_equal(message.method, "GET");
    assert_string_equal(message.cookies, "a=1; b=2");
    assert_true(has_line(&message, "X-Empty;"));
    assert_true(has_line(&message, "X: y"));
    assert_true(has_line(&message, "Authorization: Bearer abc"));
    assert_true(has_line(&message, "Content-Type:"));
    assert_null(strstr(message.headers->data, "Glassbox"));
    gbxi_message_fini(&message);
}

static void only_a_mirrored_route_is_asked_for_the_trace(void **state)
{
    static const char asks[] = "Glassbox-Trace-Config: {\"capture_traces\": true, \"trace_output\": \"traces_only\", "
                               "\"call_tree\": \"none\"}";
    static gbxi_trace_plan plan;
    gbxi_message message;
    gbx_error error = {0};

    (void)state;
    assert_int_equal(gbxi_message_init(&message, &plan, true, &error), GBX_ERR_OK);
    assert_true(has_line(&message, asks));
    gbxi_message_fini(&message);
    assert_int_equal(gbxi_message_init(&message, &plan, false, &error), GBX_ERR_OK);
    assert_false(has_line(&message, asks));
    gbxi_message_fini(&message);
}

static void a_header_of_a_longer_name_is_another(void **state)
{
    static gbxi_trace_plan plan = {.headers = {.items = {"Content-Type-Kind: x"}, .count = 1}},
                           own = {.headers = {.items = {"CONTENT-TYPE: x"}, .count = 1}};
    gbxi_message message;
    gbx_error error = {0};

    (void)state;
    assert_int_equal(gbxi_message_init(&message, &plan, false, &error), GBX_ERR_OK);
    assert_true(has_line(&message, "Content-Type:"));
    gbxi_message_fini(&message);
    assert_int_equal(gbxi_message_init(&message, &own, false, &error), GBX_ERR_OK);
    assert_false(has_line(&message, "Content-Type:"));
    gbxi_message_fini(&message);
}

static void a_file_that_is_not_there_is_named(void **state)
{
    static gbxi_trace_plan body = {.body = "/nonexistent/body"}, token = {.token = "@/nonexistent/token"};
    gbxi_message message;
    gbx_error error = {0};

    (void)state;
    assert_int_equal(gbxi_message_init(&message, &body, false, &error), GBX_ERR_IO);
    assert_string_equal(error.text, "body /nonexistent/body: No such file or directory");
    gbxi_message_fini(&message);
    assert_int_equal(gbxi_message_init(&message, &token, false, &error), GBX_ERR_IO);
    assert_string_equal(error.text, "token /nonexistent/token: No such file or directory");
    gbxi_message_fini(&message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_has_a_name_without_blanks),
        cmocka_unit_test(a_cookie_is_one),
        cmocka_unit_test(a_request_is_what_was_given),
        cmocka_unit_test(only_a_mirrored_route_is_asked_for_the_trace),
        cmocka_unit_test(a_header_of_a_longer_name_is_another),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
