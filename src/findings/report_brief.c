/* SPDX-License-Identifier: MIT */
/* The first findings of a report, on a line each. */
#include "findings/recommend.h"
#include "findings/report_write.h"
#include "text/shown.h"
#include <stdlib.h>

enum { LINE_BYTES_MAX = 300 };

gbx_err gbxi_report_brief(const gbxi_report *report, size_t max, FILE *out)
{
    char line[4 * LINE_BYTES_MAX];
    size_t count;
    const gbxi_finding **recommended = gbxi_recommendations_new(report, &count);

    if (recommended == NULL)
        return GBX_ERR_NO_MEMORY;
    for (size_t i = 0; i < count && i < max; i++) {
        const gbxi_finding *finding = recommended[i];
        size_t length = strlen(finding->sentence);

        gbxi_shown(line, sizeof(line), finding->sentence, length < LINE_BYTES_MAX ? length : LINE_BYTES_MAX);
        fprintf(out, "%s: %s", finding->rule->id, line);
        if (finding->file != NULL && finding->file[0] != '\0') {
            gbxi_shown(line, sizeof(line), finding->file, strlen(finding->file));
            fprintf(out, " (%s:%u)", line, finding->line);
        }
        putc('\n', out);
    }
    free(recommended);
    return GBX_ERR_OK;
}
