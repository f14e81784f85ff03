/* SPDX-License-Identifier: MIT */
/* Options: what a table accepts, what it refuses and at which pointer, defaults, and the description of the table. */
#include "graph/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *const colours[] = {"red", "green", NULL};
static const gbxi_option inner[] = {
    GBXI_OPTION_NUMBER("gravity", "-0.5", -2, 2, "How strong."),
    GBXI_OPTION_TEXT("font", NULL, 1, 4, "Which font."),
    GBXI_OPTION_COLOUR("ink", NULL, "Of the text."),
    {0},
};
static const gbxi_option bare[] = {
    GBXI_OPTION_BOOL("shown", NULL, "No default."),
    {0},
};
static const gbxi_option table[] = {
    GBXI_OPTION_BOOL("animate", "true", "Whether it moves."),
    GBXI_OPTION_INTEGER("width", "300", 1, 1000, "In pixels."),
    GBXI_OPTION_CHOICE("colour", "\"red\"", colours, "Of the lines."),
    GBXI_OPTION_IDS("roots", 1, 2, "Where to begin."),
    GBXI_OPTION_GROUP("physics", inner, "How it moves."),
    GBXI_OPTION_GROUP("bare", bare, "Nothing unless given."),
    {0},
};

typedef struct given {
    gbxi_json_document *document;
    gbxi_json_value value;
} given;

static given read_given(const char *text)
{
    given it = {0};

    if (text == NULL)
        return it;
    assert_int_equal(gbxi_json_parse(text, strlen(text), &it.document, NULL), GBX_ERR_OK);
    it.value = gbxi_json_root(it.document);
    return it;
}

typedef struct refusal {
    const char *text;
    gbx_err code;
    const char *pointer;
    const char *part; /* of the sentence */
} refusal;

static const refusal refusals[] = {
    {"[]", GBX_ERR_TYPE, "/o", "array"},
    {"{\"with\":1}", GBX_ERR_UNKNOWN, "/o/with", "known: animate, width, colour, roots, physics, bare"},
    {"{\"width\":1,\"width\":1}", GBX_ERR_CONFLICT, "/o/width", "twice"},
    {"{\"animate\":1}", GBX_ERR_TYPE, "/o/animate", "animate must be true or false, not integer"},
    {"{\"width\":\"1\"}", GBX_ERR_TYPE, "/o/width", "width must be an integer, not string"},
    {"{\"width\":0}", GBX_ERR_RANGE, "/o/width", "from 1 to 1000"},
    {"{\"width\":1001}", GBX_ERR_RANGE, "/o/width", "from 1 to 1000"},
    {"{\"width\":1.5}", GBX_ERR_RANGE, "/o/width", "integer"},
    {"{\"width\":18446744073709551615}", GBX_ERR_RANGE, "/o/width", "integer"},
    {"{\"colour\":\"blue\"}", GBX_ERR_RANGE, "/o/colour", "one of: red, green"},
    {"{\"colour\":\"re\"}", GBX_ERR_RANGE, "/o/colour", "one of"},
    {"{\"colour\":null}", GBX_ERR_TYPE, "/o/colour", "string, not null"},
    {"{\"roots\":{}}", GBX_ERR_TYPE, "/o/roots", "array"},
    {"{\"roots\":[]}", GBX_ERR_RANGE, "/o/roots", "from 1 to 2"},
    {"{\"roots\":[1,2,3]}", GBX_ERR_RANGE, "/o/roots", "from 1 to 2"},
    {"{\"roots\":[1,null]}", GBX_ERR_TYPE, "/o/roots/1", "id"},
    {"{\"physics\":1}", GBX_ERR_TYPE, "/o/physics", "object"},
    {"{\"physics\":{\"gravity\":2.01}}", GBX_ERR_RANGE, "/o/physics/gravity", "from -2 to 2"},
    {"{\"physics\":{\"gravity\":true}}", GBX_ERR_TYPE, "/o/physics/gravity", "number"},
    {"{\"physics\":{\"font\":\"\"}}", GBX_ERR_RANGE, "/o/physics/font", "from 1 to 4"},
    {"{\"physics\":{\"font\":\"abcde\"}}", GBX_ERR_RANGE, "/o/physics/font", "from 1 to 4"},
    {"{\"physics\":{\"ink\":7}}", GBX_ERR_TYPE, "/o/physics/ink", "a string, not integer"},
    {"{\"physics\":{\"ink\":\"red\"}}", GBX_ERR_RANGE, "/o/physics/ink", "a colour such as \"#1f77b4\""},
    {"{\"physics\":{\"ink\":\"#12345\"}}", GBX_ERR_RANGE, "/o/physics/ink", "colour"},
    {"{\"physics\":{\"ink\":\"#1234567\"}}", GBX_ERR_RANGE, "/o/physics/ink", "colour"},
    {"{\"physics\":{\"ink\":\"#12345g\"}}", GBX_ERR_RANGE, "/o/physics/ink", "colour"},
    {"{\"physics\":{\"ink\":\"#12345\\u0000\"}}", GBX_ERR_RANGE, "/o/physics/ink", "colour"},
    {"{\"physics\":{\"grav~ity/\":1}}", GBX_ERR_UNKNOWN, "/o/physics/grav~0ity~1", "known: gravity, font, ink"},
};

