/* SPDX-License-Identifier: MIT */
/* Pages built to be slow: the parser's steps grow no faster than the page, or it is refused with the reason. */
#define _GNU_SOURCE
#include "base/account.h"
#include "graph/html/parse.h"
#include "graph/source/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PAGE_BYTES = 1 << 18 };

static char html[PAGE_BYTES];

/* Fills up to `limit` with `unit`; "%x" in it is a number that is different each time. */
static size_t fill(size_t at, const char *unit, size_t limit)
{
    char text[64];

    for (unsigned i = 0;; i++) {
        size_t length = 0;

        for (const char *c = unit; *c != '\0' && length + 16 < sizeof(text); c++) {
            if (*c == '%')
                length += (size_t)snprintf(text + length, 16, "%x", i);
            else
                text[length++] = *c;
        }
        if (at + length > limit)
            return at;
        memcpy(html + at, text, length);
        at += length;
    }
}

typedef struct shape {
    const char *begin;
    const char *unit;
    const char *then; /* for the second half of the page */
} shape;

static size_t make(const shape *s, size_t bytes)
{
    size_t begin = strlen(s->begin);

    memcpy(html, s->begin, begin);
    if (s->then == NULL)
        return fill(begin, s->unit, bytes);
    return fill(fill(begin, s->unit, bytes / 2), s->then, bytes);
}

static uint64_t steps_for(const shape *s, size_t bytes)
{
    gbxi_texts texts = {0};
    gbxi_html parsed;
    size_t length = make(s, bytes);
    gbx_err err = gbxi_html_parse(&parsed, &texts, html, length);
    uint64_t steps = parsed.steps;

    gbxi_html_fini(&parsed);
    gbxi_texts_fini(&texts);
    if (err != GBX_ERR_OK)
        fail_msg("%s%s: %d", s->begin, s->unit, err);
    return steps;
}

/* Four times the page may take five times the steps, and a byte no more than sixteen. */
static void the_steps_grow_with_the_page(void **state)
{
    static const shape shapes[] = {
        {"", "<div>", NULL},
        {"", "<b>", NULL},
        {"", "<div>", "</i>"},
        {"", "<b>", "</u>"},
        {"", "<b>", "<body a%>"},
        {"", "<span>", "</x>"},
        {"", "<div>", "<p>"},
        {"<p><button>", "<div>", NULL},
        {"<li>", "<div>", "<li>"},
        {"", "<x%>", NULL},
        {"", "<x%>", "</x%>"},
        {"<p", " a%=1", NULL},
        {"<p", " a=1", NULL},
        {"", "<p a%>", NULL},
        {"", "<b><i><p>", NULL},
        {"", "<b><i><p>x</b></i></p>", NULL},
        {"", "<a><p>", NULL},
        {"", "<b>", "</b>"},
        {"", "<b><div>", "</b>"},
        {"", "<nobr><p>", NULL},
        {"", "<svg><g>", "</x>"},
        {"<svg>", "<g>", "</x>"},
        {"<div><div>", "<table></table>", NULL},
        {"", "<div>", "<table></table>"},
        {"", "<div>", "<select></select>"},
        {"", "<table>", NULL},
        {"", "<table><tr><td>", NULL},
        {"<table>", "x<tr>", NULL},
        {"<table>", "<b>x", NULL},
        {"", "<template>", "<td>"},
        {"<template>", "<tr><b>", NULL},
        {"", "<object><b>", NULL},
        {"", "<form><div></form>", NULL},
        {"", "<ruby><rt>", NULL},
        {"", "<frameset>", NULL},
        {"", "&", NULL},
        {"", "&l", NULL},
        {"", "<", NULL},
        {"", "<!", NULL},
        {"<!--", "->", NULL},
        {"<script>", "<!--<script>", NULL},
        {"<title>", "</titl", NULL},
        {"<svg><![CDATA[", "]]", NULL},
        {"", "\r", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        uint64_t quarter = steps_for(&shapes[i], PAGE_BYTES / 4), whole = steps_for(&shapes[i], PAGE_BYTES);

        if (whole > 5 * quarter + 100 || whole > 16 * (uint64_t)PAGE_BYTES)
            fail_msg("%s%s: %llu steps, and %llu for a quarter", shapes[i].begin, shapes[i].unit,
                     (unsigned long long)whole, (unsigned long long)quarter);
    }
}

/* What browsers make of these is not linear either. */
static void what_cannot_be_linear_is_refused_with_the_reason(void **state)
{
    static const shape shapes[] = {
        {"", "<font a=%>", NULL}, {"", "<font a=%><p>", NULL}, {"<i>", "<div>", "</i>"}, {"", "<b a=%><i b=%>", NULL},
        {"<p><b", " a%", "><p>"}, {"<p><b a=", "x", "><p>"},   {"<p><b ", "x", "><p>"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        gbxi_page page;
        gbx_error error = {0};
        gbx_err err = gbxi_page_parse(&page, html, make(&shapes[i], PAGE_BYTES), &error);

        gbxi_page_fini(&page);
        if (err != GBX_ERR_LIMIT)
            fail_msg("%s%s: %d", shapes[i].begin, shapes[i].unit, err);
        assert_non_null(strstr(error.text, " steps, the limit for its length"));
    }
}

/* What a person writes is never refused, however bad it is. */
static void hundreds_of_open_formatting_elements_are_just_a_page(void **state)
{
    static const shape fonts = {"", "<font a=%>x<p>y", NULL};
    gbxi_page page;
    gbx_error error;

    (void)state;
    assert_int_equal(gbxi_page_parse(&page, html, make(&fonts, 10000), &error), GBX_ERR_OK);
    assert_true(page.count > 1000);
    gbxi_page_fini(&page);
}

static void check_memory(const shape *s)
{
    gbxi_account account = {.size = GBXI_WORK_LARGE};
    gbxi_page page;
    gbx_err err;

    gbxi_account_enter(&account);
    err = gbxi_page_parse(&page, html, make(s, PAGE_BYTES), NULL);
    gbxi_page_fini(&page);
    assert_int_equal(account.held, 0);
    gbxi_account_leave(&account);
    if (err != GBX_ERR_NO_MEMORY)
        fail_msg("%s%s: %d", s->begin, s->unit, err);
}

/* All memory of the parser is counted before it is used, so a page of a megabyte does not fit into less. */
static void without_memory_for_the_tree_the_page_ends(void **state)
{
    static const shape shapes[] = {
        {"<p a=", "x", NULL}, {"", "x", NULL},           {"", "<x%>", NULL},      {"", "<p>", NULL},
        {"<p", " a%", NULL},  {"<p ", "Aa%", NULL},      {"<p ", "A", NULL},      {"", "<!---->", NULL},
        {"", "<b>", NULL},    {"<textarea>", "x", NULL}, {"<script>", "x", NULL}, {"", "<template>", NULL},
    };

    (void)state;
    gbxi_work_memory_limit_set(PAGE_BYTES / 2);
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
        check_memory(&shapes[i]);
    gbxi_work_memory_limit_set(GBXI_WORK_MEMORY_UNLIMITED);
    assert_int_equal(gbxi_work_memory_look().used, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_steps_grow_with_the_page),
        cmocka_unit_test(what_cannot_be_linear_is_refused_with_the_reason),
        cmocka_unit_test(hundreds_of_open_formatting_elements_are_just_a_page),
        cmocka_unit_test(without_memory_for_the_tree_the_page_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
