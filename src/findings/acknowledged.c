/* SPDX-License-Identifier: MIT */
/* Owns the file of acknowledged findings. */
#define _GNU_SOURCE
#include "findings/acknowledged.h"
#include "base/file.h"
#include "base/grow.h"
#include "base/time.h"
#include "json/reader.h"
#include "json/writer.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 4 << 20 };

#define FILE_NAME "acknowledged.json"

static gbx_err ack_refuse_memory(gbx_error *error)
{
    return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "%s: out of memory", FILE_NAME);
}

static void ack_fini(gbxi_acknowledgement *one)
{
    free(one->because);
    free(one->sentence);
    free(one->rule);
}

void gbxi_acknowledgements_fini(gbxi_acknowledgements *all)
{
    for (size_t i = 0; i < all->count; i++)
        ack_fini(&all->at[i]);
    gbxi_account_free(all->at);
    *all = (gbxi_acknowledgements){.at = NULL};
}

static bool ack_number(const char *digits, size_t count, int *number)
{
    *number = 0;
    for (size_t i = 0; i < count; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return false;
        *number = *number * 10 + (digits[i] - '0');
    }
    return true;
}

/* The first instant of the day, or false if there is no such day. */
static bool ack_date(const char *text, time_t *begin)
{
    int year, month, day;
    struct tm parts = {.tm_isdst = 0};

    if (strlen(text) != GBXI_DATE_SIZE - 1 || text[4] != '-' || text[7] != '-' || !ack_number(text, 4, &year) ||
        !ack_number(text + 5, 2, &month) || !ack_number(text + 8, 2, &day))
        return false;
    parts.tm_year = year - 1900;
    parts.tm_mon = month - 1;
    parts.tm_mday = day;
    *begin = timegm(&parts);
    return year >= 1970 && parts.tm_year == year - 1900 && parts.tm_mon == month - 1 && parts.tm_mday == day;
}

bool gbxi_date_is_valid(const char *text)
{
    time_t begin;

    return ack_date(text, &begin);
}

static bool ack_is_over(const gbxi_acknowledgement *one, int64_t unix_ns)
{
    time_t begin;

    return ack_date(one->until, &begin) && unix_ns / (int64_t)GBXI_NS_PER_S >= begin;
}

const gbxi_acknowledgement *gbxi_acknowledgements_find(const gbxi_acknowledgements *all, const char *signature,
                                                       int64_t unix_ns)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->at[i].signature, signature) == 0 && !ack_is_over(&all->at[i], unix_ns))
            return &all->at[i];
    return NULL;
}

/* Copies a member that is a text. Errors: false if it is none, or memory is short. */
static bool ack_text(gbxi_json_value object, const char *name, char **text)
{
    gbxi_json_string string;

    return gbxi_json_str(gbxi_json_member(object, name), &string) && memchr(string.at, '\0', string.length) == NULL &&
           (*text = strndup(string.at, string.length)) != NULL;
}

static bool ack_is_signature(gbxi_view text)
{
    if (text.length != GBXI_SIGNATURE_DIGITS)
        return false;
    for (size_t i = 0; i < text.length; i++)
        if (strchr("0123456789abcdef", text.at[i]) == NULL)
            return false;
    return true;
}

static bool ack_read_one(gbxi_json_value object, gbxi_acknowledgement *one)
{
    gbxi_json_string signature, until = {NULL, 0};
    gbxi_json_value until_value = gbxi_json_member(object, "until");

    *one = (gbxi_acknowledgement){.because = NULL};
    if (!gbxi_json_str(gbxi_json_member(object, "signature"), &signature) || !ack_is_signature(signature))
        return false;
    memcpy(one->signature, signature.at, signature.length);
    if (gbxi_json_typeof(until_value) != GBXI_JSON_NULL) {
        if (!gbxi_json_str(until_value, &until) || until.length != GBXI_DATE_SIZE - 1)
            return false;
        memcpy(one->until, until.at, until.length);
        if (!gbxi_date_is_valid(one->until))
            return false;
    }
    return ack_text(object, "because", &one->because) && ack_text(object, "finding", &one->sentence) &&
           ack_text(object, "rule", &one->rule);
}

static gbx_err ack_read_all(const char *path, gbxi_json_value list, gbxi_acknowledgements *all, gbx_error *error)
{
    gbxi_json_iterator each = gbxi_json_each(list);

    if (gbxi_json_typeof(list) != GBXI_JSON_ARRAY)
        return gbx_error_set(error, GBX_ERR_SYNTAX, NULL, "%s: it has no list 'acknowledged'",
                             gbxi_file_path_shown(path));
    while (gbxi_json_next(&each)) {
        if (!gbxi_grow(&all->at, &all->capacity, all->count + 1, sizeof(*all->at)))
            return ack_refuse_memory(error);
        if (!ack_read_one(each.value, &all->at[all->count++]))
            return gbx_error_set(error, GBX_ERR_SYNTAX, NULL,
                                 "%s: /acknowledged/%zu: expected signature, rule, finding, because and until",
                                 gbxi_file_path_shown(path), each.index);
    }
    return GBX_ERR_OK;
}

