/* SPDX-License-Identifier: MIT */
/* Redaction by key, by kind and by filter keeps text out of a capture, and the text is not stored. */
#define _GNU_SOURCE
#include "capture/lane.h"
#include "capture/state.h"
#include "shape.h"
#include <glassbox/span.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Runs `work` under a capture of its own and returns it finished. NULL redacts nothing. */
static gbx_capture *record(void (*work)(void), const gbx_redaction_options *what)
{
    gbx_redaction *redaction = gbx_redaction_new(what);
    gbx_capture *capture =
        gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .redaction = redaction});
    gbx_scope scope = gbx_capture_enter(capture);

    assert_non_null(redaction);
    gbx_redaction_unref(redaction);
    work();
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    return capture;
}

/* Unrefs, and wipes before that: the pool gives blocks out again as they are. */
static void drop(gbx_capture *capture)
{
    for (size_t i = 0; i < capture->lane_count; ++i) {
        gbxi_lane *lane = capture->lanes[i];

        memset(lane->first.events, 0, (size_t)((char *)lane + GBXI_BLOCK_BYTES - (char *)lane->first.events));
        for (gbxi_block *block = lane->first.next; block != NULL; block = block->next)
            memset(block->events, 0, GBXI_BLOCK_BYTES - sizeof(*block));
    }
    gbx_capture_unref(capture);
}

static void check(void (*work)(void), const gbx_redaction_options *what, const char *expected)
{
    gbx_capture *capture = record(work, what);

    assert_string_equal(shape_of(capture, 0), expected);
    drop(capture);
}

/* Whether the bytes are anywhere in what the capture's lanes own, used or not. */
static bool is_stored(const gbx_capture *capture, const char *bytes)
{
    for (size_t i = 0; i < capture->lane_count; ++i) {
        if (memmem(capture->lanes[i], GBXI_BLOCK_BYTES, bytes, strlen(bytes)) != NULL)
            return true;
        for (const gbxi_block *block = capture->lanes[i]->first.next; block != NULL; block = block->next)
            if (memmem(block, GBXI_BLOCK_BYTES, bytes, strlen(bytes)) != NULL)
                return true;
    }
    return false;
}

static const char *const sensitive[] = {"password", "Card.Number", "user.*", NULL};
static const gbx_redaction_options by_key = {.size = sizeof(by_key), .keys = sensitive};

static void sign_in(void)
{
    GBX_SPAN_NAMED("sign in");
    gbx_note_str("password", "open-sesame-1");
    gbx_note_str("passwords", "none");
    gbx_note_int("card.number", 4111111111111111);
    gbx_note_double("USER.BALANCE", 0.5);
    gbx_note_str("user", "kept");
    gbx_note_str("tries", "1");
    gbx_note_str("pass", NULL);
}

static void sensitive_notes_are_redacted_whatever_their_type_and_never_stored(void **state)
{
    gbx_capture *capture = record(sign_in, NULL);

    (void)state;
    assert_true(is_stored(capture, "open-sesame-1"));
    drop(capture);
    capture = record(sign_in, &by_key);
    assert_string_equal(shape_of(capture, 0), "sign in{password=[redacted]}{passwords=none}{card.number=[redacted]}"
                                              "{USER.BALANCE=[redacted]}{user=kept}{tries=1}{pass=}");
    assert_false(is_stored(capture, "open-sesame-1"));
    drop(capture);
}

static void note_and_fail_outside(void)
{
    gbx_note_str("password", "open-sesame-1");
    gbx_note_int("card.number", 4111111111111111);
    gbx_span_fail("open-sesame-1");
}

static void what_belongs_to_the_trace_is_redacted_like_what_belongs_to_a_span(void **state)
{
    gbx_redaction_options options = by_key;
    gbx_capture *capture;

    (void)state;
    options.reasons = true;
    capture = record(note_and_fail_outside, &options);
    assert_string_equal(shape_of(capture, 0), "{password=[redacted]} {card.number=[redacted]} ![redacted]");
    assert_false(is_stored(capture, "open-sesame-1"));
    drop(capture);
}

static char long_key[200];

static void note_long_key(void)
{
    GBX_SPAN_NAMED("a");
    gbx_note_str(long_key, "secret");
}

static void a_key_that_is_cut_is_still_recognised(void **state)
{
    const char *const keys[] = {long_key, NULL};
    char expected[256];

    (void)state;
    memset(long_key, 'k', sizeof(long_key) - 1);
    snprintf(expected, sizeof(expected), "a{%.*s=[redacted]}", (int)GBXI_KEY_MAX, long_key);
    check(note_long_key, &(gbx_redaction_options){.size = sizeof(gbx_redaction_options), .keys = keys}, expected);
}

