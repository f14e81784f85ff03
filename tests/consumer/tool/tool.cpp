// SPDX-License-Identifier: MIT
// A C++ program that captures its own work and prints the trace. Usage: tool full|summary|speedscope
#include <cstdio>
#include <cstring>
#include <glassbox/capture.h>
#include <glassbox/export.h>
#include <glassbox/span.h>
#include <stdexcept>
#include <string>

namespace
{
struct Parser {
    static void parse(const std::string &text)
    {
        GBX_SPAN_NAMED("parse");
        gbx_note_str("text", text.c_str());
        if (text.empty()) {
            gbx_span_fail("nothing to parse");
            throw std::invalid_argument("empty");
        }
    }
};

bool print(gbx_capture *capture, const char *name)
{
    gbx_format format;
    char piece[100];
    ptrdiff_t length = -1;

    if (!gbx_format_from_name(name, std::strlen(name), &format))
        return false;
    gbx_exporter *exporter = gbx_exporter_new(capture, format, nullptr);
    while (exporter != nullptr && (length = gbx_exporter_read(exporter, piece, sizeof(piece))) > 0)
        std::fwrite(piece, 1, static_cast<std::size_t>(length), stdout);
    gbx_exporter_free(exporter);
    return length == 0;
}
} // namespace

int main(int argc, char **argv)
{
    gbx_capture_options options = {};
    options.size = sizeof(options);
    options.name = "a C++ program";
    gbx_capture *capture = gbx_capture_new(&options);
    gbx_scope scope = gbx_capture_enter(capture);
    {
        GBX_SPAN();
        for (const char *text : {"one", "two", ""}) {
            try {
                Parser::parse(text);
            } catch (const std::invalid_argument &) {
                GBX_SPAN_FMT("recover after %d", 2);
            }
        }
    }
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    const bool printed = argc == 2 && print(capture, argv[1]);
    gbx_capture_unref(capture);
    return printed && gbx_capture_live_count() == 0 ? 0 : 1;
}
