/* SPDX-License-Identifier: MIT */
/* Owns parsing HTML with libxml2. The handlers list the page instead of building a tree. */
#include "graph/source/page.h"
#include "graph/array.h"
#include "graph/source/parser_memory.h"
#include "graph/stop.h"
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <string.h>

/* libxml2 compares each attribute of a tag with those before it, and each stray end tag with all open elements. These
 * comparisons are counted, so that no page takes quadratic time. This many take a fraction of a second. */
static const uint64_t COMPARISONS_MAX = UINT64_C(1) << 27;
/* Fewer are done before the next bytes are read, where the reader looks anyway whether to stop. */
static const uint64_t COMPARISONS_PER_LOOK = 1024;
enum { ATTRIBUTE_SLOTS_MAX = 16384 }; /* two for each attribute */

typedef struct reader {
    gbxi_page *page;
    const char *at; /* the rest of the page, which libxml2 has not read yet */
    const char *end;
    htmlParserCtxtPtr context;
    uint32_t *open; /* records of the open elements, as deep as libxml2's own stack of names */
    size_t open_capacity;
    gbxi_text_names names;
    gbxi_parser_memory memory;
    bool in_text; /* the last record is a text that may still grow */
    uint64_t comparisons;
    gbx_err err;
} reader;

/* After an error the handlers do nothing and read_some reports the end of the page, which soon ends parsing.
 * xmlStopParser cannot be used: it frees a buffer that the handler's caller still uses. */
static bool reader_failed(reader *r, gbx_err err)
{
    if (r->err == GBX_ERR_OK)
        r->err = err;
    return r->err != GBX_ERR_OK;
}

static bool reader_is_stopped(reader *r)
{
    return gbxi_account_is_stopped() && reader_failed(r, GBX_ERR_IO);
}

static void count_comparisons(reader *r, uint64_t comparisons)
{
    if (comparisons > COMPARISONS_PER_LOOK)
        (void)reader_is_stopped(r);
    r->comparisons += comparisons;
    if (r->comparisons > COMPARISONS_MAX)
        reader_failed(r, GBX_ERR_LIMIT);
}

/* The parent of the next record, at the given depth of libxml2's stack. */
static uint32_t parent_at(const reader *r, int depth)
{
    if (depth > 0)
        return r->open[depth - 1];
    return r->page->body != GBXI_GRAPH_NONE ? r->page->body : r->page->root;
}

static gbxi_page_record *add_record(reader *r, gbxi_node_kind kind, uint32_t parent)
{
    gbxi_page *page = r->page;

    if (reader_failed(r, gbxi_array_reserve(&page->records, &page->capacity, page->count + 1, sizeof(*page->records))))
        return NULL;
    page->records[page->count] = (gbxi_page_record){.parent = parent, .kind = kind};
    return &page->records[page->count++];
}

static bool is_blank_text(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (strchr(" \t\n\r\f", bytes[i]) == NULL || bytes[i] == '\0')
            return false;
    return true;
}

/* Completes the current text and removes it if it is only whitespace. */
static void end_text(reader *r)
{
    gbxi_page *page = r->page;
    gbxi_text value;

    if (!r->in_text || r->err != GBX_ERR_OK)
        return;
    r->in_text = false;
    value = page->records[page->count - 1].value;
    if (!is_blank_text(gbxi_texts_at(&page->texts, value), value.length))
        return;
    --page->count;
    page->texts.used = value.at;
}

static void on_text(void *user, const xmlChar *bytes, int length)
{
    reader *r = user;
    gbxi_page_record *record;
    uint32_t parent;

    if (r->err != GBX_ERR_OK)
        return;
    parent = parent_at(r, r->context->nameNr);
    if (r->in_text && r->page->records[r->page->count - 1].parent != parent)
        end_text(r);
    if (!r->in_text) {
        if ((record = add_record(r, GBXI_NODE_TEXT, parent)) == NULL)
            return;
        record->value.at = (uint32_t)r->page->texts.used;
        r->in_text = true;
    }
    record = &r->page->records[r->page->count - 1];
    reader_failed(r, gbxi_texts_extend(&r->page->texts, &record->value, (const char *)bytes, (size_t)length));
}

static void on_comment(void *user, const xmlChar *text)
{
    (void)text;
    end_text(user);
}

