/* SPDX-License-Identifier: MIT */
/* The resource: what the environment gives, what is found out, and what is wrong, in words. */
#define _GNU_SOURCE
#include "otlp/resource.h"
#include <errno.h>
#include <glassbox/version.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void check_value(const char *name, const char *attributes, const char *key, const char *expected)
{
    gbx_error error = {0};
    gbxi_otlp_resource *resource = gbxi_otlp_resource_new(name, attributes, &error);
    const char *value;

    assert_string_equal(error.text, "");
    assert_non_null(resource);
    value = gbxi_otlp_resource_value(resource, key);
    if (expected == NULL)
        assert_null(value);
    else
        assert_string_equal(value, expected);
    gbxi_otlp_resource_free(resource);
}

static void the_name_of_the_service_is_that_which_was_given_last(void **state)
{
    char unknown[300];

    (void)state;
    snprintf(unknown, sizeof(unknown), "unknown_service:%s", program_invocation_short_name);
    check_value(NULL, NULL, "service.name", unknown);
    check_value("", "", "service.name", unknown);
    check_value("", "service.name=b", "service.name", "b");
    check_value("a", "service.name=b", "service.name", "a");
    check_value("a", "service.version=2", "service.version", "2");
}

static void attributes_are_decoded(void **state)
{
    (void)state;
    check_value(NULL, "a=1,b=2", "b", "2");
    check_value(NULL, " a = 1 ,\tb\t=\t2", "b", "2");
    check_value(NULL, "a=1,,b=2,", "b", "2");
    check_value(NULL, "a=1,a=2", "a", "2");
    check_value(NULL, "a=", "a", "");
    check_value(NULL, "a=b=c", "a", "b=c");
    check_value(NULL, "a=x%20y%2c%3D%25", "a", "x y,=%");
    check_value(NULL, "%61b=1", "ab", "1");
    check_value(NULL, "a=%C3%a9", "a", "\xc3\xa9");
    check_value(NULL, "a=1", "b", NULL);
}

static void what_is_found_out_gives_way_to_what_was_given(void **state)
{
    char host[65] = "";

    (void)state;
    (void)gethostname(host, sizeof(host) - 1);
    check_value(NULL, NULL, "host.name", host[0] != '\0' ? host : NULL);
    check_value(NULL, "host.name=other", "host.name", "other");
    check_value(NULL, NULL, "telemetry.sdk.name", "glassbox");
    check_value(NULL, NULL, "telemetry.sdk.language", "c");
    check_value(NULL, NULL, "telemetry.sdk.version", gbx_version());
    check_value(NULL, "process.pid=7", "process.pid", "7");
}

static void both_forms_have_all_attributes(void **state)
{
    gbx_error error;
    gbxi_otlp_resource *resource = gbxi_otlp_resource_new("s", "host.name=h", &error);
    gbxi_view message = gbxi_otlp_resource_message(resource), json = gbxi_otlp_resource_json(resource);
    static const char expected[] =
        "{\"attributes\":[{\"key\":\"host.name\",\"value\":{\"stringValue\":\"h\"}},"
        "{\"key\":\"service.name\",\"value\":{\"stringValue\":\"s\"}},"
        "{\"key\":\"telemetry.sdk.name\",\"value\":{\"stringValue\":\"glassbox\"}},"
        "{\"key\":\"telemetry.sdk.language\",\"value\":{\"stringValue\":\"c\"}},"
        "{\"key\":\"telemetry.sdk.version\",\"value\":{\"stringValue\":\"" GBX_VERSION "\"}},"
        "{\"key\":\"process.pid\",\"value\":{\"intValue\":\"";
    char pid[24];

    (void)state;
    assert_true(json.length > sizeof(expected));
    assert_memory_equal(json.at, expected, sizeof(expected) - 1);
    snprintf(pid, sizeof(pid), "%d\"}}]}", (int)getpid());
    assert_int_equal(json.length, sizeof(expected) - 1 + strlen(pid));
    assert_memory_equal(json.at + sizeof(expected) - 1, pid, strlen(pid));
    assert_memory_equal(message.at, "\x0a\x10\x0a\x09host.name\x12\x03\x0a\x01h\x0a\x13\x0a\x0cservice.name", 34);
    gbxi_otlp_resource_free(resource);
}

static void check_refused(const char *attributes, gbx_err err, const char *words)
{
    gbx_error error = {0};

    assert_null(gbxi_otlp_resource_new("name", attributes, &error));
    assert_int_equal(error.code, err);
    assert_string_equal(error.text, words);
}

static void what_is_ill_formed_is_named(void **state)
{
    (void)state;
    check_refused("a=1,b", GBX_ERR_SYNTAX, "the attribute 'b' has no '='");
    check_refused("=1", GBX_ERR_SYNTAX, "the attribute '=1' has no key");
    check_refused("a=%4", GBX_ERR_SYNTAX, "the attribute 'a=%4' has a '%' without two hexadecimal digits behind it");
    check_refused("a=%zz", GBX_ERR_SYNTAX, "the attribute 'a=%zz' has a '%' without two hexadecimal digits behind it");
    check_refused("a=%4g", GBX_ERR_SYNTAX, "the attribute 'a=%4g' has a '%' without two hexadecimal digits behind it");
    check_refused("a=1;b=2", GBX_ERR_SYNTAX, "the attribute 'a=1;b=2' has a ';', and properties are not supported");
    check_refused("a=x y", GBX_ERR_SYNTAX, "the attribute 'a=x y' has a character that must be percent-encoded");
    check_refused("a=\"x\"", GBX_ERR_SYNTAX, "the attribute 'a=\"x\"' has a character that must be percent-encoded");
    check_refused("a=\xc3\xa9", GBX_ERR_SYNTAX,
                  "the attribute 'a=\xc3\xa9' has a character that must be percent-encoded");
    check_refused("a=\x1b", GBX_ERR_SYNTAX, "the attribute 'a=\\x1b' has a character that must be percent-encoded");
    check_refused("a=%ff", GBX_ERR_SYNTAX, "the attribute 'a=%ff' is not UTF-8 when it is decoded");
    check_refused("%ff=a", GBX_ERR_SYNTAX, "the attribute '%ff=a' is not UTF-8 when it is decoded");
}

static void there_is_an_end_of_attributes(void **state)
{
    char *text = calloc(1, GBXI_OTLP_ATTRIBUTES_BYTES_MAX + 2), *at = text, key[8];

    (void)state;
    for (int i = 0; i < GBXI_OTLP_ATTRIBUTES_MAX; i++)
        at += sprintf(at, "k%d=%d,", i, i);
    check_value(NULL, text, "k127", "127");
    check_value("name", text, "service.name", "name");
    snprintf(key, sizeof(key), "%s", "more=1");
    strcpy(at, key);
    check_refused(text, GBX_ERR_LIMIT, "has more than 128 attributes");
    memset(text, 'a', GBXI_OTLP_ATTRIBUTES_BYTES_MAX + 1);
    check_refused(text, GBX_ERR_LIMIT, "is longer than 65536 bytes");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_name_of_the_service_is_that_which_was_given_last),
        cmocka_unit_test(attributes_are_decoded),
        cmocka_unit_test(what_is_found_out_gives_way_to_what_was_given),
        cmocka_unit_test(both_forms_have_all_attributes),
        cmocka_unit_test(what_is_ill_formed_is_named),
        cmocka_unit_test(there_is_an_end_of_attributes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
