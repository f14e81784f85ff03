// SPDX-License-Identifier: MIT
// The pages of the documentation are consistent: links lead to files and headings, and README agrees with docs/.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {readText, root, withTree} from '../house/tree.js';
import {anchorsOf, linksOf, pages, tableOf} from './markdown.js';

const PICTURE_BYTES_MAX = 150_000;
const README_LINES_MAX = 140;

/** What is wrong with the links of `page` in the tree at `top`. */
function linkFaults(top, page) {
    const text = readText(top, page);
    return linksOf(text).flatMap((link) => {
        const [target, anchor] = link.split('#');
        const file = target === '' ? page : path.join(path.dirname(page), target);
        if (!fs.existsSync(path.join(top, file)))
            return [`${page}: ${link}: there is no such file`];
        return anchor === undefined || anchorsOf(readText(top, file)).includes(anchor) ? [] : [`${page}: ${link}: there is no such heading`];
    });
}

test('every link leads somewhere', () => {
    assert.ok(pages().length >= 10);
    assert.deepEqual(pages().flatMap((page) => linkFaults(root, page)), []);
});

test('links to no file and to no heading are noticed', async () => {
    await withTree({'a.md': '# One thing: it\n[b](b/c.md) [c](#one-thing-it) [d](#two) [e](https://example.com)\n```\n[f](g)\n```\n'}, (top) =>
        assert.deepEqual(linkFaults(top, 'a.md'), ['a.md: b/c.md: there is no such file', 'a.md: #two: there is no such heading']));
});

test('every page of docs/ can be reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
        const linked = linksOf(readText(root, page)).map((link) => path.join(path.dirname(page), link.split('#')[0]));
        linked.filter((file) => file.endsWith('.md') && fs.existsSync(path.join(root, file))).forEach((file) => reached.add(file));
    }
    assert.deepEqual(pages().filter((page) => !reached.has(page)), []);
});

test('the README is a front page with a picture', () => {
    const text = readText(root, 'README.md');
    assert.ok(text.split('\n').length <= README_LINES_MAX, `${text.split('\n').length} lines`);
    const [, picture] = text.match(/!\[[^\]]{20,}\]\(([^)]+)\)/);
    const bytes = fs.readFileSync(path.join(root, picture));
    assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
    assert.ok(bytes.length < PICTURE_BYTES_MAX, `${bytes.length} bytes`);
});

test('the README tells of every promise what docs/performance.md tells, misses included', () => {
    const [short, complete] = ['README.md', 'docs/performance.md'].map((page) => tableOf(readText(root, page), '| what'));
    const numbersOf = (cell) => cell.match(/\*\*[^*]+\*\*|\d(?:[\d.,]*\d)?/g) ?? [];
    assert.ok(short.length >= 10);
    assert.deepEqual(short.map(([name]) => name), complete.map(([name]) => name).filter((name) => name.startsWith('P')));
    for (const [name, , , measured] of short) {
        const numbers = numbersOf(complete.find(([other]) => other === name)[3]);
        assert.deepEqual(numbersOf(measured).filter((number) => !numbers.includes(number)), [], name);
    }
});
