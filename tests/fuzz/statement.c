/* SPDX-License-Identifier: MIT */
/* Any text as a statement of SQL: its normal form has room, ends, and has no values left. */
#include "findings/statement.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static gbxi_normal_statement normal, again;

    gbxi_statement_normalise((gbxi_view){(const char *)data, size}, &normal);
    FUZZ_CHECK(normal.length < sizeof(normal.text) && normal.text[normal.length] == '\0');
    gbxi_statement_normalise((gbxi_view){(const char *)data, size}, &again);
    FUZZ_CHECK(normal.length == again.length && memcmp(normal.text, again.text, normal.length) == 0);
    FUZZ_CHECK(memchr(normal.text, '\'', normal.length) == NULL || memchr(normal.text, '"', normal.length) != NULL ||
               memchr(normal.text, '`', normal.length) != NULL || memchr(normal.text, '[', normal.length) != NULL);
    return 0;
}
