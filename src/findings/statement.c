/* SPDX-License-Identifier: MIT */
/* Owns the normal form of statements. Source of the tokens: https://www.sqlite.org/lang.html, and those of other
 * databases where they do not contradict: $1, E'...', %s. */
#include "findings/statement.h"
#include "base/cut.h"

typedef struct statement_scan {
    const char *at, *end;
    gbxi_normal_statement *normal;
    bool space; /* white space came since the last token */
} statement_scan;

static bool statement_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Bytes beyond ASCII belong to names. */
static bool statement_is_name(char byte)
{
    unsigned char letter = (unsigned char)byte | 0x20;

    return (letter >= 'a' && letter <= 'z') || statement_is_digit(byte) || byte == '_' || (unsigned char)byte >= 0x80;
}

static void statement_put(statement_scan *scan, const char *text, size_t length)
{
    gbxi_normal_statement *normal = scan->normal;
    size_t room = sizeof(normal->text) - 1 - normal->length;

    if (length > room)
        length = room;
    memcpy(normal->text + normal->length, text, length);
    normal->length += length;
}

/* Puts a token, with one space before it if there was white space. */
static void statement_token(statement_scan *scan, const char *text, size_t length)
{
    if (scan->space && scan->normal->length > 0 && scan->normal->text[scan->normal->length - 1] != '(')
        statement_put(scan, " ", 1);
    scan->space = false;
    statement_put(scan, text, length);
}

static bool statement_ends_with(const gbxi_normal_statement *normal, const char *end)
{
    size_t length = strlen(end);

    return normal->length >= length && memcmp(normal->text + normal->length - length, end, length) == 0;
}

/* Whether a value that ends before `length` is all that its place in a list has. */
static bool statement_is_item(const gbxi_normal_statement *normal, size_t length)
{
    length--; /* the value */
    if (length > 0 && normal->text[length - 1] == ' ')
        length--;
    return length == 0 || strchr("(,", normal->text[length - 1]) != NULL || statement_is_name(normal->text[length - 1]);
}

/* A value that follows another in a list is left out with its comma, unless it goes on with the next byte. */
static void statement_fold_values(gbxi_normal_statement *normal, char next)
{
    size_t folded = statement_ends_with(normal, "?, ?")  ? sizeof(", ?") - 1
                    : statement_ends_with(normal, "?,?") ? sizeof(",?") - 1
                                                         : 0;

    if (folded > 0 && (next == '\0' || strchr("+-*/%|&<>=~!.:[", next) == NULL) &&
        statement_is_item(normal, normal->length - folded))
        normal->length -= folded;
}

/* Takes the sign of the number that follows back: a sign is the number's where no value can stand before it. */
static void statement_drop_sign(statement_scan *scan)
{
    gbxi_normal_statement *normal = scan->normal;
    size_t length = normal->length;

    if (!statement_ends_with(normal, "-") && !statement_ends_with(normal, "+"))
        return;
    length--;
    if (length > 0 && normal->text[length - 1] == ' ')
        length--;
    if (length == 0 || strchr("=<>(,*/%|&~", normal->text[length - 1]) == NULL)
        return;
    scan->space = length + 1 < normal->length;
    normal->length = length;
}

/* Goes to the byte after the quote that ends a text; a quote within is doubled. */
static void statement_skip_quoted(statement_scan *scan, char quote)
{
    for (scan->at++; scan->at < scan->end; scan->at++)
        if (*scan->at == quote && (scan->at + 1 >= scan->end || *++scan->at != quote))
            break;
    if (scan->at < scan->end && *scan->at == quote)
        scan->at++;
}

static bool statement_skip_comment(statement_scan *scan)
{
    size_t left = (size_t)(scan->end - scan->at);
    const char *end;

    if (left >= 2 && memcmp(scan->at, "--", 2) == 0) {
        end = memchr(scan->at, '\n', left);
    } else if (left >= 2 && memcmp(scan->at, "/*", 2) == 0) {
        for (end = scan->at + 2; end < scan->end && (*end != '/' || end[-1] != '*' || end - scan->at < 3);)
            end++;
    } else {
        return false;
    }
    scan->at = end == NULL || end >= scan->end ? scan->end : end + 1;
    scan->space = true;
    return true;
}

