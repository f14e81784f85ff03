/* SPDX-License-Identifier: MIT */
/* Owns the names of purposes. */
#include "permission/purpose.h"
#include <string.h>

typedef struct purpose_row {
    const char *name;
    uint8_t bit;
} purpose_row;

static const purpose_row purpose_rows[] = {
#define PURPOSE_ROW(constant, bit, name) {name, bit},
    GBXI_PURPOSES(PURPOSE_ROW)
#undef PURPOSE_ROW
};

enum { PURPOSE_ROW_COUNT = sizeof(purpose_rows) / sizeof(purpose_rows[0]) };

/* 0 if no purpose has that name. */
static uint8_t purpose_named(const char *name, size_t length)
{
    for (size_t i = 0; i < PURPOSE_ROW_COUNT; i++)
        if (strlen(purpose_rows[i].name) == length && memcmp(purpose_rows[i].name, name, length) == 0)
            return purpose_rows[i].bit;
    return 0;
}

gbx_err gbxi_purposes_read(const char *text, uint8_t *purposes, gbx_error *error)
{
    char all[GBXI_PURPOSES_TEXT_SIZE];
    uint8_t read = 0;

    for (const char *at = text;; at++) {
        size_t length = strcspn(at, ",");
        uint8_t bit = purpose_named(at, length);

        if (bit == 0)
            return gbx_error_set(error, GBX_ERR_SYNTAX, NULL, "'%.*s' is none of %s", (int)(length < 64 ? length : 64),
                                 at, gbxi_purposes_write(GBXI_PURPOSES_ALL, all));
        read |= bit;
        at += length;
        if (*at == '\0')
            break;
    }
    *purposes = read;
    return GBX_ERR_OK;
}

const char *gbxi_purposes_write(uint8_t purposes, char text[GBXI_PURPOSES_TEXT_SIZE])
{
    text[0] = '\0';
    for (size_t i = 0; i < PURPOSE_ROW_COUNT; i++) {
        if ((purposes & purpose_rows[i].bit) == 0)
            continue;
        if (text[0] != '\0')
            strcat(text, ",");
        strcat(text, purpose_rows[i].name);
    }
    return text;
}

const char *gbxi_purpose_name(size_t index)
{
    return index < PURPOSE_ROW_COUNT ? purpose_rows[index].name : NULL;
}
