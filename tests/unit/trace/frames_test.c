/* SPDX-License-Identifier: MIT */
/* The table of frames, with handmade records. */
#include "base/hash.h"
#include "colliding.h"
#include "trace/frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NAMES = 1000, NAME_BYTES = 32, COLLIDING = 40000 };

static const gbx_site site = {"site", "site", "src/site.c", 1, {0}};

static gbx_record record_named(const char *name)
{
    return (gbx_record){.kind = GBX_RECORD_ENTER, .site = &site, .name = name, .format_length = (uint32_t)strlen(name)};
}

static int by_hash(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

/* How many different hashes the frames' names have. */
static uint32_t count_hashes(const gbxi_frames *frames)
{
    uint32_t hashes[NAMES];
    uint32_t count = 0;
    uint32_t distinct = 0;

    for (size_t i = 0; i < frames->names.slot_count; i++) {
        gbxi_table_slot slot;
        memcpy(&slot, frames->names.slots + i * sizeof(slot), sizeof(slot));
        if (slot.number != 0)
            hashes[count++] = slot.hash;
    }
    assert_int_equal(count, NAMES);
    qsort(hashes, count, sizeof(hashes[0]), by_hash);
    for (uint32_t i = 0; i < count; i++)
        distinct += i == 0 || hashes[i] != hashes[i - 1];
    return distinct;
}

/* Interns names that differ only in the number between the two strings. Hardly any have the same hash. */
static void check_hashes(const char *before, const char *after)
{
    static char names[NAMES][NAME_BYTES];
    gbxi_frames frames;

    assert_true(gbxi_frames_init(&frames, 0));
    for (uint32_t i = 0; i < NAMES; i++) {
        gbx_record record;
        snprintf(names[i], sizeof(names[i]), "%s%03u%s", before, i, after);
        record = record_named(names[i]);
        assert_int_equal(gbxi_frames_intern(&frames, &record), i);
    }
    for (uint32_t i = 0; i < NAMES; i++) {
        gbx_record record = record_named(names[i]);
        assert_int_equal(gbxi_frames_intern(&frames, &record), i);
    }
    assert_true(count_hashes(&frames) >= NAMES - 1);
    gbxi_frames_fini(&frames);
}

static void names_hash_apart_wherever_they_differ(void **state)
{
    (void)state;
    check_hashes("", " is at the start");
    check_hashes("the number ", " is inside");
    check_hashes("at the end is ", "");
    check_hashes("", "");
}

/* The slots that searches for all names pass before they find theirs. */
static size_t count_passed_slots(const gbxi_table *names)
{
    size_t passed = 0;

    for (size_t i = 0; i < names->slot_count; i++) {
        gbxi_table_slot slot;
        memcpy(&slot, names->slots + i * sizeof(slot), sizeof(slot));
        if (slot.number != 0)
            passed += (i - slot.hash) & (names->slot_count - 1);
    }
    return passed;
}

/* Half of a slot for each name is usual in a table that is half full. */
static void names_chosen_to_collide_do_not(void **state)
{
    char *names = malloc((size_t)COLLIDING * COLLIDING_NAME_BYTES);
    gbxi_frames frames;

    (void)state;
    assert_non_null(names);
    assert_true(gbxi_frames_init(&frames, 0));
    for (uint32_t i = 0; i < COLLIDING; i++) {
        char *name = names + (size_t)i * COLLIDING_NAME_BYTES;
        gbx_record record = {
            .kind = GBX_RECORD_ENTER, .site = &site, .name = name, .format_length = COLLIDING_NAME_BYTES};
        colliding_name(i, site.line, name);
        assert_int_equal(gbxi_frames_intern(&frames, &record), i);
    }
    assert_true(count_passed_slots(&frames.names) < COLLIDING);
    gbxi_frames_fini(&frames);
    free(names);
}

static uint32_t first_hash(uint64_t key)
{
    gbx_record record = record_named("link(chapter)");
    gbxi_frames frames;
    uint32_t hash = 0;

    assert_true(gbxi_frames_init(&frames, 0));
    if (key != 0)
        frames.key = key;
    assert_int_equal(gbxi_frames_intern(&frames, &record), 0);
    for (size_t i = 0; i < frames.names.slot_count; i++) {
        gbxi_table_slot slot;
        memcpy(&slot, frames.names.slots + i * sizeof(slot), sizeof(slot));
        if (slot.number != 0)
            hash = slot.hash;
    }
    gbxi_frames_fini(&frames);
    return hash;
}

static void hashes_of_names_depend_on_the_key_of_the_process(void **state)
{
    (void)state;
    assert_int_equal(first_hash(0), first_hash(gbxi_hash_key()));
    assert_true(first_hash(0) != first_hash(gbxi_hash_key() + 1));
    assert_true(first_hash(1) != first_hash(2));
}

static void ended_frames_are_empty(void **state)
{
    gbx_record record = record_named("link");
    gbxi_frames frames;

    (void)state;
    assert_true(gbxi_frames_init(&frames, 0));
    assert_int_equal(gbxi_frames_intern(&frames, &record), 0);
    gbxi_frames_fini(&frames);
    assert_null(frames.at);
    assert_null(frames.sites.slots);
    assert_null(frames.names.slots);
    assert_int_equal(frames.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_hash_apart_wherever_they_differ),
        cmocka_unit_test(names_chosen_to_collide_do_not),
        cmocka_unit_test(hashes_of_names_depend_on_the_key_of_the_process),
        cmocka_unit_test(ended_frames_are_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
