/* SPDX-License-Identifier: MIT */
/* Parses and writes configuration text. */
#include "cli/config.h"
#include <stdio.h>
#include <string.h>

static const char BLANKS[] = " \t";

static bool is_config_blank(char c)
{
    return c == ' ' || c == '\t';
}

static gbx_err refuse_line(gbx_error *error, const char *reason)
{
    return gbx_error_set(error, GBX_ERR_SYNTAX, NULL, "%s", reason);
}

static gbx_err check_bytes(const char *line, size_t length, gbx_error *error)
{
    if (length > GBXI_CONFIG_LINE_BYTES_MAX)
        return gbx_error_set(error, GBX_ERR_SYNTAX, NULL, "a line may have at most %d bytes",
                             GBXI_CONFIG_LINE_BYTES_MAX);
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)line[i] < ' ' && line[i] != '\t') || line[i] == 0x7f)
            return gbx_error_set(error, GBX_ERR_SYNTAX, NULL, "the line contains a %s (0x%02x)",
                                 line[i] == '\0' ? "NUL byte" : "control character", (unsigned)line[i]);
    return GBX_ERR_OK;
}

/* Removes the quotes and escapes of a value that begins with a quote. Sets `end` after the closing quote. */
static gbx_err config_unquote(char *value, char **end, gbx_error *error)
{
    char *to = value;

    for (char *at = value + 1; *at != '\0'; at++) {
        if (*at == '"') {
            *to = '\0';
            *end = at + 1;
            return GBX_ERR_OK;
        }
        if (*at == '\\' && *++at != '"' && *at != '\\')
            return refuse_line(error, "in quotes, a backslash may only precede a quote or another backslash");
        *to++ = *at;
    }
    return refuse_line(error, "missing closing quote");
}

/* Ends the value at the end of the line or at a comment. */
static void cut_plain(char *value)
{
    char *end = value + strlen(value);

    for (char *at = value; *at != '\0'; at++)
        if (*at == '#' &&
            is_config_blank(at[-1])) { /* a space or the equals sign always precedes the first character */
            end = at;
            break;
        }
    while (end > value && is_config_blank(end[-1]))
        end--;
    *end = '\0';
}

static gbx_err cut_value(char *value, gbx_error *error)
{
    char *end = value;
    gbx_err err;

    if (*value != '"') {
        cut_plain(value);
        return GBX_ERR_OK;
    }
    if ((err = config_unquote(value, &end, error)) != GBX_ERR_OK)
        return err;
    end += strspn(end, BLANKS);
    return *end == '\0' || *end == '#' ? GBX_ERR_OK : refuse_line(error, "unexpected text after the closing quote");
}

/* Reads a terminated line. `name` stays NULL if the line is empty or a comment. */
static gbx_err cut_line(char *line, const char **name, const char **value, gbx_error *error)
{
    char *at = line + strspn(line, BLANKS), *name_end;

    if (*at == '\0' || *at == '#')
        return GBX_ERR_OK;
    name_end = at + strcspn(at, " \t=");
    if (name_end == at)
        return refuse_line(error, "missing option name before '='");
    *name = at;
    at = name_end + strspn(name_end, BLANKS);
    if (*at != '=')
        return gbx_error_set(error, GBX_ERR_SYNTAX, NULL, "missing '=' after '%.*s'",
                             name_end - *name < 80 ? (int)(name_end - *name) : 80, *name);
    *name_end = '\0';
    at++;
    at += strspn(at, BLANKS);
    *value = at;
    return cut_value(at, error);
}

static gbx_err parse_config_line(char *line, size_t length, unsigned number, gbxi_config_take *take, void *context,
                                 gbx_error *error)
{
    const char *name = NULL, *value = NULL;
    gbx_err err;

    if (length > 0 && line[length - 1] == '\r')
        length--;
    if ((err = check_bytes(line, length, error)) != GBX_ERR_OK)
        return err;
    line[length] = '\0';
    if ((err = cut_line(line, &name, &value, error)) != GBX_ERR_OK || name == NULL)
        return err;
    return take(context, number, name, value, error);
}

/* Prefixes the message with file and line. */
static gbx_err refuse_at(const char *name, unsigned line, const gbx_error *reason, gbx_error *error)
{
    return gbx_error_set(error, reason->code, NULL, "%s:%u: %s", name, line, reason->text);
}

gbx_err gbxi_config_parse(char *text, size_t length, const char *name, gbxi_config_take *take, void *context,
                          gbx_error *error)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    char *end = text + length, *line = text, *line_end;
    unsigned number = 0;
    gbx_error reason = {0};

    if (length >= 3 && memcmp(text, byte_order_mark, 3) == 0)
        line += 3;
    for (; line < end; line = line_end + 1) {
        if ((line_end = memchr(line, '\n', (size_t)(end - line))) == NULL)
            line_end = end;
        if (parse_config_line(line, (size_t)(line_end - line), ++number, take, context, &reason) != GBX_ERR_OK)
            return refuse_at(name, number, &reason, error);
    }
    return GBX_ERR_OK;
}

static bool needs_quotes(const char *value)
{
    if (value[0] == '\0' || value[0] == '"' || value[0] == '#' || is_config_blank(value[0]))
        return true;
    for (const char *at = value + 1; *at != '\0'; at++)
        if ((*at == '#' && is_config_blank(at[-1])) || (is_config_blank(*at) && at[1] == '\0'))
            return true;
    return false;
}

void gbxi_config_write_value(FILE *out, const char *value)
{
    if (!needs_quotes(value)) {
        fputs(value, out);
        return;
    }
    fputc('"', out);
    for (const char *at = value; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            fputc('\\', out);
        fputc(*at, out);
    }
    fputc('"', out);
}
