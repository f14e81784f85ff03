/* SPDX-License-Identifier: MIT */
/* Owns the creation of request bodies and the parsing of responses in tests. */
#define _GNU_SOURCE
#include "request.h"
#include "graph/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

gbxi_graph_route request_route(const char *source, const char *engine, const char *transformation)
{
    return (gbxi_graph_route){source, strlen(source), engine, strlen(engine), transformation, strlen(transformation)};
}

request_answer request_send(const char *source, const char *engine, const char *body, size_t length)
{
    return request_send_through(source, engine, "default", body, length);
}

request_answer request_send_through(const char *source, const char *engine, const char *transformation,
                                    const char *body, size_t length)
{
    gbxi_graph_route route = request_route(source, engine, transformation);
    request_answer answer = {0};
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &answer.text);
    answer.err = gbxi_graph_run(&route, body, length, &writer, &answer.error);
    if (answer.err != GBX_ERR_OK)
        return answer;
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
    assert_int_equal(gbxi_json_parse(answer.text.bytes, answer.text.length, &answer.document, &answer.error),
                     GBX_ERR_OK);
    answer.root = gbxi_json_root(answer.document);
    return answer;
}

static request_answer send_built(const char *source, const char *engine, gbxi_json_writer *writer,
                                 gbxi_json_buffer *body)
{
    request_answer answer;

    gbxi_json_object_end(writer);
    assert_int_equal(gbxi_json_writer_finish(writer), GBX_ERR_OK);
    answer = request_send(source, engine, body->bytes, body->length);
    gbxi_json_buffer_fini(body);
    return answer;
}

request_answer request_send_data(const char *source, const char *engine, const char *data, size_t length)
{
    gbxi_json_buffer body = {0};
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &body);
    gbxi_json_object_begin(&writer);
    gbxi_json_key(&writer, "graph_data");
    gbxi_json_raw(&writer, data, length);
    return send_built(source, engine, &writer, &body);
}

request_answer request_send_page(const char *engine, const char *html, size_t length)
{
    gbxi_json_buffer body = {0};
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &body);
    gbxi_json_object_begin(&writer);
    gbxi_json_key(&writer, "graph_data");
    gbxi_json_object_begin(&writer);
    gbxi_json_key(&writer, "html");
    gbxi_json_string_n(&writer, html, length);
    gbxi_json_object_end(&writer);
    return send_built("html", engine, &writer, &body);
}

request_answer request_send_options(const char *source, const char *engine, const char *data, const char *options)
{
    gbxi_json_buffer body = {0};
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &body);
    gbxi_json_object_begin(&writer);
    gbxi_json_key(&writer, "graph_data");
    gbxi_json_raw(&writer, data, strlen(data));
    gbxi_json_key(&writer, "transform_config");
    gbxi_json_object_begin(&writer);
    gbxi_json_key(&writer, "options");
    gbxi_json_raw(&writer, options, strlen(options));
    gbxi_json_object_end(&writer);
    return send_built(source, engine, &writer, &body);
}

request_answer request_render(const char *engine, const gbxi_graph *graph, const char *options)
{
    request_answer answer = {0};
    gbxi_json_document *given = NULL;
    const gbxi_engine *found = NULL;
    gbxi_json_writer writer;

    if (options != NULL)
        assert_int_equal(gbxi_json_parse(options, strlen(options), &given, NULL), GBX_ERR_OK);
    assert_int_equal(gbxi_engine_find(engine, strlen(engine), &found, &answer.error), GBX_ERR_OK);
    gbxi_json_writer_init_buffer(&writer, &answer.text);
    gbxi_json_object_begin(&writer);
    answer.err = found->render(graph, given != NULL ? gbxi_json_root(given) : (gbxi_json_value){0}, &writer);
    gbxi_json_object_end(&writer);
    gbxi_json_free(given);
    assert_int_equal(answer.err, GBX_ERR_OK);
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
    assert_int_equal(gbxi_json_parse(answer.text.bytes, answer.text.length, &answer.document, NULL), GBX_ERR_OK);
    answer.root = gbxi_json_root(answer.document);
    return answer;
}

void request_forget(request_answer *answer)
{
    gbxi_json_free(answer->document);
    gbxi_json_buffer_fini(&answer->text);
}

uint64_t request_uint(const request_answer *answer, const char *key)
{
    uint64_t value = 0;

    if (!gbxi_json_uint64(gbxi_json_member(answer->root, key), &value))
        fail_msg("%s is no whole number", key);
    return value;
}

gbxi_json_string request_text(const request_answer *answer, const char *key)
{
    gbxi_json_string value = {0};

    if (!gbxi_json_str(gbxi_json_member(answer->root, key), &value))
        fail_msg("%s is no string", key);
    return value;
}

bool request_text_has(const request_answer *answer, const char *key, const char *part)
{
    gbxi_json_string value = request_text(answer, key);

    return memmem(value.at, value.length, part, strlen(part)) != NULL;
}

bool request_has(const request_answer *answer, const char *part)
{
    return memmem(answer->text.bytes, answer->text.length, part, strlen(part)) != NULL;
}

void request_text_is(const request_answer *answer, const char *key, const char *whole)
{
    gbxi_json_string value = request_text(answer, key);

    if (value.length != strlen(whole) || memcmp(value.at, whole, value.length) != 0)
        fail_msg("%s is:\n%.*s\nand not:\n%s", key, (int)value.length, value.at, whole);
}

char *request_read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *text;

    if (file == NULL)
        return NULL;
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *length = (size_t)ftell(file);
    rewind(file);
    text = malloc(*length + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, *length, file), *length);
    text[*length] = '\0';
    fclose(file);
    return text;
}