static void on_instruction(void *user, const xmlChar *target, const xmlChar *data)
{
    (void)target;
    (void)data;
    end_text(user);
}

/* Interns a name: equal names share one text. */
static bool name_of(reader *r, const xmlChar *bytes, gbxi_text *name)
{
    const char *text = (const char *)bytes;
    uint32_t number;
    bool is_new;

    if (reader_failed(r, gbxi_text_names_intern(&r->names, &r->page->texts, text, strlen(text), &number, &is_new)))
        return false;
    *name = r->names.names[number];
    return true;
}

static bool add_attribute(reader *r, uint32_t element, const xmlChar *name, const xmlChar *value)
{
    gbxi_page_record *record = add_record(r, GBXI_NODE_ATTRIBUTE, element);
    const char *text = value != NULL ? (const char *)value : "";

    return record != NULL && name_of(r, name, &record->name) &&
           !reader_failed(r, gbxi_texts_add(&r->page->texts, text, strlen(text), &record->value));
}

/* Pushes `element` on the stack of open elements. */
static void push_open(reader *r, size_t depth, uint32_t element)
{
    if (!reader_failed(r, gbxi_array_reserve(&r->open, &r->open_capacity, depth, sizeof(*r->open))))
        r->open[depth - 1] = element;
}

static void note_landmarks(gbxi_page *page, uint32_t element, int depth, const xmlChar *name)
{
    if (depth == 1)
        page->root = element;
    else if (depth == 2 && page->body == GBXI_GRAPH_NONE && strcmp((const char *)name, "body") == 0)
        page->body = element;
}

/* libxml2 has already pushed the name on its own stack. There is no handler for the end of an element: the height of
 * that stack always identifies the innermost element, even where libxml2 closes one without calling a handler. */
static void on_element(void *user, const xmlChar *name, const xmlChar **attributes)
{
    reader *r = user;
    int depth = r->context->nameNr;
    uint32_t element = (uint32_t)r->page->count, attribute_count = 0;
    gbxi_page_record *record;

    if (r->err != GBX_ERR_OK)
        return;
    end_text(r);
    if (depth == 1 && r->page->root != GBXI_GRAPH_NONE) { /* content after </html> */
        push_open(r, 1, parent_at(r, 0));
        return;
    }
    element = (uint32_t)r->page->count;
    push_open(r, (size_t)depth, element);
    if ((record = add_record(r, GBXI_NODE_ELEMENT, depth > 1 ? parent_at(r, depth - 1) : GBXI_GRAPH_NONE)) == NULL ||
        !name_of(r, name, &record->name))
        return;
    note_landmarks(r->page, element, depth, name);
    for (; attributes != NULL && attributes[0] != NULL; attributes += 2, attribute_count++)
        if (!add_attribute(r, element, attributes[0], attributes[1]))
            return;
    count_comparisons(r, (uint64_t)attribute_count * attribute_count / 2);
}

/* Malformed HTML is not an error. This handler only counts costly mistakes and notices running out of memory. */
static void on_complaint(void *user, xmlErrorPtr complaint)
{
    reader *r = user;

    if (complaint->code == XML_ERR_NO_MEMORY)
        reader_failed(r, GBX_ERR_NO_MEMORY);
    if (complaint->code == XML_ERR_TAG_NAME_MISMATCH || complaint->code == XML_HTML_STRUCURE_ERROR)
        count_comparisons(r, (uint64_t)r->context->nameNr);
}

/* Gives libxml2 the next bytes of the page. libxml2 asks for a few thousand at a time, even in the middle of a tag.
 * This is the only place where a tag with too many attributes can be noticed early. */
static int read_some(void *user, char *buffer, int capacity)
{
    static const char REPLACEMENT[] = "\xef\xbf\xbd";
    reader *r = user;
    int used = 0;

    if (r->context->maxatts > ATTRIBUTE_SLOTS_MAX)
        reader_failed(r, GBX_ERR_LIMIT);
    if (!gbxi_parser_memory_reserve(&r->memory))
        reader_failed(r, GBX_ERR_NO_MEMORY);
    if (r->err != GBX_ERR_OK || reader_is_stopped(r))
        return 0;
    while (r->at < r->end && capacity - used >= (int)sizeof(REPLACEMENT)) {
        size_t left = (size_t)(r->end - r->at), room = (size_t)(capacity - used), run = left < room ? left : room;
        const char *nul = memchr(r->at, '\0', run);

        if (nul == r->at) {
            memcpy(buffer + used, REPLACEMENT, sizeof(REPLACEMENT) - 1);
            used += (int)sizeof(REPLACEMENT) - 1;
            ++r->at;
            continue;
        }
        run = nul != NULL ? (size_t)(nul - r->at) : run;
        memcpy(buffer + used, r->at, run);
        used += (int)run;
        r->at += run;
    }
    return used;
}

