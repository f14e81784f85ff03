/* SPDX-License-Identifier: MIT */
/* Any text: both JSON parsers agree, and accepted text is unchanged after it is written and read again. */
#include "fuzz.h"
#include "json/check.h"
#include "json/reader.h"
#include "json/writer.h"
#include <string.h>

static void write_value(gbxi_json_writer *w, gbxi_json_value value);

static void write_number(gbxi_json_writer *w, gbxi_json_value value)
{
    int64_t negative;
    uint64_t natural;
    double real;

    if (gbxi_json_int64(value, &negative)) {
        gbxi_json_int(w, negative);
    } else if (gbxi_json_uint64(value, &natural)) {
        gbxi_json_uint(w, natural);
    } else {
        FUZZ_CHECK(gbxi_json_double(value, &real));
        gbxi_json_real(w, real);
    }
}

static void write_container(gbxi_json_writer *w, gbxi_json_value value, bool object)
{
    gbxi_json_iterator each = gbxi_json_each(value);
    size_t count = 0;

    object ? gbxi_json_object_begin(w) : gbxi_json_array_begin(w);
    while (gbxi_json_next(&each)) {
        FUZZ_CHECK(each.index == count++);
        if (object)
            gbxi_json_key_n(w, each.key.at, each.key.length);
        write_value(w, each.value);
    }
    object ? gbxi_json_object_end(w) : gbxi_json_array_end(w);
    FUZZ_CHECK(count == gbxi_json_count(value));
}

static void write_value(gbxi_json_writer *w, gbxi_json_value value)
{
    gbxi_json_string text;
    bool truth;

    FUZZ_CHECK(gbxi_json_typeof(value) != GBXI_JSON_ABSENT);
    switch (gbxi_json_typeof(value)) {
    case GBXI_JSON_ABSENT:
        break;
    case GBXI_JSON_NULL:
        gbxi_json_null(w);
        break;
    case GBXI_JSON_BOOL:
        FUZZ_CHECK(gbxi_json_bool(value, &truth));
        gbxi_json_boolean(w, truth);
        break;
    case GBXI_JSON_INTEGER:
    case GBXI_JSON_DOUBLE:
        write_number(w, value);
        break;
    case GBXI_JSON_STRING:
        FUZZ_CHECK(gbxi_json_str(value, &text));
        gbxi_json_string_n(w, text.at, text.length);
        break;
    case GBXI_JSON_ARRAY:
    case GBXI_JSON_OBJECT:
        write_container(w, value, gbxi_json_typeof(value) == GBXI_JSON_OBJECT);
        break;
    }
}

static void write_document(const gbxi_json_document *document, gbxi_json_buffer *buffer)
{
    gbxi_json_writer w;

    gbxi_json_writer_init_buffer(&w, buffer);
    write_value(&w, gbxi_json_root(document));
    FUZZ_CHECK(gbxi_json_writer_finish(&w) == GBX_ERR_OK);
}

static void compare_containers(gbxi_json_value one, gbxi_json_value other);

static void compare(gbxi_json_value one, gbxi_json_value other)
{
    gbxi_json_string text, other_text;
    double real, other_real;
    int64_t negative, other_negative;
    uint64_t natural, other_natural;

    FUZZ_CHECK(gbxi_json_count(one) == gbxi_json_count(other));
    if (gbxi_json_str(one, &text)) {
        FUZZ_CHECK(gbxi_json_str(other, &other_text) && text.length == other_text.length);
        FUZZ_CHECK(memcmp(text.at, other_text.at, text.length) == 0);
    } else if (gbxi_json_int64(one, &negative)) {
        FUZZ_CHECK(gbxi_json_int64(other, &other_negative) && negative == other_negative);
    } else if (gbxi_json_uint64(one, &natural)) {
        FUZZ_CHECK(gbxi_json_uint64(other, &other_natural) && natural == other_natural);
    } else if (gbxi_json_double(one, &real)) {
        /* An integral double may come back as an integer of the same value. */
        FUZZ_CHECK(gbxi_json_double(other, &other_real) && memcmp(&real, &other_real, sizeof(real)) == 0);
    } else {
        FUZZ_CHECK(gbxi_json_typeof(one) == gbxi_json_typeof(other));
        compare_containers(one, other);
    }
}

static void compare_containers(gbxi_json_value one, gbxi_json_value other)
{
    gbxi_json_iterator each = gbxi_json_each(one);
    gbxi_json_iterator other_each = gbxi_json_each(other);

    while (gbxi_json_next(&each)) {
        FUZZ_CHECK(gbxi_json_next(&other_each) && each.key.length == other_each.key.length);
        if (each.object)
            FUZZ_CHECK(memcmp(each.key.at, other_each.key.at, each.key.length) == 0);
        compare(each.value, other_each.value);
    }
    FUZZ_CHECK(!gbxi_json_next(&other_each));
}

static void round_trip(const gbxi_json_document *document)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_document *again = NULL;
    gbx_error error;

    write_document(document, &buffer);
    FUZZ_CHECK(gbxi_json_parse(buffer.bytes, buffer.length, &again, &error) == GBX_ERR_OK);
    compare(gbxi_json_root(document), gbxi_json_root(again));
    gbxi_json_free(again);
    gbxi_json_buffer_fini(&buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gbxi_json_document *document = NULL;
    gbxi_json_check check;
    gbx_error error = {0};
    gbx_err code = gbxi_json_parse((const char *)data, size, &document, &error);

    gbxi_json_check_text((const char *)data, size, &check);
    if (code == GBX_ERR_OK) {
        FUZZ_CHECK(check.fault == NULL);
        round_trip(document);
        gbxi_json_free(document);
        return 0;
    }
    FUZZ_CHECK(document == NULL && error.code == code && error.text[0] != '\0' && error.pointer[0] == '\0');
    FUZZ_CHECK(code == GBX_ERR_LIMIT || (code == GBX_ERR_SYNTAX && check.fault != NULL));
    return 0;
}
