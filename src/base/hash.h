/* SPDX-License-Identifier: MIT */
/* Hashes of texts and numbers that clients may choose. They depend on a random key, so that nobody outside of the
 * process can choose inputs that collide.
 *
 *     table.key = gbxi_hash_key();                             // once per table; a test may use a key of its own
 *     hash = gbxi_hash_text(table.key, name, length);
 *
 * Each step multiplies the state by the key to 128 bits and XORs both halves, so that every bit of the input affects
 * every bit of the result. The hashes are for tables in memory: they differ between processes. */
#ifndef GBX_BASE_HASH_H
#define GBX_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The random key of this process, which is never 0. Thread: any. Cost: one load after the first call, which may make a
 * system call. */
uint64_t gbxi_hash_key(void);

/* XORs both halves of the 128-bit product. */
static inline uint64_t gbxi_hash_fold(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Ends a hash: without this step, the lowest bits would depend on few bits of the last word. */
static inline uint32_t gbxi_hash_end(uint64_t hash)
{
    return (uint32_t)(gbxi_hash_fold(hash, 0x9E3779B97F4A7C15u) >> 16);
}

/* The bytes of a text of at most 7 bytes as one word. Together with the length, the word determines the text. */
static inline uint64_t gbxi_hash_short(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    uint32_t low, high;

    if (length >= sizeof(low)) {
        memcpy(&low, text, sizeof(low));
        memcpy(&high, text + length - sizeof(high), sizeof(high)); /* may overlap */
        return (uint64_t)high << 32 | low;
    }
    return length == 0 ? 0 : (uint64_t)bytes[0] << 16 | (uint64_t)bytes[length / 2] << 8 | bytes[length - 1];
}

/* Hashes a text. Cost: one multiplication for each eight bytes. */
static inline uint32_t gbxi_hash_text(uint64_t key, const char *text, size_t length)
{
    uint64_t hash = key ^ length;
    uint64_t word;

    if (length < sizeof(word))
        return gbxi_hash_end(gbxi_hash_fold(hash ^ gbxi_hash_short(text, length), key | 1));
    for (size_t i = 0; i + sizeof(word) < length; i += sizeof(word)) {
        memcpy(&word, text + i, sizeof(word));
        hash = gbxi_hash_fold(hash ^ word, key | 1) + key;
    }
    memcpy(&word, text + length - sizeof(word), sizeof(word)); /* may overlap */
    return gbxi_hash_end(gbxi_hash_fold(hash ^ word, key | 1));
}

/* Hashes two numbers. */
static inline uint32_t gbxi_hash_pair(uint64_t key, uint32_t a, uint32_t b)
{
    return gbxi_hash_end(gbxi_hash_fold(key ^ ((uint64_t)a << 32 | b), key | 1));
}

#endif
