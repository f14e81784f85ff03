/* SPDX-License-Identifier: MIT */
/* A gzip-compressed profile of pprof: https://github.com/google/pprof/blob/main/proto/profile.proto
 *
 * A sample for each distinct stack, with two values: its calls, and its self time in nanoseconds, which is the default
 * and the last, as some readers take the last. Its labels are the thread's name and number. A function is a name, file
 * and line; it has no system name, because pprof would shorten a name that equals it. One mapping says that functions
 * need no looking up. Comments tell what the format has no members for. */
#include "export/format.h"
#include "export/gzip_writer.h"
#include "export/identity.h"
#include "export/plain.h"
#include "export/protobuf.h"
#include "export/remark.h"
#include "trace/stacks.h"
#include <glassbox/version.h>

#include <stdlib.h>
#include <string.h>

/* The numbers of the fields. */
enum profile_field {
    PROFILE_SAMPLE_TYPE = 1,
    PROFILE_SAMPLE = 2,
    PROFILE_MAPPING = 3,
    PROFILE_LOCATION = 4,
    PROFILE_FUNCTION = 5,
    PROFILE_STRING = 6,
    PROFILE_TIME_NS = 9,
    PROFILE_DURATION_NS = 10,
    PROFILE_COMMENT = 13,
    PROFILE_DEFAULT_SAMPLE_TYPE = 14
};
enum value_type_field { VALUE_TYPE_TYPE = 1, VALUE_TYPE_UNIT = 2 };
enum sample_field { SAMPLE_LOCATIONS = 1, SAMPLE_VALUES = 2, SAMPLE_LABEL = 3 };
enum label_field { LABEL_KEY = 1, LABEL_STRING = 2, LABEL_NUMBER = 3 };
enum mapping_field { MAPPING_ID = 1, MAPPING_HAS_FUNCTIONS = 7, MAPPING_HAS_FILES = 8, MAPPING_HAS_LINES = 9 };
enum location_field { LOCATION_ID = 1, LOCATION_MAPPING = 2, LOCATION_LINE = 4 };
enum line_field { LINE_FUNCTION = 1, LINE_LINE = 2 };
enum function_field { FUNCTION_ID = 1, FUNCTION_NAME = 2, FUNCTION_FILE = 4, FUNCTION_LINE = 5 };

/* The first strings. The comments, the threads' names and those of the functions follow. */
static const char *const fixed_strings[] = {"", "calls", "count", "wall", "nanoseconds", "thread", "tid"};
enum fixed_string {
    STRING_NONE,
    STRING_CALLS,
    STRING_COUNT,
    STRING_WALL,
    STRING_NS,
    STRING_THREAD,
    STRING_TID,
    FIXED_STRINGS
};

/* Room for a message without the locations of a stack, and for the longest location. */
enum { COMMENTS_MAX = 5, MESSAGE_BYTES_MAX = 10 * GBXI_PROTOBUF_FIELD_MAX, LOCATION_BYTES_MAX = 5, MAPPING = 1 };

typedef enum pprof_phase {
    PPROF_HEAD,
    PPROF_SAMPLES,
    PPROF_FUNCTIONS,
    PPROF_STRINGS,
    PPROF_END,
    PPROF_DONE
} pprof_phase;

typedef struct pprof {
    const gbxi_trace *trace;
    gbxi_stacks stacks;
    gbxi_gzip_writer gzip;
    unsigned char *locations; /* of a stack */
    pprof_phase phase;
    uint32_t next;        /* stack or frame */
    const char *file;     /* of the last function: most have the same */
    uint32_t file_string; /* its number */
    uint32_t strings;     /* strings that are numbered so far */
    uint32_t comment_count;
    gbxi_remark comments[COMMENTS_MAX];
} pprof;

static void add_comment(pprof *p, const char *label, const char *text, size_t length)
{
    gbxi_remark *comment = &p->comments[p->comment_count++];

    gbxi_remark_begin(comment, GBXI_REMARK_BYTES_MAX);
    gbxi_remark_add(comment, label, strlen(label));
    gbxi_remark_add(comment, text, length);
}

/* What is missing in the trace. */
static void add_comment_on_truncation(pprof *p)
{
    char digits[GBXI_JSON_DIGITS_MAX];

    add_comment(p, "truncated, dropped spans: ", digits,
                (size_t)(gbxi_json_digits(digits, p->trace->facts.dropped_spans) - digits));
}

