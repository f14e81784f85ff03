/* SPDX-License-Identifier: MIT */
/* Labels in the language of Mermaid. */
#ifndef GBX_GRAPH_ENGINE_MERMAID_LABEL_H
#define GBX_GRAPH_ENGINE_MERMAID_LABEL_H

#include "graph/engine/output.h"

/* Writes the contents of a quoted label so that Mermaid shows `bytes`, which is one line of UTF-8. Only what Mermaid
 * would read as something else is escaped. Both ways in which Mermaid draws labels (HTML, and SVG text with the setting
 * htmlLabels false) show the label unchanged, with one exception: the SVG way shows the escapes of an icon (fa:fa-car),
 * of a formula ($$x$$), of \n and of Mermaid's own placeholders as they are written. Cost: linear. */
void gbxi_mermaid_add_label(gbxi_engine_output *output, const char *bytes, size_t length);

#endif
