/* SPDX-License-Identifier: MIT */
/* Owns the formatting of deferred names, in place: the text replaces the values that it is made of. */
#include "capture/settle.h"
#include "base/cut.h"
#include "capture/format.h"
#include <assert.h>
#include <pthread.h>
#include <string.h>

/* The length of a name. One of the greatest length may have been cut inside a character. */
static size_t whole_characters(const char *text, size_t length)
{
    return gbxi_cut(text, length + (length == GBXI_NAME_MAX), GBXI_NAME_MAX);
}

static void settle_name(gbxi_event *event)
{
    gbxi_name *name = (gbxi_name *)(void *)(event + 1);
    char text[GBXI_NAME_MAX];
    size_t length = gbxi_format_write(text, name->format, (const char *)(event + 2));

    assert(length == name->length);
    memcpy(event + 2, text, length);
    name->length = (uint32_t)whole_characters(text, length);
    event->word = gbxi_event_word(GBXI_EVENT_ENTER_FORMAT, gbxi_event_site(event));
}

static void settle_names(gbxi_block *block, const gbxi_event *end)
{
    for (gbxi_event *event = block->events; event != end; event += gbxi_event_slots_of(event))
        if (gbxi_event_kind_of(event) == GBXI_EVENT_ENTER_VALUES)
            settle_name(event);
}

/* Readers see a finished capture as constant, but its memory is not. */
void gbxi_block_settle(const gbx_capture *capture, const gbxi_block *block, const gbxi_event *end)
{
    gbxi_block *writable = (gbxi_block *)(uintptr_t)block;
    pthread_mutex_t *lock = (pthread_mutex_t *)(uintptr_t)&capture->names_lock;

    if (!gbxi_load_relaxed(&block->has_values) || gbxi_load_acquire(&block->is_settled))
        return;
    pthread_mutex_lock(lock);
    if (!gbxi_load_relaxed(&block->is_settled)) {
        settle_names(writable, end);
        gbxi_store_release(&writable->is_settled, true);
    }
    pthread_mutex_unlock(lock);
}