/* What was said of the trace itself. */
static void add_comment_on_trace(pprof *p)
{
    const gbxi_trace *trace = p->trace;
    gbxi_remark *comment = &p->comments[p->comment_count];

    add_comment(p, "trace", "", 0);
    if (trace->failed)
        gbxi_remark_add_failure(comment, trace->failure.reason, trace->failure.reason_length);
    gbxi_remark_add_notes(comment, trace->own.notes, trace->own.note_count);
}

static void add_comments(pprof *p)
{
    const gbx_capture_facts *facts = &p->trace->facts;
    char trace_id[GBXI_TRACE_ID_DIGITS];

    gbxi_trace_id_format(p->trace->facts.trace_id, trace_id);
    add_comment(p, "name: ", facts->name, strlen(facts->name));
    add_comment(p, "trace_id: ", trace_id, sizeof(trace_id));
    add_comment(p, "exporter: glassbox@", GBX_VERSION, strlen(GBX_VERSION));
    if (facts->truncated)
        add_comment_on_truncation(p);
    if (p->trace->failed || p->trace->own.note_count > 0)
        add_comment_on_trace(p);
}

static bool pprof_init(void *state, const gbxi_trace *trace, const gbx_export_options *options)
{
    pprof *p = state;

    (void)options;
    p->trace = trace;
    add_comments(p);
    p->strings = FIXED_STRINGS + p->comment_count + (uint32_t)trace->facts.lane_count;
    if (!gbxi_stacks_init(&p->stacks, trace) || !gbxi_gzip_writer_init(&p->gzip))
        return false;
    p->locations = malloc(((size_t)p->stacks.depth_max + 1) * LOCATION_BYTES_MAX);
    return p->locations != NULL;
}

static void pprof_fini(void *state)
{
    pprof *p = state;

    free(p->locations);
    gbxi_gzip_writer_fini(&p->gzip);
    gbxi_stacks_fini(&p->stacks);
}

static void pprof_put_bytes(pprof *p, gbxi_json_writer *writer, const unsigned char *from, const unsigned char *to)
{
    gbxi_gzip_writer_add(&p->gzip, writer, from, (size_t)(to - from));
}

/* Writes what comes before a text or a message. */
static void pprof_put_length(pprof *p, gbxi_json_writer *writer, unsigned field, size_t length)
{
    unsigned char head[GBXI_PROTOBUF_FIELD_MAX];

    pprof_put_bytes(p, writer, head, gbxi_protobuf_bytes(head, field, length));
}

static void pprof_put_number(pprof *p, gbxi_json_writer *writer, unsigned field, uint64_t value)
{
    unsigned char number[GBXI_PROTOBUF_FIELD_MAX];

    pprof_put_bytes(p, writer, number, gbxi_protobuf_uint(number, field, value));
}

static void pprof_put_message(pprof *p, gbxi_json_writer *writer, unsigned field, const unsigned char *from,
                              const unsigned char *to)
{
    pprof_put_length(p, writer, field, (size_t)(to - from));
    pprof_put_bytes(p, writer, from, to);
}

static void pprof_put_string(pprof *p, gbxi_json_writer *writer, const char *text, size_t length)
{
    gbxi_plain plain = gbxi_plain_of(text, length, GBXI_PLAIN_UTF8);

    pprof_put_length(p, writer, PROFILE_STRING, gbxi_plain_length(plain));
    for (gbxi_view piece; gbxi_plain_next(&plain, &piece);)
        gbxi_gzip_writer_add(&p->gzip, writer, piece.at, piece.length);
}

static void write_sample_type(pprof *p, gbxi_json_writer *writer, uint64_t type, uint64_t unit)
{
    unsigned char message[MESSAGE_BYTES_MAX], *at;

    at = gbxi_protobuf_uint(message, VALUE_TYPE_TYPE, type);
    at = gbxi_protobuf_uint(at, VALUE_TYPE_UNIT, unit);
    pprof_put_message(p, writer, PROFILE_SAMPLE_TYPE, message, at);
}

