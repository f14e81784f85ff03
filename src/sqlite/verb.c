/* SPDX-License-Identifier: MIT */
/* Owns the names of the spans of statements. */
#include "sqlite/verb.h"
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define SQLITE_VERBS(X)                                                                                                \
    X(SELECT)                                                                                                          \
    X(INSERT)                                                                                                          \
    X(UPDATE)                                                                                                          \
    X(DELETE)                                                                                                          \
    X(REPLACE)                                                                                                         \
    X(WITH)                                                                                                            \
    X(VALUES)                                                                                                          \
    X(BEGIN)                                                                                                           \
    X(COMMIT)                                                                                                          \
    X(END)                                                                                                             \
    X(ROLLBACK)                                                                                                        \
    X(SAVEPOINT)                                                                                                       \
    X(RELEASE)                                                                                                         \
    X(CREATE)                                                                                                          \
    X(DROP)                                                                                                            \
    X(ALTER)                                                                                                           \
    X(PRAGMA)                                                                                                          \
    X(ANALYZE)                                                                                                         \
    X(ATTACH)                                                                                                          \
    X(DETACH)                                                                                                          \
    X(VACUUM)                                                                                                          \
    X(REINDEX)

#define VERB_SITE(name) {#name, "sqlite3_step", __FILE__, __LINE__, {0}},
static const gbx_site verb_sites[] = {SQLITE_VERBS(VERB_SITE)};
static const gbx_site other_site = {"sql", "sqlite3_step", __FILE__, __LINE__, {0}};

/* Behind a comment that begins at `at`; NULL if none begins there. */
static const char *skip_comment(const char *at)
{
    const char *end = NULL;

    if (at[0] == '-' && at[1] == '-')
        return at + strcspn(at, "\n");
    if (at[0] == '/' && at[1] == '*')
        return (end = strstr(at + 2, "*/")) != NULL ? end + 2 : at + strlen(at);
    return NULL;
}

static const char *first_word(const char *at)
{
    const char *behind;

    for (;;) {
        at += strspn(at, " \t\r\n\f;");
        if ((behind = skip_comment(at)) == NULL)
            return at;
        at = behind;
    }
}

static size_t word_length(const char *word)
{
    return strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}

const gbx_site *gbxi_sqlite_site(const char *sql)
{
    const char *word = first_word(sql);
    size_t length = word_length(word);

    for (size_t i = 0; i < sizeof(verb_sites) / sizeof(verb_sites[0]); i++)
        if (strlen(verb_sites[i].name) == length && strncasecmp(word, verb_sites[i].name, length) == 0)
            return &verb_sites[i];
    return &other_site;
}
