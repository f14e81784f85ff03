/* SPDX-License-Identifier: MIT */
/* Reads the names of what is compared, and opens it. */
#define _GNU_SOURCE
#include "cli/store/side.h"
#include "base/time.h"
#include "base/view.h"
#include "cli/size.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FIELD_VALUE_MAX = GBXI_SIDE_ROUTE_MAX };

/* What a field of a query sets. */
typedef struct side_walk {
    gbxi_side *side;
    int64_t now_unix_ns;
    uint32_t seen; /* fields, as bits */
    gbx_error *error;
} side_walk;

static gbx_err side_take_route(side_walk *walk, const char *value)
{
    strcpy(walk->side->route, value);
    walk->side->query.route = walk->side->route;
    return GBX_ERR_OK;
}

static gbx_err side_take_method(side_walk *walk, const char *value)
{
    if (strlen(value) > GBXI_SIDE_METHOD_MAX)
        return gbx_error_set(walk->error, GBX_ERR_ARGUMENT, NULL, "method must not be longer than %d bytes",
                             GBXI_SIDE_METHOD_MAX);
    strcpy(walk->side->method, value);
    walk->side->query.method = walk->side->method;
    return GBX_ERR_OK;
}

static gbx_err side_take_age(side_walk *walk, const char *value, const char *name, int64_t *unix_ns)
{
    uint64_t age_s;

    if (!gbxi_duration_parse(value, 1, GBXI_AGE_S_MAX, &age_s))
        return gbx_error_set(walk->error, GBX_ERR_ARGUMENT, NULL,
                             "%s takes a duration such as 30s, 10m, 12h or 7d, not '%.40s'", name, value);
    *unix_ns = walk->now_unix_ns - (int64_t)(age_s * GBXI_NS_PER_S);
    return GBX_ERR_OK;
}

static gbx_err side_take_since(side_walk *walk, const char *value)
{
    return side_take_age(walk, value, "since", &walk->side->query.since_unix_ns);
}

static gbx_err side_take_until(side_walk *walk, const char *value)
{
    return side_take_age(walk, value, "until", &walk->side->query.until_unix_ns);
}

static gbx_err side_take_failed(side_walk *walk, const char *value)
{
    if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0)
        return gbx_error_set(walk->error, GBX_ERR_ARGUMENT, NULL, "failed takes on or off, not '%.40s'", value);
    walk->side->query.failed_only = value[1] == 'n';
    return GBX_ERR_OK;
}

static gbx_err side_take_slower(side_walk *walk, const char *value)
{
    if (!gbxi_time_parse(value, 1, INT64_MAX, &walk->side->query.min_duration_ns))
        return gbx_error_set(walk->error, GBX_ERR_ARGUMENT, NULL,
                             "slower-than takes a time such as 250us, 100ms or 2s, not '%.40s'", value);
    return GBX_ERR_OK;
}

static const struct side_field {
    const char *name;
    gbx_err (*take)(side_walk *walk, const char *value);
} side_fields[] = {{"route", side_take_route}, {"method", side_take_method}, {"since", side_take_since},
                   {"until", side_take_until}, {"failed", side_take_failed}, {"slower-than", side_take_slower}};
enum { SIDE_FIELDS = sizeof(side_fields) / sizeof(side_fields[0]) };

static int side_hex(char digit)
{
    const char *digits = "0123456789abcdef", *found;

    digit = digit >= 'A' && digit <= 'F' ? (char)(digit + ('a' - 'A')) : digit;
    found = digit != '\0' ? strchr(digits, digit) : NULL;
    return found != NULL ? (int)(found - digits) : -1;
}

/* Replaces %XX by the byte that it stands for. False if that is no byte that a text may have, or the text is too long.
 */
static bool side_decode(gbxi_view text, char value[static FIELD_VALUE_MAX + 1])
{
    size_t length = 0;

    for (size_t i = 0; i < text.length; i++) {
        int byte = (unsigned char)text.at[i];

        if (byte == '%') {
            int high = i + 2 < text.length ? side_hex(text.at[i + 1]) : -1;
            int low = i + 2 < text.length ? side_hex(text.at[i + 2]) : -1;

            byte = high < 0 || low < 0 ? 0 : high * 16 + low;
            i += 2;
        }
        if (byte == 0 || length == FIELD_VALUE_MAX)
            return false;
        value[length++] = (char)byte;
    }
    value[length] = '\0';
    return true;
}

static gbx_err side_refuse_field(side_walk *walk, gbxi_view field)
{
    return gbx_error_set(walk->error, GBX_ERR_ARGUMENT, NULL,
                         "'%.*s' is no field of a query: expected route, method, since, until, failed or slower-than, "
                         "then '=' and a value",
                         (int)(field.length < 40 ? field.length : 40), field.at);
}

