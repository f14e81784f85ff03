/* SPDX-License-Identifier: MIT */
/* Checks the documents for other tools against the events of the speedscope document: folded stacks and chrome's. */
#include "meaning_model.h"

#include <stdlib.h>
#include <string.h>

/* A line is a stack, a space and a number above 0. */
static bool read_line(const char *line, const char *end, uint64_t *ns)
{
    const char *space = end;
    char *after;

    while (space > line && *space != ' ')
        space--;
    REQUIRE(space > line && space[1] >= '1' && space[1] <= '9');
    for (const char *at = line; at < end; at++)
        REQUIRE((unsigned char)*at >= ' ' && *at != 0x7F);
    *ns = strtoull(space + 1, &after, 10);
    REQUIRE(after == end);
    return true;
}

bool meaning_check_folded(const model *m, const char *folded)
{
    uint64_t self_ns = 0, ns = 0;

    for (const char *end; *folded != '\0'; folded = end + 1) {
        end = strchr(folded, '\n');
        REQUIRE(end != NULL);
        if (!read_line(folded, end, &ns))
            return false;
        self_ns += ns;
    }
    REQUIRE(self_ns == m->self_ns);
    return true;
}

/* Marks the events of calls that begin and end at the same time. */
static bool *find_instants(const model *m)
{
    static size_t open[MODEL_DEPTH_MAX];
    bool *instants = calloc(m->event_count + 1, sizeof(*instants));
    size_t depth = 0;

    for (size_t i = 0; instants != NULL && i < m->event_count; i++) {
        if (m->events[i].enter) {
            open[depth++] = i;
            continue;
        }
        depth--;
        instants[i] = instants[open[depth]] = m->events[open[depth]].at_ns == m->events[i].at_ns;
    }
    return instants;
}

static bool check_chrome_event(const model *m, const model_event *event, bool instant, gbxi_json_value value)
{
    const model_frame *frame = &m->frames[event->frame];
    gbxi_json_value args = gbxi_json_member(value, "args");
    double us = model_real(value, "ts");

    REQUIRE(model_is(model_string(value, "ph"), instant ? "i" : event->enter ? "B" : "E"));
    REQUIRE(model_same(model_string(value, "name"), frame->name));
    REQUIRE(us >= 0 && (uint64_t)(us * 1000 + 0.5) == event->at_ns);
    if (event->enter || instant) {
        REQUIRE(model_same(model_string(args, "file"), frame->file));
        REQUIRE(model_uint(args, "line") == frame->line);
    }
    return true;
}

static bool is_metadata(gbxi_json_value value)
{
    return model_is(model_string(value, "ph"), "M");
}

/* In the order of the file: readers keep it where times are equal. */
static bool check_chrome_events(const model *m, gbxi_json_value events, const bool *instants)
{
    gbxi_json_iterator each = gbxi_json_each(events);

    for (size_t i = 0; i < m->event_count; i++) {
        if (m->events[i].enter && instants[i])
            continue;
        do
            REQUIRE(gbxi_json_next(&each));
        while (is_metadata(each.value));
        if (!check_chrome_event(m, &m->events[i], instants[i], each.value))
            return false;
    }
    while (gbxi_json_next(&each))
        REQUIRE(is_metadata(each.value));
    return true;
}

bool meaning_check_chrome(const model *m, gbxi_json_value chrome)
{
    bool *instants = find_instants(m);
    bool good = instants != NULL && check_chrome_events(m, gbxi_json_member(chrome, "traceEvents"), instants);

    free(instants);
    return good;
}
