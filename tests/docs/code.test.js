// SPDX-License-Identifier: MIT
// The C and CMake code in the documentation is compiled: each block occurs in a source file of the build.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import test from 'node:test';

import {filesUnder, readText, root} from '../house/tree.js';
import {program} from '../integration/support/process.js';
import {blocksOf, pages, pageText} from './markdown.js';

// A line that separates pieces of different places.
const GAP = /^ *\/\* \.\.\. \*\/$/m;
const compiled = filesUnder(root).filter((file) => /^(tests\/(docs|consumer)|examples)\/.*(\.(c|cpp)|CMakeLists\.txt)$/.test(file));

/** A text without the indentation that all its lines share, and without empty lines around it. */
function dedented(text) {
    const lines = text.replace(/^\n+|\s+$/g, '').split('\n');
    const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
    return lines.map((line) => line.slice(indent)).join('\n');
}

/** Whether the lines of `piece` stand one after the other in `text`, all of them indented by the same. */
function quotes(text, piece) {
    const wanted = dedented(piece).split('\n');
    const lines = text.split('\n');
    return lines.some((_, i) => i + wanted.length <= lines.length && dedented(lines.slice(i, i + wanted.length).join('\n')) === wanted.join('\n'));
}

const piecesOf = (text) => blocksOf(text).filter(({language}) => ['c', 'cmake'].includes(language))
    .flatMap(({code, line}) => code.split(GAP).map((piece) => ({piece, line})));

test('every block of code is in a file that is compiled', () => {
    const sources = compiled.map((file) => readText(root, file));
    const all = pages().flatMap((page) => piecesOf(pageText(page)).map((one) => ({page, ...one})));
    assert.ok(all.length >= 10);
    assert.deepEqual(all.filter(({piece}) => !sources.some((text) => quotes(text, piece))).map(({page, line}) => `${page}:${line}`), []);
});

test('code that is in no file is noticed', () => {
    assert.ok(quotes('{\n    a();\n    if (b)\n        c();\n}\n', 'a();\nif (b)\n    c();\n'));
    assert.ok(!quotes('{\n    a();\n    if (b)\n        c();\n}\n', 'a();\nc();\n'));
    assert.ok(!quotes('{\n    a();\n}\n', '    a();\n    b();\n'));
});

test('the program that captures without HTTP prints the trace of both its threads', () => {
    const {threads, hotspots, error} = JSON.parse(execFileSync(program('gbx-docs-without-http'), {encoding: 'utf8'}));
    assert.equal(error, null);
    assert.equal(threads.length, 2);
    assert.deepEqual(hotspots.map(({name}) => name).sort(), ['go_on', 'job.queue', 'parse', 'parse.words']);
});
