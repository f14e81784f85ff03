// SPDX-License-Identifier: MIT
// Every file passes the checks of .clang-tidy, and violations are detected.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import path from 'node:path';
import test from 'node:test';

import {root, withTree} from './tree.js';

const program = ['clang-tidy-14', 'clang-tidy'].find((name) => !spawnSync(name, ['--version']).error);
if (!program) {
    console.log('skipped: needs clang-tidy');
    process.exit(77);
}

test('every file passes', () => {
    const {status, stdout} = spawnSync(path.join(root, 'scripts/tidy'), {encoding: 'utf8', maxBuffer: 1 << 26});
    assert.deepEqual([status, stdout.match(/^.*error:.*$/gm)], [0, null]);
});

for (const [what, text, fault] of [
    ['a function in camel case', 'int camelCase(void);\nint camelCase(void)\n{\n    return 1;\n}\n', /identifier-naming/],
    ['a branch that is there twice', 'int f(int x);\nint f(int x)\n{\n    if (x > 0)\n        return 1;\n    else\n        return 1;\n}\n', /bugprone-branch-clone/],
    ['a comparison with itself', 'int f(int x);\nint f(int x)\n{\n    return x == x;\n}\n', /redundant-expression/],
]) {
    test(`notices ${what}`, async () => {
        const config = `--config-file=${path.join(root, '.clang-tidy')}`;
        const {status, stdout} = await withTree({'a.c': text}, (top) =>
            spawnSync(program, [config, '--quiet', path.join(top, 'a.c'), '--', '-std=c17'], {encoding: 'utf8'}));
        assert.notEqual(status, 0);
        assert.match(stdout, fault);
    });
}