static gbx_err side_take_field(side_walk *walk, gbxi_view field)
{
    char value[FIELD_VALUE_MAX + 1];
    const char *equals = field.length > 0 ? memchr(field.at, '=', field.length) : NULL;
    gbxi_view name = {field.at, equals != NULL ? (size_t)(equals - field.at) : 0};
    size_t i = 0;

    while (i < SIDE_FIELDS && !gbxi_view_is(name, side_fields[i].name))
        i++;
    if (i == SIDE_FIELDS)
        return side_refuse_field(walk, field);
    if ((walk->seen & 1u << i) != 0)
        return gbx_error_set(walk->error, GBX_ERR_ARGUMENT, NULL, "%s is given twice", side_fields[i].name);
    walk->seen |= 1u << i;
    if (!side_decode(gbxi_view_after(field, name.length + 1), value) || value[0] == '\0')
        return gbx_error_set(
            walk->error, GBX_ERR_ARGUMENT, NULL,
            "%s takes a text that is not empty and at most %d bytes long, with %%XX for any other byte "
            "than NUL",
            side_fields[i].name, FIELD_VALUE_MAX);
    return side_fields[i].take(walk, value);
}

static gbx_err side_take_query(side_walk *walk, const char *text)
{
    gbx_err err = GBX_ERR_OK;

    while (err == GBX_ERR_OK && text != NULL) {
        const char *end = strchrnul(text, '&');

        err = side_take_field(walk, (gbxi_view){text, (size_t)(end - text)});
        text = *end == '&' ? end + 1 : NULL;
    }
    return err;
}

static bool side_is_trace_id(gbxi_view text)
{
    if (text.length != 32)
        return false;
    for (size_t i = 0; i < text.length; i++)
        if (side_hex(text.at[i]) < 0)
            return false;
    return true;
}

static gbx_err side_copy(char *to, size_t size, gbxi_view text, const char *what, gbx_error *error)
{
    if (text.length >= size)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "'%.40s...' is too long for the name of a %s", text.at,
                             what);
    memcpy(to, text.at, text.length);
    to[text.length] = '\0';
    return GBX_ERR_OK;
}

static gbx_err side_take_trace(gbxi_side *side, const char *text, gbx_error *error)
{
    if (text[0] == '\0')
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "expected the number of a trace after '#'");
    return side_copy(side->trace, sizeof(side->trace), gbxi_view_of(text), "trace", error);
}

gbx_err gbxi_side_parse(gbxi_side *side, const char *text, int64_t now_unix_ns, gbx_error *error)
{
    side_walk walk = {.side = side, .now_unix_ns = now_unix_ns, .error = error};
    gbxi_view run = {text, strcspn(text, "#?")};
    const char *rest = text + run.length;
    gbx_err err;

    *side = (gbxi_side){.query = {.order = GBXI_TRACES_BY_NUMBER}};
    if (side_is_trace_id(run) && rest[0] == '\0')
        return side_take_trace(side, text, error);
    if ((err = side_copy(side->run, sizeof(side->run), run, "run", error)) != GBX_ERR_OK || rest[0] == '\0')
        return err;
    return rest[0] == '#' ? side_take_trace(side, rest + 1, error) : side_take_query(&walk, rest + 1);
}

/* "12" after a '#' is a number, whatever ids begin so. */
static gbx_err side_find_trace(gbxi_side *side, gbxi_chosen *chosen, gbx_error *error)
{
    char name[GBXI_TRACE_NAME_MAX + 2];
    bool is_number = side->trace[strspn(side->trace, "0123456789")] == '\0';
    gbx_err err;

    snprintf(name, sizeof(name), "%s%s", is_number ? "#" : "", side->trace);
    if ((err = gbxi_chosen_trace(chosen, name, error)) != GBX_ERR_OK)
        return err;
    side->query.after_number = chosen->trace.number - 1;
    side->query.limit = 1;
    return GBX_ERR_OK;
}

gbx_err gbxi_side_open(gbxi_side *side, gbxi_chosen *chosen, const char *text, int64_t now_unix_ns,
                       gbxi_compare_side *compared, gbx_error *error)
{
    gbx_err err = gbxi_side_parse(side, text, now_unix_ns, error);

    if (err == GBX_ERR_OK)
        err = gbxi_chosen_run(chosen, side->run[0] != '\0' ? side->run : NULL,
                              side->trace[0] != '\0' ? side->trace : NULL, error);
    if (err == GBX_ERR_OK && side->trace[0] != '\0')
        err = side_find_trace(side, chosen, error);
    *compared = (gbxi_compare_side){.stored = chosen->stored, .run = &chosen->run, .name = text, .query = side->query};
    return err;
}

gbx_err gbxi_sides_open(gbxi_sides *sides, const char *store, const char *before, const char *after, gbx_error *error)
{
    const char *const names[] = {[GBXI_BEFORE] = before, [GBXI_AFTER] = after};
    int64_t now_ns = gbxi_wall_ns();
    gbx_err err = gbxi_chosen_open(&sides->chosen[GBXI_BEFORE], store, error);

    sides->chosen[GBXI_AFTER].reader = sides->chosen[GBXI_BEFORE].reader;
    for (size_t i = 0; i < GBXI_COMPARE_HALVES && err == GBX_ERR_OK; i++)
        err = gbxi_side_open(&sides->named[i], &sides->chosen[i], names[i], now_ns, &sides->at[i], error);
    return err;
}

void gbxi_sides_close(gbxi_sides *sides)
{
    gbxi_stored_run_close(sides->chosen[GBXI_AFTER].stored);
    gbxi_chosen_close(&sides->chosen[GBXI_BEFORE]);
}
