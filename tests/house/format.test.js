// SPDX-License-Identifier: MIT
// Every C and C++ file is formatted with clang-format 14 and .clang-format.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {filesUnder, isC, root, withTree} from './tree.js';

const program = ['clang-format-14', 'clang-format'].find((name) => / version 14\./.test(spawnSync(name, ['--version']).stdout ?? ''));
if (!program) {
    console.log('skipped: needs clang-format 14');
    process.exit(77);
}

/** The files under `top` that the formatter would change. */
function misformatted(top) {
    const files = filesUnder(top).filter(isC);
    const run = spawnSync(program, ['--dry-run', '-Werror', ...files], {cwd: top, encoding: 'utf8'});
    const named = new Set([...run.stderr.matchAll(/^(\S+?):\d+:\d+: error/gm)].map((match) => match[1]));
    assert.equal(run.status === 0, named.size === 0, run.stderr);
    return [...named].sort();
}

test('every file is formatted', () => {
    assert.deepEqual(misformatted(root), []);
});

test('a file that is not is noticed', async () => {
    const style = fs.readFileSync(path.join(root, '.clang-format'), 'utf8');
    const tree = {'.clang-format': style, 'src/bad.c': 'int  x;\n', 'src/good.c': 'int x;\n'};
    assert.deepEqual(await withTree(tree, misformatted), ['src/bad.c']);
});
