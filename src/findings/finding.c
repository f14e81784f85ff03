/* SPDX-License-Identifier: MIT */
/* Owns lists of findings. */
#define _GNU_SOURCE
#include "findings/finding.h"
#include "base/grow.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const char *gbxi_findings_text(gbxi_findings *findings, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    if (text == NULL ||
        !gbxi_grow(&findings->texts, &findings->text_capacity, findings->text_count + 1, sizeof(*findings->texts))) {
        free(text);
        findings->failed = true;
        return "";
    }
    return findings->texts[findings->text_count++] = text;
}

void gbxi_findings_fini(gbxi_findings *findings)
{
    for (size_t i = 0; i < findings->text_count; i++)
        free(findings->texts[i]);
    gbxi_account_free(findings->texts);
    gbxi_account_free(findings->at);
    *findings = (gbxi_findings){.at = NULL};
}

const char *gbxi_level_name(gbxi_level level)
{
    static const char *const names[] = {
#define LEVEL_NAME(constant, name) name,
        GBXI_LEVELS(LEVEL_NAME)
#undef LEVEL_NAME
    };

    return names[level];
}