static void a_lone_star_takes_all_notes_and_an_empty_key_only_itself(void **state)
{
    static const char *const all[] = {"*", NULL};
    static const char *const none[] = {"", NULL};

    (void)state;
    check(sign_in, &(gbx_redaction_options){.size = sizeof(gbx_redaction_options), .keys = all},
          "sign in{password=[redacted]}{passwords=[redacted]}{card.number=[redacted]}{USER.BALANCE=[redacted]}"
          "{user=[redacted]}{tries=[redacted]}{pass=[redacted]}");
    check(sign_in, &(gbx_redaction_options){.size = sizeof(gbx_redaction_options), .keys = none},
          "sign in{password=open-sesame-1}{passwords=none}{card.number=4111111111111111}{USER.BALANCE=0.5}"
          "{user=kept}{tries=1}{pass=}");
}

static int formatted;

static const char *format_argument(void)
{
    ++formatted;
    return "nancy@example.org";
}

static void find_user(void)
{
    GBX_SPAN_FMT("find(%s)", format_argument());
    gbx_span_fail("no user nancy@example.org");
}

static void names_and_reasons_can_be_kept_out_by_kind(void **state)
{
    gbx_capture *capture = record(
        find_user, &(gbx_redaction_options){.size = sizeof(gbx_redaction_options), .names = true, .reasons = true});

    (void)state;
    assert_string_equal(shape_of(capture, 0), "find_user![redacted]");
    assert_false(is_stored(capture, "nancy"));
    drop(capture);
    check(find_user, &(gbx_redaction_options){.size = sizeof(gbx_redaction_options), .names = true},
          "find_user!no user nancy@example.org");
    check(find_user, &(gbx_redaction_options){.size = sizeof(gbx_redaction_options), .reasons = true},
          "find(nancy@example.org)![redacted]");
    assert_int_equal(formatted, 3);
}

/* Masks what stands before an @, refuses every text with "sesame" in it, and keeps a log of what it was asked. */
static char asked[1024];

static bool mask(void *context, gbx_text *text)
{
    static const char *const kinds[] = {"note", "number", "name", "reason", "capture"};
    char *at = memchr(text->bytes, '@', text->length);
    size_t used = strlen(asked);

    GBX_SPAN_NAMED("the filter's own");
    gbx_note_str("filter", "must not be recorded");
    assert_ptr_equal(context, asked);
    assert_null(gbx_capture_current());
    assert_int_equal(text->bytes[text->length], '\0');
    snprintf(asked + used, sizeof(asked) - used, "%s(%s)=%s;", kinds[text->kind], text->key, text->bytes);
    while (at != NULL && at > text->bytes && at[-1] != ' ' && at[-1] != '(')
        *--at = '*';
    return strstr(text->bytes, "sesame") == NULL;
}

static const gbx_redaction_options by_filter = {
    .size = sizeof(by_filter), .keys = sensitive, .filter = mask, .context = asked};

static void sign_in_and_find(void)
{
    sign_in();
    find_user();
    gbx_note_str("outside", "by nancy@example.org");
}

static void a_filter_is_asked_about_every_text_that_is_left_and_may_change_it(void **state)
{
    const char *const no_keys[] = {NULL};
    gbx_redaction_options redaction = {.size = sizeof(redaction), .keys = no_keys, .filter = mask, .context = asked};
    gbx_capture *capture;

    (void)state;
    asked[0] = '\0';
    capture = record(sign_in_and_find, &redaction);
    assert_string_equal(asked, "capture()=capture;note(password)=open-sesame-1;note(passwords)=none;"
                               "number(card.number)=4111111111111111;number(USER.BALANCE)=0.5;note(user)=kept;"
                               "note(tries)=1;note(pass)=;name(find_user)=find(nancy@example.org);"
                               "reason()=no user nancy@example.org;note(outside)=by nancy@example.org;");
    assert_string_equal(shape_of(capture, 0),
                        "sign in{password=[redacted]}{passwords=none}{card.number=4111111111111111}"
                        "{USER.BALANCE=0.5}{user=kept}{tries=1}{pass=} find(*****@example.org)!no user "
                        "*****@example.org {outside=by *****@example.org}");
    assert_false(is_stored(capture, "nancy"));
    drop(capture);
}

static void what_keys_redact_the_filter_never_sees(void **state)
{
    (void)state;
    asked[0] = '\0';
    drop(record(sign_in, &by_filter));
    assert_string_equal(asked, "capture()=capture;note(passwords)=none;note(user)=kept;note(tries)=1;note(pass)=;");
}

static bool refuse(void *context, gbx_text *text)
{
    (void)context;
    return text->kind == GBX_TEXT_NOTE && strcmp(text->key, "user") == 0;
}

static void what_a_filter_refuses_is_redacted_by_the_rule_of_its_kind(void **state)
{
    const gbx_redaction_options redaction = {.size = sizeof(redaction), .filter = refuse};
    gbx_capture *capture = record(sign_in_and_find, &redaction);

    (void)state;
    assert_string_equal(capture->name, "[redacted]");
    assert_string_equal(shape_of(capture, 0),
                        "sign in{password=[redacted]}{passwords=[redacted]}{card.number=[redacted]}"
                        "{USER.BALANCE=[redacted]}{user=kept}{tries=[redacted]}{pass=[redacted]} "
                        "find_user![redacted] {outside=[redacted]}");
    drop(capture);
}

