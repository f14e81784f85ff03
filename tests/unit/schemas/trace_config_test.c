/* SPDX-License-Identifier: MIT */
/* The decoding of a request's trace_config, and the error message of each refusal. */
#include "schemas/trace_config.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static gbx_err decode(const char *body, gbx_format suffix, gbxi_trace_config *config, gbx_error *error)
{
    gbxi_json_document *document = NULL;
    gbx_err code;

    if (gbxi_json_parse(body, strlen(body), &document, error) != GBX_ERR_OK)
        fail_msg("%s: %s", body, error->text);
    memset(config, 0xa5, sizeof(*config));
    code = gbxi_trace_config_decode(gbxi_json_root(document), suffix, config, error);
    gbxi_json_free(document);
    return code;
}

static gbxi_trace_config decoded(const char *body, gbx_format suffix)
{
    gbxi_trace_config config;
    gbx_error error = {0};

    if (decode(body, suffix, &config, &error) != GBX_ERR_OK)
        fail_msg("%s: %s", body, error.text);
    return config;
}

static void assert_defaults(const gbxi_trace_config *config, gbx_format suffix)
{
    assert_false(config->capture_traces);
    assert_int_equal(config->trace_format, suffix);
    assert_int_equal(config->trace_output, GBXI_TRACE_OUTPUT_BOTH);
    assert_int_equal(config->call_tree, GBX_CALL_TREE_NESTED);
    assert_string_equal(config->name, "");
    assert_int_equal(config->max_spans, 500000);
    assert_int_equal(config->max_depth, 1000);
    assert_int_equal(config->min_duration_ns, 0);
    assert_int_equal(config->top_n, 10);
    assert_true(config->slow_threshold_ms == 0);
}

static void absent_and_empty_are_the_defaults(void **state)
{
    static const char *const bodies[] = {"{}", "{\"trace_config\":{}}", "{\"graph_data\":{\"trace_config\":1}}",
                                         "{\"trace_confi\":1,\"trace_configs\":2}"};

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
        for (gbx_format suffix = GBX_FORMAT_FULL; suffix <= GBX_FORMAT_SPEEDSCOPE; suffix++) {
            gbxi_trace_config config = decoded(bodies[i], suffix);
            assert_defaults(&config, suffix);
        }
    }
}

static void every_field_is_taken(void **state)
{
    gbxi_trace_config config =
        decoded("{\"a\":[1],\"trace_config\":{\"slow_threshold_ms\":1.25,\"top_n\":7,"
                "\"min_duration_ns\":18446744073709551615,\"max_depth\":3,\"max_spans\":4,"
                "\"name\":\"caf\\u00e9\",\"trace_output\":\"traces_only\",\"call_tree\":\"none\","
                "\"trace_format\":\"summary\",\"capture_traces\":true}}",
                GBX_FORMAT_SUMMARY);

    (void)state;
    assert_true(config.capture_traces);
    assert_int_equal(config.trace_format, GBX_FORMAT_SUMMARY);
    assert_int_equal(config.trace_output, GBXI_TRACE_OUTPUT_TRACES_ONLY);
    assert_int_equal(config.call_tree, GBX_CALL_TREE_NONE);
    assert_string_equal(config.name, "caf\xC3\xA9");
    assert_int_equal(config.max_spans, 4);
    assert_int_equal(config.max_depth, 3);
    assert_true(config.min_duration_ns == UINT64_MAX);
    assert_int_equal(config.top_n, 7);
    assert_true(config.slow_threshold_ms == 1.25);
}

static void the_ends_of_every_range_are_allowed(void **state)
{
    gbxi_trace_config low = decoded("{\"trace_config\":{\"capture_traces\":false,\"max_spans\":1,\"max_depth\":1,"
                                    "\"min_duration_ns\":0,\"top_n\":1,\"slow_threshold_ms\":0,\"name\":\"x\"}}",
                                    GBX_FORMAT_FULL);
    gbxi_trace_config high = decoded("{\"trace_config\":{\"max_spans\":5000000,\"max_depth\":2000,\"top_n\":1000,"
                                     "\"min_duration_ns\":1e30,\"slow_threshold_ms\":1e300}}",
                                     GBX_FORMAT_FULL);

    (void)state;
    assert_int_equal(low.max_spans, 1);
    assert_int_equal(low.max_depth, 1);
    assert_int_equal(low.top_n, 1);
    assert_string_equal(low.name, "x");
    assert_int_equal(high.max_spans, 5000000);
    assert_int_equal(high.max_depth, 2000);
    assert_int_equal(high.top_n, 1000);
    assert_true(high.min_duration_ns == UINT64_MAX);
    assert_true(high.slow_threshold_ms == 1e300);
}

