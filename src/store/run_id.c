/* SPDX-License-Identifier: MIT */
/* Makes and checks the ids of runs. */
#define _GNU_SOURCE
#include "store/run_id.h"
#include "base/time.h"
#include "capture/random_id.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

void gbxi_run_id_make(char id[GBXI_RUN_ID_SIZE], int64_t unix_ns)
{
    time_t seconds = (time_t)(unix_ns / (int64_t)GBXI_NS_PER_S);
    uint8_t tail[16];
    struct tm parts;

    gbxi_random_id(tail);
    gmtime_r(&seconds, &parts);
    strftime(id, GBXI_RUN_ID_SIZE, "%Y%m%d-%H%M%S-", &parts);
    snprintf(id + GBXI_RUN_ID_TAIL, GBXI_RUN_ID_SIZE - GBXI_RUN_ID_TAIL, "%02x%02x%02x%02x", tail[0], tail[1], tail[2],
             tail[3]);
}

int64_t gbxi_run_id_unix_ns(const char *id)
{
    struct tm parts = {0};

    return strptime(id, "%Y%m%d-%H%M%S", &parts) != NULL ? (int64_t)timegm(&parts) * (int64_t)GBXI_NS_PER_S : 0;
}

bool gbxi_run_id_is_valid(const char *text)
{
    static const char pattern[] = "00000000-000000-xxxxxxxx";

    for (size_t i = 0; i < GBXI_RUN_ID_LENGTH; i++) {
        const char *allowed = pattern[i] == '0' ? "0123456789" : pattern[i] == 'x' ? "0123456789abcdef" : "-";

        if (text[i] == '\0' || strchr(allowed, text[i]) == NULL)
            return false;
    }
    return text[GBXI_RUN_ID_LENGTH] == '\0';
}

bool gbxi_run_id_of_file(const char *name, const char *suffix, char id[GBXI_RUN_ID_SIZE])
{
    if (strlen(name) != GBXI_RUN_ID_LENGTH + strlen(suffix) || strcmp(name + GBXI_RUN_ID_LENGTH, suffix) != 0)
        return false;
    memcpy(id, name, GBXI_RUN_ID_LENGTH);
    id[GBXI_RUN_ID_LENGTH] = '\0';
    return gbxi_run_id_is_valid(id);
}
