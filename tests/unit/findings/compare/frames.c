/* SPDX-License-Identifier: MIT */
/* Makes requests of frames. */
#include "frames.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

void frames_add_request(gbxi_gathered *gathered, gbxi_compare_half half, const frame_time *frames, size_t count)
{
    gbxi_stored_trace trace = {.method = "GET",
                               .route = frames->route != NULL ? frames->route : "/one",
                               .span_count = count,
                               .price_ns = count * (frames->price_ns != 0 ? frames->price_ns : 30)};
    uint32_t route, request, frame;

    for (size_t i = 0; i < count; i++)
        trace.duration_ns += frames[i].self_ns;
    assert_true(gbxi_gathered_add_request(gathered, half, &trace, &route));
    request = (uint32_t)gathered->routes[route].halves[half].count - 1;
    for (size_t i = 0; i < count; i++) {
        const frame_time *at = &frames[i];
        const gbxi_stored_spent spent = {.calls = at->calls != 0 ? at->calls : 1,
                                         .self_ns = at->self_ns,
                                         .total_ns = at->total_ns != 0 ? at->total_ns : 3 * at->self_ns};

        assert_true(gbxi_gathered_add_frame(gathered, gbxi_view_of(at->name), at->file != NULL ? at->file : "one.c", 1,
                                            &frame));
        assert_true(gbxi_gathered_add_value(gathered, half, route, frame, request, &spent));
    }
}

void frames_add_one(gbxi_gathered *gathered, gbxi_compare_half half, const char *name, uint64_t self_ns)
{
    frames_add_request(gathered, half, &(frame_time){.name = name, .self_ns = self_ns}, 1);
}

void frames_compare(gbxi_comparison *comparison, gbxi_gathered *gathered)
{
    gbx_error error;

    assert_int_equal(gbxi_comparison_of(comparison, gathered, &(gbxi_compare_options){0}, &error), GBX_ERR_OK);
}

const gbxi_compared_frame *frames_row(const gbxi_comparison *comparison, const char *name)
{
    for (size_t i = 0; i < comparison->frame_count; i++)
        if (strcmp(comparison->frames[i].name, name) == 0)
            return &comparison->frames[i];
    fail_msg("there is no frame %s", name);
    return NULL;
}