static void integers_may_be_spelt_as_json_schema_has_it(void **state)
{
    gbxi_trace_config config = decoded("{\"trace_config\":{\"max_spans\":5e5,\"max_depth\":10.0,\"top_n\":0.2e1,"
                                       "\"min_duration_ns\":-0.0,\"slow_threshold_ms\":18446744073709551615}}",
                                       GBX_FORMAT_FULL);

    (void)state;
    assert_int_equal(config.max_spans, 500000);
    assert_int_equal(config.max_depth, 10);
    assert_int_equal(config.top_n, 2);
    assert_int_equal(config.min_duration_ns, 0);
    assert_true(config.slow_threshold_ms == 0x1p64);
}

static void a_name_of_128_bytes_fits_and_129_do_not(void **state)
{
    char body[200] = "{\"trace_config\":{\"name\":\"";
    size_t start = strlen(body);
    gbxi_trace_config config;
    gbx_error error;

    (void)state;
    memset(body + start, 'n', 128);
    strcpy(body + start + 128, "\"}}");
    config = decoded(body, GBX_FORMAT_FULL);
    assert_int_equal(strlen(config.name), 128);
    memset(body + start, 'n', 129);
    strcpy(body + start + 129, "\"}}");
    assert_int_equal(decode(body, GBX_FORMAT_FULL, &config, &error), GBX_ERR_RANGE);
    assert_string_equal(error.text, "name must be a string of 1 to 128 bytes without NUL, got 129 bytes");
}

typedef struct refusal {
    const char *body;
    gbx_err code;
    const char *pointer;
    const char *says;
} refusal;

#define CONFIG(fields) "{\"trace_config\":{" fields "}}"
#define KNOWN                                                                                                          \
    "its fields are capture_traces, trace_format, trace_output, call_tree, name, max_spans, max_depth, "               \
    "min_duration_ns, "                                                                                                \
    "top_n, slow_threshold_ms"
#define AT(field) "/trace_config/" field

