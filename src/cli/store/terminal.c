/* SPDX-License-Identifier: MIT */
/* Asks the terminal and the environment. */
#define _GNU_SOURCE
#include "cli/store/terminal.h"
#include "cli/size.h"
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS_FALLBACK = 80, COLUMNS_MIN = 20, COLUMNS_MAX = 10000 };

/* The locale of the process stays "C": only its character set is asked for. */
static bool is_utf8_locale(void)
{
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    bool utf8;

    if (locale == (locale_t)0)
        return false;
    utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
    freelocale(locale);
    return utf8;
}

static size_t columns_of(int fd)
{
    const char *told = getenv("COLUMNS");
    struct winsize size;
    uint64_t columns;

    if (told != NULL && gbxi_number_parse(told, COLUMNS_MIN, COLUMNS_MAX, &columns))
        return (size_t)columns;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= COLUMNS_MIN)
        return size.ws_col;
    return COLUMNS_FALLBACK;
}

static bool wants_colours(void)
{
    const char *refused = getenv("NO_COLOR"), *kind = getenv("TERM");

    return (refused == NULL || refused[0] == '\0') && kind != NULL && strcmp(kind, "dumb") != 0;
}

void gbxi_terminal_init(gbxi_terminal *terminal, FILE *out)
{
    bool is_terminal = isatty(fileno(out)) == 1;

    *terminal = (gbxi_terminal){.out = out,
                                .columns = is_terminal ? columns_of(fileno(out)) : SIZE_MAX,
                                .colours = is_terminal && wants_colours(),
                                .utf8 = is_utf8_locale()};
}

void gbxi_style_begin(const gbxi_terminal *terminal, gbxi_style style)
{
    static const char *const sequences[] = {[GBXI_STYLE_PLAIN] = "",
                                            [GBXI_STYLE_STRONG] = "\x1b[1m",
                                            [GBXI_STYLE_FAINT] = "\x1b[2m",
                                            [GBXI_STYLE_ALARM] = "\x1b[31m"};

    if (terminal->colours)
        fputs(sequences[style], terminal->out);
}

void gbxi_style_end(const gbxi_terminal *terminal, gbxi_style style)
{
    if (terminal->colours && style != GBXI_STYLE_PLAIN)
        fputs("\x1b[0m", terminal->out);
}
