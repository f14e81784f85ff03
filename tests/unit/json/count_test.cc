/* SPDX-License-Identifier: MIT */
/* Counting the members of containers that are too large for simdjson's own count. It stops at 2^24 - 1, which a text of
 * many megabytes would reach; the test sets the count of small containers to that number. */
#include "json/reader.h"

#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <simdjson.h>

extern "C" {
#include <cmocka.h>
}

namespace
{

/* The count is in the upper half of a container's first word, below the byte with its type. */
void saturate_count(gbxi_json_value container)
{
    auto *dom = static_cast<simdjson::dom::document *>(const_cast<void *>(container.tape));

    dom->tape[container.at] |= static_cast<uint64_t>(simdjson::internal::JSON_COUNT_MASK) << 32;
}

void counts_one_by_one_where_simdjson_has_stopped(void **)
{
    static const struct {
        const char *text;
        size_t count;
    } table[] = {{"[1,[2,3],{\"a\":4}]", 3}, {"{\"a\":[1,2],\"b\":2}", 2}, {"[]", 0}};

    for (const auto &row : table) {
        gbxi_json_document *document = nullptr;

        assert_int_equal(gbxi_json_parse(row.text, strlen(row.text), &document, nullptr), GBX_ERR_OK);
        saturate_count(gbxi_json_root(document));
        assert_int_equal(gbxi_json_count(gbxi_json_root(document)), row.count);
        gbxi_json_free(document);
    }
}

} // namespace

int main()
{
    const CMUnitTest tests[] = {
        cmocka_unit_test(counts_one_by_one_where_simdjson_has_stopped),
    };

    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
