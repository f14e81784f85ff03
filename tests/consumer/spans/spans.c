/* SPDX-License-Identifier: MIT */
/* An instrumented program that is never captured. It needs only the capture component. */
#include <glassbox/capture.h>
#include <glassbox/span.h>

int main(void)
{
    GBX_SPAN();
    GBX_SPAN_NAMED("never recorded");
    gbx_note_int("answer", 42);
    return gbx_capture_current() == NULL && gbx_capture_live_count() == 0 ? 0 : 1;
}
