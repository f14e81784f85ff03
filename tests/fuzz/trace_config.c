/* SPDX-License-Identifier: MIT */
/* Any request body: a decoded config is within the contract and decodes to the same config again; a refusal gives
 * the reason. What is left of the body without its config is the same object without that member. */
#include "schemas/trace_config.h"
#include "fuzz.h"
#include "middleware/member.h"
#include "schemas/format.h"
#include "json/writer.h"
#include <stdlib.h>
#include <string.h>

static void check_config(const gbxi_trace_config *config, gbx_format suffix)
{
    FUZZ_CHECK(config->trace_format == suffix);
    FUZZ_CHECK(config->trace_output <= GBXI_TRACE_OUTPUT_STORED_ONLY);
    FUZZ_CHECK(memchr(config->name, '\0', sizeof(config->name)) != NULL);
    FUZZ_CHECK(config->call_tree <= GBX_CALL_TREE_NONE);
    FUZZ_CHECK(config->max_spans >= 1 && config->max_spans <= 5000000);
    FUZZ_CHECK(config->max_depth >= 1 && config->max_depth <= 2000);
    FUZZ_CHECK(config->top_n >= 1 && config->top_n <= 1000);
    FUZZ_CHECK(config->slow_threshold_ms >= 0 && config->slow_threshold_ms <= 0x1p1023 * 2 - 1);
}

static void check_error(const gbx_error *error, gbx_err code)
{
    FUZZ_CHECK(error->code == code);
    FUZZ_CHECK(code == GBX_ERR_TYPE || code == GBX_ERR_UNKNOWN || code == GBX_ERR_RANGE || code == GBX_ERR_CONFLICT);
    FUZZ_CHECK(memchr(error->text, '\0', sizeof(error->text)) != NULL && error->text[0] != '\0');
    FUZZ_CHECK(memchr(error->pointer, '\0', sizeof(error->pointer)) != NULL);
    FUZZ_CHECK(error->pointer[0] == '\0' || strncmp(error->pointer, "/trace_config", 13) == 0);
}

static const char *call_tree_name(gbx_call_tree call_tree)
{
#define CALL_TREE_TEXT(constant, number, name) [number] = name,
    static const char *const texts[] = {GBX_CALL_TREES(CALL_TREE_TEXT)};

    return texts[call_tree];
}

static const char *trace_output_name(gbxi_trace_output output)
{
#define TRACE_OUTPUT_TEXT(constant, name) name,
    static const char *const texts[] = {GBXI_TRACE_OUTPUTS(TRACE_OUTPUT_TEXT)};

    return texts[output];
}

static void write_config(gbxi_json_writer *w, const gbxi_trace_config *config)
{
    gbxi_json_object_begin(w);
    gbxi_json_key(w, "trace_config");
    gbxi_json_object_begin(w);
    gbxi_json_key(w, "capture_traces");
    gbxi_json_boolean(w, config->capture_traces);
    gbxi_json_key(w, "trace_format");
    gbxi_json_string_z(w, gbx_format_name(config->trace_format));
    gbxi_json_key(w, "trace_output");
    gbxi_json_string_z(w, trace_output_name(config->trace_output));
    gbxi_json_key(w, "call_tree");
    gbxi_json_string_z(w, call_tree_name(config->call_tree));
    if (config->name[0] != '\0') {
        gbxi_json_key(w, "name");
        gbxi_json_string_z(w, config->name);
    }
    gbxi_json_key(w, "max_spans");
    gbxi_json_uint(w, config->max_spans);
    gbxi_json_key(w, "max_depth");
    gbxi_json_uint(w, config->max_depth);
    gbxi_json_key(w, "min_duration_ns");
    gbxi_json_uint(w, config->min_duration_ns);
    gbxi_json_key(w, "top_n");
    gbxi_json_uint(w, config->top_n);
    gbxi_json_key(w, "slow_threshold_ms");
    gbxi_json_real(w, config->slow_threshold_ms);
    gbxi_json_object_end(w);
    gbxi_json_object_end(w);
}

