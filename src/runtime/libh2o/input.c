/* SPDX-License-Identifier: MIT */
/* Owns the buffers that libh2o reads into. */
#define _GNU_SOURCE
#include "runtime/libh2o/input.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#if H2O_VERSION_MAJOR != 2 || H2O_VERSION_MINOR != 2
#error "the two functions of libh2o that this file replaces are known for version 2.2 only"
#endif

enum { RECEIVE_BYTES = 256 << 10, TURN_BYTES_LEAST = 16 << 10, TURN_BYTES_MOST = 256 << 10 };
enum { MAPPED_BYTES_LEAST = 1 << 20, HUGE_BYTES_LEAST = 16 << 20, PAGE_BYTES = 4096 };

/* ThreadSanitizer does not know mremap: it takes what another thread has at the old address later for a race. */
#ifdef __SANITIZE_THREAD__
#define MAPPINGS_MOVE false
#else
#define MAPPINGS_MOVE true
#endif

void gbxi_input_bound(int fd)
{
    const int bytes = RECEIVE_BYTES;

    (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

/* For the input of sockets that is read in turns: otherwise like libh2o's own for sockets. */
static _Thread_local h2o_buffer_prototype_t input_in_turns = {
    .allocator = {.max = 16},
    ._initial_buf = {.capacity = H2O_SOCKET_INITIAL_INPUT_BUFFER_SIZE * 2},
    .mmap_settings = &h2o_socket_buffer_mmap_settings};

/* The read that is under way, if `buffer` is not NULL. */
static _Thread_local struct {
    h2o_buffer_t **buffer;
    size_t end; /* how much the buffer may hold when the read ends */
} input_turn;

void gbxi_input_take_turns(h2o_socket_t *socket)
{
    if (socket->input->bytes == NULL)
        h2o_buffer_init(&socket->input, &input_in_turns);
}

void gbxi_input_end_turn(void)
{
    input_turn.buffer = NULL;
}

/* How much of the room is for the turn. The first part of a turn is never empty: libh2o would take that for the end of
 * the connection. It takes any other empty part for the end of what there is to read. */
static size_t input_share(h2o_buffer_t **buffer, size_t room)
{
    size_t held = (*buffer)->size, most;

    if (input_turn.buffer != buffer) {
        most = held < TURN_BYTES_LEAST ? TURN_BYTES_LEAST : held < TURN_BYTES_MOST ? held : TURN_BYTES_MOST;
        input_turn.buffer = buffer;
        input_turn.end = held + most;
    }
    return room < input_turn.end - held ? room : input_turn.end - held;
}

/* Users of buffers for input accept that there is no memory. Users of others do not. */
static bool input_is_kind(const h2o_buffer_prototype_t *kind)
{
    return kind == &h2o_socket_buffer_prototype || kind == &input_in_turns;
}

static bool input_is_mapped(const h2o_buffer_prototype_t *kind, size_t capacity)
{
    return input_is_kind(kind) && capacity >= MAPPED_BYTES_LEAST;
}

static size_t input_mapping_bytes(size_t capacity)
{
    return (offsetof(h2o_buffer_t, _buf) + capacity + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
}

/* Filling and freeing 32 MB takes 20 ms with pages of 4 KiB and 4 ms with huge ones. A smaller buffer would waste too
 * much of its last huge page. */
static void input_want_huge_pages(void *memory, size_t capacity)
{
    if (capacity >= HUGE_BYTES_LEAST)
        (void)madvise(memory, input_mapping_bytes(capacity), MADV_HUGEPAGE);
}

/* Returns memory for a buffer; NULL if there is none for one of input. */
static h2o_buffer_t *input_allocate(h2o_buffer_prototype_t *kind, size_t capacity)
{
    size_t bytes = offsetof(h2o_buffer_t, _buf) + capacity;
    void *memory;

    if (capacity == kind->_initial_buf.capacity)
        return h2o_mem_alloc_recycle(&kind->allocator, bytes);
    if (!input_is_mapped(kind, capacity))
        return input_is_kind(kind) ? malloc(bytes) : h2o_mem_alloc(bytes);
    memory = mmap(NULL, input_mapping_bytes(capacity), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    input_want_huge_pages(memory, capacity);
    return memory;
}

static void input_free(h2o_buffer_t *buffer)
{
    if (buffer->capacity == buffer->_prototype->_initial_buf.capacity)
        h2o_mem_free_recycle(&buffer->_prototype->allocator, buffer);
    else if (input_is_mapped(buffer->_prototype, buffer->capacity))
        munmap(buffer, input_mapping_bytes(buffer->capacity));
    else
        free(buffer);
}

/* Creates an empty buffer with at least `room` bytes; NULL without memory. */
static h2o_buffer_t *input_create(h2o_buffer_t *blank, size_t room)
{
    h2o_buffer_prototype_t *kind = H2O_STRUCT_FROM_MEMBER(h2o_buffer_prototype_t, _initial_buf, blank);
    size_t capacity = room > blank->capacity ? room : blank->capacity;
    h2o_buffer_t *made = input_allocate(kind, capacity);

    if (made != NULL) {
        made->capacity = capacity;
        made->size = 0;
        made->bytes = made->_buf;
        made->_prototype = kind;
        made->_fd = -1;
    }
    return made;
}

/* The bytes that were consumed before the buffer's content. */
static size_t input_gap(const h2o_buffer_t *buffer)
{
    return (size_t)(buffer->bytes - buffer->_buf);
}

/* Moves the pages of a mapped buffer to a larger mapping; NULL without memory. */
static h2o_buffer_t *input_remap(h2o_buffer_t *buffer, size_t capacity)
{
    size_t gap = input_gap(buffer);
    void *memory = mremap(buffer, input_mapping_bytes(buffer->capacity), input_mapping_bytes(capacity), MREMAP_MAYMOVE);

    if (memory == MAP_FAILED)
        return NULL;
    input_want_huge_pages(memory, capacity);
    buffer = memory;
    buffer->bytes = buffer->_buf + gap;
    return buffer;
}

/* Copies a buffer to a larger one; NULL without memory. */
static h2o_buffer_t *input_copy(h2o_buffer_t *buffer, size_t capacity)
{
    h2o_buffer_t *made = input_allocate(buffer->_prototype, capacity);

    if (made == NULL)
        return NULL;
    *made = *buffer;
    made->bytes = made->_buf;
    memcpy(made->bytes, buffer->bytes, buffer->size);
    input_free(buffer);
    return made;
}

/* Returns the buffer with at least `room` free bytes at its end; NULL without memory. */
static h2o_buffer_t *input_grow(h2o_buffer_t *buffer, size_t room)
{
    bool mapped = MAPPINGS_MOVE && input_is_mapped(buffer->_prototype, buffer->capacity);
    size_t capacity = buffer->capacity, kept = buffer->size + (mapped ? input_gap(buffer) : 0);

    do
        capacity *= 2;
    while (capacity - kept < room);
    buffer = mapped ? input_remap(buffer, capacity) : input_copy(buffer, capacity);
    if (buffer != NULL)
        buffer->capacity = capacity;
    return buffer;
}

/* Returns the buffer with at least `room` free bytes at its end; NULL without memory. A buffer that is at least half
 * empty is not enlarged. */
static h2o_buffer_t *input_make_room(h2o_buffer_t *buffer, size_t room)
{
    if (room <= buffer->capacity - buffer->size - input_gap(buffer))
        return buffer;
    if (room > buffer->capacity / 2 || buffer->size > buffer->capacity / 2 - room)
        return input_grow(buffer, room);
    memmove(buffer->_buf, buffer->bytes, buffer->size);
    buffer->bytes = buffer->_buf;
    return buffer;
}

/* Declared by libh2o. Makes room for at least `min_guarantee` bytes and returns all the room that there is, or what of
 * it is for the turn. */
__attribute__((visibility("default"))) h2o_iovec_t h2o_buffer_reserve(h2o_buffer_t **inbuf, size_t min_guarantee)
{
    h2o_buffer_t *buffer =
        (*inbuf)->bytes == NULL ? input_create(*inbuf, min_guarantee) : input_make_room(*inbuf, min_guarantee);
    char *end;
    size_t room;

    if (buffer == NULL)
        return h2o_iovec_init(NULL, 0);
    *inbuf = buffer;
    end = buffer->bytes + buffer->size;
    room = (size_t)(buffer->_buf + buffer->capacity - end);
    return h2o_iovec_init(end, buffer->_prototype == &input_in_turns ? input_share(inbuf, room) : room);
}

/* Declared by libh2o. Frees a buffer that is not empty. */
__attribute__((visibility("default"))) void h2o_buffer__do_free(h2o_buffer_t *buffer)
{
    input_free(buffer);
}
