/* SPDX-License-Identifier: MIT */
/* Owns one run of the HTML parser. */
#include "graph/html/parse.h"
#include "graph/html/builder.h"
#include "graph/html/tokenizer.h"

/* What a page may take beyond its length, so that any small one is read, and for each of its bytes. A normal page takes
 * about one step for each of its bytes. */
static const uint64_t STEPS_FREE = UINT64_C(1) << 23, STEPS_PER_BYTE = 32;

static void read_token(gbxi_html *html)
{
    switch (html->state) {
    case GBXI_HTML_DATA:
        gbxi_html_read_data(html);
        break;
    case GBXI_HTML_SCRIPT_DATA:
        gbxi_html_read_script(html);
        break;
    case GBXI_HTML_PLAIN:
        gbxi_html_read_plain(html);
        break;
    default:
        gbxi_html_read_raw(html);
    }
}

gbx_err gbxi_html_parse(gbxi_html *html, gbxi_texts *texts, const char *page, size_t length)
{
    static const char mark[] = "\xef\xbb\xbf"; /* the byte order mark is of the encoding and not of the page */

    *html = (gbxi_html){.at = page,
                        .end = page + length,
                        .texts = texts,
                        .head = GBXI_HTML_NONE,
                        .form = GBXI_HTML_NONE,
                        .frameset_ok = true,
                        .steps_max = STEPS_FREE + STEPS_PER_BYTE * length};
    if (length >= sizeof(mark) - 1 && memcmp(page, mark, sizeof(mark) - 1) == 0)
        html->at += sizeof(mark) - 1;
    gbxi_html_new(html, GBXI_HTML_DOCUMENT);
    for (size_t turn = 0; html->at < html->end && html->err == GBX_ERR_OK; turn++) {
        if (!gbxi_account_goes_on(turn))
            return html->err = GBX_ERR_IO;
        read_token(html);
    }
    gbxi_html_on_eof(html);
    return html->err;
}

void gbxi_html_fini(gbxi_html *html)
{
    gbxi_text_names_fini(&html->names);
    gbxi_account_free(html->uses);
    gbxi_account_free(html->scratch);
    gbxi_account_free(html->attributes);
    gbxi_account_free(html->pieces);
    gbxi_account_free(html->nodes);
    gbxi_account_free(html->open);
    gbxi_account_free(html->formats);
    gbxi_account_free(html->template_modes);
    *html = (gbxi_html){0};
}
