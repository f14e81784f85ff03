// SPDX-License-Identifier: MIT
// The corners of RFC 8259 as a table: name to bytes. The files in fixtures/json are made of it, and are what tests read.
//
//     node tests/integration/support/json_cases.js     writes the files anew
//
// accept: grammar says yes, and so do we. reject: grammar says no. limit: grammar says yes, and section 9 leaves it to the
// reader: deeper than 1024 levels, or a number beyond the range of a double; refused with 400 like what is no JSON.
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

import {source} from './process.js';

const bytes = (...parts) => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : Buffer.from(part))));
const nested = (depth, core = '1') => '['.repeat(depth) + core + ']'.repeat(depth);
const nestedObjects = (depth) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
const inString = (...raw) => bytes('["', raw, '"]');

const accept = {
    literal_null: 'null', literal_true: 'true', literal_false: 'false',
    array_empty: '[]', array_empty_spaced: '[ ]', array_of_arrays: '[[],[[]],{}]', array_heterogeneous: '[null,1,"1",{},[],true]',
    object_empty: '{}', object_empty_spaced: '{ }', object_empty_key: '{"":0}', object_duplicate_key: '{"a":1,"a":2}',
    object_duplicate_pair: '{"a":1,"a":1}', object_key_escaped_nul: '{"\\u0000":1}', object_nested: '{"a":{"b":[1,2,{"c":null}]}}',
    object_long_key: JSON.stringify({['k'.repeat(5000)]: 1}),
    number_zero: '0', number_minus_zero: '-0', number_minus_zero_fraction: '-0.0', number_minus_zero_exponent: '[-0e0]', number_one: '1',
    number_400_digits: '[' + '9'.repeat(400) + ']', number_negative: '-123', number_exponents: '[0e1,0E1,0e+1,0e-1,1e10,1E+2,1e-2]', number_exponent_leading_zeros: '[1e0005,1e-0005]',
    number_fractions: '[0.5,-0.5,123.456e-7]', number_underflow: '[1e-400]', number_underflow_negative: '[-1e-400]',
    number_tiny_exponent: '[1e-999999999999]', number_zero_huge_exponent: '[0e999999999999]', number_largest_double: '[1.7976931348623157e308]',
    number_smallest_double: '[4.9406564584124654e-324]', number_int64_ends: '[9223372036854775807,-9223372036854775808]',
    number_uint64_max: '[18446744073709551615]', number_uint64_over: '[18446744073709551616]', number_int64_under: '[-9223372036854775809]',
    number_77_digits: '[1' + '0'.repeat(76) + ']', number_300_digits: '[' + '9'.repeat(300) + ']', number_long_fraction: '[0.' + '1'.repeat(1000) + ']',
    number_exact_half_way: '[9007199254740993]',
    string_empty: '""', string_escapes: '["\\"\\\\\\/\\b\\f\\n\\r\\t"]', string_escaped_nul: '["\\u0000"]', string_escaped_controls: '["\\u0001\\u001F"]',
    string_surrogate_pair: '["\\uD834\\udd1E"]', string_surrogate_pair_last: '["\\uDBFF\\uDFFF"]', string_escaped_noncharacter: '["\\uFFFF\\uFDD0"]',
    string_escaped_quote: '["\\u0022\\u005C"]', string_delete: '["\x7f"]', string_line_separators: '["\u2028\u2029"]', string_bom_inside: '["\ufeff"]',
    string_utf8_ends: bytes('["', [0xc2, 0x80, 0xdf, 0xbf, 0xe0, 0xa0, 0x80, 0xed, 0x9f, 0xbf, 0xee, 0x80, 0x80, 0xef, 0xbf, 0xbf], '"]'),
    string_utf8_four_bytes: inString(0xf0, 0x90, 0x80, 0x80, 0xf4, 0x8f, 0xbf, 0xbf), string_comment_inside: '["a/*b*/c//d"]',
    string_reverse_solidus_end: '["\\\\"]', string_long: JSON.stringify('x'.repeat(100_000)), string_unicode_key: '{"\u00e9\u{1f43f}":"\u00e9"}',
    space_all_kinds: ' \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n', space_in_object: '{ "a"\n:\t1\r,\n"b" :2 }', space_much: ' '.repeat(10_000) + '1',
    depth_1000: nested(1000), depth_1000_objects: nestedObjects(1000), depth_wide: '[' + '[],'.repeat(9999) + '[]]',
};

