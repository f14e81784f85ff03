/* SPDX-License-Identifier: MIT */
/* C++ callers: the same macros, with exceptions, lambdas, templates and members as scopes. */
#include "shape.h"
#include <glassbox/span.h>

#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

extern "C" {
#include <cmocka.h>
}

namespace
{

struct worker {
    void run()
    {
        GBX_SPAN();
        auto inner = [] { GBX_SPAN_NAMED("lambda"); };
        inner();
    }
};

template <typename T> void templated(T value)
{
    GBX_SPAN_FMT("templated(%s)", std::to_string(value).c_str());
}

void throws()
{
    GBX_SPAN_NAMED("throws");
    gbx_note_str("why", "test");
    gbx_span_fail("thrown");
    throw std::runtime_error("thrown");
}

void spans_end_by_exception_too(void **)
{
    gbx_capture *capture = gbx_capture_new(nullptr);
    gbx_scope scope = gbx_capture_enter(capture);

    try {
        throws();
    } catch (const std::runtime_error &) {
        GBX_SPAN_NAMED("caught");
    }
    worker().run();
    templated(7);
    GBX_SPAN_SINCE("since", gbx_span_moment());
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    assert_string_equal(shape_of(capture, 0), "throws{why=test}!thrown caught run(lambda) templated(7) since");
    gbx_capture_unref(capture);
}

} // namespace

int main()
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(spans_end_by_exception_too)};
    return cmocka_run_group_tests_name("cpp", tests, nullptr, nullptr);
}
