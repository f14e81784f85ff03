/* SPDX-License-Identifier: MIT */
/* Packed traces: every document of a restored capture equals that of the original, and damaged bytes are refused. */
#include "document.h"
#include "store/pack.h"
#include "store/pack_code.h"
#include "trace/source_root.h"
#include "trace/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include <cmocka.h>

enum { PROGRAMS = 1000, STEPS_MAX = 300, OPEN_MAX = 1000, SITE_COUNT = 6 };

#define SITE(name, file, line)                                                                                         \
    {                                                                                                                  \
        name, "function", file, line,                                                                                  \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }
static const gbx_site sites[SITE_COUNT] = {SITE("parse", "/src/a.c", 1), SITE("twin", "/src/a.c", 7),
                                           SITE("twin", "/src/a.c", 7),  SITE("", NULL, 0),
                                           SITE("\xFF\"\n", "\xC3", 9),  SITE("far", "/src/b.c", UINT32_MAX)};

typedef struct program {
    recording r;
    uint64_t random;
    bool on_thread;
} program;

static uint32_t random_below(program *p, uint32_t limit)
{
    p->random = p->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(p->random >> 33) % limit;
}

static const char *random_text(program *p)
{
    static char text[4200];
    size_t length = random_below(p, 20) == 0 ? random_below(p, sizeof(text)) : random_below(p, 12);

    for (size_t i = 0; i < length; i++)
        text[i] = (char)(1 + random_below(p, 255));
    text[length] = '\0';
    return text;
}

static void random_note(program *p)
{
    switch (random_below(p, 4)) {
    case 0:
        gbxi_note_int("number", (int64_t)p->random);
        break;
    case 1:
        gbxi_note_double(random_text(p), (double)(int64_t)p->random / 3);
        break;
    default:
        gbxi_note_str("text", random_text(p));
    }
}

static void random_steps(recording *r, void *argument);

static void random_thread(program *p)
{
    if (p->on_thread)
        return;
    p->on_thread = true;
    recording_on_thread(&p->r, "worker", 200 + random_below(p, 9), p->r.now_ns / 2, random_steps, p);
    p->on_thread = false;
}

static void random_step(program *p, uint32_t base)
{
    recording *r = &p->r;

    switch (random_below(p, 12)) {
    case 0:
    case 1:
    case 2:
        if (r->depth < OPEN_MAX)
            recording_enter(r, &sites[random_below(p, SITE_COUNT)]);
        break;
    case 3:
        if (r->depth < OPEN_MAX)
            recording_enter_formatted(r, &sites[random_below(p, SITE_COUNT)], random_below(p, 8),
                                      (int)random_below(p, 9), random_text(p));
        break;
    case 4:
    case 5:
    case 6:
        if (r->depth > base)
            recording_exit(r);
        break;
    case 7:
        random_note(p);
        break;
    case 8:
        if (random_below(p, 10) == 0)
            gbxi_span_fail(random_text(p));
        break;
    case 9:
        if (random_below(p, 20) == 0)
            random_thread(p);
        break;
    default:
        recording_pass(r, random_below(p, 5) == 0 ? random_below(p, 1000000) : random_below(p, 200));
    }
}

static void random_steps(recording *r, void *argument)
{
    program *p = argument;
    uint32_t base = r->depth;

    for (uint32_t steps = random_below(p, STEPS_MAX); steps > 0; steps--)
        random_step(p, base);
}

static gbx_capture *random_capture(uint64_t seed)
{
    static program p;
    gbx_capture_options options = {.size = sizeof(options), .name = "GET /random", .trace_id = {1, 2, 3}};

    p.random = seed;
    p.on_thread = false;
    if (random_below(&p, 4) == 0)
        options.max_spans = 1 + random_below(&p, 40);
    if (seed % 3 == 0)
        options.trace_flags = (uint8_t)(1 + seed % 255);
    if (seed % 6 == 0)
        options.parent_span_id[seed % 8] = 7;
    if (random_below(&p, 9) == 0)
        recording_begin_outside(&p.r, &options);
    else
        recording_begin(&p.r, &options);
    if (p.r.capture == gbx_capture_current())
        random_steps(&p.r, &p);
    return recording_finish(&p.r);
}

