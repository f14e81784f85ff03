/* SPDX-License-Identifier: MIT */
/* Judging the frames of HTTP/2 clients. */
#include "runtime/http2/frame.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { DATA = 0, HEADERS = 1, PING = 6, CONTINUATION = 9, ORIGIN = 12 };
enum { END_HEADERS = 0x4, PADDED = 0x8, PRIORITY = 0x20 };

static uint8_t frame[GBXI_HTTP2_HEAD_BYTES + GBXI_HTTP2_PAYLOAD_BYTES + 2];

/* Writes a frame with a payload of references to the table, each of which is a field. Returns its length. */
static size_t write_frame(unsigned type, unsigned flags, size_t length)
{
    memset(frame, 0x82, sizeof(frame));
    frame[0] = (uint8_t)(length >> 16);
    frame[1] = (uint8_t)(length >> 8);
    frame[2] = (uint8_t)length;
    frame[3] = (uint8_t)type;
    frame[4] = (uint8_t)flags;
    return GBXI_HTTP2_HEAD_BYTES + length;
}

static void expect_verdict(gbxi_http2_verdict expected, unsigned type, unsigned flags, size_t length)
{
    size_t bytes = write_frame(type, flags, length), found = 0;

    assert_int_equal(gbxi_http2_judge(frame, bytes + 1, &found), expected);
    assert_int_equal(found, bytes);
}

static void a_frame_is_judged_when_it_is_whole(void **state)
{
    size_t bytes = write_frame(PING, 0, 8), found = 0;

    (void)state;
    for (size_t i = 0; i < bytes; i++)
        assert_int_equal(gbxi_http2_judge(frame, i, &found), GBXI_HTTP2_INCOMPLETE);
    assert_int_equal(gbxi_http2_judge(frame, bytes, &found), GBXI_HTTP2_PASS);
    assert_int_equal(found, bytes);
}

static void frames_that_libh2o_knows_pass(void **state)
{
    (void)state;
    for (unsigned type = 0; type < CONTINUATION; type++)
        expect_verdict(GBXI_HTTP2_PASS, type, END_HEADERS, 20);
    expect_verdict(GBXI_HTTP2_PASS, DATA, 0, GBXI_HTTP2_PAYLOAD_BYTES);
}

static void unknown_frames_are_dropped(void **state)
{
    (void)state;
    expect_verdict(GBXI_HTTP2_DROP, CONTINUATION + 1, 0, 5);
    expect_verdict(GBXI_HTTP2_DROP, ORIGIN, 0, 0);
    expect_verdict(GBXI_HTTP2_DROP, 255, 255, GBXI_HTTP2_PAYLOAD_BYTES);
}

static void headers_in_several_frames_are_refused(void **state)
{
    (void)state;
    expect_verdict(GBXI_HTTP2_REFUSE, HEADERS, 0, 5);
    expect_verdict(GBXI_HTTP2_REFUSE, CONTINUATION, END_HEADERS, 5);
}

static void headers_with_too_many_fields_are_refused(void **state)
{
    (void)state;
    expect_verdict(GBXI_HTTP2_PASS, HEADERS, END_HEADERS, GBXI_HTTP2_FIELDS_MAX);
    expect_verdict(GBXI_HTTP2_REFUSE, HEADERS, END_HEADERS, GBXI_HTTP2_FIELDS_MAX + 1);
    expect_verdict(GBXI_HTTP2_PASS, HEADERS, END_HEADERS | PRIORITY, 5 + GBXI_HTTP2_FIELDS_MAX);
    expect_verdict(GBXI_HTTP2_REFUSE, HEADERS, END_HEADERS | PRIORITY, 5 + GBXI_HTTP2_FIELDS_MAX + 1);
}

/* The first byte of the payload is the length of the padding, 0x82 here. */
static void padding_is_no_field(void **state)
{
    (void)state;
    expect_verdict(GBXI_HTTP2_PASS, HEADERS, END_HEADERS | PADDED, 1 + GBXI_HTTP2_FIELDS_MAX + 0x82);
    expect_verdict(GBXI_HTTP2_REFUSE, HEADERS, END_HEADERS | PADDED, 1 + GBXI_HTTP2_FIELDS_MAX + 1 + 0x82);
    expect_verdict(GBXI_HTTP2_PASS, HEADERS, END_HEADERS | PADDED, 0x82); /* damaged: libh2o will find out */
    expect_verdict(GBXI_HTTP2_PASS, HEADERS, END_HEADERS | PADDED, 0);
    expect_verdict(GBXI_HTTP2_PASS, HEADERS, END_HEADERS | PRIORITY, 4);
}

/* Not all of it has to arrive first. */
static void a_frame_over_the_size_is_refused_by_its_head(void **state)
{
    size_t found = 0;

    (void)state;
    write_frame(DATA, 0, GBXI_HTTP2_PAYLOAD_BYTES + 1);
    assert_int_equal(gbxi_http2_judge(frame, GBXI_HTTP2_HEAD_BYTES, &found), GBXI_HTTP2_REFUSE);
    write_frame(ORIGIN, 0, 0xffffff);
    assert_int_equal(gbxi_http2_judge(frame, GBXI_HTTP2_HEAD_BYTES, &found), GBXI_HTTP2_REFUSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_judged_when_it_is_whole),
        cmocka_unit_test(frames_that_libh2o_knows_pass),
        cmocka_unit_test(unknown_frames_are_dropped),
        cmocka_unit_test(headers_in_several_frames_are_refused),
        cmocka_unit_test(headers_with_too_many_fields_are_refused),
        cmocka_unit_test(padding_is_no_field),
        cmocka_unit_test(a_frame_over_the_size_is_refused_by_its_head),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
