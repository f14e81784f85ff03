/* SPDX-License-Identifier: MIT */
/* Makes findings of what a comparison marks. */
#include "findings/regressions.h"
#include "text/figures.h"
#include <math.h>

/* A change of a logarithm in hundredths of a percent. */
static int64_t regression_change(double effect)
{
    return (int64_t)lround(expm1(effect) * 10000);
}

static void regression_add(const gbxi_compared_frame *frame, gbxi_findings *findings)
{
    const gbxi_compared_half *before = &frame->found.halves[0], *after = &frame->found.halves[1];
    int64_t change = regression_change(frame->found.effect);
    const char *name = gbxi_findings_text(findings, "%s", frame->name);

    gbxi_findings_add(
        findings, &(gbxi_finding){.rule = &gbxi_rule_regression,
                                  .level = GBXI_LEVEL_WARNING,
                                  .route = gbxi_findings_text(findings, "%s%s%s", frame->method,
                                                              frame->method[0] != '\0' ? " " : "", frame->route),
                                  .subject = name,
                                  .frame = gbxi_findings_text(findings, "%s@%s", frame->name, frame->file),
                                  .file = gbxi_findings_text(findings, "%s", frame->file),
                                  .line = frame->line,
                                  .sentence = gbxi_findings_text(findings, "%s is %+.1f %% slower than in the baseline",
                                                                 name, (double)change / 100),
                                  .weight = (uint64_t)fmax(frame->change_ns, 0),
                                  .figures = {{(uint64_t)llround(before->median_ns)},
                                              {(uint64_t)llround(after->median_ns)},
                                              {.change = change},
                                              {before->requests},
                                              {after->requests}}});
}

gbx_err gbxi_regressions_find(const gbxi_compare_side *before, const gbxi_compare_side *after, gbxi_findings *findings,
                              bool *is_shown, gbx_error *error)
{
    gbxi_comparison comparison;
    gbx_err err = gbxi_comparison_make(&comparison, before, after, &(gbxi_compare_options){0}, error);

    *is_shown = err == GBX_ERR_OK && comparison.tested > 0;
    for (size_t i = 0; err == GBX_ERR_OK && i < comparison.frame_count; i++)
        if (comparison.frames[i].found.mark == GBXI_MARK_SLOWER)
            regression_add(&comparison.frames[i], findings);
    gbxi_comparison_fini(&comparison);
    return err;
}
