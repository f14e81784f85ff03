/* SPDX-License-Identifier: MIT */
/* What libxml2 allocates is reserved before: at no moment of any page has it more than the account holds. */
#define _GNU_SOURCE
#include "base/account.h"
#include "graph/source/page.h"

#include <libxml/xmlmemory.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static gbxi_account *account;                  /* of the page under way */
static size_t parser_bytes, over, parser_most; /* libxml2's; the most above what the account holds; the most */

static void *count_in(void *memory)
{
    parser_bytes += malloc_usable_size(memory);
    if (parser_bytes > parser_most)
        parser_most = parser_bytes;
    if (account != NULL && parser_bytes > account->held + over)
        over = parser_bytes - account->held;
    return memory;
}

static void parser_free(void *memory)
{
    parser_bytes -= malloc_usable_size(memory);
    free(memory);
}

static void *parser_malloc(size_t bytes)
{
    return count_in(malloc(bytes));
}

/* Both blocks are in use while the contents move. */
static void *parser_realloc(void *memory, size_t bytes)
{
    size_t before = malloc_usable_size(memory);
    void *moved = count_in(realloc(memory, bytes));

    parser_bytes -= moved != NULL ? before : 0;
    return moved;
}

static char *parser_strdup(const char *text)
{
    return count_in(strdup(text));
}

enum { HTML_BYTES = 1 << 20 };

static char html[HTML_BYTES];

/* Before the first bytes, libxml2 makes its context, which is small. */
enum { CONTEXT_BYTES = 64 << 10 };

static void check_page(const char *what, size_t length, gbx_err expected)
{
    gbxi_account own = {.size = GBXI_WORK_LARGE};
    size_t before = parser_bytes;
    gbxi_page page;
    gbx_err err;

    over = 0;
    gbxi_account_enter(&own);
    account = &own;
    err = gbxi_page_parse(&page, html, length, NULL);
    account = NULL;
    gbxi_page_fini(&page);
    gbxi_account_leave(&own);
    if (err != expected)
        fail_msg("%s: %d", what, err);
    if (over > before + CONTEXT_BYTES)
        fail_msg("%s: %zu bytes are not counted", what, over);
}

static size_t repeat(const char *begin, const char *unit)
{
    size_t at = strlen(begin), length = strlen(unit);

    memcpy(html, begin, at);
    for (; at + length <= sizeof(html); at += length)
        memcpy(html + at, unit, length);
    return at;
}

/* Names that are all different, so that each is kept. */
static size_t different(const char *format)
{
    size_t at = 0;

    for (unsigned i = 0; at + 32 < sizeof(html); i++)
        at += (size_t)snprintf(html + at, 32, format, i, i);
    return at;
}

static void the_parser_has_no_more_than_is_reserved(void **state)
{
    static const char *const repeated[][2] = {
        {"", "<a>"},         {"", "<p>"},           {"", "&lt;"},      {"", "<!---->"},
        {"<p a=", "x"},      {"<p a='", "&"},       {"<!--", "x"},     {"<script>", "x"},
        {"<", "x"},          {"<p ", "x"},          {"<?", "x"},       {"&", "x"},
        {"<!DOCTYPE ", "x"}, {"<!DOCTYPE \"", "x"}, {"", "\xc3\xa9"},  {"", "<p a=b c>"},
        {"</", "x"},         {"", "</p>"},          {"<style>", "</"},
    };

    (void)state;
    parser_most = 0;
    for (size_t i = 0; i < sizeof(repeated) / sizeof(repeated[0]); i++)
        check_page(repeated[i][0][0] != '\0' ? repeated[i][0] : repeated[i][1], repeat(repeated[i][0], repeated[i][1]),
                   GBX_ERR_OK);
    check_page("tags", different("<x%x>"), GBX_ERR_OK);
    check_page("attributes", different("<p a%x b%x>"), GBX_ERR_OK);
    assert_true(parser_most > HTML_BYTES); /* some of them make libxml2 hold whole pages */
}

static void without_memory_for_the_parser_the_page_ends(void **state)
{
    (void)state;
    gbxi_work_memory_limit_set(HTML_BYTES);
    parser_most = 0;
    check_page("an attribute", repeat("<p a=", "x"), GBX_ERR_NO_MEMORY);
    check_page("a comment", repeat("<!--", "x"), GBX_ERR_NO_MEMORY);
    check_page("tags", different("<x%x>"), GBX_ERR_NO_MEMORY);
    assert_true(parser_most < HTML_BYTES);
    gbxi_work_memory_limit_set(GBXI_WORK_MEMORY_UNLIMITED);
    assert_int_equal(gbxi_work_memory_look().used, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parser_has_no_more_than_is_reserved),
        cmocka_unit_test(without_memory_for_the_parser_the_page_ends),
    };

    if (xmlMemSetup(parser_free, parser_malloc, parser_realloc, parser_strdup) != 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
