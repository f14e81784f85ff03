// SPDX-License-Identifier: MIT
// One vocabulary: code, schemas and documentation use the same formats, fields, ranges, defaults, rooms and packages.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {pageText, tableOf} from '../docs/markdown.js';
import {rooms} from './layers.js';
import {root} from './tree.js';
import {describe, formats, schema, schemaNames} from './vocabulary.js';

test('the formats are the same in code and schemas', () => {
    assert.ok(formats().length >= 3);
    assert.deepEqual(schema('trace_config').properties.trace_format.enum, formats());
    for (const format of formats())
        assert.ok(schemaNames().includes(format), format);
});

/** Whether a document of this schema, or of each that it may choose from, has only the members that it describes. */
function closed({additionalProperties, oneOf = [], $defs}) {
    const chosen = oneOf.map(({$ref}) => $defs[$ref.replace('#/$defs/', '')]);
    return additionalProperties === false || (chosen.length > 0 && chosen.every((definition) => definition.additionalProperties === false));
}

test('every schema has the identifier of its name and is closed', () => {
    for (const name of schemaNames()) {
        assert.equal(schema(name).$id, `urn:glassbox:schemas:${name}`);
        assert.ok(closed(schema(name)), name);
    }
});

test('docs/api.md lists every field of trace_config with its range and default', () => {
    const fields = Object.entries(schema('trace_config').properties);
    const rows = tableOf(pageText('docs/api.md'), '`trace_config`');
    assert.deepEqual(rows.map(([name]) => name), fields.map(([name]) => `\`${name}\``));
    for (const [i, [name, field]] of fields.entries()) {
        const expected = describe(name, field);
        assert.deepEqual(rows[i].slice(0, 3).map((cell, k) => (expected[k] === null ? null : cell)), expected);
        assert.ok(rows[i][3].length > 10, `${name} is explained`);
    }
});

test('docs/architecture.md has every room, with what it may use', () => {
    const rows = new Map(tableOf(pageText('docs/architecture.md'), 'room').map(([folder, target, , uses]) => [folder, {target, uses}]));
    assert.deepEqual([...rows.keys()], Object.values(rooms).map(({folder}) => `\`${folder}/\``));
    for (const [room, {folder, uses, target}] of Object.entries(rooms)) {
        const row = rows.get(`\`${folder}/\``);
        assert.equal(row.target, target ?? `\`glassbox::${room}\``);
        assert.deepEqual(uses === 'all above' ? row.uses : row.uses.split(', ').filter((name) => name in rooms), uses, room);
    }
});

test('docs/dependencies.md lists every Debian package that a build needs', () => {
    const [, run] = fs.readFileSync(path.join(root, 'scripts/packages.txt'), 'utf8').split(/^\[.*\]$/m);
    for (const name of run.trim().split('\n').map((line) => line.split(' ')[0]).filter((name) => /^lib|-dev$/.test(name)))
        assert.ok(pageText('docs/dependencies.md').includes(`\`${name}\``), name);
});