static gbx_err pack_capture(gbxi_packer *packer, const gbx_capture *capture, const char *root, const void **bytes,
                            size_t *length)
{
    const gbxi_trace_options options = {0};
    gbxi_trace *trace = gbxi_trace_new(capture, &options);
    gbx_error error = {0};
    gbx_err err;

    assert_non_null(trace);
    gbxi_frames_cut_root(&trace->frames, root);
    err = gbxi_pack(packer, trace, bytes, length, &error);
    gbxi_trace_free(trace);
    return err;
}

static gbx_capture *restore(gbxi_packer *packer, const gbx_capture *capture, const char *root)
{
    const void *bytes;
    size_t length;
    gbx_capture *restored = NULL;
    gbx_error error = {0};

    assert_int_equal(pack_capture(packer, capture, root, &bytes, &length), GBX_ERR_OK);
    assert_int_equal(gbxi_unpack(bytes, length, &restored, &error), GBX_ERR_OK);
    return restored;
}

static void check_same_documents(gbx_capture *capture, gbx_capture *restored, const gbx_export_options *options)
{
    gbx_export_options later = *options;

    later.source_root = NULL; /* was cut before */
    for (int format = 0; gbx_format_name((gbx_format)format) != NULL; format++) {
        size_t length, restored_length;
        char *text = document_of(capture, (gbx_format)format, options, &length);
        char *restored_text = document_of(restored, (gbx_format)format, &later, &restored_length);

        assert_int_equal(restored_length, length);
        assert_memory_equal(restored_text, text, length);
        free(text);
        free(restored_text);
    }
}

static void check_same_facts(const gbx_capture *capture, const gbx_capture *restored)
{
    gbx_capture_facts facts, again;

    assert_int_equal(gbx_capture_facts_get(capture, &facts, sizeof(facts)), GBX_ERR_OK);
    assert_int_equal(gbx_capture_facts_get(restored, &again, sizeof(again)), GBX_ERR_OK);
    assert_string_equal(again.name, facts.name);
    again.name = facts.name;
    assert_memory_equal(&again, &facts, sizeof(facts));
}

static void random_traces_come_back_byte_for_byte(void **state)
{
    gbxi_packer *packer = gbxi_packer_new();

    (void)state;
    for (uint64_t seed = 0; seed < PROGRAMS; seed++) {
        gbx_capture *capture = random_capture(seed);
        gbx_export_options options = {.size = sizeof(options),
                                      .top_n = 1 + (uint32_t)seed % 12,
                                      .min_duration_ns = seed % 3 == 0 ? 50 : 0,
                                      .call_tree = (gbx_call_tree)(seed % (GBX_CALL_TREE_NONE + 1)),
                                      .source_root = seed % 2 == 0 ? "/src" : NULL};
        gbx_capture *restored = restore(packer, capture, options.source_root);

        check_same_facts(capture, restored);
        check_same_documents(capture, restored, &options);
        gbx_capture_unref(restored);
        gbx_capture_unref(capture);
    }
    gbxi_packer_free(packer);
    assert_int_equal(gbx_capture_live_count(), 0);
}

static void a_restored_capture_is_packed_to_the_same_bytes(void **state)
{
    static recording r;
    gbxi_packer *packer = gbxi_packer_new(), *other = gbxi_packer_new();
    gbx_capture *capture = document_record_request(&r), *restored = restore(packer, capture, NULL);
    const void *bytes, *again;
    size_t length, length_again;

    (void)state;
    assert_int_equal(pack_capture(packer, capture, NULL, &bytes, &length), GBX_ERR_OK);
    assert_int_equal(pack_capture(other, restored, NULL, &again, &length_again), GBX_ERR_OK);
    assert_int_equal(length_again, length);
    assert_memory_equal(again, bytes, length);
    gbx_capture_unref(restored);
    gbx_capture_unref(capture);
    gbxi_packer_free(packer);
    gbxi_packer_free(other);
}

