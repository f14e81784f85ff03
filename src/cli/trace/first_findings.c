/* SPDX-License-Identifier: MIT */
/* Makes the report on a run, and prints its worst findings. */
#include "cli/trace/first_findings.h"
#include "cli/store/reported.h"
#include "findings/recommend.h"
#include "text/shown.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_FINDINGS_MAX = 3, FINDING_LINE_SIZE = 400 };

static void print_finding(const gbxi_finding *finding)
{
    char sentence[FINDING_LINE_SIZE], file[FINDING_LINE_SIZE];

    gbxi_shown(sentence, sizeof(sentence), finding->sentence, strlen(finding->sentence));
    printf("%s: %s", gbxi_level_name(finding->level), sentence);
    if (finding->file != NULL && finding->file[0] != '\0') {
        gbxi_shown(file, sizeof(file), finding->file, strlen(finding->file));
        printf(" (%s:%u)", file, finding->line);
    }
    putchar('\n');
}

/* Prints what the report recommends first. Rankings have notes, which say nothing of themselves. */
static void print_first(const gbxi_report *report)
{
    size_t count;
    const gbxi_finding **recommended = gbxi_recommendations_new(report, &count);

    for (size_t i = 0; recommended != NULL && i < count && i < FIRST_FINDINGS_MAX; i++)
        if (recommended[i]->level != GBXI_LEVEL_NOTE)
            print_finding(recommended[i]);
    free(recommended);
}

void gbxi_first_findings_print(const char *store, bool is_default, const char *run)
{
    const gbxi_report_wish wish = {.store = store, .run = run, .silent = true};
    gbxi_reported reported = {.chosen = {.command = "trace"}};
    gbx_error error = {0};
    char shown[FINDING_LINE_SIZE];

    if (gbxi_reported_make(&reported, &wish, &error) == GBX_ERR_OK)
        print_first(reported.report);
    gbxi_reported_close(&reported);
    gbxi_shown(shown, sizeof(shown), store, strlen(store));
    if (is_default)
        printf("glassbox report --run %s has all findings\n", run);
    else
        printf("glassbox report --store %s --run %s has all findings\n", shown, run);
}
