/* SPDX-License-Identifier: MIT */
/* Owns the C interface to simdjson's DOM. A value is a position on the document's tape. */
#include "json/reader.h"
#include "base/account.h"
#include "json/check.h"
#include <charconv>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <simdjson.h>
#include <string.h>

using simdjson::internal::tape_ref;
using simdjson::internal::tape_type;

struct gbxi_json_document {
    simdjson::dom::document dom;
    size_t counted; /* in the thread's account */
};

namespace
{

/* Makes simdjson select its kernels while the program loads. Otherwise it would do so in the first parse, where its
 * allocations may throw, and parsing must not throw. */
[[maybe_unused]] const bool kernels_chosen = !simdjson::get_active_implementation()->name().empty();

constexpr size_t depth_max = 1024;
/* Trimming the tape of a shorter text is not worth it. */
constexpr size_t TRIM_BYTES_MIN = 64 << 10;

/* The size of the block that an allocator gives for `bytes`, at most: a page more, or a quarter. */
constexpr size_t rounded_up(size_t bytes)
{
    return bytes + (bytes < 64 << 10 ? 4096 : bytes / 4);
}

/* simdjson stops counting members at this number. */
constexpr uint32_t count_saturated = simdjson::internal::JSON_COUNT_MASK;

/* The tag on the tape of an integer of more than 64 bits. simdjson has none. Its word is that of a string. */
constexpr uint64_t wide_tag = 'w';

tape_ref tape_ref_of(gbxi_json_value value)
{
    return tape_ref(static_cast<const simdjson::dom::document *>(value.tape), value.at);
}

gbxi_json_string string_at(const tape_ref &here)
{
    return gbxi_json_string{here.get_c_str(), here.get_string_length()};
}

gbx_err refuse_number(const gbxi_json_check &check, gbx_error *error)
{
    return gbx_error_set(error, GBX_ERR_LIMIT, nullptr,
                         "the JSON has a number beyond the range of a double at line %zu, column %zu", check.line,
                         check.column);
}

gbx_err refuse_limit(simdjson::error_code code, gbx_error *error)
{
    switch (code) {
    case simdjson::MEMALLOC:
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, nullptr, "not enough memory to parse the JSON");
    case simdjson::CAPACITY:
        return gbx_error_set(error, GBX_ERR_LIMIT, nullptr, "the JSON is longer than 4 GiB");
    default:
        return gbx_error_set(error, GBX_ERR_LIMIT, nullptr, "the JSON is nested more than %zu levels deep", depth_max);
    }
}

gbx_err refuse_empty(gbx_error *error)
{
    return gbx_error_set(error, GBX_ERR_SYNTAX, nullptr, "not JSON: the text is empty");
}

gbx_err refuse_syntax(const gbxi_json_check &check, gbx_error *error)
{
    if (check.fault == nullptr)
        return gbx_error_set(error, GBX_ERR_SYNTAX, nullptr, "not JSON");
    if (check.at_end)
        return gbx_error_set(error, GBX_ERR_SYNTAX, nullptr, "not JSON: the text ends at line %zu, column %zu: %s",
                             check.line, check.column, check.fault);
    return gbx_error_set(error, GBX_ERR_SYNTAX, nullptr, "not JSON at line %zu, column %zu: %s", check.line,
                         check.column, check.fault);
}

bool is_limit(simdjson::error_code code)
{
    return code == simdjson::MEMALLOC || code == simdjson::CAPACITY || code == simdjson::DEPTH_ERROR;
}

/* What simdjson allocates, by the rules of dom::document and dom_parser_implementation: for each byte of text, 8 bytes
 * of tape, 5/3 bytes of strings, 4 bytes of index and a copy. Allocators round up by at most a quarter. It may be more
 * than is used, but it is all resident if the allocator takes it from blocks that others have used. */
size_t tape_bytes(size_t length)
{
    return rounded_up(8 * (length + 128));
}

size_t strings_bytes(size_t length)
{
    return rounded_up(5 * length / 3 + 256);
}

