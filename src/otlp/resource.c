/* SPDX-License-Identifier: MIT */
/* Owns the attributes of the process, and the reading of those that its user gives. */
#define _GNU_SOURCE
#include "otlp/resource.h"
#include "otlp/form.h"
#include "json/quote.h"
#include "json/utf8.h"
#include <errno.h>
#include <glassbox/version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RESOURCE_OWN_ATTRIBUTES = 8 };

#define UNKNOWN_SERVICE "unknown_service:"

struct gbxi_otlp_resource {
    gbxi_otlp_attribute attributes[GBXI_OTLP_ATTRIBUTES_MAX + RESOURCE_OWN_ATTRIBUTES];
    size_t count;
    gbxi_json_buffer message, json;
    char host[65];
    char text[]; /* keys and values as they were given, decoded and terminated; then the name of the service */
};

static gbxi_otlp_attribute *resource_find(gbxi_otlp_resource *resource, gbxi_view key)
{
    for (size_t i = 0; i < resource->count; i++)
        if (gbxi_view_equals(resource->attributes[i].key, key))
            return &resource->attributes[i];
    return NULL;
}

/* The last value of a key stays. */
static void resource_put(gbxi_otlp_resource *resource, gbxi_view key, gbxi_view value)
{
    gbxi_otlp_attribute *known = resource_find(resource, key);

    if (known == NULL)
        known = &resource->attributes[resource->count++];
    *known = (gbxi_otlp_attribute){.key = key, .type = GBXI_OTLP_TEXT, .value.text = value};
}

/* What was given wins over what is found out. */
static void resource_put_own(gbxi_otlp_resource *resource, const char *key, const char *value)
{
    if (resource_find(resource, gbxi_view_of(key)) == NULL)
        resource_put(resource, gbxi_view_of(key), gbxi_view_of(value));
}

static int resource_hex(unsigned char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit |= 0x20;
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* baggage-octet of https://www.w3.org/TR/baggage, of which keys and values consist; but the equals sign may be in
 * values alone. */
static bool resource_is_plain(unsigned char byte, bool in_key)
{
    if (byte <= ' ' || byte >= 0x7f || byte == '"' || byte == ',' || byte == ';' || byte == '\\')
        return false;
    return !in_key || byte != '=';
}

/* Decodes a key or a value to `*at`, and terminates it. Returns what is wrong with it, or NULL. */
static const char *resource_decode(gbxi_view text, bool in_key, char **at, gbxi_view *decoded)
{
    char *begin = *at;

    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        int high, low;

        if (!resource_is_plain(byte, in_key))
            return byte == ';' ? "has a ';', and properties are not supported"
                               : "has a character that must be percent-encoded";
        if (byte == '%') {
            high = text.length - i > 2 ? resource_hex((unsigned char)text.at[i + 1]) : -1;
            low = text.length - i > 2 ? resource_hex((unsigned char)text.at[i + 2]) : -1;
            if (high < 0 || low < 0)
                return "has a '%' without two hexadecimal digits behind it";
            byte = (unsigned char)(high * 16 + low);
            i += 2;
        }
        *(*at)++ = (char)byte;
    }
    *decoded = (gbxi_view){begin, (size_t)(*at - begin)};
    *(*at)++ = '\0';
    return NULL;
}

static bool resource_is_utf8(gbxi_view text)
{
    size_t sequence;

    for (size_t i = 0; i < text.length; i += sequence)
        if (gbxi_utf8_judge((const unsigned char *)text.at + i, text.length - i, &sequence) != GBXI_UTF8_WELL_FORMED)
            return false;
    return true;
}

static gbxi_view resource_trim(gbxi_view text)
{
    while (text.length > 0 && (text.at[0] == ' ' || text.at[0] == '\t'))
        text = gbxi_view_after(text, 1);
    while (text.length > 0 && (text.at[text.length - 1] == ' ' || text.at[text.length - 1] == '\t'))
        text.length--;
    return text;
}

/* Takes one pair over. Returns what is wrong with it, or NULL. */
static const char *resource_pair(gbxi_otlp_resource *resource, gbxi_view pair, char **at)
{
    const char *equals = memchr(pair.at, '=', pair.length), *wrong;
    size_t key_length = equals != NULL ? (size_t)(equals - pair.at) : 0;
    gbxi_view key, value;

    if (equals == NULL)
        return "has no '='";
    if ((wrong = resource_decode(resource_trim((gbxi_view){pair.at, key_length}), true, at, &key)) != NULL ||
        (wrong = resource_decode(resource_trim(gbxi_view_after(pair, key_length + 1)), false, at, &value)) != NULL)
        return wrong;
    if (key.length == 0)
        return "has no key";
    if (!resource_is_utf8(key) || !resource_is_utf8(value))
        return "is not UTF-8 when it is decoded";
    resource_put(resource, key, value);
    return NULL;
}