static void check_again(const gbxi_trace_config *config)
{
    gbxi_json_document *document = NULL;
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;
    gbxi_trace_config again;

    gbxi_json_writer_init_buffer(&w, &buffer);
    write_config(&w, config);
    FUZZ_CHECK(gbxi_json_writer_finish(&w) == GBX_ERR_OK);
    FUZZ_CHECK(gbxi_json_parse(buffer.bytes, buffer.length, &document, NULL) == GBX_ERR_OK);
    FUZZ_CHECK(gbxi_trace_config_decode(gbxi_json_root(document), config->trace_format, &again, NULL) == GBX_ERR_OK);
    FUZZ_CHECK(again.capture_traces == config->capture_traces && again.trace_output == config->trace_output);
    FUZZ_CHECK(again.call_tree == config->call_tree);
    FUZZ_CHECK(strcmp(again.name, config->name) == 0 && again.max_spans == config->max_spans);
    FUZZ_CHECK(again.max_depth == config->max_depth && again.min_duration_ns == config->min_duration_ns);
    FUZZ_CHECK(again.top_n == config->top_n && !(again.slow_threshold_ms != config->slow_threshold_ms));
    gbxi_json_free(document);
    gbxi_json_buffer_fini(&buffer);
}

static size_t configs_in(gbxi_json_value body)
{
    gbxi_json_iterator each = gbxi_json_each(body);
    size_t count = 0;

    while (gbxi_json_typeof(body) == GBXI_JSON_OBJECT && gbxi_json_next(&each))
        count += each.key.length == strlen(GBXI_TRACE_CONFIG_KEY) &&
                 memcmp(each.key.at, GBXI_TRACE_CONFIG_KEY, each.key.length) == 0;
    return count;
}

/* Of several configs only the first is removed. */
static void check_rest(const char *text, size_t size, gbxi_member cut, gbxi_json_value body)
{
    gbxi_json_document *document = NULL;
    size_t count = configs_in(body);
    char *rest;

    FUZZ_CHECK((cut.length != 0) == (count != 0));
    if (cut.length == 0)
        return;
    FUZZ_CHECK(gbxi_member_may_be(text, size));
    rest = malloc(size - cut.length);
    FUZZ_CHECK(rest != NULL);
    memcpy(rest, text, cut.at);
    memcpy(rest + cut.at, text + cut.at + cut.length, size - cut.at - cut.length);
    FUZZ_CHECK(gbxi_json_parse(rest, size - cut.length, &document, NULL) == GBX_ERR_OK);
    FUZZ_CHECK(configs_in(gbxi_json_root(document)) == count - 1);
    FUZZ_CHECK(gbxi_json_count(gbxi_json_root(document)) == gbxi_json_count(body) - 1);
    gbxi_json_free(document);
    free(rest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gbxi_json_document *document = NULL;
    gbxi_trace_config config;
    gbxi_member cut = gbxi_member_find((const char *)data, size);

    FUZZ_CHECK(cut.at + cut.length <= size);
    if (gbxi_json_parse((const char *)data, size, &document, NULL) != GBX_ERR_OK)
        return 0;
    check_rest((const char *)data, size, cut, gbxi_json_root(document));
    for (gbx_format suffix = GBX_FORMAT_FULL; gbx_format_name(suffix) != NULL; suffix++) {
        gbx_error error = {0};
        gbx_err code;

        if (!gbxi_format_is_routed(suffix))
            continue;
        code = gbxi_trace_config_decode(gbxi_json_root(document), suffix, &config, &error);

        if (code != GBX_ERR_OK) {
            check_error(&error, code);
            continue;
        }
        check_config(&config, suffix);
        check_again(&config);
    }
    gbxi_json_free(document);
    return 0;
}
