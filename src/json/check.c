/* SPDX-License-Identifier: MIT */
/* Owns checking refused text: a simple one-pass checker of RFC 8259. */
#include "json/check.h"
#include "json/number.h"
#include "json/utf8.h"
#include <stdint.h>
#include <string.h>

enum { LEVELS_MAX = 1025 };

typedef struct scanner {
    const unsigned char *text;
    size_t length;
    size_t at;
    const char *fault;
    size_t wide_count;
    bool beyond;
    size_t beyond_at; /* the first number that is beyond the range of a double */
    size_t depth;
    bool is_object[LEVELS_MAX];
} scanner;

/* What the scanner expects next. */
typedef enum expectation {
    VALUE,        /* a value */
    VALUE_OR_END, /* a value, or the end of the array just begun */
    NAME,         /* a member's name */
    NAME_OR_END,  /* a member's name, or the end of the object just begun */
    COMMA_OR_END, /* after a value in a container */
    END_OF_TEXT   /* after the outermost value */
} expectation;

static bool is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

/* The byte at the scanner's position, or NUL past the end. NUL is not allowed anywhere. */
static unsigned char scan_peek(const scanner *scan)
{
    return scan->at < scan->length ? scan->text[scan->at] : '\0';
}

static bool scan_fault(scanner *scan, const char *what)
{
    scan->fault = what;
    return false;
}

static void skip_space(scanner *scan)
{
    while (scan->at < scan->length && memchr(" \t\n\r", scan->text[scan->at], 4) != NULL)
        scan->at++;
}

static bool scan_hex4(scanner *scan, unsigned *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, scan->at++) {
        unsigned char byte = scan_peek(scan);
        unsigned char letter = byte | 0x20;

        if (is_digit(byte))
            *unit = *unit << 4 | (unsigned)(byte - '0');
        else if (letter >= 'a' && letter <= 'f')
            *unit = *unit << 4 | (unsigned)(letter - 'a' + 10);
        else
            return scan_fault(scan, "expected four hexadecimal digits after \\u");
    }
    return true;
}

/* Reads a \u escape after the \u. A surrogate pair takes two escapes. */
static bool scan_unicode_escape(scanner *scan)
{
    static const char lonely[] = "expected the second half of a surrogate pair";
    unsigned unit;

    if (!scan_hex4(scan, &unit))
        return false;
    if (unit >= 0xDC00 && unit <= 0xDFFF)
        return scan_fault(scan, "a low surrogate must follow a high surrogate");
    if (unit < 0xD800 || unit > 0xDFFF)
        return true;
    if (scan->length - scan->at < 2 || memcmp(scan->text + scan->at, "\\u", 2) != 0)
        return scan_fault(scan, lonely);
    scan->at += 2;
    if (!scan_hex4(scan, &unit))
        return false;
    return (unit >= 0xDC00 && unit <= 0xDFFF) || scan_fault(scan, lonely);
}

static bool scan_escape(scanner *scan)
{
    unsigned char byte;

    scan->at++;
    byte = scan_peek(scan);
    if (byte == '\0' || strchr("\"\\/bfnrtu", byte) == NULL)
        return scan_fault(scan, "expected one of \" \\ / b f n r t u after the backslash");
    scan->at++;
    return byte != 'u' || scan_unicode_escape(scan);
}

/* Reads a string, including its opening quote. */
static bool scan_string(scanner *scan)
{
    scan->at++;
    while (scan->at < scan->length) {
        unsigned char byte = scan->text[scan->at];
        size_t sequence = 1;

        if (byte == '"') {
            scan->at++;
            return true;
        }
        if (byte == '\\') {
            if (!scan_escape(scan))
                return false;
            continue;
        }
        if (byte < 0x20)
            return scan_fault(scan, "a control character must be escaped");
        if (gbxi_utf8_judge(scan->text + scan->at, scan->length - scan->at, &sequence) != GBXI_UTF8_WELL_FORMED)
            return scan_fault(scan, "valid UTF-8 expected");
        scan->at += sequence;
    }
    return scan_fault(scan, "expected the closing quote of a string");
}

static size_t skip_digits(scanner *scan)
{
    size_t start = scan->at;

    while (is_digit(scan_peek(scan)))
        scan->at++;
    return scan->at - start;
}

/* Whether an integer exceeds both int64_t and uint64_t. The text may have a sign but no leading zeros. */
static bool is_wide(const unsigned char *text, size_t length)
{
    const char *limit = text[0] == '-' ? "-9223372036854775808" : "18446744073709551615";
    size_t limit_length = strlen(limit);

    return length > limit_length || (length == limit_length && memcmp(text, limit, length) > 0);
}