static void write_mapping(pprof *p, gbxi_json_writer *writer)
{
    unsigned char message[MESSAGE_BYTES_MAX], *at;

    at = gbxi_protobuf_uint(message, MAPPING_ID, MAPPING);
    at = gbxi_protobuf_uint(at, MAPPING_HAS_FUNCTIONS, 1);
    at = gbxi_protobuf_uint(at, MAPPING_HAS_FILES, 1);
    at = gbxi_protobuf_uint(at, MAPPING_HAS_LINES, 1);
    pprof_put_message(p, writer, PROFILE_MAPPING, message, at);
}

static void pprof_put_first_strings(pprof *p, gbxi_json_writer *writer)
{
    for (uint32_t i = 0; i < FIXED_STRINGS; i++)
        pprof_put_string(p, writer, fixed_strings[i], strlen(fixed_strings[i]));
    for (uint32_t i = 0; i < p->comment_count; i++)
        pprof_put_string(p, writer, p->comments[i].text, p->comments[i].length);
    for (size_t i = 0; i < p->trace->facts.lane_count; i++)
        pprof_put_string(p, writer, p->trace->threads[i].facts.thread_name,
                         strlen(p->trace->threads[i].facts.thread_name));
}

static void pprof_write_head(pprof *p, gbxi_json_writer *writer)
{
    write_sample_type(p, writer, STRING_CALLS, STRING_COUNT);
    write_sample_type(p, writer, STRING_WALL, STRING_NS);
    pprof_put_number(p, writer, PROFILE_DEFAULT_SAMPLE_TYPE, STRING_WALL);
    pprof_put_number(p, writer, PROFILE_TIME_NS, (uint64_t)p->trace->facts.start_unix_ns);
    pprof_put_number(p, writer, PROFILE_DURATION_NS, p->trace->facts.duration_ns);
    for (uint32_t i = 0; i < p->comment_count; i++)
        pprof_put_number(p, writer, PROFILE_COMMENT, FIXED_STRINGS + i);
    write_mapping(p, writer);
    pprof_put_first_strings(p, writer);
    p->phase = PPROF_SAMPLES;
}

/* Puts the locations of a stack, the leaf first, and returns the end. */
static unsigned char *put_locations(const pprof *p, uint32_t stack)
{
    unsigned char *at = p->locations;

    for (; stack != GBXI_STACK_NONE; stack = p->stacks.at[stack].parent)
        at = gbxi_protobuf_number(at, (uint64_t)p->trace->frames.at[p->stacks.at[stack].frame].index + 1);
    return at;
}

static unsigned char *put_values(unsigned char *at, const gbxi_stack *stack)
{
    unsigned char values[2 * GBXI_PROTOBUF_NUMBER_MAX];
    size_t length;

    length = (size_t)(gbxi_protobuf_number(gbxi_protobuf_number(values, stack->calls), stack->self_ns) - values);
    at = gbxi_protobuf_bytes(at, SAMPLE_VALUES, length);
    memcpy(at, values, length);
    return at + length;
}

static unsigned char *put_label(unsigned char *at, uint64_t key, unsigned field, uint64_t value)
{
    unsigned char label[2 * GBXI_PROTOBUF_FIELD_MAX];
    size_t length = (size_t)(gbxi_protobuf_uint(gbxi_protobuf_uint(label, LABEL_KEY, key), field, value) - label);

    at = gbxi_protobuf_bytes(at, SAMPLE_LABEL, length);
    memcpy(at, label, length);
    return at + length;
}

static void write_sample(pprof *p, gbxi_json_writer *writer, uint32_t number)
{
    const gbxi_stack *stack = &p->stacks.at[number];
    const gbx_lane_facts *lane = &p->trace->threads[stack->thread].facts;
    const unsigned char *locations_end = put_locations(p, number);
    size_t locations = (size_t)(locations_end - p->locations);
    unsigned char before[GBXI_PROTOBUF_FIELD_MAX], after[MESSAGE_BYTES_MAX], *before_end, *after_end;

    before_end = gbxi_protobuf_bytes(before, SAMPLE_LOCATIONS, locations);
    after_end = put_values(after, stack);
    if (lane->thread_name[0] != '\0')
        after_end = put_label(after_end, STRING_THREAD, LABEL_STRING, FIXED_STRINGS + p->comment_count + stack->thread);
    after_end = put_label(after_end, STRING_TID, LABEL_NUMBER, lane->thread_id);
    pprof_put_length(p, writer, PROFILE_SAMPLE,
                     (size_t)(before_end - before) + locations + (size_t)(after_end - after));
    pprof_put_bytes(p, writer, before, before_end);
    pprof_put_bytes(p, writer, p->locations, locations_end);
    pprof_put_bytes(p, writer, after, after_end);
}

