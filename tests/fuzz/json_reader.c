/* SPDX-License-Identifier: MIT */
/* Any text: the two judges of JSON agree, and what is accepted survives being written and read again. */
#include "fuzz.h"
#include "json/check.h"
#include "json/reader.h"
#include "json/writer.h"

static void write_value(gbx_json_writer *w, gbx_json_value value);

static void write_number(gbx_json_writer *w, gbx_json_value value)
{
    int64_t negative;
    uint64_t natural;
    double real;

    if (gbx_json_int64(value, &negative)) {
        gbx_json_int(w, negative);
    } else if (gbx_json_uint64(value, &natural)) {
        gbx_json_uint(w, natural);
    } else {
        FUZZ_CHECK(gbx_json_double(value, &real));
        gbx_json_real(w, real);
    }
}

static void write_container(gbx_json_writer *w, gbx_json_value value, bool object)
{
    gbx_json_iterator each = gbx_json_each(value);
    size_t count = 0;

    object ? gbx_json_object_begin(w) : gbx_json_array_begin(w);
    while (gbx_json_next(&each)) {
        FUZZ_CHECK(each.index == count++);
        if (object)
            gbx_json_key_n(w, each.key.at, each.key.length);
        write_value(w, each.value);
    }
    object ? gbx_json_object_end(w) : gbx_json_array_end(w);
    FUZZ_CHECK(count == gbx_json_count(value));
}

static void write_value(gbx_json_writer *w, gbx_json_value value)
{
    gbx_json_string text;
    bool truth;

    FUZZ_CHECK(gbx_json_typeof(value) != GBX_JSON_ABSENT);
    switch (gbx_json_typeof(value)) {
    case GBX_JSON_ABSENT:
        break;
    case GBX_JSON_NULL:
        gbx_json_null(w);
        break;
    case GBX_JSON_BOOL:
        FUZZ_CHECK(gbx_json_bool(value, &truth));
        gbx_json_boolean(w, truth);
        break;
    case GBX_JSON_INTEGER:
    case GBX_JSON_DOUBLE:
        write_number(w, value);
        break;
    case GBX_JSON_STRING:
        FUZZ_CHECK(gbx_json_str(value, &text));
        gbx_json_string_n(w, text.at, text.length);
        break;
    case GBX_JSON_ARRAY:
    case GBX_JSON_OBJECT:
        write_container(w, value, gbx_json_typeof(value) == GBX_JSON_OBJECT);
        break;
    }
}

static void write_document(const gbx_json_document *document, gbx_json_buffer *buffer)
{
    gbx_json_writer w;

    gbx_json_writer_init_buffer(&w, buffer);
    write_value(&w, gbx_json_root(document));
    FUZZ_CHECK(gbx_json_writer_finish(&w) == GBX_ERR_OK);
}

static void compare_containers(gbx_json_value one, gbx_json_value other);

static void compare(gbx_json_value one, gbx_json_value other)
{
    gbx_json_string text, other_text;
    double real, other_real;
    int64_t negative, other_negative;
    uint64_t natural, other_natural;

    FUZZ_CHECK(gbx_json_count(one) == gbx_json_count(other));
    if (gbx_json_str(one, &text)) {
        FUZZ_CHECK(gbx_json_str(other, &other_text) && text.length == other_text.length);
        FUZZ_CHECK(memcmp(text.at, other_text.at, text.length) == 0);
    } else if (gbx_json_int64(one, &negative)) {
        FUZZ_CHECK(gbx_json_int64(other, &other_negative) && negative == other_negative);
    } else if (gbx_json_uint64(one, &natural)) {
        FUZZ_CHECK(gbx_json_uint64(other, &other_natural) && natural == other_natural);
    } else if (gbx_json_double(one, &real)) {
        /* An integral double may come back as an integer of the same value. */
        FUZZ_CHECK(gbx_json_double(other, &other_real) && memcmp(&real, &other_real, sizeof(real)) == 0);
    } else {
        FUZZ_CHECK(gbx_json_typeof(one) == gbx_json_typeof(other));
        compare_containers(one, other);
    }
}

static void compare_containers(gbx_json_value one, gbx_json_value other)
{
    gbx_json_iterator each = gbx_json_each(one);
    gbx_json_iterator other_each = gbx_json_each(other);

    while (gbx_json_next(&each)) {
        FUZZ_CHECK(gbx_json_next(&other_each) && each.key.length == other_each.key.length);
        if (each.object)
            FUZZ_CHECK(memcmp(each.key.at, other_each.key.at, each.key.length) == 0);
        compare(each.value, other_each.value);
    }
    FUZZ_CHECK(!gbx_json_next(&other_each));
}

static void round_trip(const gbx_json_document *document)
{
    gbx_json_buffer buffer = {0};
    gbx_json_document *again = NULL;
    gbx_error error;

    write_document(document, &buffer);
    FUZZ_CHECK(gbx_json_parse(buffer.bytes, buffer.length, &again, &error) == GBX_ERR_OK);
    compare(gbx_json_root(document), gbx_json_root(again));
    gbx_json_free(again);
    gbx_json_buffer_fini(&buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gbx_json_document *document = NULL;
    gbx__json_check check;
    gbx_error error = {0};
    gbx_err code = gbx_json_parse((const char *)data, size, &document, &error);

    gbx__json_check_text((const char *)data, size, &check);
    if (code == GBX_ERR_OK) {
        FUZZ_CHECK(check.fault == NULL);
        round_trip(document);
        gbx_json_free(document);
        return 0;
    }
    FUZZ_CHECK(document == NULL && error.code == code && error.text[0] != '\0' && error.pointer[0] == '\0');
    FUZZ_CHECK(code == GBX_ERR_LIMIT || (code == GBX_ERR_SYNTAX && check.fault != NULL));
    return 0;
}