static bool scan_number(scanner *scan)
{
    size_t start = scan->at;
    bool integer = true;

    scan->at += scan_peek(scan) == '-';
    if (scan_peek(scan) == '0')
        scan->at++;
    else if (skip_digits(scan) == 0)
        return scan_fault(scan, "expected a digit");
    if (is_digit(scan_peek(scan)))
        return scan_fault(scan, "a digit must not follow a leading zero");
    if (scan_peek(scan) == '.') {
        integer = false;
        scan->at++;
        if (skip_digits(scan) == 0)
            return scan_fault(scan, "expected a digit after the decimal point");
    }
    if ((scan_peek(scan) | 0x20) == 'e') {
        integer = false;
        scan->at++;
        scan->at += scan_peek(scan) == '+' || scan_peek(scan) == '-';
        if (skip_digits(scan) == 0)
            return scan_fault(scan, "expected a digit in the exponent");
    }
    scan->wide_count += integer && is_wide(scan->text + start, scan->at - start);
    if (!integer && !scan->beyond && gbxi_json_is_beyond_double((const char *)scan->text + start, scan->at - start)) {
        scan->beyond = true;
        scan->beyond_at = start;
    }
    return true;
}

static bool scan_word(scanner *scan)
{
    static const char *const words[] = {"true", "false", "null"};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        size_t length = strlen(words[i]);
        if (scan->length - scan->at >= length && memcmp(scan->text + scan->at, words[i], length) == 0) {
            scan->at += length;
            return true;
        }
    }
    return scan_fault(scan, "expected a value");
}

static expectation after_value(const scanner *scan)
{
    return scan->depth > 0 ? COMMA_OR_END : END_OF_TEXT;
}

static bool step_value(scanner *scan, expectation *next)
{
    unsigned char byte = scan_peek(scan);

    if (byte == '[' || byte == '{') {
        if (scan->depth == LEVELS_MAX)
            return scan_fault(scan, "the nesting is too deep");
        scan->is_object[scan->depth++] = byte == '{';
        scan->at++;
        *next = byte == '{' ? NAME_OR_END : VALUE_OR_END;
        return true;
    }
    *next = after_value(scan);
    if (byte == '"')
        return scan_string(scan);
    if (byte == '-' || is_digit(byte))
        return scan_number(scan);
    return scan_word(scan);
}

static bool step_name(scanner *scan, expectation *next)
{
    if (scan_peek(scan) != '"')
        return scan_fault(scan, *next == NAME ? "expected a member's name in double quotes"
                                              : "expected a member's name in double quotes or }");
    if (!scan_string(scan))
        return false;
    skip_space(scan);
    if (scan_peek(scan) != ':')
        return scan_fault(scan, "expected a colon");
    scan->at++;
    *next = VALUE;
    return true;
}

static bool step_end_or_comma(scanner *scan, expectation *next)
{
    bool in_object = scan->is_object[scan->depth - 1];

    if (scan_peek(scan) == ',') {
        scan->at++;
        *next = in_object ? NAME : VALUE;
        return true;
    }
    if (scan_peek(scan) != (in_object ? '}' : ']'))
        return scan_fault(scan, in_object ? "expected a comma or }" : "expected a comma or ]");
    scan->at++;
    scan->depth--;
    *next = after_value(scan);
    return true;
}

static bool scan_step(scanner *scan, expectation *next)
{
    skip_space(scan);
    if (*next == COMMA_OR_END || (*next == NAME_OR_END && scan_peek(scan) == '}') ||
        (*next == VALUE_OR_END && scan_peek(scan) == ']'))
        return step_end_or_comma(scan, next);
    if (*next == NAME || *next == NAME_OR_END)
        return step_name(scan, next);
    return step_value(scan, next);
}

/* Continuation bytes do not count, so that the column is the one an editor shows. */
static void locate(const scanner *scan, size_t at, gbxi_json_check *check)
{
    check->line = 1;
    check->column = 1;
    for (size_t i = 0; i < at; i++) {
        check->column += (scan->text[i] & 0xC0) != 0x80;
        if (scan->text[i] == '\n') {
            check->line++;
            check->column = 1;
        }
    }
}

void gbxi_json_check_text(const char *text, size_t length, gbxi_json_check *check)
{
    scanner scan = {.text = (const unsigned char *)text, .length = length};
    expectation next = VALUE;

    while (next != END_OF_TEXT && scan_step(&scan, &next))
        ;
    if (scan.fault == NULL) {
        skip_space(&scan);
        if (scan.at < scan.length)
            scan_fault(&scan, "expected the end of the text");
    }
    *check = (gbxi_json_check){.fault = scan.fault, .at_end = scan.at == length, .wide_count = scan.wide_count};
    check->beyond = scan.fault == NULL && scan.beyond;
    locate(&scan, check->beyond ? scan.beyond_at : scan.at, check);
}

/* Moves past the next string, number or byte. Returns whether it was an integer of more than 64 bits. */
static bool step_token(scanner *scan, size_t *strings)
{
    size_t wide_before = scan->wide_count;

    if (scan_peek(scan) == '"') {
        ++*strings;
        scan_string(scan);
    } else if (scan_peek(scan) == '-' || is_digit(scan_peek(scan))) {
        scan_number(scan);
    } else {
        scan->at++;
    }
    return scan->wide_count > wide_before;
}

void gbxi_json_quote_wide(const char *text, size_t length, char *out, size_t *places)
{
    scanner scan = {.text = (const unsigned char *)text, .length = length};
    size_t strings = 0;

    while (scan.at < length) {
        size_t start = scan.at;
        bool wide = step_token(&scan, &strings);

        if (wide) {
            *places++ = strings++;
            *out++ = '"';
        }
        memcpy(out, text + start, scan.at - start);
        out += scan.at - start;
        if (wide)
            *out++ = '"';
    }
}
