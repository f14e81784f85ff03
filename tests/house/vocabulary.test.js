// SPDX-License-Identifier: MIT
// One vocabulary: code, schemas and README name the same formats, fields, ranges and defaults, and quote code that compiles.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {rooms} from './layers.js';
import {root} from './tree.js';
import {codeBlocks, describe, formats, quoted, readme, schema, schemaNames, table} from './vocabulary.js';

test('the formats are the same in code and schemas', () => {
    assert.ok(formats().length >= 3);
    assert.deepEqual(schema('trace_config').properties.trace_format.enum, formats());
    for (const format of formats())
        assert.ok(schemaNames().includes(format), format);
});

test('every schema has the identifier of its name and is closed', () => {
    for (const name of schemaNames()) {
        assert.equal(schema(name).$id, `urn:glassbox:schemas:${name}`);
        assert.equal(schema(name).additionalProperties, false, name);
    }
});

test('the README lists every field of trace_config with its range and default', () => {
    const fields = Object.entries(schema('trace_config').properties);
    const rows = table('`trace_config`');
    assert.deepEqual(rows.map(([name]) => name), fields.map(([name]) => `\`${name}\``));
    for (const [i, [name, field]] of fields.entries()) {
        const expected = describe(name, field);
        assert.deepEqual(rows[i].slice(0, 3).map((cell, k) => (expected[k] === null ? null : cell)), expected);
        assert.ok(rows[i][3].length > 10, `${name} is explained`);
    }
});

test('the README has every room, with what it may use', () => {
    const rows = new Map(table('room').map(([folder, target, , uses]) => [folder, {target, uses}]));
    assert.deepEqual([...rows.keys()], Object.values(rooms).map(({folder}) => `\`${folder}/\``));
    for (const [room, {folder, uses, target}] of Object.entries(rooms)) {
        const row = rows.get(`\`${folder}/\``);
        assert.equal(row.target, target ?? `\`glassbox::${room}\``);
        assert.deepEqual(uses === 'all above' ? row.uses : row.uses.split(', ').filter((name) => name in rooms), uses, room);
    }
});

test('the README lists every Debian package that a build needs', () => {
    const [, run] = fs.readFileSync(path.join(root, 'scripts/packages.txt'), 'utf8').split(/^\[.*\]$/m);
    for (const name of run.trim().split('\n').map((line) => line.split(' ')[0]).filter((line) => line.startsWith('lib')))
        assert.ok(readme().includes(`\`${name}\``), name);
});

test('the README quotes the consumer that the tests build', () => {
    assert.ok(codeBlocks('c').includes(quoted('tests/consumer/server/server.c')));
    assert.ok(codeBlocks('cmake').includes(quoted('tests/consumer/server/CMakeLists.txt')));
});

test('every link of the README leads to a file', () => {
    for (const [, target] of readme().matchAll(/\]\(([^)#:]+)\)/g))
        assert.ok(fs.existsSync(path.join(root, target)), target);
});