static int ack_compare(const void *a, const void *b)
{
    return strcmp(((const gbxi_acknowledgement *)a)->signature, ((const gbxi_acknowledgement *)b)->signature);
}

static gbx_err ack_parse(const char *path, const char *text, size_t length, gbxi_acknowledgements *all,
                         gbx_error *error)
{
    gbx_error inner = {.code = GBX_ERR_OK};
    gbxi_json_document *document = NULL;
    gbx_err err = gbxi_json_parse(text, length, &document, &inner);

    if (err != GBX_ERR_OK)
        return gbx_error_set(error, err, NULL, "%s: %s", gbxi_file_path_shown(path), inner.text);
    err = ack_read_all(path, gbxi_json_member(gbxi_json_root(document), "acknowledged"), all, error);
    if (all->count > 1) /* people may have edited it */
        qsort(all->at, all->count, sizeof(*all->at), ack_compare);
    gbxi_json_free(document);
    return err;
}

static gbx_err ack_load(const char *path, gbxi_acknowledgements *all, gbx_error *error)
{
    gbxi_file file = {.what = "file", .path = path};
    char *text = malloc(FILE_BYTES_MAX + 1);
    size_t length = 0;
    gbx_err err;

    if (text == NULL)
        return ack_refuse_memory(error);
    if ((err = gbxi_file_open(&file, error)) == GBX_ERR_OK &&
        (err = gbxi_file_read(&file, text, FILE_BYTES_MAX, &length, error)) == GBX_ERR_OK)
        err = ack_parse(path, text, length, all, error);
    gbxi_file_close(&file);
    free(text);
    if (err != GBX_ERR_OK)
        gbxi_acknowledgements_fini(all);
    return err;
}

/* A text with another behind it; NULL without memory. */
static char *ack_join(const char *first, const char *second)
{
    char *both = NULL;

    return asprintf(&both, "%s%s", first, second) < 0 ? NULL : both;
}

static char *ack_path(const char *directory)
{
    return ack_join(directory, "/" FILE_NAME);
}

gbx_err gbxi_acknowledgements_read(const char *directory, gbxi_acknowledgements *all, gbx_error *error)
{
    char *path = ack_path(directory);
    gbx_err err = GBX_ERR_OK;

    *all = (gbxi_acknowledgements){.at = NULL};
    if (path == NULL)
        return ack_refuse_memory(error);
    if (access(path, F_OK) == 0 || errno != ENOENT)
        err = ack_load(path, all, error);
    free(path);
    return err;
}

static void ack_write_one(gbxi_json_writer *writer, const gbxi_acknowledgement *one)
{
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "signature");
    gbxi_json_string_z(writer, one->signature);
    gbxi_json_key(writer, "rule");
    gbxi_json_string_z(writer, one->rule);
    gbxi_json_key(writer, "finding");
    gbxi_json_string_z(writer, one->sentence);
    gbxi_json_key(writer, "because");
    gbxi_json_string_z(writer, one->because);
    gbxi_json_key(writer, "until");
    gbxi_json_string_z(writer, one->until[0] != '\0' ? one->until : NULL);
    gbxi_json_object_end(writer);
}

void gbxi_acknowledgements_write(gbxi_json_writer *writer, const gbxi_acknowledgements *all)
{
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "acknowledged");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < all->count; i++)
        ack_write_one(writer, &all->at[i]);
    gbxi_json_array_end(writer);
    gbxi_json_object_end(writer);
}

static gbx_err ack_make_text(const gbxi_acknowledgements *all, gbxi_json_buffer *buffer)
{
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, buffer);
    gbxi_acknowledgements_write(&writer, all);
    gbxi_json_literal(&writer, "\n", 1);
    return gbxi_json_writer_finish(&writer);
}

static bool ack_write_bytes(int file, const char *bytes, size_t length)
{
    ssize_t written;

    for (; length > 0; bytes += written, length -= (size_t)written)
        if ((written = write(file, bytes, length)) < 0 && (written = 0, errno != EINTR))
            return false;
    return fsync(file) == 0;
}

/* Writes beside the file, and puts it in its place when it is whole. */
static gbx_err ack_replace(const char *path, const char *beside, const gbxi_json_buffer *buffer, gbx_error *error)
{
    int file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool good = file != -1 && ack_write_bytes(file, buffer->bytes, buffer->length);
    int reason = errno;

    if (file != -1)
        close(file);
    if (good && rename(beside, path) == 0)
        return GBX_ERR_OK;
    reason = good ? errno : reason;
    unlink(beside);
    return gbx_error_set(error, GBX_ERR_IO, NULL, "%s: %s", gbxi_file_path_shown(path), strerror(reason));
}

/* Of a symbolic link, the file that it leads to is replaced; a link to nothing is replaced itself. */
static char *ack_place_of_file(const char *directory)
{
    char *path = ack_path(directory), *real = path != NULL ? realpath(path, NULL) : NULL;

    if (real == NULL)
        return path;
    free(path);
    return real;
}