/* For the route /full. */
static const refusal refusals[] = {
    {"[]", GBX_ERR_TYPE, "", "the request body must be an object, got an array"},
    {"null", GBX_ERR_TYPE, "", "the request body must be an object, got null"},
    {"{\"trace_config\":null}", GBX_ERR_TYPE, "/trace_config", "trace_config must be an object, got null"},
    {"{\"trace_config\":true}", GBX_ERR_TYPE, "/trace_config", "trace_config must be an object, got a boolean"},
    {"{\"trace_config\":[{}]}", GBX_ERR_TYPE, "/trace_config", "trace_config must be an object, got an array"},
    {"{\"trace_config\":{},\"a\":1,\"trace_config\":{}}", GBX_ERR_CONFLICT, "/trace_config",
     "trace_config is given more than once"},
    {CONFIG("\"capture_trace\":true"), GBX_ERR_UNKNOWN, AT("capture_trace"),
     "trace_config has no field \"capture_trace\"; " KNOWN},
    {CONFIG("\"a/b~c\":1"), GBX_ERR_UNKNOWN, AT("a~1b~0c"), "trace_config has no field \"a/b~c\"; " KNOWN},
    {CONFIG("\"\":1"), GBX_ERR_UNKNOWN, AT(""), "trace_config has no field \"\"; " KNOWN},
    {CONFIG("\"name\\u0000\":1"), GBX_ERR_UNKNOWN, AT("name\xEF\xBF\xBD"), NULL},
    {CONFIG("\"0123456789012345678901234567890123456789\\u00e9\":1"), GBX_ERR_UNKNOWN,
     AT("0123456789012345678901234567890123456789\xC3\xA9"),
     "trace_config has no field \"0123456789012345678901234567890123456789...\"; " KNOWN},
    {CONFIG("\"012345678901234567890123456789012345678\\u00e9\":1"), GBX_ERR_UNKNOWN,
     AT("012345678901234567890123456789012345678\xC3\xA9"),
     "trace_config has no field \"012345678901234567890123456789012345678...\"; " KNOWN},
    {CONFIG("\"top_n\":1,\"top_n\":1"), GBX_ERR_CONFLICT, AT("top_n"), "top_n is given more than once"},
    {CONFIG("\"capture_traces\":1"), GBX_ERR_TYPE, AT("capture_traces"), "capture_traces must be true or false, got 1"},
    {CONFIG("\"capture_traces\":\"true\""), GBX_ERR_TYPE, AT("capture_traces"),
     "capture_traces must be true or false, got \"true\""},
    {CONFIG("\"capture_traces\":null"), GBX_ERR_TYPE, AT("capture_traces"),
     "capture_traces must be true or false, got null"},
    {CONFIG("\"trace_format\":\"speedscope\""), GBX_ERR_CONFLICT, AT("trace_format"),
     "trace_format is \"speedscope\", but the request was sent to the route of \"full\""},
    {CONFIG("\"trace_format\":\"Full\""), GBX_ERR_RANGE, AT("trace_format"),
     "trace_format must be one of \"full\", \"summary\", \"speedscope\", got \"Full\""},
    {CONFIG("\"trace_format\":\"full\\u0000\""), GBX_ERR_RANGE, AT("trace_format"), NULL},
    {CONFIG("\"trace_format\":0"), GBX_ERR_TYPE, AT("trace_format"),
     "trace_format must be one of \"full\", \"summary\", \"speedscope\", got 0"},
    {CONFIG("\"trace_output\":\"trace_only\""), GBX_ERR_RANGE, AT("trace_output"),
     "trace_output must be one of \"both\", \"traces_only\", \"stored_only\", got \"trace_only\""},
    {CONFIG("\"trace_output\":{}"), GBX_ERR_TYPE, AT("trace_output"),
     "trace_output must be one of \"both\", \"traces_only\", \"stored_only\", got an object"},
    {CONFIG("\"call_tree\":\"list\""), GBX_ERR_RANGE, AT("call_tree"),
     "call_tree must be one of \"nested\", \"flat\", \"none\", got \"list\""},
    {CONFIG("\"call_tree\":null"), GBX_ERR_TYPE, AT("call_tree"),
     "call_tree must be one of \"nested\", \"flat\", \"none\", got null"},
    {CONFIG("\"name\":\"\""), GBX_ERR_RANGE, AT("name"),
     "name must be a string of 1 to 128 bytes without NUL, got 0 bytes"},
    {CONFIG("\"name\":\"a\\u0000b\""), GBX_ERR_RANGE, AT("name"),
     "name must be a string of 1 to 128 bytes without NUL, got 3 bytes"},
    {CONFIG("\"name\":[]"), GBX_ERR_TYPE, AT("name"),
     "name must be a string of 1 to 128 bytes without NUL, got an array"},
    {CONFIG("\"max_spans\":0"), GBX_ERR_RANGE, AT("max_spans"),
     "max_spans must be an integer from 1 to 5000000, got 0"},
    {CONFIG("\"max_spans\":5000001"), GBX_ERR_RANGE, AT("max_spans"),
     "max_spans must be an integer from 1 to 5000000, got 5000001"},
    {CONFIG("\"max_spans\":4294967297"), GBX_ERR_RANGE, AT("max_spans"),
     "max_spans must be an integer from 1 to 5000000, got 4294967297"},
    {CONFIG("\"max_depth\":5000"), GBX_ERR_RANGE, AT("max_depth"),
     "max_depth must be an integer from 1 to 2000, got 5000"},
    {CONFIG("\"max_depth\":-1"), GBX_ERR_RANGE, AT("max_depth"), "max_depth must be an integer from 1 to 2000, got -1"},
    {CONFIG("\"max_depth\":-9223372036854775808"), GBX_ERR_RANGE, AT("max_depth"),
     "max_depth must be an integer from 1 to 2000, got -9223372036854775808"},
    {CONFIG("\"max_depth\":-9007199254740993"), GBX_ERR_RANGE, AT("max_depth"),
     "max_depth must be an integer from 1 to 2000, got -9007199254740993"},
    {CONFIG("\"max_depth\":18446744073709551617"), GBX_ERR_RANGE, AT("max_depth"),
     "max_depth must be an integer from 1 to 2000, got 18446744073709551617"},
    {CONFIG("\"max_depth\":2.5"), GBX_ERR_TYPE, AT("max_depth"),
     "max_depth must be an integer from 1 to 2000, got 2.5"},
    {CONFIG("\"max_depth\":\"100\""), GBX_ERR_TYPE, AT("max_depth"),
     "max_depth must be an integer from 1 to 2000, got \"100\""},
    {CONFIG("\"max_depth\":true"), GBX_ERR_TYPE, AT("max_depth"),
     "max_depth must be an integer from 1 to 2000, got true"},
    {CONFIG("\"min_duration_ns\":-1"), GBX_ERR_RANGE, AT("min_duration_ns"),
     "min_duration_ns must be an integer of 0 or more, got -1"},
    {CONFIG("\"min_duration_ns\":0.5"), GBX_ERR_TYPE, AT("min_duration_ns"),
     "min_duration_ns must be an integer of 0 or more, got 0.5"},
    {CONFIG("\"top_n\":1001"), GBX_ERR_RANGE, AT("top_n"), "top_n must be an integer from 1 to 1000, got 1001"},
    {CONFIG("\"top_n\":0"), GBX_ERR_RANGE, AT("top_n"), "top_n must be an integer from 1 to 1000, got 0"},
    {CONFIG("\"slow_threshold_ms\":-0.001"), GBX_ERR_RANGE, AT("slow_threshold_ms"),
     "slow_threshold_ms must be a number of 0 or more, got -0.001"},
    {CONFIG("\"slow_threshold_ms\":-9223372036854775807"), GBX_ERR_RANGE, AT("slow_threshold_ms"),
     "slow_threshold_ms must be a number of 0 or more, got -9223372036854775807"},
    {CONFIG("\"slow_threshold_ms\":\"5\""), GBX_ERR_TYPE, AT("slow_threshold_ms"),
     "slow_threshold_ms must be a number of 0 or more, got \"5\""},
    {CONFIG("\"top_n\":5,\"max_depth\":0,\"nope\":1"), GBX_ERR_RANGE, AT("max_depth"), NULL},
};

