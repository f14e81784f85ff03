/* SPDX-License-Identifier: MIT */
/* Replaces the operators new and delete. */
#include "new_delete.h"

void *_Znwm(size_t bytes);
void *_Znam(size_t bytes);
void *_ZnwmRKSt9nothrow_t(size_t bytes, const void *tag);
void *_ZnamRKSt9nothrow_t(size_t bytes, const void *tag);
void _ZdlPv(void *memory);
void _ZdaPv(void *memory);
void _ZdlPvm(void *memory, size_t bytes);
void _ZdaPvm(void *memory, size_t bytes);

void *_Znwm(size_t bytes)
{
    return new_allocate(bytes, true);
}

void *_Znam(size_t bytes)
{
    return new_allocate(bytes, true);
}

void *_ZnwmRKSt9nothrow_t(size_t bytes, const void *tag)
{
    (void)tag;
    return new_allocate(bytes, false);
}

void *_ZnamRKSt9nothrow_t(size_t bytes, const void *tag)
{
    (void)tag;
    return new_allocate(bytes, false);
}

void _ZdlPv(void *memory)
{
    delete_release(memory);
}

void _ZdaPv(void *memory)
{
    delete_release(memory);
}

void _ZdlPvm(void *memory, size_t bytes)
{
    (void)bytes;
    delete_release(memory);
}

void _ZdaPvm(void *memory, size_t bytes)
{
    (void)bytes;
    delete_release(memory);
}
