/* SPDX-License-Identifier: MIT */
/* Captures a plugin's work, unloads the plugin and prints the trace afterwards. Usage: host PLUGIN */
#include <dlfcn.h>
#include <glassbox/capture.h>
#include <glassbox/export.h>
#include <glassbox/span.h>
#include <stdio.h>
#include <string.h>

static int run_plugin(const char *file)
{
    GBX_SPAN_NAMED("host");
    void *plugin = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    void (*work)(void) = NULL;
    void *symbol = plugin != NULL ? dlsym(plugin, "plugin_work") : NULL;

    if (symbol == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    memcpy(&work, &symbol, sizeof(work));
    work();
    return dlclose(plugin);
}

int main(int argc, char **argv)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);
    int failed = argc != 2 || run_plugin(argv[1]) != 0;
    gbx_exporter *exporter;
    char piece[4096];
    ptrdiff_t length;

    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    exporter = gbx_exporter_new(capture, GBX_FORMAT_SPEEDSCOPE, NULL);
    while (exporter != NULL && (length = gbx_exporter_read(exporter, piece, sizeof(piece))) > 0)
        fwrite(piece, 1, (size_t)length, stdout);
    gbx_exporter_free(exporter);
    gbx_capture_unref(capture);
    return failed;
}