const reject = {
    empty: '', only_space: ' ', only_spaces: '\n\t \r',
    bom: bytes([0xef, 0xbb, 0xbf], '{}'), bom_alone: [0xef, 0xbb, 0xbf], bom_half: bytes([0xef, 0xbb], '{}'), utf16_le: Buffer.from('\ufeff{}', 'utf16le'),
    utf16_be: [0xfe, 0xff, 0, 0x7b, 0, 0x7d], utf16_without_bom: Buffer.from('{}', 'utf16le'), utf32: [0x7b, 0, 0, 0, 0x7d, 0, 0, 0],
    truncated_object: '{', truncated_array: '[', truncated_key: '{"a', truncated_after_key: '{"a"', truncated_after_colon: '{"a":',
    truncated_after_value: '{"a":1', truncated_after_comma: '{"a":1,', truncated_array_value: '[1', truncated_array_comma: '[1,', truncated_string: '"abc',
    truncated_escape: '"abc\\', truncated_unicode_escape: '"\\u00', truncated_surrogate: '"\\uD834', truncated_surrogate_pair: '"\\uD834\\u',
    truncated_literal: 'tru', truncated_number: '-', truncated_exponent: '1e', truncated_fraction: '1.', truncated_utf8: bytes('["', [0xe2, 0x82]),
    array_trailing_comma: '[1,]', array_leading_comma: '[,1]', array_double_comma: '[1,,2]', array_only_comma: '[,]', array_no_comma: '[1 2]',
    array_colon: '[1:2]', array_closed_as_object: '[1}', array_extra_close: '[1]]', array_unclosed_deep: '['.repeat(1000), array_unclosed_very_deep: '['.repeat(100_000),
    object_trailing_comma: '{"a":1,}', object_leading_comma: '{,"a":1}', object_double_comma: '{"a":1,,"b":2}', object_only_comma: '{,}', object_no_comma: '{"a":1 "b":2}',
    object_no_colon: '{"a" 1}', object_double_colon: '{"a"::1}', object_no_value: '{"a":}', object_no_key: '{:1}', object_only_key: '{"a"}', object_bare_key: '{a:1}',
    object_single_quotes: "{'a':1}", object_number_key: '{1:1}', object_null_key: '{null:1}', object_closed_as_array: '{"a":1]', object_extra_close: '{}}',
    object_unclosed_deep: '{"a":'.repeat(1000), object_garbage: '{"a":1 x}',
    two_values: '1 2', two_objects: '{}{}', two_objects_lines: '{}\n{}', trailing_comma: '{},', trailing_letter: '[1]x', trailing_hash: '{}#', only_comma: ',', only_colon: ':',
    only_close: ']', only_close_object: '}',
    nul_alone: [0], nul_after: bytes('1', [0]), nuls_after: bytes('{"a":1}', [0, 0]), nul_inside: bytes('[1', [0], ']'), nul_in_string: inString(0x61, 0, 0x62), nul_before: bytes([0], '{}'),
    comment_line: '[1] // comment', comment_block: '/* comment */ 1', comment_inside: '{"a":/*x*/1}', comment_hash: '# 1',
    literal_short: 'nul', literal_long: 'nulll', literal_capital: 'True', literal_upper: 'TRUE', literal_undefined: 'undefined', literal_nan: '[NaN]', literal_infinity: '[Infinity]',
    literal_minus_infinity: '[-Infinity]', literal_none: 'None', literal_split: 'tr ue', word: 'hello',
    number_plus: '[+1]', number_leading_zero: '[01]', number_minus_leading_zero: '[-01]', number_zeros: '[00]', number_no_integer: '[.5]', number_minus_no_integer: '[-.5]',
    number_no_fraction: '[1.]', number_no_fraction_exponent: '[1.e5]', number_no_exponent: '[1e]', number_no_exponent_plus: '[1e+]', number_fraction_exponent: '[1e5.5]',
    number_two_exponents: '[1e5e5]', number_two_points: '[1.2.3]', number_hexadecimal: '[0x10]', number_octal: '[0o7]', number_binary: '[0b1]', number_underscore: '[1_000]',
    number_space: '[1 000]', number_two_minus: '[--1]', number_minus: '[-]', number_minus_space: '[- 1]', number_letter: '[1a]', number_suffix: '[1f]', number_wide_digit: '[\uff11]',
    number_comma: '[1,000,]', number_double_zero_fraction: '[00.5]',
    string_newline: '["a\nb"]', string_tab: '["a\tb"]', string_return: '["a\rb"]', string_control: '["\x1f"]', string_single_quotes: "['a']", string_back_quotes: '[`a`]',
    string_unquoted: '[abc]', string_bad_escape: '["\\a"]', string_hexadecimal_escape: '["\\x41"]', string_octal_escape: '["\\0"]', string_quote_escape: "[\"\\'\"]",
    string_escaped_newline: '["\\\n"]', string_short_unicode: '["\\u12"]', string_bad_unicode: '["\\u12G4"]', string_capital_unicode: '["\\U0041"]', string_signed_unicode: '["\\u+123"]',
    string_spaced_unicode: '["\\u 123"]', string_after_string: '["a" "b"]', string_garbage_after: '["a"b]', escape_outside: '[\\u0031]', escape_newline_outside: '[1\\n]',
    surrogate_high_alone: '["\\uD800"]', surrogate_high_then_letter: '["\\uD800x"]', surrogate_high_then_escape: '["\\uD800\\n"]', surrogate_two_high: '["\\uD800\\uD800"]',
    surrogate_low_alone: '["\\uDC00"]', surrogate_reversed: '["\\uDD1E\\uD834"]', surrogate_high_at_end: '["abc\\uDBFF"]', surrogate_in_key: '{"\\uD800":1}',
    utf8_continuation: inString(0x80), utf8_overlong_nul: inString(0xc0, 0x80), utf8_overlong_slash: inString(0xc0, 0xaf), utf8_cut: inString(0xc3), utf8_overlong_three: inString(0xe0, 0x80, 0x80),
    utf8_surrogate: inString(0xed, 0xa0, 0x80), utf8_surrogate_pair: inString(0xed, 0xa0, 0xb4, 0xed, 0xb4, 0x9e), utf8_overlong_four: inString(0xf0, 0x80, 0x80, 0x80), utf8_too_large: inString(0xf4, 0x90, 0x80, 0x80),
    utf8_five_bytes: inString(0xf8, 0x88, 0x80, 0x80, 0x80), utf8_fe: inString(0xfe), utf8_ff: inString(0xff), utf8_latin1: inString(0x63, 0x61, 0x66, 0xe9), utf8_in_key: bytes('{"', [0xff], '":1}'),
    utf8_outside_string: bytes('[', [0xff], ']'), space_no_break: '\u00a0[]', space_form_feed: '\f[]', space_vertical_tab: '\v[]', space_line_separator: '\u2028[]', space_word_joiner: '[\u2060]',
};

