/* SPDX-License-Identifier: MIT */
/* Any text as OTEL_RESOURCE_ATTRIBUTES: what is taken has forms that are UTF-8 and JSON, and what is refused is told in
 * words. */
#include "fuzz.h"
#include "otlp/resource.h"
#include "json/reader.h"
#include "json/utf8.h"
#include <stdlib.h>
#include <string.h>

static void check_utf8(gbxi_view text)
{
    size_t sequence;

    for (size_t i = 0; i < text.length; i += sequence)
        FUZZ_CHECK(gbxi_utf8_judge((const unsigned char *)text.at + i, text.length - i, &sequence) ==
                   GBXI_UTF8_WELL_FORMED);
}

static void check_taken(const gbxi_otlp_resource *resource)
{
    gbxi_view json = gbxi_otlp_resource_json(resource);
    gbxi_json_document *document = NULL;
    gbx_error error = {0};
    size_t count;

    check_utf8(json);
    FUZZ_CHECK(gbxi_json_parse(json.at, json.length, &document, &error) == GBX_ERR_OK);
    count = gbxi_json_count(gbxi_json_member(gbxi_json_root(document), "attributes"));
    FUZZ_CHECK(count >= 5 && count <= GBXI_OTLP_ATTRIBUTES_MAX + 6);
    FUZZ_CHECK(gbxi_otlp_resource_value(resource, "service.name") != NULL);
    FUZZ_CHECK(gbxi_otlp_resource_message(resource).length > 0);
    gbxi_json_free(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    gbxi_otlp_resource *resource;
    gbx_error error = {0};

    memcpy(text, data, size);
    text[size] = '\0';
    resource = gbxi_otlp_resource_new(NULL, text, &error);
    if (resource != NULL)
        check_taken(resource);
    else
        FUZZ_CHECK((error.code == GBX_ERR_SYNTAX || error.code == GBX_ERR_LIMIT) && error.text[0] != '\0');
    gbxi_otlp_resource_free(resource);
    free(text);
    return 0;
}