/* Fills what there is room for and claims more; a number becomes text by it. */
static bool overfill(void *context, gbx_text *text)
{
    (void)context;
    memset(text->bytes, 'x', text->capacity);
    text->length = SIZE_MAX;
    text->bytes = NULL;
    text->capacity = SIZE_MAX;
    return true;
}

static void note_three(void)
{
    GBX_SPAN_FMT("%d", 1);
    gbx_note_str("s", "");
    gbx_note_int("i", INT64_MIN);
    gbx_span_fail(NULL);
}

static void a_filter_cannot_write_or_claim_more_than_its_room(void **state)
{
    const gbx_redaction_options redaction = {.size = sizeof(redaction), .filter = overfill};
    gbx_capture *capture = record(note_three, &redaction);
    const char *shape = shape_of(capture, 0);

    (void)state;
    assert_int_equal(strlen(capture->name), GBXI_CAPTURE_NAME_MAX);
    assert_int_equal(strspn(shape, "x"), GBXI_NAME_MAX);
    assert_int_equal(strlen(shape), GBXI_NAME_MAX + 3 * (size_t)GBXI_TEXT_MAX + sizeof("{s=}{i=}!") - 1);
    drop(capture);
}

/* Keeps two bytes and does not terminate them. */
static bool keep_two_bytes(void *context, gbx_text *text)
{
    (void)context;
    text->length = 2;
    return true;
}

static void note_four(void)
{
    GBX_SPAN_FMT("%s", "name");
    gbx_note_str("s", "text");
    gbx_note_int("i", 123);
    gbx_note_double("d", 0.25);
    gbx_span_fail("reason");
}

static void a_filter_can_shorten_every_text(void **state)
{
    const gbx_redaction_options redaction = {.size = sizeof(redaction), .filter = keep_two_bytes};
    gbx_capture *capture = record(note_four, &redaction);

    (void)state;
    assert_string_equal(capture->name, "ca");
    assert_string_equal(shape_of(capture, 0), "na{s=te}{i=12}{d=0.}!re");
    drop(capture);
}

static void *find_on_a_thread(void *capture)
{
    for (int i = 0; i < 200; ++i) {
        GBX_ENTER(capture);
        GBX_SPAN_FMT("%s", "nancy");
        gbx_note_str("password", "open-sesame-2");
    }
    return NULL;
}

static void every_thread_of_a_capture_redacts(void **state)
{
    const gbx_redaction_options redaction = {.size = sizeof(redaction), .keys = sensitive, .names = true};
    gbx_redaction *made = gbx_redaction_new(&redaction);
    gbx_capture *capture =
        gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .redaction = made});
    pthread_t threads[4];

    (void)state;
    gbx_redaction_unref(made);
    for (size_t i = 0; i < 4; ++i)
        assert_int_equal(pthread_create(&threads[i], NULL, find_on_a_thread, capture), 0);
    for (size_t i = 0; i < 4; ++i)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    gbx_capture_finish(capture);
    assert_int_equal(capture->lane_count, 4);
    assert_false(is_stored(capture, "open-sesame-2"));
    assert_false(is_stored(capture, "nancy"));
    for (size_t i = 0; i < 4; ++i)
        assert_true(memmem(shape_of(capture, i), 50, "find_on_a_thread{password=[redacted]}", 37) != NULL);
    drop(capture);
}

static void a_redaction_is_its_own_captures_alone(void **state)
{
    gbx_redaction *redaction = gbx_redaction_new(&by_key);
    gbx_capture *outer =
        gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .redaction = redaction});
    gbx_scope scope = gbx_capture_enter(outer);
    gbx_capture *inner = record(sign_in, NULL);

    (void)state;
    gbx_redaction_unref(redaction);
    sign_in();
    gbx_capture_leave(scope);
    gbx_capture_finish(outer);
    assert_non_null(strstr(shape_of(inner, 0), "{password=open-sesame-1}"));
    assert_non_null(strstr(shape_of(outer, 0), "{password=[redacted]}"));
    drop(inner);
    drop(outer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sensitive_notes_are_redacted_whatever_their_type_and_never_stored),
        cmocka_unit_test(what_belongs_to_the_trace_is_redacted_like_what_belongs_to_a_span),
        cmocka_unit_test(a_key_that_is_cut_is_still_recognised),
        cmocka_unit_test(a_lone_star_takes_all_notes_and_an_empty_key_only_itself),
        cmocka_unit_test(names_and_reasons_can_be_kept_out_by_kind),
        cmocka_unit_test(a_filter_is_asked_about_every_text_that_is_left_and_may_change_it),
        cmocka_unit_test(what_keys_redact_the_filter_never_sees),
        cmocka_unit_test(what_a_filter_refuses_is_redacted_by_the_rule_of_its_kind),
        cmocka_unit_test(a_filter_cannot_write_or_claim_more_than_its_room),
        cmocka_unit_test(a_filter_can_shorten_every_text),
        cmocka_unit_test(every_thread_of_a_capture_redacts),
        cmocka_unit_test(a_redaction_is_its_own_captures_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