static void statement_skip_name(statement_scan *scan)
{
    while (scan->at < scan->end && (statement_is_name(*scan->at) || *scan->at == '$'))
        scan->at++;
}

/* Numbers of any base and with exponents: 1, 0x1f, 1.5e-3. */
static void statement_skip_number(statement_scan *scan)
{
    while (scan->at < scan->end && (statement_is_name(*scan->at) || *scan->at == '.' ||
                                    ((*scan->at == '+' || *scan->at == '-') && (scan->at[-1] | 0x20) == 'e')))
        scan->at++;
}

/* ?, ?1, :name, @name, $name, %s; but "a::int" is a cast. */
static bool statement_is_placeholder(const statement_scan *scan, char byte, char next)
{
    if (byte == '?' || (byte == '%' && next == 's'))
        return true;
    return (byte == '@' || byte == '$' || (byte == ':' && !statement_ends_with(scan->normal, ":"))) &&
           statement_is_name(next);
}

static bool statement_take_value(statement_scan *scan)
{
    char byte = *scan->at, next = scan->end - scan->at > 1 ? scan->at[1] : '\0';

    if (byte == '\'') {
        statement_skip_quoted(scan, '\'');
    } else if (strchr("xXeEnNbB", byte) != NULL && byte != '\0' && next == '\'') {
        scan->at++;
        statement_skip_quoted(scan, '\'');
    } else if (statement_is_digit(byte) || (byte == '.' && statement_is_digit(next))) {
        statement_skip_number(scan);
        statement_drop_sign(scan);
    } else if (statement_is_placeholder(scan, byte, next)) {
        scan->at++;
        statement_skip_name(scan);
        scan->normal->has_parameters = true;
    } else {
        return false;
    }
    statement_token(scan, "?", 1);
    return true;
}

static char statement_closing_quote(char byte)
{
    return byte == '"' || byte == '`' ? byte : byte == '[' ? ']' : '\0';
}

static void statement_take_other(statement_scan *scan)
{
    const char *begin = scan->at;
    char quote = statement_closing_quote(*begin);

    if (quote != '\0')
        statement_skip_quoted(scan, quote);
    else if (statement_is_name(*begin))
        statement_skip_name(scan);
    else
        scan->at++;
    if (*begin == ',' || *begin == ')')
        scan->space = false;
    statement_token(scan, begin, (size_t)(scan->at - begin));
}

/* "VALUES (?),(?),(?)" is "VALUES (?)", however many rows there are. */
static void statement_fold_rows(statement_scan *scan)
{
    gbxi_normal_statement *normal = scan->normal;

    if (statement_ends_with(normal, "(?),(?)"))
        normal->length -= sizeof(",(?)") - 1;
    else if (statement_ends_with(normal, "(?), (?)"))
        normal->length -= sizeof(", (?)") - 1;
}

static void statement_take(statement_scan *scan)
{
    statement_fold_values(scan->normal, *scan->at);
    if (statement_take_value(scan))
        return;
    statement_take_other(scan);
    statement_fold_rows(scan);
}

static bool statement_is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

void gbxi_statement_normalise(gbxi_view statement, gbxi_normal_statement *normal)
{
    statement_scan scan = {statement.at, statement.at + statement.length, normal, false};

    normal->length = 0;
    normal->has_parameters = false;
    while (scan.at < scan.end) {
        if (statement_is_space(*scan.at)) {
            scan.space = true;
            scan.at++;
        } else if (!statement_skip_comment(&scan)) {
            statement_take(&scan);
        }
    }
    statement_fold_values(normal, '\0');
    while (normal->length > 0 && (normal->text[normal->length - 1] == ';' || normal->text[normal->length - 1] == ' '))
        normal->length--;
    normal->length = gbxi_cut(normal->text, normal->length, sizeof(normal->text) - 2);
    normal->text[normal->length] = '\0';
}