size_t parser_bytes(size_t length)
{
    return rounded_up(4 * (length + 128)) + rounded_up(length + 128) + 32 * depth_max;
}

void uncount(gbxi_json_document *document)
{
    document->dom = simdjson::dom::document();
    gbxi_account_give(document->counted);
    document->counted = 0;
}

simdjson::error_code parse_counted(gbxi_json_document *document, const char *text, size_t length)
{
    simdjson::dom::parser parser;
    simdjson::error_code code = parser.allocate(length < 32 ? 32 : length, depth_max + 1);

    /* The parser and its padded copy of the text are freed here: the tape contains everything needed. */
    return code != simdjson::SUCCESS ? code : parser.parse_into_document(document->dom, text, length, true).error();
}

/* The tape is as long as any text of that length could need. A text of few, long values, such as a page, needs little
 * of it, so the rest is given back, unless copying would take long. Without memory for the copy it stays as it is. */
void trim_tape(gbxi_json_document *document, size_t length)
{
    size_t words = document->dom.tape[0] & simdjson::internal::JSON_VALUE_MASK;

    if (words > length / 4 || !gbxi_account_take(rounded_up(words * sizeof(uint64_t))))
        return;
    std::unique_ptr<uint64_t[]> trimmed(new (std::nothrow) uint64_t[words]);
    if (!trimmed) {
        gbxi_account_give(rounded_up(words * sizeof(uint64_t)));
        return;
    }
    memcpy(trimmed.get(), document->dom.tape.get(), words * sizeof(uint64_t));
    document->dom.tape.swap(trimmed);
    gbxi_account_give(tape_bytes(length));
    document->counted -= tape_bytes(length) - rounded_up(words * sizeof(uint64_t));
}

simdjson::error_code parse_into(gbxi_json_document *document, const char *text, size_t length)
{
    size_t bytes = tape_bytes(length) + strings_bytes(length);
    simdjson::error_code code;

    uncount(document); /* of an earlier attempt */
    if (!gbxi_account_take(bytes + parser_bytes(length)))
        return simdjson::MEMALLOC;
    document->counted = bytes;
    code = parse_counted(document, text, length);
    gbxi_account_give(parser_bytes(length));
    if (code == simdjson::SUCCESS && length > TRIM_BYTES_MIN)
        trim_tape(document, length);
    return code;
}

/* Gives the strings with these numbers (counted from 0, names included) the tag of wide integers. */
void tag_wide(gbxi_json_document *document, const size_t *places, size_t count)
{
    uint64_t *tape = document->dom.tape.get();
    size_t end = tape[0] & simdjson::internal::JSON_VALUE_MASK;
    size_t strings = 0;

    for (size_t at = 1; at < end && count > 0; at++) {
        tape_type type = static_cast<tape_type>(tape[at] >> 56);

        at += type == tape_type::INT64 || type == tape_type::UINT64 || type == tape_type::DOUBLE;
        if (type != tape_type::STRING || strings++ != *places)
            continue;
        tape[at] = (wide_tag << 56) | (tape[at] & simdjson::internal::JSON_VALUE_MASK);
        places++;
        count--;
    }
}

/* Integers of more than 64 bits are valid JSON, but simdjson refuses them. It is given strings in their place, which
 * are integers again on the tape. */
simdjson::error_code parse_widened(gbxi_json_document *document, const char *text, size_t length, size_t wide_count)
{
    size_t wide_length = length + 2 * wide_count;
    char *wide = static_cast<char *>(gbxi_account_malloc(wide_length));
    size_t *places = static_cast<size_t *>(gbxi_account_malloc(wide_count * sizeof(*places)));
    simdjson::error_code code = simdjson::MEMALLOC;

    if (wide != nullptr && places != nullptr) {
        gbxi_json_quote_wide(text, length, wide, places);
        code = parse_into(document, wide, wide_length);
    }
    if (code == simdjson::SUCCESS)
        tag_wide(document, places, wide_count);
    gbxi_account_free(wide);
    gbxi_account_free(places);
    return code;
}

