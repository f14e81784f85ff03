/* SPDX-License-Identifier: MIT */
/* Checks the pprof document against the events of the speedscope document: it is well-formed, every number that refers
 * to something refers to something that is there, and the values add up. */
#include "meaning_model.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { UNPACKED_BYTES_MAX = 1 << 26 };

typedef struct field {
    unsigned number;
    uint64_t value;       /* of a number */
    const uint8_t *bytes; /* of anything else */
    size_t length;
} field;

typedef struct profile {
    uint64_t strings, functions, locations, samples, calls, self_ns;
    uint64_t string_max, function_max, location_max; /* the highest numbers that something refers to */
} profile;

static bool take_varint(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        REQUIRE(*at < end);
        *value |= (uint64_t)(**at & 0x7F) << shift;
        if (*(*at)++ < 0x80)
            return true;
    }
    return meaning_complain(__FILE__, __LINE__, "a number is too long");
}

static bool take_protobuf_field(const uint8_t **at, const uint8_t *end, field *f)
{
    uint64_t tag;

    *f = (field){0};
    if (!take_varint(at, end, &tag) || !take_varint(at, end, &f->value))
        return false;
    f->number = (unsigned)(tag >> 3);
    REQUIRE((tag & 7) == 0 || (tag & 7) == 2);
    if ((tag & 7) == 0)
        return true;
    REQUIRE(f->value <= (uint64_t)(end - *at));
    f->bytes = *at;
    f->length = (size_t)f->value;
    *at += f->length;
    return true;
}

static void refer(uint64_t *max, uint64_t number)
{
    if (number > *max)
        *max = number;
}

static bool read_numbers(const field *packed, uint64_t *first, uint64_t *second, uint64_t *max)
{
    const uint8_t *at = packed->bytes, *end = at + packed->length;
    uint64_t number;

    for (size_t i = 0; at < end; i++) {
        if (!take_varint(&at, end, &number))
            return false;
        refer(max, number);
        if (i < 2)
            *(i == 0 ? first : second) = number;
    }
    return true;
}

static bool read_sample(profile *p, const field *message)
{
    uint64_t calls = 0, self_ns = 0, unused = 0;
    const uint8_t *at = message->bytes, *end = at + message->length;
    bool good = true;

    for (field f; good && at < end;) {
        good = take_protobuf_field(&at, end, &f);
        if (good && f.number == 1)
            good = read_numbers(&f, &unused, &unused, &p->location_max);
        else if (good && f.number == 2)
            good = read_numbers(&f, &calls, &self_ns, &unused);
    }
    REQUIRE(!good || calls > 0);
    p->samples++;
    p->calls += calls;
    p->self_ns += self_ns;
    return good;
}

/* Functions have strings, and locations have numbers of their own; both begin with their number. */
static bool read_numbered(const field *message, uint64_t *count, uint64_t *string_max)
{
    const uint8_t *at = message->bytes, *end = at + message->length;

    ++*count;
    for (field f; at < end;) {
        if (!take_protobuf_field(&at, end, &f))
            return false;
        REQUIRE(f.number != 1 || f.value == *count);
        if (string_max != NULL && (f.number == 2 || f.number == 4))
            refer(string_max, f.value);
    }
    return true;
}

static bool read_profile(profile *p, const uint8_t *at, const uint8_t *end)
{
    bool good = true;

    for (field f; good && at < end;) {
        good = take_protobuf_field(&at, end, &f);
        if (good && f.number == 2)
            good = read_sample(p, &f);
        else if (good && f.number == 4)
            good = read_numbered(&f, &p->locations, NULL);
        else if (good && f.number == 5)
            good = read_numbered(&f, &p->functions, &p->string_max);
        p->strings += good && f.number == 6;
        if (good && (f.number == 13 || f.number == 14))
            refer(&p->string_max, f.value);
    }
    return good;
}

static bool check_profile(const model *m, const uint8_t *bytes, size_t length)
{
    profile p = {0};

    if (!read_profile(&p, bytes, bytes + length))
        return false;
    REQUIRE(p.calls == m->event_count / 2);
    REQUIRE(p.self_ns == m->self_ns);
    REQUIRE(p.functions == m->frame_count && p.locations == m->frame_count);
    REQUIRE(p.location_max <= p.locations && p.string_max < p.strings);
    REQUIRE((p.samples > 0) == (m->event_count > 0));
    return true;
}

bool meaning_check_pprof(const model *m, const char *packed, size_t length)
{
    static uint8_t unpacked[UNPACKED_BYTES_MAX];
    z_stream stream = {.next_in = (unsigned char *)packed, .avail_in = (unsigned)length};
    int result;

    REQUIRE(inflateInit2(&stream, MAX_WBITS + 16) == Z_OK);
    stream.next_out = unpacked;
    stream.avail_out = sizeof(unpacked);
    result = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    REQUIRE(result == Z_STREAM_END && stream.avail_in == 0);
    return check_profile(m, unpacked, sizeof(unpacked) - stream.avail_out);
}
