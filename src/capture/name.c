/* SPDX-License-Identifier: MIT */
/* Owns the begin of spans with formatted names. If the format is a literal, the arguments are copied and settle.c
 * formats the name when the finished capture is read. Otherwise the name is formatted at once. */
#define _GNU_SOURCE
#include "base/cut.h"
#include "capture/format.h"
#include "capture/lane.h"
#include "capture/redact.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Room for the values of any name. */
enum { VALUES_SLOTS = (GBXI_FORMAT_BYTES_MAX + sizeof(gbxi_event) - 1) / sizeof(gbxi_event) };

/* A name to be stored: its text, or the values and the format that it is made of. */
typedef struct stored_name {
    const char *format; /* NULL for a text */
    const char *bytes;
    size_t used;   /* bytes */
    size_t length; /* bytes of the text */
} stored_name;

static inline size_t slots_of_name(const stored_name *name)
{
    return gbxi_event_slots(name->used > name->length ? name->used : name->length);
}

/* Takes the length of the text from the capture's budget. If nothing is left, the span gets its function's name. */
static inline bool takes_length(gbxi_lane *lane, gbx_span *span, const gbx_site *site, size_t length)
{
    if (__builtin_expect(gbxi_budget_take_text(lane->shared, length), true))
        return true;
    gbxi_lane_lose(lane);
    gbxi_span_begin(span, site);
    return false;
}

/* Begins a span at `at`, where the name's bytes are already in place. */
static inline void begin_named(gbxi_lane *lane, gbxi_event *at, gbx_span *span, const gbx_site *site,
                               const stored_name *name, const gbx_clock *clock)
{
    size_t slots = slots_of_name(name);
    gbxi_event_kind kind = name->format != NULL ? GBXI_EVENT_ENTER_VALUES : GBXI_EVENT_ENTER_FORMAT;

    *(gbxi_name *)(void *)(at + 1) = (gbxi_name){(uint32_t)name->length, (uint32_t)slots, name->format};
    if (name->format != NULL)
        gbxi_store_relaxed(&lane->block->has_values, true);
    gbxi_lane_begun(lane, at, 2 + slots, span, gbxi_event_word(kind, site), clock);
}

static void begin_stored(gbxi_lane *lane, gbx_span *span, const gbx_site *site, const stored_name *name)
{
    gbxi_event *at;

    if (!takes_length(lane, span, site, name->length) || (at = gbxi_lane_begin(lane, 2 + slots_of_name(name))) == NULL)
        return;
    memcpy(at + 2, name->bytes, name->used);
    begin_named(lane, at, span, site, name, lane->clock);
}

/* Applies the filter to a name in a buffer of GBXI_NAME_MAX bytes and a terminator; false if the name is redacted. */
__attribute__((noinline, cold)) static bool filter_name(const gbx_redaction *redaction, const gbx_site *site,
                                                        char *name, size_t *length)
{
    gbx_text text = {.size = sizeof(text),
                     .kind = GBX_TEXT_NAME,
                     .key = site->function,
                     .bytes = name,
                     .length = *length,
                     .capacity = GBXI_NAME_MAX};
    bool keep = gbxi_redaction_ask(redaction, &text);

    *length = text.length;
    return keep;
}

/* In a separate function so that names whose formatting is deferred need no stack space for the text. */
__attribute__((noinline, format(printf, 4, 0))) static void
begin_now(gbxi_lane *lane, gbx_span *span, const gbx_site *site, const char *format, va_list args)
{
    char text[GBXI_NAME_MAX + 1];
    int wanted = vsnprintf(text, sizeof(text), format, args);
    size_t length = gbxi_cut_printed(text, wanted, sizeof(text));

    if (gbxi_redaction_has_filter(lane->redaction) && !filter_name(lane->redaction, site, text, &length))
        gbxi_span_begin(span, site);
    else
        begin_stored(lane, span, site, &(stored_name){NULL, text, length, length});
}

static bool keeps_names(const gbxi_lane *lane)
{
    return lane->redaction == NULL || !lane->redaction->names;
}

void gbxi_span_begin_format(gbx_span *span, const gbx_site *site, const char *format, ...)
{
    gbxi_lane *lane = gbxi_lane_here;
    va_list args;

    if (!keeps_names(lane)) {
        gbxi_span_begin(span, site);
        return;
    }
    va_start(args, format);
    begin_now(lane, span, site, format, args);
    va_end(args);
}