gbx_err parse_document(gbxi_json_document *document, const char *text, size_t length, gbx_error *error)
{
    simdjson::error_code code = parse_into(document, text, length);
    gbxi_json_check check;

    if (code == simdjson::SUCCESS)
        return GBX_ERR_OK;
    if (is_limit(code))
        return refuse_limit(code, error);
    if (code == simdjson::EMPTY)
        return refuse_empty(error);
    gbxi_json_check_text(text, length, &check);
    if (check.fault != nullptr || code != simdjson::NUMBER_ERROR)
        return refuse_syntax(check, error);
    if (!check.beyond && check.wide_count > 0)
        code = parse_widened(document, text, length, check.wide_count);
    if (code == simdjson::SUCCESS)
        return GBX_ERR_OK;
    return is_limit(code) ? refuse_limit(code, error) : refuse_number(check, error);
}

bool is_wide(gbxi_json_value value)
{
    return value.tape != nullptr && static_cast<uint64_t>(tape_ref_of(value).tape_ref_type()) == wide_tag;
}

/* The nearest double, or the largest one of that sign. */
double wide_double(gbxi_json_string digits)
{
    double real = 0;
    std::from_chars_result result = std::from_chars(digits.at, digits.at + digits.length, real);

    if (result.ec == std::errc::result_out_of_range)
        return digits.at[0] == '-' ? -std::numeric_limits<double>::max() : std::numeric_limits<double>::max();
    return real;
}

bool is_container(gbxi_json_type type)
{
    return type == GBXI_JSON_ARRAY || type == GBXI_JSON_OBJECT;
}

} // namespace

gbx_err gbxi_json_parse(const char *text, size_t length, gbxi_json_document **document, gbx_error *error)
{
    gbx_err err;

    if (length == 0)
        return refuse_empty(error);
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        return gbx_error_set(error, GBX_ERR_SYNTAX, nullptr, "not JSON: the text starts with a byte order mark");
    gbxi_json_document *parsed = new (std::nothrow) gbxi_json_document();
    if (parsed == nullptr)
        return refuse_limit(simdjson::MEMALLOC, error);
    err = parse_document(parsed, text, length, error);
    if (err == GBX_ERR_OK)
        *document = parsed;
    else
        gbxi_json_free(parsed);
    return err;
}

void gbxi_json_free(gbxi_json_document *document)
{
    if (document != nullptr)
        uncount(document);
    delete document;
}

gbxi_json_value gbxi_json_root(const gbxi_json_document *document)
{
    /* The first word of the tape is simdjson's own. */
    return gbxi_json_value{&document->dom, 1};
}

gbxi_json_type gbxi_json_typeof(gbxi_json_value value)
{
    if (value.tape == nullptr)
        return GBXI_JSON_ABSENT;
    switch (tape_ref_of(value).tape_ref_type()) {
    case tape_type::START_ARRAY:
        return GBXI_JSON_ARRAY;
    case tape_type::START_OBJECT:
        return GBXI_JSON_OBJECT;
    case tape_type::STRING:
        return GBXI_JSON_STRING;
    case tape_type::INT64:
    case tape_type::UINT64:
        return GBXI_JSON_INTEGER;
    case tape_type::DOUBLE:
        return GBXI_JSON_DOUBLE;
    case tape_type::TRUE_VALUE:
    case tape_type::FALSE_VALUE:
        return GBXI_JSON_BOOL;
    case tape_type::NULL_VALUE:
        return GBXI_JSON_NULL;
    default:
        return is_wide(value) ? GBXI_JSON_DOUBLE : GBXI_JSON_ABSENT;
    }
}

const char *gbxi_json_type_name(gbxi_json_type type)
{
    static const char *const names[] = {"absent", "null", "boolean", "integer", "number", "string", "array", "object"};

    return type <= GBXI_JSON_OBJECT ? names[type] : "unknown";
}