/* Whether the function's file needs a string of its own. The same functions do when the strings are written, and in a
 * capture that was stored and restored: the address of a name says nothing. */
static bool begins_file(pprof *p, const gbxi_frame *frame)
{
    if (p->file != NULL && strcmp(frame->file, p->file) == 0)
        return false;
    p->file = frame->file;
    return true;
}

/* A location and its function have the same number. */
static void write_function(pprof *p, gbxi_json_writer *writer, const gbxi_frame *frame)
{
    uint64_t id = (uint64_t)frame->index + 1, name = p->strings++;
    unsigned char line[MESSAGE_BYTES_MAX], message[MESSAGE_BYTES_MAX], *line_end, *at;

    if (begins_file(p, frame))
        p->file_string = p->strings++;
    at = gbxi_protobuf_uint(message, FUNCTION_ID, id);
    at = gbxi_protobuf_uint(at, FUNCTION_NAME, name);
    at = gbxi_protobuf_uint(at, FUNCTION_FILE, p->file_string);
    at = gbxi_protobuf_uint(at, FUNCTION_LINE, frame->line);
    pprof_put_message(p, writer, PROFILE_FUNCTION, message, at);
    line_end = gbxi_protobuf_uint(gbxi_protobuf_uint(line, LINE_FUNCTION, id), LINE_LINE, frame->line);
    at = gbxi_protobuf_uint(message, LOCATION_ID, id);
    at = gbxi_protobuf_uint(at, LOCATION_MAPPING, MAPPING);
    at = gbxi_protobuf_bytes(at, LOCATION_LINE, (size_t)(line_end - line));
    memcpy(at, line, (size_t)(line_end - line));
    pprof_put_message(p, writer, PROFILE_LOCATION, message, at + (line_end - line));
}

static void pprof_put_names(pprof *p, gbxi_json_writer *writer, const gbxi_frame *frame)
{
    pprof_put_string(p, writer, frame->name, frame->name_length);
    if (begins_file(p, frame))
        pprof_put_string(p, writer, frame->file, strlen(frame->file));
}

static void begin_phase(pprof *p, pprof_phase next)
{
    p->phase = next;
    p->next = 0;
    p->file = NULL;
}

static void step_samples(pprof *p, gbxi_json_writer *writer)
{
    if (p->next < p->stacks.count)
        write_sample(p, writer, p->next++);
    else
        begin_phase(p, PPROF_FUNCTIONS);
}

/* Both passes over the frames. */
static void step_functions(pprof *p, gbxi_json_writer *writer)
{
    const gbxi_frame *frame = &p->trace->frames.at[p->next];

    if (p->next++ == p->trace->frames.count)
        begin_phase(p, p->phase == PPROF_FUNCTIONS ? PPROF_STRINGS : PPROF_END);
    else if (frame->calls > 0 && p->phase == PPROF_FUNCTIONS)
        write_function(p, writer, frame);
    else if (frame->calls > 0)
        pprof_put_names(p, writer, frame);
}

static gbx_err pprof_step(void *state, gbxi_json_writer *writer, bool *done)
{
    pprof *p = state;

    switch (p->phase) {
    case PPROF_HEAD:
        pprof_write_head(p, writer);
        break;
    case PPROF_SAMPLES:
        step_samples(p, writer);
        break;
    case PPROF_FUNCTIONS:
    case PPROF_STRINGS:
        step_functions(p, writer);
        break;
    case PPROF_END:
        gbxi_gzip_writer_end(&p->gzip, writer);
        p->phase = PPROF_DONE;
        break;
    case PPROF_DONE:
        *done = true;
        break;
    }
    return GBX_ERR_OK;
}

const gbxi_export_format gbxi_format_pprof = {
    .ending = "pb.gz", .state_bytes = sizeof(pprof), .init = pprof_init, .step = pprof_step, .fini = pprof_fini};