static void what_is_wrong_is_refused_with_its_place_and_what_would_be_right(void **state)
{
    gbxi_json_pointer at = {0};

    (void)state;
    gbxi_json_pointer_push(&at, "o", 1);
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        given it = read_given(refusals[i].text);
        gbx_error error = {0};

        assert_int_equal(gbxi_options_check(table, it.value, &at, &error), refusals[i].code);
        assert_string_equal(error.pointer, refusals[i].pointer);
        if (strstr(error.text, refusals[i].part) == NULL)
            fail_msg("%s: %s", refusals[i].text, error.text);
        gbxi_json_free(it.document);
    }
}

static void a_table_without_rows_takes_an_empty_object_alone(void **state)
{
    given empty = read_given("{}"), full = read_given("{\"x\":1}");
    const gbxi_json_pointer at = {0};
    gbx_error error = {0};

    (void)state;
    assert_int_equal(gbxi_options_check(NULL, empty.value, &at, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_options_check(NULL, (gbxi_json_value){0}, &at, &error), GBX_ERR_OK);
    assert_int_equal(gbxi_options_check(NULL, full.value, &at, &error), GBX_ERR_UNKNOWN);
    assert_string_equal(error.pointer, "/x");
    assert_string_equal(error.text, "unknown field \"x\"");
    gbxi_json_free(empty.document);
    gbxi_json_free(full.document);
}

static void assert_written(const char *text, const char *expected)
{
    const gbxi_json_pointer at = {0};
    given it = read_given(text);
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;
    gbx_error error = {0};

    assert_int_equal(gbxi_options_check(table, it.value, &at, &error), GBX_ERR_OK);
    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_json_object_begin(&writer);
    gbxi_options_write(table, it.value, &writer);
    gbxi_json_object_end(&writer);
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
    assert_int_equal(buffer.length, strlen(expected));
    assert_memory_equal(buffer.bytes, expected, buffer.length);
    gbxi_json_buffer_fini(&buffer);
    gbxi_json_free(it.document);
}

static void defaults_are_written_where_nothing_is_given(void **state)
{
    static const char defaults[] = "{\"animate\":true,\"width\":300,\"colour\":\"red\",\"physics\":{\"gravity\":-0.5}}";

    (void)state;
    assert_written(NULL, defaults);
    assert_written("{}", defaults);
    assert_written("{\"physics\":{}}", defaults);
}

static void what_is_given_stands_in_the_place_of_the_default(void **state)
{
    (void)state;
    assert_written("{\"bare\":{\"shown\":false},\"physics\":{\"font\":\"a\\\"\",\"gravity\":2},\"roots\":[1,\"b\"],"
                   "\"colour\":\"green\",\"width\":1000,\"animate\":false}",
                   "{\"animate\":false,\"width\":1000,\"colour\":\"green\",\"roots\":[1,\"b\"],"
                   "\"physics\":{\"gravity\":2,\"font\":\"a\\\"\"},\"bare\":{\"shown\":false}}");
}

static void options_are_read_with_their_defaults(void **state)
{
    given it = read_given("{\"animate\":false,\"width\":7,\"colour\":\"green\",\"physics\":{\"font\":\"x\"}}");
    gbxi_json_value none = {0}, physics = gbxi_json_member(it.value, "physics");

    (void)state;
    assert_true(gbxi_option_bool(table, none, "animate"));
    assert_false(gbxi_option_bool(table, it.value, "animate"));
    assert_int_equal(gbxi_option_uint(table, none, "width"), 300);
    assert_int_equal(gbxi_option_uint(table, it.value, "width"), 7);
    assert_int_equal(gbxi_option_choice(table, none, "colour"), 0);
    assert_int_equal(gbxi_option_choice(table, it.value, "colour"), 1);
    assert_int_equal(gbxi_option_text(table, none, "colour").length, 3);
    assert_memory_equal(gbxi_option_text(table, none, "colour").at, "red", 3);
    assert_int_equal(gbxi_option_text(inner, none, "font").length, 0);
    assert_memory_equal(gbxi_option_text(inner, physics, "font").at, "x", 1);
    gbxi_json_free(it.document);
}

/* As in JSON Schema, where 2.0 is an integer. */
static void a_whole_number_is_one_however_it_is_written(void **state)
{
    static const char *const same[] = {"{\"width\":20}", "{\"width\":20.0}", "{\"width\":2e1}", "{\"width\":200e-1}"};
    const gbxi_json_pointer at = {0};
    uint64_t width = 5;

    (void)state;
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        given it = read_given(same[i]);

        assert_int_equal(gbxi_options_check(table, it.value, &at, NULL), GBX_ERR_OK);
        assert_int_equal(gbxi_option_uint(table, it.value, "width"), 20);
        assert_true(gbxi_option_given_uint(it.value, "width", &width));
        assert_int_equal(width, 20);
        gbxi_json_free(it.document);
    }
    assert_false(gbxi_option_given_uint((gbxi_json_value){0}, "width", &width));
    assert_int_equal(width, 20);
}

