/* SPDX-License-Identifier: MIT */
/* Known captures, exported in every format: gbx-known-runs DIRECTORY writes DIRECTORY/<capture>.<ending of the format>.
 *
 * The clock is the test's, so that calls without length and calls that touch are there on purpose. */
#include "document.h"
#include "export/format.h"
#include "reference.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEP = 2000, RANDOM_RUNS = 8, RANDOM_STEPS = 400 };

static const gbx_site site_outer = {"outer", "outer", "src/ties.c", 1, {0}};
static const gbx_site site_inner = {"inner", "inner", "src/ties.c", 2, {0}};
static const gbx_site site_twin = {"inner", "twin", "src/twin.c", 2, {0}};
static const gbx_site site_down = {"down", "down", "src/down.c", 1, {0}};
static const gbx_site site_named = {"named", "named", "src/na;med.c", 7, {0}};

static const char *const hostile_names[] = {
    "semi;colon",
    "two\nlines",
    "tab\tcr\r bell\a escape\033[2J",
    "line\xE2\x80\xA8separator\xE2\x80\xA9paragraph",
    "next\xC2\x85line",
    "ends in a number 5",
    "12",
    "\"quoted\" \\ <b>&amp;</b>",
    "ill-formed \xFF\xC3( \xED\xA0\x80",
    "\xF0\x9F\x98\x80 smile",
    "CpuProfile",
    "__proto__",
    "constructor",
    "std::vector<int, std::allocator<int>>::push_back(int const&)",
    "section section#a",
    "_ZN3foo3barEv",
    "inner {\"file\":\"src/ties.c\",\"line\":2}",
    "[1, 2",
    "",
};

/* Calls that touch, begin together, end together or have no length, some with equal names. */
static gbx_capture *record_ties(recording *r)
{
    recording_begin(r, &(gbx_capture_options){.size = sizeof(gbx_capture_options), .name = "ties", .trace_id = {3}});
    recording_call(r, &site_inner, 0); /* nothing before it */
    recording_enter(r, &site_outer);
    for (int i = 0; i < 3; i++)
        recording_call(r, &site_inner, 7); /* each begins where the last one ends, and the first with its parent */
    recording_call(r, &site_twin, 5);      /* the same name in another place */
    recording_call(r, &site_inner, 0);     /* no length, between two of its kind */
    gbxi_note_str("kind", "outer's note");
    recording_call(r, &site_inner, 4);
    recording_enter(r, &site_outer); /* recursion that ends where its parent does */
    recording_enter(r, &site_inner);
    recording_enter(r, &site_outer);
    recording_pass(r, 11);
    recording_exit(r);
    gbxi_note_int("rows", 3);
    gbxi_span_fail("told at the end");
    recording_exit(r);
    recording_exit(r);
    recording_exit(r);
    recording_enter(r, &site_outer); /* without length, and all inside it are so too */
    recording_enter(r, &site_inner);
    gbxi_note_str("when", "at once");
    gbxi_span_fail("at once");
    recording_exit(r);
    recording_call(r, &site_outer, 0);
    recording_exit(r);
    recording_enter(r, &site_outer); /* begins where those were */
    recording_pass(r, 1);
    recording_call(r, &site_inner, 0); /* at its end */
    recording_exit(r);
    recording_call(r, &site_outer, 3);
    return recording_finish(r);
}

static gbx_capture *record_hostile(recording *r)
{
    recording_begin(r, &(gbx_capture_options){
                           .size = sizeof(gbx_capture_options), .name = "names;\n</script>\xFF", .trace_id = {4}});
    for (size_t i = 0; i < sizeof(hostile_names) / sizeof(hostile_names[0]); i++) {
        recording_enter(r, &site_outer);
        recording_pass(r, 3);
        recording_enter_named(r, &site_named, hostile_names[i]);
        gbxi_note_str(hostile_names[i], hostile_names[i]);
        recording_pass(r, 1000 + i);
        recording_exit(r);
        recording_exit(r);
    }
    gbxi_note_str("text;", "with\nlines");
    gbxi_span_fail("reason;\n\xFF");
    return recording_finish(r);
}

static void call_inner(recording *r, void *argument)
{
    (void)argument;
    recording_enter(r, &site_outer);
    recording_call(r, &site_inner, 20);
    recording_exit(r);
}

/* Threads with one number, as when a thread ends and the kernel gives its number to the next. */
static gbx_capture *record_same_number(recording *r)
{
    recording_begin(r, &(gbx_capture_options){.size = sizeof(gbx_capture_options), .name = "same", .trace_id = {6}});
    recording_on_thread(r, "first", 7, 10, call_inner, NULL);
    recording_on_thread(r, "second", 7, 15, call_inner, NULL);
    return recording_finish(r);
}

static gbx_capture *record_deep(recording *r)
{
    recording_begin(r, &(gbx_capture_options){.size = sizeof(gbx_capture_options),
                                              .name = "deep",
                                              .max_depth = DEEP,
                                              .max_spans = DEEP,
                                              .trace_id = {5}});
    for (int i = 0; i <= DEEP; i++) { /* one more than there may be */
        recording_enter(r, &site_down);
        recording_pass(r, (uint64_t)i % 3);
    }
    return recording_finish(r);
}

static bool write_format(gbx_capture *capture, const char *directory, const char *name, gbx_format format)
{
    static const gbx_export_options options = {.size = sizeof(options), .top_n = 1000, .call_tree = GBX_CALL_TREE_FLAT};
    gbx_exporter *exporter = gbx_exporter_new(capture, format, &options);
    ptrdiff_t length = -1;
    char piece[5000], path[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s.%s", directory, name, gbxi_format_ending(format));
    file = fopen(path, "wb");
    while (file != NULL && exporter != NULL && (length = gbx_exporter_read(exporter, piece, sizeof(piece))) > 0)
        if (fwrite(piece, 1, (size_t)length, file) != (size_t)length)
            break;
    gbx_exporter_free(exporter);
    return file != NULL && fclose(file) == 0 && length == 0;
}

/* Takes the capture. */
static bool write_formats(gbx_capture *capture, const char *directory, const char *name)
{
    bool good = true;

    for (gbx_format format = 0; gbx_format_name(format) != NULL; format++)
        good = write_format(capture, directory, name, format) && good;
    gbx_capture_unref(capture);
    return good;
}

static bool write_random(const char *directory)
{
    static reference program;
    bool good = true;

    for (uint64_t seed = 1; seed <= RANDOM_RUNS; seed++) {
        char name[32];

        snprintf(name, sizeof(name), "random-%u", (unsigned)seed);
        good = write_formats(reference_run(&program, seed, RANDOM_STEPS), directory, name) && good;
    }
    return good;
}

int main(int argc, char **argv)
{
    static recording r;
    const char *directory = argc == 2 ? argv[1] : NULL;
    bool good = directory != NULL && write_formats(document_record_request(&r), directory, "request") &&
                write_formats(document_record_truncated(&r), directory, "truncated") &&
                write_formats(document_record_unentered(&r), directory, "unentered") &&
                write_formats(record_ties(&r), directory, "ties") &&
                write_formats(record_hostile(&r), directory, "hostile") &&
                write_formats(record_deep(&r), directory, "deep") &&
                write_formats(record_same_number(&r), directory, "same-number") && write_random(directory);

    if (!good)
        fprintf(stderr, "usage: gbx-known-runs DIRECTORY, which can be written to\n");
    return good && gbx_capture_live_count() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