static void a_large_trace_comes_back_over_many_blocks(void **state)
{
    static recording r;
    const gbx_export_options options = {.size = sizeof(options)};
    gbxi_packer *packer = gbxi_packer_new();
    gbx_capture *capture, *restored;

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < 30000; i++) {
        recording_enter_formatted(&r, &sites[0], 0, i % 500, "name");
        gbxi_note_str("key", "a text that takes some room");
        recording_call(&r, &sites[i % SITE_COUNT], 20);
        recording_exit(&r);
    }
    capture = recording_finish(&r);
    restored = restore(packer, capture, NULL);
    check_same_documents(capture, restored, &options);
    gbx_capture_unref(restored);
    gbx_capture_unref(capture);
    gbxi_packer_free(packer);
}

/* Each call is of another function, so there are more names of files than the records have bytes. */
static void many_frames_of_one_file_come_back(void **state)
{
    enum { FRAMES = 100 };
    static recording r;
    static gbx_site functions[FRAMES];
    const gbx_export_options options = {.size = sizeof(options)};
    gbxi_packer *packer = gbxi_packer_new();
    gbx_capture *capture, *restored;

    (void)state;
    recording_begin(&r, NULL);
    for (uint32_t i = 0; i < FRAMES; i++) {
        functions[i] = (gbx_site)SITE("work", "/src/a_rather_long_name_of_a_file.c", i + 1);
        recording_call(&r, &functions[i], 20);
    }
    capture = recording_finish(&r);
    restored = restore(packer, capture, NULL);
    check_same_documents(capture, restored, &options);
    gbx_capture_unref(restored);
    gbx_capture_unref(capture);
    gbxi_packer_free(packer);
}

/* Unpacks bytes that were not compressed by a packer. */
static gbx_err unpack_raw_bytes(const unsigned char *raw, size_t length, gbx_error *error)
{
    size_t capacity = ZSTD_compressBound(length), packed_length;
    void *packed = malloc(capacity);
    gbx_capture *capture = NULL;
    gbx_err err;

    assert_non_null(packed);
    packed_length = ZSTD_compress(packed, capacity, raw, length, 1);
    err = gbxi_unpack(packed, packed_length, &capture, error);
    assert_int_equal(capture != NULL, err == GBX_ERR_OK);
    gbx_capture_unref(capture);
    free(packed);
    return err;
}

/* The uncompressed bytes of the request that document_record_request makes. */
static unsigned char *raw_request(size_t *length)
{
    static recording r;
    gbxi_packer *packer = gbxi_packer_new();
    gbx_capture *capture = document_record_request(&r);
    const void *bytes;
    unsigned char *raw;
    size_t packed_length;

    assert_int_equal(pack_capture(packer, capture, NULL, &bytes, &packed_length), GBX_ERR_OK);
    *length = (size_t)ZSTD_getFrameContentSize(bytes, packed_length);
    raw = malloc(*length + 1);
    assert_non_null(raw);
    assert_int_equal(ZSTD_decompress(raw, *length, bytes, packed_length), *length);
    gbx_capture_unref(capture);
    gbxi_packer_free(packer);
    return raw;
}

static void bytes_that_end_early_are_refused(void **state)
{
    size_t length;
    unsigned char *raw = raw_request(&length);
    gbx_error error = {0};

    (void)state;
    for (size_t part = 0; part < length; part++) {
        assert_int_equal(unpack_raw_bytes(raw, part, &error), GBX_ERR_SYNTAX);
        assert_string_equal(error.text, "the bytes of the trace are damaged");
    }
    raw[length] = 0;
    assert_int_equal(unpack_raw_bytes(raw, length + 1, &error), GBX_ERR_SYNTAX);
    assert_int_equal(unpack_raw_bytes(raw, length, &error), GBX_ERR_OK);
    free(raw);
}

static void changed_bytes_never_do_harm(void **state)
{
    static const unsigned char changes[] = {0, 1, 5, 6, 127, 128, 255};
    size_t length, refused = 0;
    unsigned char *raw = raw_request(&length);
    gbx_error error = {0};

    (void)state;
    for (size_t i = 0; i < length; i++) {
        unsigned char kept = raw[i];

        for (size_t k = 0; k < sizeof(changes); k++) {
            raw[i] = changes[k];
            refused += unpack_raw_bytes(raw, length, &error) != GBX_ERR_OK;
        }
        raw[i] = kept;
    }
    assert_true(refused > length);
    assert_int_equal(gbx_capture_live_count(), 0);
    free(raw);
}

