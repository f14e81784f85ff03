// SPDX-License-Identifier: MIT
// Every test in ctest has labels for its kind and for its room.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import test from 'node:test';

import {built} from '../integration/support/process.js';
import {rooms} from './layers.js';
import {filesUnder, root} from './tree.js';

const KINDS = ['unit', 'house', 'integration', 'e2e', 'fuzz', 'bench', 'consumer', 'stress', 'soak', 'sweep', 'examples', 'docs'];
/** What is about the tree or about all rooms at once. */
const ROOMLESS = ['house', 'consumer', 'examples', 'docs', 'bench'];
const FURTHER = ['once', 'everywhere', 'large', 'long', 'unthreaded'];
// A folder is a room, and so are the public headers and the pages.
const ROOMS = new Set([...Object.keys(rooms), ...Object.values(rooms).map(({folder}) => folder.replace(/^src\//, '')), 'include', 'web']);

/** The tests of this build: [{name, labels}]; `filter` are further arguments of ctest. */
function testsOf(...filter) {
    const text = execFileSync('ctest', ['--test-dir', built(), '--show-only=json-v1', ...filter], {encoding: 'utf8', maxBuffer: 1 << 28});
    return JSON.parse(text).tests.map(({name, properties}) => ({name, labels: properties.find((one) => one.name === 'LABELS')?.value ?? []}));
}

function faultsOf({name, labels}) {
    const kind = name.split('/')[0];
    const faults = labels.filter((label) => ![...KINDS, ...FURTHER].includes(label) && !ROOMS.has(label)).map((label) => `${name}: what is ${label}?`);
    if (!KINDS.includes(kind) || !labels.includes(kind))
        faults.push(`${name}: its label does not say what it is`);
    if (!ROOMLESS.includes(kind) && !labels.some((label) => ROOMS.has(label)))
        faults.push(`${name}: no label is a room`);
    return faults;
}

test('every test has the label of its kind and of a room', () => {
    const all = testsOf();
    assert.ok(all.length > 80, `${all.length} tests`);
    assert.deepEqual(all.flatMap(faultsOf), []);
});

test('`ctest -L unit` finds every unit test there is a file for', () => {
    const files = filesUnder(root).filter((name) => /^tests\/unit\/.*[_.]test\.(c|cc|js)$/.test(name));
    const names = files.map((file) => file.replace(/^tests\//, '').replace(/[_.]test\.\w+$/, ''));
    assert.deepEqual(testsOf('-L', '^unit$').map(({name}) => name).sort(), names.sort());
});

test('a test that cannot be found is noticed', () => {
    assert.deepEqual(faultsOf({name: 'unit/json/reader', labels: ['unit', 'json']}), []);
    assert.equal(faultsOf({name: 'unit/json/reader', labels: ['json']}).length, 1);
    assert.equal(faultsOf({name: 'integration/json', labels: ['integration']}).length, 1);
    assert.equal(faultsOf({name: 'misc', labels: ['json', 'fast']}).length, 2);
});
