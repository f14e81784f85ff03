/* SPDX-License-Identifier: MIT */
/* Any text as a statement: its verb is "sql" or a word of the text, and stays the same behind comments and spaces. */
#define _GNU_SOURCE
#include "fuzz.h"
#include "sqlite/verb.h"
#include <string.h>

enum { STATEMENT_BYTES_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char prefix[] = " /* why * / */-- because\n;\t";
    char text[sizeof(prefix) + STATEMENT_BYTES_MAX + 1];
    char *statement = text + strlen(prefix);
    const char *name;

    if (size > STATEMENT_BYTES_MAX)
        return 0;
    memcpy(text, prefix, strlen(prefix));
    memcpy(statement, data, size);
    statement[size] = '\0';
    name = gbxi_sqlite_site(statement)->name;
    FUZZ_CHECK(strcmp(name, "sql") == 0 || strcasestr(statement, name) != NULL);
    FUZZ_CHECK(strcmp(gbxi_sqlite_site(text)->name, name) == 0);
    return 0;
}