bool gbxi_json_bool(gbxi_json_value value, bool *out)
{
    if (gbxi_json_typeof(value) != GBXI_JSON_BOOL)
        return false;
    *out = tape_ref_of(value).is_true();
    return true;
}

bool gbxi_json_int64(gbxi_json_value value, int64_t *out)
{
    if (gbxi_json_typeof(value) != GBXI_JSON_INTEGER || !tape_ref_of(value).is_int64())
        return false;
    *out = tape_ref_of(value).next_tape_value<int64_t>();
    return true;
}

bool gbxi_json_uint64(gbxi_json_value value, uint64_t *out)
{
    int64_t number;

    if (gbxi_json_typeof(value) != GBXI_JSON_INTEGER)
        return false;
    if (!gbxi_json_int64(value, &number)) {
        *out = tape_ref_of(value).next_tape_value<uint64_t>();
        return true;
    }
    if (number < 0)
        return false;
    *out = static_cast<uint64_t>(number);
    return true;
}

bool gbxi_json_double(gbxi_json_value value, double *out)
{
    int64_t number;
    uint64_t large;
    gbxi_json_string digits;

    if (gbxi_json_wide(value, &digits)) {
        *out = wide_double(digits);
        return true;
    }
    if (gbxi_json_typeof(value) == GBXI_JSON_DOUBLE) {
        *out = tape_ref_of(value).next_tape_value<double>();
        return true;
    }
    /* The limits keep the conversion back, which checks exactness, within the integer's range. */
    if (gbxi_json_int64(value, &number)) {
        double real = static_cast<double>(number);
        if (real >= 0x1p63 || static_cast<int64_t>(real) != number)
            return false;
        *out = real;
        return true;
    }
    if (gbxi_json_uint64(value, &large)) {
        double real = static_cast<double>(large);
        if (real >= 0x1p64 || static_cast<uint64_t>(real) != large)
            return false;
        *out = real;
        return true;
    }
    return false;
}

bool gbxi_json_wide(gbxi_json_value value, gbxi_json_string *out)
{
    if (!is_wide(value))
        return false;
    *out = string_at(tape_ref_of(value));
    return true;
}

bool gbxi_json_str(gbxi_json_value value, gbxi_json_string *out)
{
    if (gbxi_json_typeof(value) != GBXI_JSON_STRING)
        return false;
    *out = string_at(tape_ref_of(value));
    return true;
}

gbxi_json_value gbxi_json_member(gbxi_json_value object, const char *name)
{
    gbxi_json_iterator each = gbxi_json_each(object);
    const gbxi_view wanted = gbxi_view_of(name);

    while (each.object && gbxi_json_next(&each)) {
        if (gbxi_view_equals(each.key, wanted))
            return each.value;
    }
    return gbxi_json_value{nullptr, 0};
}

size_t gbxi_json_count(gbxi_json_value value)
{
    size_t count = 0;

    if (!is_container(gbxi_json_typeof(value)))
        return 0;
    count = tape_ref_of(value).scope_count();
    if (count < count_saturated)
        return count;
    count = 0;
    for (gbxi_json_iterator each = gbxi_json_each(value); gbxi_json_next(&each);)
        count++;
    return count;
}

gbxi_json_iterator gbxi_json_each(gbxi_json_value container)
{
    gbxi_json_iterator each = {};
    gbxi_json_type type = gbxi_json_typeof(container);

    if (!is_container(type))
        return each;
    each.tape = container.tape;
    each.at = container.at + 1;
    each.end = tape_ref_of(container).matching_brace_index() - 1;
    each.object = type == GBXI_JSON_OBJECT;
    return each;
}

bool gbxi_json_next(gbxi_json_iterator *each)
{
    if (each->at >= each->end)
        return false;
    if (each->started)
        each->index++;
    each->started = true;
    if (each->object) {
        each->key = string_at(tape_ref_of(gbxi_json_value{each->tape, each->at}));
        each->at++;
    }
    each->value = gbxi_json_value{each->tape, each->at};
    each->at = tape_ref_of(each->value).after_element();
    return true;
}