static void every_refusal_says_what_is_allowed_and_what_was_given(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
        gbxi_trace_config config;
        gbx_error error = {0};
        gbx_err code = decode(refusals[i].body, GBX_FORMAT_FULL, &config, &error);

        if (code != refusals[i].code)
            fail_msg("%s gave %d, not %d", refusals[i].body, code, refusals[i].code);
        assert_int_equal(error.code, code);
        assert_string_equal(error.pointer, refusals[i].pointer);
        if (refusals[i].says != NULL)
            assert_string_equal(error.text, refusals[i].says);
    }
}

static void a_refusal_needs_no_error_to_fill(void **state)
{
    gbxi_json_document *document = NULL;
    gbxi_trace_config config;

    (void)state;
    assert_int_equal(gbxi_json_parse(CONFIG("\"x\":1"), strlen(CONFIG("\"x\":1")), &document, NULL), GBX_ERR_OK);
    assert_int_equal(gbxi_trace_config_decode(gbxi_json_root(document), GBX_FORMAT_FULL, &config, NULL),
                     GBX_ERR_UNKNOWN);
    gbxi_json_free(document);
}

static void an_absent_body_is_a_wrong_type(void **state)
{
    gbxi_trace_config config;
    gbx_error error;

    (void)state;
    assert_int_equal(gbxi_trace_config_decode((gbxi_json_value){0}, GBX_FORMAT_FULL, &config, &error), GBX_ERR_TYPE);
    assert_string_equal(error.text, "the request body must be an object, got nothing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_and_empty_are_the_defaults),
        cmocka_unit_test(every_field_is_taken),
        cmocka_unit_test(the_ends_of_every_range_are_allowed),
        cmocka_unit_test(integers_may_be_spelt_as_json_schema_has_it),
        cmocka_unit_test(a_name_of_128_bytes_fits_and_129_do_not),
        cmocka_unit_test(every_refusal_says_what_is_allowed_and_what_was_given),
        cmocka_unit_test(a_refusal_needs_no_error_to_fill),
        cmocka_unit_test(an_absent_body_is_a_wrong_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
