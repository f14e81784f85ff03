/* SPDX-License-Identifier: MIT */
/* Gets the documents and runs the checks of each. */
#include "meaning.h"
#include "meaning_model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char complaint[256];

bool meaning_complain(const char *file, int line, const char *what)
{
    snprintf(complaint, sizeof(complaint), "%s:%d: %s", file, line, what);
    return false;
}

uint64_t model_uint(gbxi_json_value object, const char *key)
{
    uint64_t value = UINT64_MAX;

    gbxi_json_uint64(gbxi_json_member(object, key), &value);
    return value;
}

double model_real(gbxi_json_value object, const char *key)
{
    double value = NAN;

    gbxi_json_double(gbxi_json_member(object, key), &value);
    return value;
}

gbxi_json_string model_string(gbxi_json_value object, const char *key)
{
    gbxi_json_string value = {"", 0};

    gbxi_json_str(gbxi_json_member(object, key), &value);
    return value;
}

uint64_t model_ms(gbxi_json_value object, const char *key)
{
    double ms = model_real(object, key);

    return ms >= 0 && ms < 1e12 ? (uint64_t)(ms * 1e6 + 0.5) : UINT64_MAX;
}

bool model_is(gbxi_json_string string, const char *text)
{
    return string.length == strlen(text) && memcmp(string.at, text, string.length) == 0;
}

bool model_same(gbxi_json_string a, gbxi_json_string b)
{
    return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

static bool goes_on(gbxi_json_string string, size_t at, const char *text)
{
    size_t length = strlen(text);

    return string.length >= at + length && memcmp(string.at + at, text, length) == 0;
}

bool model_begins(gbxi_json_string string, gbxi_json_string with, const char *then)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    size_t same = 0;

    while (same < string.length && same < with.length && string.at[same] == with.at[same])
        ++same;
    if (same == with.length)
        return goes_on(string, same, then);
    return same >= MODEL_UNCUT_BYTES && goes_on(string, same, ellipsis) &&
           goes_on(string, same + strlen(ellipsis), then);
}

bool model_contains(gbxi_json_string string, const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i + length <= string.length; ++i)
        if (memcmp(string.at + i, text, length) == 0)
            return true;
    return false;
}

static bool check_all(model *m, const meaning_texts *texts)
{
    return meaning_read_speedscope(m) && meaning_check_full(m) && meaning_check_summary(m) &&
           (texts->at[GBX_FORMAT_FOLDED] == NULL || meaning_check_folded(m, texts->at[GBX_FORMAT_FOLDED])) &&
           (texts->at[GBX_FORMAT_CHROME] == NULL || meaning_check_chrome(m, m->chrome)) &&
           (texts->at[GBX_FORMAT_PPROF] == NULL ||
            meaning_check_pprof(m, texts->at[GBX_FORMAT_PPROF], texts->lengths[GBX_FORMAT_PPROF]));
}

static const char *check_texts(const meaning_texts *texts, gbx_call_tree call_tree)
{
    static const gbx_format json[] = {GBX_FORMAT_FULL, GBX_FORMAT_SUMMARY, GBX_FORMAT_SPEEDSCOPE, GBX_FORMAT_CHROME};
    gbxi_json_document *documents[4] = {NULL, NULL, NULL, NULL};
    model m = {.call_tree = call_tree};
    gbxi_json_value *const roots[] = {&m.full, &m.summary, &m.speedscope, &m.chrome};
    gbx_error error = {0};
    bool good = true;

    for (int i = 0; good && i < 4; ++i) {
        const char *text = texts->at[json[i]];
        if (text == NULL)
            continue;
        if (gbxi_json_parse(text, strlen(text), &documents[i], &error) == GBX_ERR_OK)
            *roots[i] = gbxi_json_root(documents[i]);
        else
            good = meaning_complain(error.text, i, "a document is not JSON");
    }
    good = good && check_all(&m, texts);
    free(m.roots);
    free(m.events);
    free(m.captions);
    free(m.frames);
    for (int i = 0; i < 4; ++i)
        gbxi_json_free(documents[i]);
    return good ? NULL : complaint;
}

const char *meaning_check_texts(const meaning_texts *texts)
{
    return check_texts(texts, GBX_CALL_TREE_NESTED);
}

static char *export_text(gbx_capture *capture, gbx_format format, const gbx_export_options *options, size_t piece,
                         size_t *text_length)
{
    gbx_exporter *exporter = gbx_exporter_new(capture, format, options);
    size_t capacity = piece + 1;
    size_t length = 0;
    char *text = malloc(capacity);
    ptrdiff_t got = exporter != NULL ? 1 : -1;

    while (text != NULL && got > 0) {
        if (capacity - length <= piece) {
            char *longer = realloc(text, capacity = capacity * 2 + piece);
            if (longer == NULL)
                got = -1;
            text = longer != NULL ? longer : text;
        }
        if (got > 0)
            got = gbx_exporter_read(exporter, text + length, piece);
        length += got > 0 ? (size_t)got : 0;
    }
    gbx_exporter_free(exporter);
    if (got == 0 && text != NULL) {
        text[length] = '\0';
        *text_length = length;
        return text;
    }
    free(text);
    return NULL;
}

const char *meaning_check(gbx_capture *capture, const gbx_export_options *options, size_t piece)
{
    meaning_texts texts = {{NULL}, {0}};
    const char *result = NULL;

    for (gbx_format format = 0; format <= GBX_FORMAT_PPROF; format++) {
        texts.at[format] = export_text(capture, format, options, piece, &texts.lengths[format]);
        if (texts.at[format] == NULL)
            result = "a document could not be exported";
    }
    if (result == NULL)
        result = check_texts(&texts, options != NULL ? options->call_tree : GBX_CALL_TREE_NESTED);
    for (gbx_format format = 0; format <= GBX_FORMAT_PPROF; format++)
        free(texts.at[format]);
    return result;
}