static void texts_are_an_array_of_strings(void **state)
{
    static const gbxi_option tags[] = {GBXI_OPTION_TEXTS("tags", 1, 2, "Which tags."), {0}};
    static const struct {
        const char *text;
        gbx_err code;
        const char *pointer;
    } cases[] = {
        {"{\"tags\":[\"a\",\"\"]}", GBX_ERR_OK, ""},
        {"{\"tags\":\"a\"}", GBX_ERR_TYPE, "/tags"},
        {"{\"tags\":[\"a\",1]}", GBX_ERR_TYPE, "/tags/1"},
        {"{\"tags\":[]}", GBX_ERR_RANGE, "/tags"},
        {"{\"tags\":[\"a\",\"b\",\"c\"]}", GBX_ERR_RANGE, "/tags"},
    };
    const gbxi_json_pointer at = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        given it = read_given(cases[i].text);
        gbx_error error = {0};

        assert_int_equal(gbxi_options_check(tags, it.value, &at, &error), cases[i].code);
        assert_string_equal(error.pointer, cases[i].pointer);
        gbxi_json_free(it.document);
    }
}

static void a_table_tells_of_itself_as_a_schema(void **state)
{
    static const char expected[] = "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
                                   "\"gravity\":{\"description\":\"How "
                                   "strong.\",\"type\":\"number\",\"minimum\":-2,\"maximum\":2,\"default\":-0.5},"
                                   "\"font\":{\"description\":\"Which font.\",\"type\":\"string\"},"
                                   "\"ink\":{\"description\":\"Of the text.\",\"type\":\"string\","
                                   "\"pattern\":\"^#[0-9A-Fa-f]{6}$\"}}}";
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;

    (void)state;
    gbxi_json_writer_init_buffer(&writer, &buffer);
    gbxi_options_describe(inner, &writer);
    assert_int_equal(gbxi_json_writer_finish(&writer), GBX_ERR_OK);
    assert_int_equal(buffer.length, strlen(expected));
    assert_memory_equal(buffer.bytes, expected, buffer.length);
    gbxi_json_buffer_fini(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_refused_with_its_place_and_what_would_be_right),
        cmocka_unit_test(a_table_without_rows_takes_an_empty_object_alone),
        cmocka_unit_test(defaults_are_written_where_nothing_is_given),
        cmocka_unit_test(what_is_given_stands_in_the_place_of_the_default),
        cmocka_unit_test(options_are_read_with_their_defaults),
        cmocka_unit_test(a_whole_number_is_one_however_it_is_written),
        cmocka_unit_test(texts_are_an_array_of_strings),
        cmocka_unit_test(a_table_tells_of_itself_as_a_schema),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