/* Configures the parser: no tree, no network, no entities other than HTML's own, nothing printed, no limits on size or
 * depth. */
static bool open_context(reader *r)
{
    xmlParserInputBufferPtr buffer;
    xmlParserInputPtr input;
    xmlSAXHandler handlers = {
        .startElement = on_element,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .comment = on_comment,
        .processingInstruction = on_instruction,
        .serror = on_complaint,
        .initialized = XML_SAX2_MAGIC,
    };

    if ((r->context = htmlNewParserCtxt()) == NULL)
        return false;
    htmlCtxtUseOptions(r->context, HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC | HTML_PARSE_NODEFDTD);
    r->context->options |= XML_PARSE_HUGE;
    r->context->charset = XML_CHAR_ENCODING_UTF8; /* JSON strings are UTF-8; without this libxml2 guesses */
    *r->context->sax = handlers;
    r->context->userData = r;
    if ((buffer = xmlParserInputBufferCreateIO(read_some, NULL, r, XML_CHAR_ENCODING_NONE)) == NULL)
        return false;
    if ((input = xmlNewIOInputStream(r->context, buffer, XML_CHAR_ENCODING_NONE)) == NULL) {
        xmlFreeParserInputBuffer(buffer);
        return false;
    }
    return inputPush(r->context, input) >= 0;
}

/* Sets each record's end, from the last record to the first: a parent ends where its last child ends. */
static void set_ends(gbxi_page *page)
{
    for (size_t i = page->count; i-- > 0 && gbxi_account_goes_on(i);) {
        gbxi_page_record *record = &page->records[i];

        if (record->end == 0)
            record->end = (uint32_t)i + 1;
        if (record->parent != GBXI_GRAPH_NONE && page->records[record->parent].end < record->end)
            page->records[record->parent].end = record->end;
    }
}

/* libxml2 reports some errors, such as lack of memory, without a context. Without a handler for the thread it would
 * print them to stderr. */
static void run_html_parser(reader *r)
{
    xmlStructuredErrorFunc handler = xmlStructuredError;
    void *user = xmlStructuredErrorContext;

    gbxi_parser_memory_begin(&r->memory);
    xmlSetStructuredErrorFunc(r, on_complaint);
    if (open_context(r)) {
        (void)htmlParseDocument(r->context); /* the return value only tells whether the HTML was well-formed */
        end_text(r);
    } else {
        reader_failed(r, GBX_ERR_NO_MEMORY);
    }
    htmlFreeParserCtxt(r->context);
    gbxi_parser_memory_end(&r->memory);
    xmlResetLastError();
    xmlSetStructuredErrorFunc(user, handler);
}

gbx_err gbxi_page_parse(gbxi_page *page, const char *html, size_t length, gbx_error *error)
{
    reader r = {.page = page, .at = html, .end = html + length};

    *page = (gbxi_page){.root = GBXI_GRAPH_NONE, .body = GBXI_GRAPH_NONE};
    if (length == 0)
        return GBX_ERR_OK;
    gbxi_parser_memory_init();
    run_html_parser(&r);
    gbxi_text_names_fini(&r.names);
    gbxi_account_free(r.open);
    if (r.err == GBX_ERR_OK) {
        set_ends(page);
        return gbxi_stop_check();
    }
    if (r.err == GBX_ERR_LIMIT)
        gbx_error_set(error, r.err, NULL, "the page has too many attributes on a tag, or too many stray tags");
    else
        gbx_error_set(error, r.err, NULL, "%s", gbx_err_text(r.err));
    return r.err;
}

void gbxi_page_fini(gbxi_page *page)
{
    gbxi_account_free(page->records);
    gbxi_texts_fini(&page->texts);
    *page = (gbxi_page){0};
}