/* %s and %.*s. NULL is left to printf. */
static inline bool take_plain_text(gbxi_format_values *values, const char *text, int precision)
{
    size_t length, most = precision >= 0 && precision < GBXI_NAME_MAX ? (size_t)precision : (size_t)GBXI_NAME_MAX;

    if (text == NULL)
        return false;
    length = strnlen(text, most);
    gbxi_values_keep_text(values, text, length);
    values->length += length;
    return true;
}

static inline void take_plain_number(gbxi_format_values *values, gbxi_plain_number plain, gbxi_format_source *source)
{
    uint64_t value, magnitude;
    bool negative;

    if (plain.is_wide)
        value = va_arg(source->list, uint64_t);
    else
        value = plain.has_sign ? (uint64_t)(int64_t)va_arg(source->list, int) : va_arg(source->list, unsigned);
    magnitude = gbxi_plain_magnitude(plain, value, &negative);
    gbxi_values_keep(values, &value, sizeof(value));
    values->length += negative + gbxi_count_decimals(magnitude);
}

/* Like gbxi_format_take, but the most frequent conversions are not parsed. */
static inline const char *take_next_value(gbxi_format_values *values, const char *at, gbxi_format_source *source)
{
    gbxi_plain_number plain;
    gbxi_format_values taken;
    int precision = GBXI_FIELD_NONE;

    if (*at == 's' || gbxi_is_cut_text(at)) {
        if (*at == '.')
            precision = va_arg(source->list, int);
        at += *at == '.' ? 3 : 1;
        return take_plain_text(values, va_arg(source->list, const char *), precision) ? at : NULL;
    }
    plain = gbxi_plain_number_at(at);
    if (plain.end != NULL) {
        take_plain_number(values, plain, source);
        return plain.end;
    }
    taken = *values; /* so that the compiler keeps `values` in registers */
    at = gbxi_format_take(&taken, at, source);
    *values = taken;
    return at;
}

/* Copies the arguments of `format` to `values->bytes` and computes the length of the name. False if the format is not
 * deferred; then some arguments have been taken. Inline, because this is most of what such a span costs. */
static inline bool take_values(gbxi_format_values *values, const char *format, gbxi_format_source *source)
{
    size_t count = 0;

    for (;;) {
        const char *end = gbxi_format_literal_end(format);
        values->length += (size_t)(end - format);
        if (*end == '\0')
            break;
        format = end + 1;
        if (*format == '%') {
            values->length++;
            format++;
        } else if (count++ == GBXI_FORMAT_VALUES_MAX || (format = take_next_value(values, format, source)) == NULL) {
            return false;
        }
    }
    if (values->length > GBXI_NAME_MAX)
        values->length = GBXI_NAME_MAX;
    return true;
}

/* Begins a span when room or budget must be obtained first, or the clock is the host's. The values are copied twice. */
__attribute__((noinline)) static bool begin_slowly_with_values(gbxi_lane *lane, gbx_span *span, const gbx_site *site,
                                                               const char *format, gbxi_format_source *source)
{
    char bytes[GBXI_FORMAT_BYTES_MAX];
    gbxi_format_values values = {.bytes = bytes};

    if (!take_values(&values, format, source))
        return false;
    begin_stored(lane, span, site, &(stored_name){format, bytes, values.used, values.length});
    return true;
}

/* Copies the values to where they stay. False if the format is not deferred. */
static inline bool begin_with_values(gbxi_lane *lane, gbx_span *span, const gbx_site *site, const char *format,
                                     gbxi_format_source *source)
{
    gbxi_event *at = gbxi_load_relaxed(&lane->cursor);
    gbxi_format_values values = {.bytes = (char *)(at + 2)};

    if (__builtin_expect(!gbxi_lane_is_ready(lane, at, 2 + VALUES_SLOTS), false))
        return begin_slowly_with_values(lane, span, site, format, source);
    if (!take_values(&values, format, source))
        return false;
    if (takes_length(lane, span, site, values.length))
        begin_named(lane, at, span, site, &(stored_name){format, values.bytes, values.used, values.length}, NULL);
    return true;
}

/* A filter needs the text. */
void gbxi_span_begin_text(gbx_span *span, const gbx_site *site, int is_literal, const char *format, ...)
{
    gbxi_lane *lane = gbxi_lane_here;
    gbxi_format_source source;
    bool begun = false;

    if (!keeps_names(lane)) {
        gbxi_span_begin(span, site);
        return;
    }
    if (is_literal && !gbxi_redaction_has_filter(lane->redaction)) {
        va_start(source.list, format);
        begun = begin_with_values(lane, span, site, format, &source);
        va_end(source.list);
    }
    if (begun)
        return;
    va_start(source.list, format);
    begin_now(lane, span, site, format, source.list);
    va_end(source.list);
}
