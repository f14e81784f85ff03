/* SPDX-License-Identifier: MIT */
/* Prints the trees of HTML pages, for tests that compare them with those of another parser.
 *
 * Standard input has for each page a line with its length in bytes, and then the page. Standard output has for each
 * page a line for each of its records, and then an empty line. A line is the record's depth, a letter for its kind (e,
 * a, t) and its name and value as they are, but for "\n" for line feeds and "\\" for backslashes. A page that is
 * refused is a line with "!" and the reason. */
#include "graph/source/page.h"
#include <glassbox/error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_bytes(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\n')
            fputs("\\n", stdout);
        else if (bytes[i] == '\\')
            fputs("\\\\", stdout);
        else
            putchar(bytes[i]);
    }
}

static void print_record(const gbxi_page *page, const gbxi_page_record *record, size_t depth)
{
    static const char letters[] = {[GBXI_NODE_ELEMENT] = 'e', [GBXI_NODE_ATTRIBUTE] = 'a', [GBXI_NODE_TEXT] = 't'};

    printf("%zu %c ", depth, letters[record->kind]);
    print_bytes(gbxi_texts_at(&page->texts, record->name), record->name.length);
    if (record->kind == GBXI_NODE_ATTRIBUTE)
        putchar('=');
    print_bytes(gbxi_texts_at(&page->texts, record->value), record->value.length);
    putchar('\n');
}

/* Prints a page's records. False without memory for their depths. */
static bool print_page(const gbxi_page *page)
{
    size_t *depths = calloc(page->count + 1, sizeof(*depths));

    for (size_t i = 0; depths != NULL && i < page->count; i++) {
        depths[i] = page->records[i].parent != GBXI_GRAPH_NONE ? depths[page->records[i].parent] + 1 : 0;
        print_record(page, &page->records[i], depths[i]);
    }
    putchar('\n');
    free(depths);
    return depths != NULL;
}

/* The next page of standard input, or NULL. Owns: the caller. */
static char *read_page(size_t *length)
{
    char *bytes;

    if (scanf("%zu", length) != 1 || getchar() != '\n' || (bytes = malloc(*length + 1)) == NULL)
        return NULL;
    if (fread(bytes, 1, *length, stdin) == *length)
        return bytes;
    free(bytes);
    return NULL;
}

int main(void)
{
    size_t length;
    bool printed = true;

    for (char *bytes; printed && (bytes = read_page(&length)) != NULL; free(bytes)) {
        gbx_error error;
        gbxi_page page;

        if (gbxi_page_parse(&page, bytes, length, &error) == GBX_ERR_OK)
            printed = print_page(&page);
        else
            printf("! %s\n\n", error.text);
        gbxi_page_fini(&page);
    }
    return printed && feof(stdin) ? 0 : 1;
}
