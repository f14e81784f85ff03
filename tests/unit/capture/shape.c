/* SPDX-License-Identifier: MIT */
/* Owns the rendering of a lane as text for the tests of this room. */
#include "shape.h"
#include <glassbox/read.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct {
    char bytes[65536];
    size_t length;
} out;

__attribute__((format(printf, 1, 2))) static void put(const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(out.bytes + out.length, sizeof(out.bytes) - out.length, format, args);
    va_end(args);
    assert_true(length >= 0 && (size_t)length < sizeof(out.bytes) - out.length);
    out.length += (size_t)length;
}

static void put_note(const gbx_record *record)
{
    int key_length = (int)record->key_length;

    if (record->kind == GBX_RECORD_NOTE_INT)
        put("{%.*s=%lld}", key_length, record->key, (long long)record->integer);
    else if (record->kind == GBX_RECORD_NOTE_DOUBLE)
        put("{%.*s=%g}", key_length, record->key, record->real);
    else if (record->kind == GBX_RECORD_NOTE_STR)
        put("{%.*s=%.*s}", key_length, record->key, (int)record->text_length, record->text);
    else
        put("!%.*s", (int)record->text_length, record->text);
}

/* Children are put in parentheses, which open with the first child; `parens` says which levels have them. */
const char *shape_of(const gbx_capture *capture, size_t lane)
{
    static bool parens[4096];
    gbx_reader reader;
    gbx_record record;
    size_t depth = 0;
    uint64_t last_ns = 0;

    out.length = 0;
    out.bytes[0] = '\0';
    parens[0] = false;
    for (gbx_reader_init(&reader, capture, lane); gbx_reader_next(&reader, &record);) {
        if (record.kind == GBX_RECORD_ENTER) {
            assert_true(record.at_ns >= last_ns);
            last_ns = record.at_ns;
            if (depth != 0)
                put("%s", parens[depth] ? " " : "(");
            else if (out.length != 0)
                put(" ");
            parens[depth] = true;
            parens[++depth] = false;
            put("%.*s", (int)gbx_record_name_length(&record), record.name);
        } else if (record.kind == GBX_RECORD_EXIT) {
            assert_true(depth != 0);
            assert_true(record.at_ns >= last_ns && record.at_ns <= gbx_capture_duration_ns(capture));
            last_ns = record.at_ns;
            put("%s", parens[depth] ? ")" : "");
            --depth;
        } else {
            if (depth == 0 && out.length != 0)
                put(" ");
            put_note(&record);
        }
    }
    assert_int_equal(depth, 0);
    return out.bytes;
}

void shape_count(const gbx_capture *capture, size_t lane, size_t *spans, size_t *deepest)
{
    gbx_reader reader;
    gbx_record record;
    size_t depth = 0;

    *spans = *deepest = 0;
    for (gbx_reader_init(&reader, capture, lane); gbx_reader_next(&reader, &record);) {
        if (record.kind == GBX_RECORD_ENTER) {
            ++*spans;
            if (++depth > *deepest)
                *deepest = depth;
        } else if (record.kind == GBX_RECORD_EXIT) {
            assert_true(depth-- != 0);
        }
    }
    assert_int_equal(depth, 0);
}
