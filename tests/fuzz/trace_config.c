/* SPDX-License-Identifier: MIT */
/* Any request body: what decodes is within the contract and decodes again to itself; what does not says why. */
#include "schemas/trace_config.h"
#include "fuzz.h"
#include "json/writer.h"

static void check_config(const gbx_trace_config *config, gbx_format suffix)
{
    FUZZ_CHECK(config->trace_format == suffix);
    FUZZ_CHECK(config->trace_output == GBX_TRACE_OUTPUT_BOTH || config->trace_output == GBX_TRACE_OUTPUT_TRACES_ONLY);
    FUZZ_CHECK(memchr(config->name, '\0', sizeof(config->name)) != NULL);
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

static void write_config(gbx_json_writer *w, const gbx_trace_config *config)
{
    gbx_json_object_begin(w);
    gbx_json_key(w, "trace_config");
    gbx_json_object_begin(w);
    gbx_json_key(w, "capture_traces");
    gbx_json_boolean(w, config->capture_traces);
    gbx_json_key(w, "trace_format");
    gbx_json_string_z(w, gbx_format_name(config->trace_format));
    gbx_json_key(w, "trace_output");
    gbx_json_string_z(w, config->trace_output == GBX_TRACE_OUTPUT_BOTH ? "both" : "traces_only");
    if (config->name[0] != '\0') {
        gbx_json_key(w, "name");
        gbx_json_string_z(w, config->name);
    }
    gbx_json_key(w, "max_spans");
    gbx_json_uint(w, config->max_spans);
    gbx_json_key(w, "max_depth");
    gbx_json_uint(w, config->max_depth);
    gbx_json_key(w, "min_duration_ns");
    gbx_json_uint(w, config->min_duration_ns);
    gbx_json_key(w, "top_n");
    gbx_json_uint(w, config->top_n);
    gbx_json_key(w, "slow_threshold_ms");
    gbx_json_real(w, config->slow_threshold_ms);
    gbx_json_object_end(w);
    gbx_json_object_end(w);
}

static void check_again(const gbx_trace_config *config)
{
    gbx_json_document *document = NULL;
    gbx_json_buffer buffer = {0};
    gbx_json_writer w;
    gbx_trace_config again;

    gbx_json_writer_init_buffer(&w, &buffer);
    write_config(&w, config);
    FUZZ_CHECK(gbx_json_writer_finish(&w) == GBX_ERR_OK);
    FUZZ_CHECK(gbx_json_parse(buffer.bytes, buffer.length, &document, NULL) == GBX_ERR_OK);
    FUZZ_CHECK(gbx_trace_config_decode(gbx_json_root(document), config->trace_format, &again, NULL) == GBX_ERR_OK);
    FUZZ_CHECK(again.capture_traces == config->capture_traces && again.trace_output == config->trace_output);
    FUZZ_CHECK(strcmp(again.name, config->name) == 0 && again.max_spans == config->max_spans);
    FUZZ_CHECK(again.max_depth == config->max_depth && again.min_duration_ns == config->min_duration_ns);
    FUZZ_CHECK(again.top_n == config->top_n && !(again.slow_threshold_ms != config->slow_threshold_ms));
    gbx_json_free(document);
    gbx_json_buffer_fini(&buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gbx_json_document *document = NULL;
    gbx_trace_config config;

    if (gbx_json_parse((const char *)data, size, &document, NULL) != GBX_ERR_OK)
        return 0;
    for (gbx_format suffix = GBX_FORMAT_FULL; gbx_format_name(suffix) != NULL; suffix++) {
        gbx_error error = {0};
        gbx_err code = gbx_trace_config_decode(gbx_json_root(document), suffix, &config, &error);

        if (code != GBX_ERR_OK) {
            check_error(&error, code);
            continue;
        }
        check_config(&config, suffix);
        check_again(&config);
    }
    gbx_json_free(document);
    return 0;
}
