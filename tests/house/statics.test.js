// SPDX-License-Identifier: MIT
// Static functions are named for what they do, each name and each type of a header is unique, and the check detects
// violations.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import {staticFaults, staticNames, typeFaults} from './statics.js';
import {root, withTree} from './tree.js';

test('static functions have names of their own', () => assert.deepEqual(staticFaults(root), []));
test('types of headers have names of their own', () => assert.deepEqual(typeFaults(root), []));

test('finds the static functions of a file, and nothing else', () => {
    const loop = fs.readFileSync(path.join(root, 'src/runtime/loop.c'), 'utf8');
    assert.ok(staticNames(loop).includes('loop_run'));
    assert.ok(!staticNames(loop).includes('gbxi_loop_start'));
    assert.deepEqual(staticNames(`
static int counter = f(1);
static const struct row rows[] = {{f(1), g}};
static int declared(int a);
/* static int commented(void) { */
static int one(int a,
               int b)
{
    return twice(a);
}
static __attribute__((noinline)) char *two(void)
{
}
static inline bool three(const struct row *row) {
}
int exported(void)
{
}
`), ['one', 'two', 'three']);
});

const one = (name) => `static int ${name}(void)\n{\n    return 1;\n}\n`;
const planted = [
    ['a name that two files have', {'src/http/a.c': one('send_it'), 'src/http/b.c': one('send_it')}, /^send_it in src\/http\/a\.c, src\/http\/b\.c: which/],
    ['a name that another room has too', {'src/http/a.c': one('send_it'), 'src/capture/b.c': one('send_it')}, /^send_it in src\/capture\/b\.c, src\/http\/a\.c: which/],
    ['a name that says nothing', {'src/runtime/a.c': one('run')}, /^run in src\/runtime\/a\.c: does what/],
];
for (const [what, files, fault] of planted) {
    test(`notices ${what}`, async () => {
        const faults = await withTree(files, staticFaults);
        assert.equal(faults.length, 1);
        assert.match(faults[0], fault);
    });
}

test('notices two types of one name, one of them in a header', async () => {
    const type = 'typedef struct gbxi_pair {\n    int a;\n} gbxi_pair;\n';
    assert.deepEqual(await withTree({'src/base/a.h': type, 'middleware/b.h': type, 'src/base/c.h': type.replaceAll('pair', 'one')}, typeFaults),
                     ['gbxi_pair in middleware/b.h, src/base/a.h: which one?']);
});
