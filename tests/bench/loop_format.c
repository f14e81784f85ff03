/* SPDX-License-Identifier: MIT */
/* Owns the loops with a formatted name in them: a number, a text, and a text with words around it. */
#include "loops.h"
#include <glassbox/span.h>

static const char *volatile link_target = "chapter-12.html";
static const char *volatile link_format = "link(%s)";

void loop_format_number(size_t count)
{
    for (size_t i = 0; i != count; ++i) {
        GBX_SPAN_FMT("%d", (int)(i % 1000));
        __asm__ volatile("" : : : "memory");
    }
}

void loop_format_text(size_t count)
{
    for (size_t i = 0; i != count; ++i) {
        GBX_SPAN_FMT("%s", link_target);
        __asm__ volatile("" : : : "memory");
    }
}

void loop_format_words(size_t count)
{
    for (size_t i = 0; i != count; ++i) {
        GBX_SPAN_FMT("link(%s)", link_target);
        __asm__ volatile("" : : : "memory");
    }
}

void loop_format_variable(size_t count)
{
    for (size_t i = 0; i != count; ++i) {
        GBX_SPAN_FMT(link_format, link_target);
        __asm__ volatile("" : : : "memory");
    }
}