const limit = {
    number_over_double: '[1e400]', number_under_double: '[-1e400]', number_huge_exponent: '[1e999999999999]', number_just_over: '[1.8e308]', number_400_digits_point: '[' + '9'.repeat(400) + '.0]',
    depth_1100: nested(1100), depth_1100_objects: nestedObjects(1100), depth_100000: nested(100_000),
};

/** {accept, reject, limit}: each [{name, bytes}], as the table has it. */
export const table = Object.fromEntries(Object.entries({accept, reject, limit}).map(([kind, cases]) =>
    [kind, Object.entries(cases).map(([name, text]) => ({name, bytes: bytes(text)}))]));

const file = (kind, name) => source('fixtures', 'json', kind, name + '.json');

/** [{name, bytes}] as the files of one kind have it. */
export function readCases(kind) {
    return fs.readdirSync(source('fixtures', 'json', kind)).sort().map((name) => ({
        name: path.basename(name, '.json'), bytes: fs.readFileSync(source('fixtures', 'json', kind, name)),
    }));
}

function write() {
    for (const [kind, cases] of Object.entries(table)) {
        fs.rmSync(source('fixtures', 'json', kind), {recursive: true, force: true});
        fs.mkdirSync(source('fixtures', 'json', kind), {recursive: true});
        for (const {name, bytes: content} of cases)
            fs.writeFileSync(file(kind, name), content);
    }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
    write();
