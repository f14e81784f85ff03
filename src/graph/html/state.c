/* SPDX-License-Identifier: MIT */
/* Owns the counting of steps, and the names of a page. */
#include "graph/html/state.h"

static const uint64_t STEPS_PER_LOOK = 4096;

void gbxi_html_spend(gbxi_html *html, size_t steps)
{
    html->steps += steps;
    if (html->steps > html->steps_max)
        gbxi_html_failed(html, GBX_ERR_LIMIT);
    if (html->steps - html->steps_looked < STEPS_PER_LOOK)
        return;
    html->steps_looked = html->steps;
    if (gbxi_account_is_stopped())
        gbxi_html_failed(html, GBX_ERR_IO);
}

uint32_t gbxi_html_intern(gbxi_html *html, const char *bytes, size_t length)
{
    uint32_t number = 0;
    bool is_new = false;

    if (gbxi_html_failed(html, gbxi_text_names_intern(&html->names, html->texts, bytes, length, &number, &is_new)) ||
        gbxi_html_failed(html,
                         gbxi_array_reserve(&html->uses, &html->use_capacity, html->names.count, sizeof(*html->uses))))
        return 0;
    if (is_new)
        html->uses[number] = (gbxi_html_name_use){0};
    return number;
}
