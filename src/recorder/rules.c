/* SPDX-License-Identifier: MIT */
/* Owns the rules as people write them. */
#define _GNU_SOURCE
#include "base/cut.h"
#include "base/time.h"
#include "base/view.h"
#include <glassbox/recorder.h>
#include <string.h>

enum { QUOTED_BYTES_MAX = 40 }; /* of a rule at fault */

/* What a text of rules asks for. */
typedef struct rules {
    uint64_t slower_than_ns;
    uint32_t one_in;
    bool failed;
    bool first;
    bool none;
    size_t count;
} rules;

static bool read_decimal(gbxi_view text, uint64_t max, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned digit = (unsigned)(text.at[i] - '0');

        if (digit > 9 || *value > (max - digit) / 10)
            return false;
        *value = *value * 10 + digit;
    }
    return text.length > 0;
}

/* A number with a unit, which is at least a nanosecond and at most a day. */
static bool read_slow(gbxi_view text, uint64_t *ns)
{
    static const struct {
        const char *name;
        uint64_t ns;
    } units[] = {{"us", 1000}, {"ms", GBXI_NS_PER_MS}, {"s", GBXI_NS_PER_S}};
    const uint64_t day_ns = 86400 * GBXI_NS_PER_S;

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        size_t length = strlen(units[i].name);

        if (text.length <= length || !gbxi_view_is((gbxi_view){text.at + text.length - length, length}, units[i].name))
            continue;
        if (!read_decimal((gbxi_view){text.at, text.length - length}, day_ns / units[i].ns, ns))
            return false;
        *ns *= units[i].ns;
        return *ns > 0;
    }
    return false;
}

/* Of two rules of a kind, the one that keeps more counts. */
static bool read_rule(gbxi_view text, rules *r)
{
    gbxi_view rest = text;
    uint64_t number;

    r->count++;
    if (gbxi_view_skip(&rest, "slow=")) {
        if (!read_slow(rest, &number))
            return false;
        r->slower_than_ns = r->slower_than_ns == 0 || number < r->slower_than_ns ? number : r->slower_than_ns;
        return true;
    }
    if (gbxi_view_skip(&rest, "1/")) {
        if (!read_decimal(rest, UINT32_MAX, &number) || number == 0)
            return false;
        r->one_in = r->one_in == 0 || number < r->one_in ? (uint32_t)number : r->one_in;
        return true;
    }
    r->failed |= gbxi_view_is(text, "errors");
    r->first |= gbxi_view_is(text, "first");
    r->none |= gbxi_view_is(text, "none");
    if (gbxi_view_is(text, "all"))
        r->one_in = 1;
    return gbxi_view_is(text, "errors") || gbxi_view_is(text, "first") || gbxi_view_is(text, "none") ||
           gbxi_view_is(text, "all");
}

/* People put spaces behind commas. */
static gbxi_view view_trimmed(gbxi_view text)
{
    while (text.length > 0 && text.at[0] == ' ')
        text = (gbxi_view){text.at + 1, text.length - 1};
    while (text.length > 0 && text.at[text.length - 1] == ' ')
        text.length--;
    return text;
}

gbx_err gbx_recorder_rules_read(const char *text, gbx_recorder_options *options, gbx_error *error)
{
    rules r = {0};
    const char *end;

    for (const char *at = text;; at = end + 1) {
        gbxi_view rule;

        end = strchrnul(at, ',');
        rule = view_trimmed((gbxi_view){at, (size_t)(end - at)});
        if (!read_rule(rule, &r))
            return gbx_error_set(error, GBX_ERR_SYNTAX, NULL,
                                 "'%.*s' is not a rule: slow=100ms, errors, 1/1000, all, first and none are",
                                 (int)gbxi_cut(rule.at, rule.length, QUOTED_BYTES_MAX), rule.at);
        if (*end == '\0')
            break;
    }
    if (r.none && r.count > 1)
        return gbx_error_set(error, GBX_ERR_SYNTAX, NULL, "'none' excludes every other rule");
    options->slower_than_ns = r.slower_than_ns;
    options->one_in = r.one_in;
    options->failed = r.failed;
    options->first = r.first;
    return GBX_ERR_OK;
}
