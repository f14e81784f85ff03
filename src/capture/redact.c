/* SPDX-License-Identifier: MIT */
/* Owns redactions: their life cycle, and the decision which text may be recorded. */
#define _GNU_SOURCE
#include "capture/redact.h"
#include "base/atomic.h"
#include "base/versioned.h"
#include "capture/event.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static_assert(sizeof(gbx_redaction_options) == 48, "no padding without a name");
static_assert(sizeof(gbx_text) == 48, "no padding without a name");

/* Allocates a redaction together with its table of keys and the keys themselves. */
static gbx_redaction *redaction_allocate(const char *const *keys)
{
    size_t count = 0, bytes = 0;
    gbx_redaction *redaction;
    char *text;

    for (; keys != NULL && keys[count] != NULL; count++)
        bytes += strlen(keys[count]) + 1;
    redaction = calloc(1, sizeof(*redaction) + (count + 1) * sizeof(char *) + bytes);
    if (redaction == NULL)
        return NULL;
    text = (char *)&redaction->keys[count + 1];
    for (size_t i = 0; i != count; i++) {
        size_t length = strlen(keys[i]) + 1;
        redaction->keys[i] = memcpy(text, keys[i], length);
        text += length;
    }
    return redaction;
}

gbx_redaction *gbx_redaction_new(const gbx_redaction_options *options)
{
    gbx_redaction_options known;
    gbx_redaction *redaction;

    if (gbxi_options_read(&known, sizeof(known), GBXI_SIZE_THROUGH(gbx_redaction_options, dispose), options, NULL) !=
            GBX_ERR_OK ||
        gbxi_reserved_check(known.reserved, sizeof(known.reserved), NULL) != GBX_ERR_OK)
        return NULL;
    redaction = redaction_allocate(known.keys);
    if (redaction == NULL)
        return NULL;
    gbxi_store_relaxed(&redaction->references, 1);
    redaction->names = known.names;
    redaction->reasons = known.reasons;
    redaction->filter = known.filter;
    redaction->context = known.context;
    redaction->dispose = known.dispose;
    return redaction;
}

gbx_redaction *gbx_redaction_ref(gbx_redaction *redaction)
{
    if (redaction != NULL)
        gbxi_add_relaxed(&redaction->references, 1);
    return redaction;
}

void gbx_redaction_unref(gbx_redaction *redaction)
{
    if (redaction == NULL || gbxi_sub_acq_rel(&redaction->references, 1) != 1)
        return;
    if (redaction->dispose != NULL)
        redaction->dispose(redaction->context);
    free(redaction);
}

/* Handles ASCII only, regardless of the host's locale. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_equal(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i != length; i++)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

/* Recorded keys are cut to GBXI_KEY_MAX, so only that much of a declared key is compared. */
static bool matches(const char *declared, const char *key, size_t key_length)
{
    size_t length = strnlen(declared, GBXI_KEY_MAX + 1);

    if (length != 0 && length <= GBXI_KEY_MAX && declared[length - 1] == '*')
        return key_length >= length - 1 && is_equal(declared, key, length - 1);
    if (length > GBXI_KEY_MAX)
        length = GBXI_KEY_MAX;
    return key_length == length && is_equal(declared, key, length);
}

bool gbxi_redaction_has_key(const gbx_redaction *redaction, const char *key, size_t key_length)
{
    if (redaction == NULL)
        return false;
    for (const char *const *declared = redaction->keys; *declared != NULL; declared++)
        if (matches(*declared, key, key_length))
            return true;
    return false;
}

bool gbxi_redaction_ask(const gbx_redaction *redaction, gbx_text *text)
{
    struct gbxi_lane *lane = gbxi_lane_here;
    size_t capacity = text->capacity;
    bool keep;

    /* Spans of the filter must not be written into the lane that is being written to. */
    gbxi_lane_here = NULL;
    keep = redaction->filter(redaction->context, text);
    gbxi_lane_here = lane;
    if (text->length > capacity)
        text->length = capacity;
    return keep;
}
