/* SPDX-License-Identifier: MIT */
/* Collects the bodies of answers, and reads the headers that are of interest. */
#define _GNU_SOURCE
#include "cli/trace/arrival.h"
#include "base/grow.h"
#include "base/view.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ARRIVAL_BYTES_MAX = 128 << 20, ARRIVAL_NUMBER_MAX = 1000000, NS_PER_US = 1000 };

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    gbxi_arrival *arrival = context;
    size_t length = size * count;

    if (length > ARRIVAL_BYTES_MAX - arrival->length)
        arrival->fault = "it is larger than 128 MiB";
    else if (!gbxi_grow(&arrival->bytes, &arrival->capacity, arrival->length + length, 1))
        arrival->fault = "out of memory";
    if (arrival->fault != NULL)
        return 0;
    memcpy(arrival->bytes + arrival->length, bytes, length);
    arrival->length += length;
    return length;
}

static gbxi_view trim(gbxi_view view)
{
    while (view.length > 0 && strchr(" \t\r\n", view.at[0]) != NULL)
        view = gbxi_view_after(view, 1);
    while (view.length > 0 && strchr(" \t\r\n", view.at[view.length - 1]) != NULL)
        --view.length;
    return view;
}

/* 0 for what is no number: Retry-After may also be a date. */
static uint32_t number_in(gbxi_view view)
{
    uint32_t number = 0;

    for (size_t i = 0; i < view.length; i++) {
        if (view.at[i] < '0' || view.at[i] > '9')
            return 0;
        number = number * 10 + (uint32_t)(view.at[i] - '0');
        if (number > ARRIVAL_NUMBER_MAX)
            return ARRIVAL_NUMBER_MAX;
    }
    return number;
}

static bool is_name(gbxi_view name, const char *wanted)
{
    return name.length == strlen(wanted) && strncasecmp(name.at, wanted, name.length) == 0;
}

/* Interim answers have headers of their own, which are not those of the last one. */
static void reset_headers(gbxi_arrival *arrival)
{
    arrival->head_ended = arrival->has_capture = arrival->is_captured = false;
    arrival->output_status = arrival->retry_after_s = 0;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
    gbxi_arrival *arrival = context;
    gbxi_view line = {bytes, size * count}, name = line, value;
    const char *colon = memchr(bytes, ':', line.length);

    if (line.length > 5 && memcmp(bytes, "HTTP/", 5) == 0)
        reset_headers(arrival);
    if (trim(line).length == 0)
        arrival->head_ended = true;
    if (colon == NULL)
        return line.length;
    name.length = (size_t)(colon - bytes);
    value = trim(gbxi_view_after(line, name.length + 1));
    if (is_name(name, "Glassbox-Capture")) {
        arrival->has_capture = true;
        arrival->is_captured = gbxi_view_is(value, "captured");
    } else if (is_name(name, "Glassbox-Output-Status")) {
        arrival->output_status = number_in(value);
    } else if (is_name(name, "Retry-After")) {
        arrival->retry_after_s = number_in(value);
    }
    return line.length;
}

void gbxi_arrival_attach(gbxi_arrival *arrival, CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, arrival);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, arrival);
}

void gbxi_arrival_reset(gbxi_arrival *arrival)
{
    arrival->length = 0;
    arrival->fault = NULL;
    reset_headers(arrival);
}

void gbxi_arrival_tell(const gbxi_arrival *arrival, CURL *easy, gbxi_answer *answer)
{
    curl_off_t took_us = 0;
    long status = 0;

    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &took_us);
    answer->status = (uint32_t)status;
    answer->took_ns = (uint64_t)took_us * NS_PER_US;
    answer->body = arrival->bytes != NULL ? arrival->bytes : "";
    answer->length = arrival->length;
    answer->has_capture = arrival->has_capture;
    answer->is_captured = arrival->is_captured;
    answer->output_status = arrival->output_status;
    answer->retry_after_s = arrival->retry_after_s;
}

void gbxi_arrival_fini(gbxi_arrival *arrival)
{
    free(arrival->bytes);
    *arrival = (gbxi_arrival){0};
}
