/* SPDX-License-Identifier: MIT */
/* A plugin with spans; the host that loads it may capture them. */
#include <glassbox/span.h>

void plugin_work(void);

void plugin_work(void)
{
    GBX_SPAN();
    gbx_note_str("from", "the plugin");
    {
        GBX_SPAN_NAMED("plugin.inner");
    }
}