static gbx_err ack_store(const char *directory, const gbxi_acknowledgements *all, gbx_error *error)
{
    char *path = ack_place_of_file(directory), *beside = path != NULL ? ack_join(path, ".new") : NULL;
    gbxi_json_buffer buffer = {0};
    gbx_err err = GBX_ERR_OK;

    if (beside == NULL || ack_make_text(all, &buffer) != GBX_ERR_OK)
        err = ack_refuse_memory(error);
    else if (buffer.length > FILE_BYTES_MAX) /* nobody could read it again */
        err = gbx_error_set(error, GBX_ERR_LIMIT, NULL, "%s would be larger than %d MiB; drop what is over",
                            gbxi_file_path_shown(path), FILE_BYTES_MAX >> 20);
    else
        err = ack_replace(path, beside, &buffer, error);
    gbxi_json_buffer_fini(&buffer);
    free(path);
    free(beside);
    return err;
}

/* Whoever holds the lock of the store's directory changes the file. */
static int ack_lock(const char *directory, gbx_error *error)
{
    int lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (lock != -1 && flock(lock, LOCK_EX) == 0)
        return lock;
    gbx_error_set(error, GBX_ERR_IO, NULL, "%s: %s", gbxi_file_path_shown(directory), strerror(errno));
    if (lock != -1)
        close(lock);
    return -1;
}

/* The index of the one with this signature, or where it belongs. */
static size_t ack_place(const gbxi_acknowledgements *all, const char *signature)
{
    size_t at = 0;

    while (at < all->count && strcmp(all->at[at].signature, signature) < 0)
        at++;
    return at;
}

static bool ack_copy(const gbxi_acknowledgement *one, gbxi_acknowledgement *copy)
{
    *copy = *one;
    copy->because = strdup(one->because);
    copy->sentence = strdup(one->sentence);
    copy->rule = strdup(one->rule);
    if (copy->because != NULL && copy->sentence != NULL && copy->rule != NULL)
        return true;
    ack_fini(copy);
    return false;
}

static bool ack_put(gbxi_acknowledgements *all, const gbxi_acknowledgement *one)
{
    size_t at = ack_place(all, one->signature);
    gbxi_acknowledgement copy;

    if (!gbxi_grow(&all->at, &all->capacity, all->count + 1, sizeof(*all->at)) || !ack_copy(one, &copy))
        return false;
    if (at < all->count && strcmp(all->at[at].signature, one->signature) == 0) {
        ack_fini(&all->at[at]);
    } else {
        memmove(&all->at[at + 1], &all->at[at], (all->count - at) * sizeof(*all->at));
        all->count++;
    }
    all->at[at] = copy;
    return true;
}

gbx_err gbxi_acknowledgements_put(const char *directory, const gbxi_acknowledgement *one, gbx_error *error)
{
    gbxi_acknowledgements all = {.at = NULL};
    int lock = ack_lock(directory, error);
    gbx_err err;

    if (lock == -1)
        return GBX_ERR_IO;
    if ((err = gbxi_acknowledgements_read(directory, &all, error)) == GBX_ERR_OK)
        err = ack_put(&all, one) ? ack_store(directory, &all, error) : ack_refuse_memory(error);
    gbxi_acknowledgements_fini(&all);
    close(lock);
    return err;
}

/* How many have the signature of the one at this index: more than one if people have edited the file. */
static size_t ack_same(const gbxi_acknowledgements *all, size_t at)
{
    size_t same = 1;

    while (at + same < all->count && strcmp(all->at[at + same].signature, all->at[at].signature) == 0)
        same++;
    return same;
}

static gbx_err ack_remove(gbxi_acknowledgements *all, const char *signature, gbx_error *error)
{
    size_t at = ack_place(all, signature), length = strlen(signature), same;

    if (at == all->count || strncmp(all->at[at].signature, signature, length) != 0)
        return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "no acknowledged finding has the signature %.64s",
                             signature);
    same = ack_same(all, at);
    if (at + same < all->count && strncmp(all->at[at + same].signature, signature, length) == 0)
        return gbx_error_set(error, GBX_ERR_CONFLICT, NULL, "several signatures begin with %.64s", signature);
    for (size_t i = 0; i < same; i++)
        ack_fini(&all->at[at + i]);
    memmove(&all->at[at], &all->at[at + same], (all->count - at - same) * sizeof(*all->at));
    all->count -= same;
    return GBX_ERR_OK;
}

gbx_err gbxi_acknowledgements_drop(const char *directory, const char *signature, gbx_error *error)
{
    gbxi_acknowledgements all = {.at = NULL};
    int lock = ack_lock(directory, error);
    gbx_err err;

    if (lock == -1)
        return GBX_ERR_IO;
    if ((err = gbxi_acknowledgements_read(directory, &all, error)) == GBX_ERR_OK &&
        (err = ack_remove(&all, signature, error)) == GBX_ERR_OK)
        err = ack_store(directory, &all, error);
    gbxi_acknowledgements_fini(&all);
    close(lock);
    return err;
}