/* Reads all pairs; `*at` is where the next text goes. */
static gbx_err resource_read(gbxi_otlp_resource *resource, gbxi_view text, char **at, gbx_error *error)
{
    while (text.length > 0) {
        const char *comma = memchr(text.at, ',', text.length), *wrong;
        size_t length = comma != NULL ? (size_t)(comma - text.at) : text.length;
        gbxi_view pair = resource_trim((gbxi_view){text.at, length});

        if (resource->count == GBXI_OTLP_ATTRIBUTES_MAX)
            return gbx_error_set(error, GBX_ERR_LIMIT, NULL, "has more than %d attributes", GBXI_OTLP_ATTRIBUTES_MAX);
        if (pair.length > 0 && (wrong = resource_pair(resource, pair, at)) != NULL)
            return gbx_error_set(error, GBX_ERR_SYNTAX, NULL, "the attribute '%s' %s", gbxi_quoted(pair).text, wrong);
        text = gbxi_view_after(text, comma != NULL ? length + 1 : length);
    }
    return GBX_ERR_OK;
}

static void resource_name(gbxi_otlp_resource *resource, const char *name, char *at)
{
    if (name[0] != '\0')
        resource_put(resource, gbxi_view_of("service.name"), gbxi_view_of(strcpy(at, name)));
    else
        resource_put_own(resource, "service.name", strcat(strcpy(at, UNKNOWN_SERVICE), program_invocation_short_name));
}

static void resource_find_out(gbxi_otlp_resource *resource)
{
    if (gethostname(resource->host, sizeof(resource->host) - 1) == 0 && resource->host[0] != '\0')
        resource_put_own(resource, "host.name", resource->host);
    resource_put_own(resource, "telemetry.sdk.name", "glassbox");
    resource_put_own(resource, "telemetry.sdk.language", "c");
    resource_put_own(resource, "telemetry.sdk.version", gbx_version());
    if (resource_find(resource, gbxi_view_of("process.pid")) == NULL)
        resource->attributes[resource->count++] =
            (gbxi_otlp_attribute){.key = gbxi_view_of("process.pid"), .type = GBXI_OTLP_INT, .value.integer = getpid()};
}

static gbx_err resource_write(gbxi_otlp_resource *resource)
{
    const gbxi_otlp_attributes all = {resource->attributes, resource->count, 0};

    if (!gbxi_otlp_protobuf.resource(&resource->message, &all) || !gbxi_otlp_json.resource(&resource->json, &all))
        return GBX_ERR_NO_MEMORY;
    return GBX_ERR_OK;
}

/* Decoding makes nothing longer, and each pair has an '=' and mostly a comma for its two ends. */
static gbxi_otlp_resource *resource_allocate(gbxi_view attributes, const char *name)
{
    size_t name_bytes = sizeof(UNKNOWN_SERVICE) + strlen(name) + strlen(program_invocation_short_name);

    return calloc(1, sizeof(gbxi_otlp_resource) + attributes.length + 2 + name_bytes);
}

gbxi_otlp_resource *gbxi_otlp_resource_new(const char *service_name, const char *attributes, gbx_error *error)
{
    gbxi_view text = gbxi_view_of(attributes != NULL ? attributes : "");
    const char *name = service_name != NULL ? service_name : "";
    gbxi_otlp_resource *resource;
    gbx_err err = GBX_ERR_NO_MEMORY;
    char *at;

    if (text.length > GBXI_OTLP_ATTRIBUTES_BYTES_MAX) {
        (void)!gbx_error_set(error, GBX_ERR_LIMIT, NULL, "is longer than %d bytes", GBXI_OTLP_ATTRIBUTES_BYTES_MAX);
        return NULL;
    }
    if ((resource = resource_allocate(text, name)) != NULL) {
        at = resource->text;
        if ((err = resource_read(resource, text, &at, error)) == GBX_ERR_OK) {
            resource_name(resource, name, at);
            resource_find_out(resource);
            err = resource_write(resource);
        }
        if (err == GBX_ERR_OK)
            return resource;
        gbxi_otlp_resource_free(resource);
    }
    if (err == GBX_ERR_NO_MEMORY)
        (void)!gbx_error_set(error, err, NULL, "out of memory");
    return NULL;
}

void gbxi_otlp_resource_free(gbxi_otlp_resource *resource)
{
    if (resource == NULL)
        return;
    gbxi_json_buffer_fini(&resource->message);
    gbxi_json_buffer_fini(&resource->json);
    free(resource);
}

const char *gbxi_otlp_resource_value(const gbxi_otlp_resource *resource, const char *key)
{
    for (size_t i = 0; i < resource->count; i++)
        if (gbxi_view_is(resource->attributes[i].key, key) && resource->attributes[i].type == GBXI_OTLP_TEXT)
            return resource->attributes[i].value.text.at;
    return NULL;
}

gbxi_view gbxi_otlp_resource_message(const gbxi_otlp_resource *resource)
{
    return (gbxi_view){resource->message.bytes, resource->message.length};
}

gbxi_view gbxi_otlp_resource_json(const gbxi_otlp_resource *resource)
{
    return (gbxi_view){resource->json.bytes, resource->json.length};
}
