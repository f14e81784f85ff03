/* SPDX-License-Identifier: MIT */
/* The range and the default of an option, from its row. */
#include "cli/option_facts.h"
#include "cli/value.h"
#include <stdio.h>

static bool has_number(const gbxi_cli_option *option)
{
    return option->kind == GBXI_KIND_NUMBER || option->kind == GBXI_KIND_SECONDS || option->kind == GBXI_KIND_SIZE ||
           option->kind == GBXI_KIND_DURATION || option->kind == GBXI_KIND_TIME;
}

static void option_range(const gbxi_cli_option *option, char *range, size_t size)
{
    char min[GBXI_VALUE_TEXT_SIZE], max[GBXI_VALUE_TEXT_SIZE];

    range[0] = '\0';
    if (option->kind == GBXI_KIND_LIST)
        snprintf(range, size, "may be given up to %llu times", (unsigned long long)option->max);
    if (option->kind == GBXI_KIND_CHOICE)
        gbxi_value_choices_text(option, range, size);
    if (!has_number(option))
        return;
    gbxi_value_number_text(option->kind, option->min, min);
    if (option->max == SIZE_MAX) {
        if (option->kind == GBXI_KIND_SIZE)
            snprintf(range, size, "a number of bytes from %s, optionally with K, M or G", min);
        return;
    }
    gbxi_value_number_text(option->kind, option->max, max);
    snprintf(range, size, "%s to %s", min, max);
}

static void option_default(const gbxi_cli_option *option, char *text, size_t size)
{
    char number[GBXI_VALUE_TEXT_SIZE];

    text[0] = '\0';
    if (option->unset != NULL) {
        snprintf(text, size, "default: %s", option->unset);
    } else if (option->text != NULL) {
        snprintf(text, size, "default: %s", option->text);
    } else if (option->kind == GBXI_KIND_CHOICE && !option->required) {
        snprintf(text, size, "default: %s", option->choices[option->number]);
    } else if (has_number(option) || option->kind == GBXI_KIND_SWITCH) {
        gbxi_value_number_text(option->kind, option->number, number);
        snprintf(text, size, "default: %s", number);
    }
}

void gbxi_cli_option_facts(const gbxi_cli_option *option, char facts[static GBXI_FACTS_SIZE])
{
    char range[GBXI_FACTS_SIZE / 2 - 1], fallback[GBXI_FACTS_SIZE / 2 - 1];

    option_range(option, range, sizeof(range));
    option_default(option, fallback, sizeof(fallback));
    snprintf(facts, GBXI_FACTS_SIZE, "%s%s%s", range, range[0] != '\0' && fallback[0] != '\0' ? "; " : "", fallback);
}
