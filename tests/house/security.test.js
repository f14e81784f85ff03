// SPDX-License-Identifier: MIT
// SECURITY.md is consistent with the tree: the tests, options and files that it names exist.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {built, program} from '../integration/support/process.js';
import {readText, root} from './tree.js';

const text = readText(root, 'SECURITY.md');

/** The rows of the table of threats: {threat, defence, tests}. */
function threats(markdown) {
    const lines = markdown.split('\n');
    const rows = lines.slice(lines.findIndex((line) => line.startsWith('| threat |')) + 2);
    return rows.slice(0, rows.findIndex((line) => !line.startsWith('|'))).map((line) => {
        const [threat, defence, shown] = line.split('|').slice(1, -1).map((cell) => cell.trim());
        return {threat, defence, tests: [...shown.matchAll(/`([^`]+)`/g)].map(([, name]) => name)};
    });
}

/** The names of all tests that ctest knows in this build; fuzz targets and the soak, which need another, from their lists. */
function knownTests() {
    const {tests} = JSON.parse(execFileSync('ctest', ['--test-dir', built(), '--show-only=json-v1'], {encoding: 'utf8', maxBuffer: 1 << 28}));
    const fuzz = [...readText(root, 'tests/fuzz/CMakeLists.txt').matchAll(/^ *gbx_fuzz\((\w+)/gm)].map(([, name]) => `fuzz/${name}`);
    const soak = [...readText(root, 'tests/soak/CMakeLists.txt').matchAll(/^ *gbx_node_test\((\w+)/gm)].map(([, name]) => name);
    return new Set([...tests.map(({name}) => name), ...fuzz, ...soak]);
}

/** What is wrong with a table of threats. */
function faults(markdown, known) {
    const found = [];
    for (const {threat, defence, tests} of threats(markdown)) {
        if (defence.length < 10)
            found.push(`${threat}: no defence`);
        if (tests.length === 0)
            found.push(`${threat}: no test`);
        found.push(...tests.filter((name) => !known.has(name)).map((name) => `${threat}: there is no test ${name}`));
    }
    return found;
}

test('every threat has a defence, and tests that exist', () => {
    assert.ok(threats(text).length >= 15);
    assert.deepEqual(faults(text, knownTests()), []);
});

test('a test that does not exist is noticed, and a threat without one', () => {
    const table = '| threat | defence | shown by |\n|---|---|---|\n| a | is warded off | `unit/a` `unit/b` |\n| b | is warded off | |\n\n';
    assert.deepEqual(faults(table, new Set(['unit/a'])), ['a: there is no test unit/b', 'b: no test']);
});

test('every option that it names is one of the program', () => {
    const help = ['serve', 'token'].map((command) => execFileSync(program('glassbox'), [command, '--help'], {encoding: 'utf8'})).join('');
    const known = new Set([...help.matchAll(/--[a-z][a-z-]+/g)].map(([option]) => option));
    const named = new Set([...text.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([option]) => option));
    named.delete('--install'); // cmake's
    assert.ok(named.size >= 15, [...named].join());
    assert.deepEqual([...named].filter((option) => !known.has(option)), []);
});

test('every link leads to a file', () => {
    for (const [, target] of text.matchAll(/\]\(([^)#:]+)\)/g))
        assert.ok(fs.existsSync(path.join(root, target)), target);
});
