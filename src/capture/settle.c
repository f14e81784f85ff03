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

static bool is_one_text(const char *format)
{
    return format[0] == '%' && format[1] == 's' && format[2] == '\0';
}

static void write_name(char *values, const gbxi_name *name)
{
    char text[GBXI_NAME_MAX];
    size_t length = gbxi_format_write(text, name->format, values);

    assert(length == name->length);
    memcpy(values, text, length);
}

/* Returns the number of slots of the event and its name. */
static size_t settle_name(gbxi_event *event)
{
    gbxi_name *name = (gbxi_name *)(void *)(event + 1);
    char *text = (char *)(event + 2);

    if (is_one_text(name->format))
        memmove(text, text + GBXI_FORMAT_TEXT_AT, name->length);
    else
        write_name(text, name);
    name->length = (uint32_t)whole_characters(text, name->length);
    event->word = gbxi_event_word(GBXI_EVENT_ENTER_FORMAT, gbxi_event_site(event));
    return 2 + name->slots;
}

static void settle_names(gbxi_block *block, const gbxi_event *end)
{
    for (gbxi_event *event = block->events; event != end;) {
        if (gbxi_event_kind_of(event) == GBXI_EVENT_EXIT)
            event++;
        else if (gbxi_event_kind_of(event) == GBXI_EVENT_ENTER_VALUES)
            event += settle_name(event);
        else if (gbxi_event_is_note(event))
            event += gbxi_event_slots_of_note(event);
        else
            event += gbxi_event_slots_of(event);
    }
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
