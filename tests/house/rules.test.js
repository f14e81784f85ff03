// SPDX-License-Identifier: MIT
// The tree observes the house rules, and each rule detects its violation.
import assert from 'node:assert/strict';
import test from 'node:test';

import {ruleFaults} from './rules.js';
import {root, withTree} from './tree.js';

test('the tree keeps the rules', () => {
    assert.deepEqual(ruleFaults(root), []);
});

const head = '/* SPDX-License-Identifier: MIT */\n/* Owns an example. */\n';
const home = ['', 'home', 'somebody', 'x.h'].join('/');
const planted = [
    ['src/trace/a.c', '/* Owns an example. */\nint x;\n', /no SPDX/],
    ['src/trace/a.c', '/* SPDX-License-Identifier: MIT */\n#include <stdio.h>\n', /does not say/],
    ['src/trace/a.c', head + '\n'.repeat(450), /longer than 450/],
    ['src/trace/common.h', head, /says nothing/],
    ['src/trace/a.h', head + 'typedef struct gbx_a gbx_a_t;\n', /gbx_a_t/],
    ['src/trace/a.h', head + 'typedef struct {\n    int x;\n} gbx_a_t;\n', /gbx_a_t/],
    ['src/cli/a.c', head + 'void f(void)\n{\n    printf("{\\"name\\": %d}", 1);\n}\n', /no JSON by printf/],
    ['src/json/a.c', head + 'void f(void)\n{\n    abort();\n}\n', /abort/],
    ['middleware/a.c', head + 'void f(void)\n{\n    fprintf(stderr, "x");\n}\n', /does not print/],
    ['src/trace/a.c', head + 'void f(void)\n{\n    for (int i = 0; i < 3; ++i)\n        f();\n}\n', /count in one way.*\+\+i/],
    ['src/graph/a.c', head + 'void f(int i)\n{\n    for (i = 0; i < 3; i++)\n        f(i);\n}\n', /count in one way.*i = 0/],
    ['src/json/a.c', head + 'int f(void)\n{\n    gbx_err result = g();\n\n    return result;\n}\n', /is called err.*result/],
    ['src/graph/a.c', head + 'void *f(void)\n{\n    return malloc(3);\n}\n', /counted memory.*malloc/],
    ['src/trace/a.c', head + `#include "${home}"\n`, /names \/home\//],
    ['README.md', `See ${home}.\n`, /names \/home\//],
    ['tests/package-lock.json', JSON.stringify({packages: {x: {resolved: 'somewhere'}}}), /resolved/],
];
for (const [file, text, fault] of planted) {
    test(`notices ${fault.source} in ${file}`, async () => {
        const faults = await withTree({[file]: text}, ruleFaults);
        assert.equal(faults.length, 1);
        assert.match(faults[0], fault);
    });
}

test('accepts what the rules allow', async () => {
    const fine = {
        'src/trace/a.c': head + '// abort() is for others\nint f(char *b)\n{\n    return snprintf(b, 1, "exit(%d)", 1);\n}\n',
        'src/cli/a.c': head + 'void f(void)\n{\n    printf("glassbox: listening\\n");\n}\n',
    };
    assert.deepEqual(await withTree(fine, ruleFaults), []);
});