static void a_later_version_is_refused_by_name(void **state)
{
    size_t length;
    unsigned char *raw = raw_request(&length);
    gbx_error error = {0};

    (void)state;
    assert_int_equal(raw[0], GBXI_PACK_VERSION); /* without a parent, so that earlier programs read it */
    raw[0] = GBXI_PACK_VERSION_PARENT + 1;
    assert_int_equal(unpack_raw_bytes(raw, length, &error), GBX_ERR_UNKNOWN);
    assert_string_equal(error.text, "the trace was packed by a later version of glassbox");
    free(raw);
}

/* The texts of frames have as much memory as the trace says, so what it says must be enough. */
static void frames_with_more_text_than_the_trace_says_are_refused(void **state)
{
    enum { HEAD_BYTES = 31, TEXT_BYTES = 5 };
    static const unsigned char frames[] = {2, TEXT_BYTES, 2, 'a', 'b', 2, 'c', 1, 2, 'd', 'e', 0, 3};
    unsigned char raw[HEAD_BYTES + sizeof(frames) + 1] = {GBXI_PACK_VERSION}; /* and no lanes */
    gbx_error error = {0};

    (void)state;
    memcpy(raw + HEAD_BYTES, frames, sizeof(frames));
    for (unsigned char said = 0; said < TEXT_BYTES; said++) {
        raw[HEAD_BYTES + 1] = said;
        assert_int_equal(unpack_raw_bytes(raw, sizeof(raw), &error), GBX_ERR_SYNTAX);
        assert_string_equal(error.text, "the bytes of the trace are damaged");
    }
    raw[HEAD_BYTES + 1] = TEXT_BYTES;
    assert_int_equal(unpack_raw_bytes(raw, sizeof(raw), &error), GBX_ERR_OK);
    raw[HEAD_BYTES + 1] = 127; /* earlier versions counted the name of a file for each of its frames */
    assert_int_equal(unpack_raw_bytes(raw, sizeof(raw), &error), GBX_ERR_OK);
}

/* A frame of zstd says its size in its first bytes, and nothing else is here. */
static void a_trace_of_more_than_a_gibibyte_is_refused_before_it_is_unpacked(void **state)
{
    unsigned char head[] = {0x28, 0xb5, 0x2f, 0xfd, 0xe0, 1, 0, 0, 0x40, 0, 0, 0, 0};
    gbx_capture *capture = NULL;
    gbx_error error = {0};

    (void)state;
    assert_int_equal(ZSTD_getFrameContentSize(head, sizeof(head)), ((unsigned long long)1 << 30) + 1);
    assert_int_equal(gbxi_unpack(head, sizeof(head), &capture, &error), GBX_ERR_LIMIT);
    assert_string_equal(error.text, "the trace is larger than this version of glassbox reads");
    assert_null(capture);
}

static void what_is_no_packed_trace_is_refused(void **state)
{
    static const char text[] = "SQLite format 3";
    gbx_capture *capture = NULL;
    gbx_error error = {0};

    (void)state;
    assert_int_equal(gbxi_unpack(text, sizeof(text), &capture, &error), GBX_ERR_SYNTAX);
    assert_int_equal(gbxi_unpack(text, 0, &capture, &error), GBX_ERR_SYNTAX);
    assert_null(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_traces_come_back_byte_for_byte),
        cmocka_unit_test(a_restored_capture_is_packed_to_the_same_bytes),
        cmocka_unit_test(a_large_trace_comes_back_over_many_blocks),
        cmocka_unit_test(many_frames_of_one_file_come_back),
        cmocka_unit_test(bytes_that_end_early_are_refused),
        cmocka_unit_test(changed_bytes_never_do_harm),
        cmocka_unit_test(a_later_version_is_refused_by_name),
        cmocka_unit_test(frames_with_more_text_than_the_trace_says_are_refused),
        cmocka_unit_test(a_trace_of_more_than_a_gibibyte_is_refused_before_it_is_unpacked),
        cmocka_unit_test(what_is_no_packed_trace_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
